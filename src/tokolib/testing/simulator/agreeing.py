"""Stories of what is agreed anew: an order is edited after it was paid, an offer is accepted, or nobody answers."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from tokolib.checkout.basket import Basket
from tokolib.effects.model import SETTLED
from tokolib.kernel.hosting import resolved
from tokolib.orders.model import Order
from tokolib.orders.offers.model import Offer, OfferState
from tokolib.testing.simulator.client import Client
from tokolib.testing.simulator.furnishing import SKU


async def edited_for_more(client: Client) -> Order:
    """One more is added to what was paid; the difference is asked for, and paid by the gateway."""
    client.world.instant = True
    order = await client.order(Basket({SKU: 1}), key="one")
    more: Mapping[str, int] = {SKU: 1}
    await client.does(lambda shop: shop.orders.edit(order.id, add=more, reason="a second one", key="more"))

    async def is_paid() -> bool:
        return (await client.look(order.id)).due.is_zero

    await client.repeats(charging(order), until=is_paid)
    return order


def charging(order: Order) -> Callable[[Any], Awaitable[None]]:
    """Asks a gateway for what is due, unless it was asked: who got no answer looks first."""

    async def charge(shop: Any) -> None:
        intent, now = await resolved(shop.payments.intent(order.id)), await resolved(shop.orders.get(order.id))
        if not now.due.is_zero and all(each.state in SETTLED for each in intent.operations):
            await resolved(shop.payments.charge(order.id, gateway="fake"))

    return charge


async def edited_for_less(client: Client) -> Order:
    """One of three is taken out of what was paid: its share goes back, and the others stay as they were."""
    client.world.instant = True
    order = await client.order(Basket({SKU: 3}), key="three")
    less: Mapping[str, int] = {SKU: 1}
    await client.does(lambda shop: shop.orders.edit(order.id, remove=less, reason="two will do", key="less"))
    return order


async def _sent(client: Client) -> Offer:
    """An offer whose goods are put aside for three days."""
    with client.plan.quiet():
        cart = await resolved(client.shop.carts.start({SKU: 2}))
        quote = await resolved(client.shop.carts.quote(cart.id))
    made: Offer = await client.does(lambda shop: shop.offers.draft(quote.id, key="draft"))
    until = client.clock.now() + timedelta(days=3)

    async def send(shop: Any) -> None:
        if (await resolved(shop.offers.get(made.id))).state is OfferState.DRAFT:
            await resolved(shop.offers.send(made.id, to="buyer@example.com", until=until, hold=True))

    await client.does(send)
    return made


async def accepted_offer(client: Client) -> Order:
    """Its goods are put aside while the customer thinks, and are the order's when it is accepted."""
    client.world.instant = True
    offer = await _sent(client)
    placed: Order = await client.does(
        lambda shop: shop.offers.accept(offer.id, version=1, tender="fake", key="accepted")
    )
    await client.drain()
    return await client.look(placed.id)


async def lapsed_offer(client: Client) -> Order:
    """Nobody answers in time: what was put aside is free again, and somebody else buys it."""
    client.world.instant = True
    await _sent(client)
    client.clock.forward(days=4)
    await client.does(lambda shop: shop.tick())
    return await client.order(Basket({SKU: 19}), key="nearly all")
