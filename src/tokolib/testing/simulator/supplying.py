"""Stories of goods: promised before they are there, sent from elsewhere, counted while they are sold, fetched."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Final

from tokolib.checkout.basket import Basket
from tokolib.fulfilment.packing.model import ParcelDraft
from tokolib.kernel.count_limit import CountLimit
from tokolib.kernel.ctx import Staff
from tokolib.kernel.hosting import resolved
from tokolib.orders.model import Order
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
