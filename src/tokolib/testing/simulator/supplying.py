"""Stories of goods: promised before they are there, sent from elsewhere, counted, fetched, sent back."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Final

from tokolib.checkout.basket import Basket
from tokolib.fulfilment.packing.model import ParcelDraft
from tokolib.kernel.count_limit import CountLimit
from tokolib.kernel.ctx import Staff
from tokolib.kernel.hosting import resolved
from tokolib.kernel.ids import ReturnId
from tokolib.orders.model import Order
from tokolib.returns.labels.states import ReturnLabelState
from tokolib.testing.builders import BUYER
from tokolib.testing.fake_courier_account import NAME as COURIER
from tokolib.testing.simulator.client import Client
from tokolib.testing.simulator.furnishing import SKU, STOCK

STORE: Final = "gudang"


async def promised_and_served(client: Client) -> Order:
    """One of two is promised beyond the stock; what comes is given to whoever waits, and both leave."""
    client.world.instant = True
    with client.plan.quiet():
        await resolved(client.shop.stock.write_off(SKU, STOCK - 1, reason="all but one were sold at the market"))
        await resolved(client.shop.backorders.allow(SKU, 5, days=7))
    order = await client.order(Basket({SKU: 2}), key="waits")
    await client.does(lambda shop: shop.stock.receive(SKU, 3, key="came"))
    await client.does(lambda shop: shop.orders.allocate())
    return await client.ship(order)


async def left_from_elsewhere(client: Client) -> Order:
    """The store has it too: the goods are held there, free in the shop, and leave."""
    client.world.instant = True
    with client.plan.quiet():
        await resolved(client.shop.stock.open_location(STORE, "Gudang"))
        await resolved(client.shop.stock.receive(SKU, 2, location=STORE, key="store"))
    order = await client.order(Basket({SKU: 2}, location="main"), key="moved")
    await client.does(lambda shop: shop.orders.relocate(order.id, location=STORE, reason="closer", key="closer"))
    return await client.ship(order)


async def counted(client: Client) -> Order:
    """One is missing while two are held for an order; somebody else than who counted approves, and it is posted."""
    client.world.instant = True
    with client.plan.quiet():
        await resolved(client.shop.settings.change(count_limit=CountLimit(units=Decimal(0))))
    order = await client.order(Basket({SKU: 2}), key="held")
    found: Mapping[str, int] = {SKU: STOCK - 1}
    sheet = await client.does(lambda shop: shop.counts.open([SKU], key="open"))
    await client.does(lambda shop: shop.acting(Staff("budi")).counts.count(sheet.id, found, key="counted"))
    await client.does(lambda shop: shop.acting(Staff("sari")).counts.approve(sheet.id, key="approved"))
    await client.does(lambda shop: shop.counts.post(sheet.id, reason="stolen", key="posted"))
    return order


async def fetched(client: Client) -> Order:
    """A parcel has its label, bought once whatever is answered; its courier is told once to fetch it, and it leaves."""
    client.world.instant = True
    order = await client.order(Basket({SKU: 1}, delivery="jne:reg", ship_to=BUYER), key="by courier")
    shipment = await client.does(lambda shop: shop.shipments.plan(order.id, key="plan"))
    parcels = [ParcelDraft(goods={SKU: 1}, grams=300)]
    await client.does(lambda shop: shop.shipments.pack(shipment.id, parcels))
    await client.repeats(
        lambda shop: shop.shipments.buy_labels(shipment.id, courier=COURIER), until=lambda: client.is_booked("lab")
    )
    window = (client.clock.now() + timedelta(days=1), client.clock.now() + timedelta(days=2))
    await client.repeats(
        lambda shop: shop.pickups.book(shipment.id, courier=COURIER, window=window),
        until=lambda: client.is_booked("pkp"),
    )
    await client.does(lambda shop: shop.shipments.hand_over(shipment.id, key="left"))
    return await client.look(order.id)


async def sent_back(client: Client) -> Order:
    """One of two comes back: its first label is given back, and the goods are sent with another one."""
    client.world.instant = True
    order = await client.ship(await client.order(Basket({SKU: 2}), key="to come back"))
    wish: Mapping[str, int] = {SKU: 1}
    asked = await client.does(lambda shop: shop.returns.request(order.id, wish, reason="dented", key="asked back"))
    with client.plan.quiet():
        await resolved(client.shop.returns.authorise(asked.id))
    first = await _labelled_back(client, asked.id, "first")

    async def gone() -> bool:
        return (await client.return_labels(asked.id))[first].state is ReturnLabelState.VOIDED

    await client.repeats(lambda shop: shop.return_labels.void(first), until=gone)
    await _labelled_back(client, asked.id, "second")
    await client.does(lambda shop: shop.returns.receive(asked.id, wish, key="came in"))
    await client.does(lambda shop: shop.returns.accept(asked.id, key="as it is"))
    return order


async def _labelled_back(client: Client, goods: ReturnId, name: str) -> str:
    """The label with which a return is sent; where a courier has refused one, another is asked for."""
    asked = {"courier": COURIER, "recipient": BUYER, "sender": BUYER, "grams": 300}
    refused, bought = 0, ""

    async def stands() -> bool:
        nonlocal refused, bought
        known = (await client.return_labels(goods)).values()
        refused = sum(each.state is ReturnLabelState.REFUSED for each in known)
        bought = next((each.id for each in known if each.stands), "")
        return bool(bought)

    await client.repeats(lambda shop: shop.return_labels.buy(goods, **asked, key=f"{name}-{refused}"), until=stands)
    return bought
