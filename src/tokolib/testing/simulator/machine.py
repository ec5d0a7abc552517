"""The machine: runners that move on what waits, one or two at once, and a clock that jumps, back as well."""

from random import Random

from tokolib.testing.simulator.acts import Act
from tokolib.testing.simulator.book import Deal
from tokolib.testing.simulator.world import World


def tick(world: World, luck: Random) -> Act | None:
    """A runner moves on what waits."""
    budget = luck.choice((2, 20, 100))
    return Act(f"a runner comes by, with a budget of {budget}", lambda shop: shop.tick(budget=budget))


def advance(world: World, luck: Random) -> Act | None:
    """Somebody asks about one payment."""
    if (deal := world.book.orders(luck, lambda deal: _waits(world, deal))) is None:
        return None
    return Act(f"asks about the payment of {deal.id}", lambda shop: shop.payments.advance(deal.order.id))


def _waits(world: World, deal: Deal) -> bool:
    return bool(deal.open_at(world.gateway))


def clock(world: World, luck: Random) -> Act | None:
    """Time passes, mostly seconds, at times a day; and once in a while the clock is set back."""
    seconds = luck.choice((20, 40, 90, 150, 700, 4_000, 40_000, 100_000, 100_000, -40, -200))
    return Act(f"the clock moves by {seconds} s", lambda _: world.clock.forward(seconds=seconds))
