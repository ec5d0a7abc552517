"""Stock that isn't here: promised, given to those who wait, moved between two places, and sent from the other one."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from tokolib.orders.model import OrderState
from tokolib.testing.simulator.acts import Act
from tokolib.testing.simulator.book import Deal
from tokolib.testing.simulator.world import GOODS, NEW, PLACES, World

Do = Callable[[Any], Any]


def promise(world: World, luck: Random) -> Act | None:
    """So much more may be sold than is there, or no more; or a delivery is announced, or put off."""
    sku, where = luck.choice((NEW, NEW, NEW, *GOODS)), luck.choice((PLACES[0], PLACES[0], *PLACES))
    limit, days = luck.randint(4, 12), luck.randint(1, 9)
    on, key = world.clock.now().date() + timedelta(days=luck.randint(2, 30)), f"coming-{luck.randrange(10**9)}"
    steps: dict[str, Do] = {
        f"lets {limit} {sku} be promised at {where}": lambda shop: shop.backorders.allow(
            sku, limit, days=days, location=where
        ),
        f"lets no more {sku} be promised at {where}": lambda shop: shop.backorders.close(sku, location=where),
        f"expects {limit} {sku} at {where}": lambda shop: shop.expected.announce(
            sku, limit, on=on, location=where, key=key
        ),
    }
    says = luck.choices(tuple(steps), (40, 5, 55))[0]
    return Act(f"staff {says}", steps[says])


def see_to_receipts(world: World, luck: Random) -> Act | None:
    """What was announced comes, all or some of it, another day, or not at all."""
    awaited = [each for each in world.book.receipts.values() if each.open]
    if not awaited:
        return None
    receipt, key = luck.choice(awaited), f"arrived-{luck.randrange(10**9)}"
    id, some = receipt.id, luck.choice((None, None, 1, 2))
    on = world.clock.now().date() + timedelta(days=luck.randint(0, 20))
    steps: dict[str, Do] = {
        "comes": lambda shop: shop.expected.receive(id, some, key=key),
        f"comes on {on}": lambda shop: shop.expected.change(id, on=on),
        "never comes": lambda shop: shop.expected.cancel(id, reason="the supplier has none"),
    }
    says = luck.choices(tuple(steps), (60, 20, 20))[0]
    return Act(f"{id} {says}", steps[says])


def serve(world: World, luck: Random) -> Act | None:
    """What came is given to those who wait."""
    budget = luck.choice((1, 3, 100))
    return Act(f"serves {budget} who wait at most", lambda shop: shop.orders.allocate(budget=budget))


def relocate(world: World, luck: Random) -> Act | None:
    """Open units are to leave from another place; at times from where they do."""

    def fits(deal: Deal) -> bool:
        return deal.order.state is OrderState.PLACED and any(_may_go(line) for line in deal.order.lines)

    if (deal := world.book.orders(luck, fits)) is None:
        return None
    line, where = luck.choice([line for line in deal.order.lines if _may_go(line)]), luck.choice(PLACES)
    goods, key = {line.id: luck.randint(1, len(line.free))}, f"moved-{luck.randrange(10**9)}"
    return Act(
        f"{line.line.sku} of {deal.id} is to leave from {where}",
        lambda shop: shop.orders.relocate(deal.order.id, goods, location=where, reason="nearer", key=key),
    )


def transfer(world: World, luck: Random) -> Act | None:
    """Goods go from one place to the other; some are lost on the way, some come late."""
    if world.transfers and luck.random() < 0.7:
        id, sku = luck.choice(sorted(world.transfers.items()))
        key = f"came-{luck.randrange(10**9)}"
        steps: dict[str, Do] = {
            "is sent": lambda shop: shop.transfers.dispatch(id),
            "comes": lambda shop: shop.transfers.receive(id, {sku: 1}, key=key),
            "is closed": lambda shop: shop.transfers.close(id, reason="lost"),
        }
        says = luck.choices(tuple(steps), (40, 45, 15))[0]
        return Act(f"{id} {says}", steps[says])
    sku, source = luck.choice(tuple(GOODS)), luck.choice(PLACES)
    target, pieces = next(where for where in PLACES if where != source), luck.randint(1, 3)
    return Act(
        f"{pieces} {sku} are to go from {source} to {target}",
        lambda shop: shop.transfers.draft({sku: pieces}, source=source, target=target),
        again=False,
        then=lambda made: world.transfers.__setitem__(made.id, sku),
    )


def _may_go(line: Any) -> bool:
    return bool(line.free) and line.key != "gula"
