"""A pool of licences: filled, read by customers, replaced where a key does not work, and emptied."""

from collections.abc import Callable
from random import Random
from typing import Any

from tokolib.testing.simulator.acts import Act
from tokolib.testing.simulator.book import Deal
from tokolib.testing.simulator.world import GAME, World

Do = Callable[[Any], Any]


def license(world: World, luck: Random) -> Act | None:
    """Keys come in, at times twice; a customer reads one, or gets another; an order is not to wait for the tick."""
    if luck.random() < 0.4:
        first, key = luck.randrange(10**6), f"keys-{luck.randrange(10**9)}"
        keys = [f"KEY-{number}" for number in range(first, first + luck.randint(1, 4))]
        return Act(f"adds {len(keys)} keys", lambda shop: shop.licences.add(GAME, keys, key=key))

    def fits(deal: Deal) -> bool:
        return any(line.line.digital for line in deal.order.lines)

    if (deal := world.book.orders(luck, fits)) is None:
        return None
    if not world.licences or luck.random() < 0.5:
        return Act(
            f"grants what is due to {deal.id}",
            lambda shop: shop.licences.grant(deal.order.id),
            then=lambda given: world.licences.update(dict.fromkeys(each.id for each in given)),
        )
    id = luck.choice(sorted(world.licences))
    steps: dict[str, Do] = {
        "is read": lambda shop: shop.licences.read(id),
        "is replaced": lambda shop: shop.licences.replace(id, reason="used before"),
        "is withdrawn": lambda shop: shop.licences.withdraw(id, reason="recalled"),
    }
    says = luck.choices(tuple(steps), (50, 40, 10))[0]
    return Act(f"{id} {says}", steps[says], again=False)
