"""Offers: drafted from quotes, sent with a term, revised, accepted, declined, withdrawn, or left to lapse."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any, Final

from tokolib.cart.model import LineWish
from tokolib.kernel.hosting import resolved
from tokolib.kernel.money import IDR
from tokolib.orders.offers.model import OfferState
from tokolib.testing.simulator.acts import Act
from tokolib.testing.simulator.world import GOODS, World

Do = Callable[[Any], Any]
NEXT: Final = {
    OfferState.DRAFT: ("is sent", "is sent", "is sent", "is accepted", "is withdrawn"),
    OfferState.SENT: ("is accepted", "is accepted", "is accepted", "is accepted", "is declined", "is revised"),
    OfferState.DECLINED: ("is revised", "is sent"),
    OfferState.EXPIRED: ("is revised", "is accepted"),
    OfferState.WITHDRAWN: ("is revised", "is accepted"),
}
"""By state, what may come next."""


def offer(world: World, luck: Random) -> Act | None:
    """An offer is made, or one that is open goes on."""
    waiting = [each for each in world.book.offers.values() if each.state in NEXT]
    key = f"offer-{luck.randrange(10**9)}"
    if not waiting or luck.random() < 0.25:
        return _draft(luck, key)
    one = luck.choice(waiting[-4:])
    id, version = one.id, one.newest.number
    until, hold = world.clock.now() + timedelta(days=luck.choice((0.1, 1, 5))), luck.random() < 0.6
    tender = luck.choice((world.gateway, "bank_transfer", "cash"))

    async def revise(shop: Any) -> None:
        quote = await resolved(shop.carts.quote(one.cart_id))
        await resolved(shop.offers.revise(id, quote, key=key))

    steps: dict[str, Do] = {
        "is sent": lambda shop: shop.offers.send(id, to="somebody", until=until, hold=hold),
        "is accepted": lambda shop: shop.offers.accept(id, version=version, tender=tender, key=key),
        "is revised": revise,
        "is declined": lambda shop: shop.offers.decline(id, reason="too dear"),
        "is withdrawn": lambda shop: shop.offers.withdraw(id, reason="sold out"),
    }
    says = luck.choice(NEXT[one.state])
    return Act(f"{id} {says}", steps[says])


def _draft(luck: Random, key: str) -> Act:
    """Staff fill a cart at prices that were agreed, and make an offer of its quote."""
    sku, units = luck.choice(tuple(GOODS)), luck.randint(1, 4)
    line = LineWish(sku, units, price=IDR(GOODS[sku] - luck.randrange(5_000)), reason="office rate")

    async def draft(shop: Any) -> None:
        cart = await resolved(shop.carts.start([line]))
        quote = await resolved(shop.carts.quote(cart))
        await resolved(shop.offers.draft(quote, key=key))

    return Act(f"offers {units} {sku} at {line.price}", draft, again=False)
