"""Stories of goods that are sold abroad, of which a tax provider is told."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any

from tokolib.checkout.basket import Basket
from tokolib.kernel.hosting import resolved
from tokolib.kernel.registration import Registration
from tokolib.orders.model import Order, OrderState
from tokolib.testing.builders import ABROAD
from tokolib.testing.simulator.client import Client
from tokolib.testing.simulator.furnishing import SKU


def cancelling(order: Order) -> Callable[[Any], Awaitable[None]]:
    """Cancels an order that isn't yet: who got no answer looks first."""

    async def cancel(shop: Any) -> None:
        if (await resolved(shop.orders.get(order.id))).state is not OrderState.CANCELLED:
            await resolved(shop.orders.cancel(order.id, reason="changed mind"))

    return cancel


async def _sold_abroad(client: Client, key: str) -> Order:
    client.world.instant = True
    with client.plan.quiet():
        await resolved(client.shop.settings.change(registrations=(Registration("US", date(2018, 10, 1), scheme="CA"),)))
    wish = Basket({SKU: 3}, delivery="jne:reg", ship_to=ABROAD)
    order = await client.order(wish, key=key)
    await client.does(lambda shop: shop.invoices.issue(order.id))
    return order


async def filed_and_refunded(client: Client) -> Order:
    """Sold abroad, with the taxes of a provider who keeps the invoice; one of three comes back, and so does its tax."""
    order = await client.ship(await _sold_abroad(client, "abroad"))
    wish: Mapping[str, int] = {SKU: 1}
    goods = await client.does(lambda shop: shop.returns.accept(order.id, wish, reason="too many", key="one back"))
    await client.does(lambda shop: shop.invoices.credit(goods.id))
    return order


async def filed_and_void(client: Client) -> Order:
    """Sold abroad, invoiced, filed, and cancelled before it left: for the tax provider it never was."""
    order = await _sold_abroad(client, "regretted")
    await client.does(cancelling(order))
    await client.does(lambda shop: shop.invoices.credit(order.id))
    return order
