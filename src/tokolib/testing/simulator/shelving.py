"""Shelves: goods in lots that expire and are called back, and what a channel leaves for the others."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from tokolib.cart.model import WEB
from tokolib.inventory.lots.model import LotReceipt
from tokolib.kernel.hosting import resolved
from tokolib.testing.simulator.acts import Act
from tokolib.testing.simulator.world import GOODS, MILK, PLACES, World

Do = Callable[[Any], Any]


def keep_lots(world: World, luck: Random) -> Act | None:
    """A lot comes in, or more of one; one is called back, or let go again; some of one broke."""
    lot, pieces = f"B-{luck.randrange(6)}", luck.randint(2, 6)
    best_before = world.clock.now().date() + timedelta(days=luck.choice((1, 4, 30)))
    key, where = f"lot-{luck.randrange(10**9)}", luck.choice((PLACES[0], PLACES[0], *PLACES))
    there = {"location": where, "key": key}
    lots = [LotReceipt(lot, pieces, expires_on=world.lots.get(lot, best_before))]
    steps: dict[str, Do] = {
        f"brings {pieces} to {where}": lambda shop: shop.stock.receive(
            MILK, pieces, location=where, lots=lots, key=key
        ),
        "is called back": lambda shop: shop.lots.block(MILK, lot, reason="seal broken"),
        "is sound after all": lambda shop: shop.lots.unblock(MILK, lot),
        "loses one": lambda shop: shop.stock.write_off(MILK, 1, reason="broke", lots={lot: 1}, **there),
    }
    says = luck.choices(tuple(steps), (60, 15, 15, 10))[0]

    def learn(_: Any) -> None:
        world.lots.setdefault(lot, best_before)

    return Act(f"lot {lot} {says}", steps[says], then=learn if "brings" in says else lambda _: None)


def buffer(world: World, luck: Random) -> Act | None:
    """The web leaves some for the shop, or sells all again."""
    sku, where = luck.choice((*GOODS, None)), luck.choice((*PLACES, None))
    left = luck.choice((0, 1, 2, None, None))
    world.buffers[sku, where] = None
    return Act(
        f"the web leaves {left} of {sku or 'everything'} at {where or 'each place'}",
        lambda shop: shop.stock.buffer(sku, left, channel=WEB, location=where),
    )


async def sell_all(world: World) -> None:
    """The web leaves nothing any more, so that whoever waits may have it."""
    for sku, where in world.buffers:
        await resolved(world.shop.stock.buffer(sku, None, channel=WEB, location=where))
