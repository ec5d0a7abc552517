"""The power goes while a shop sells: of what SQLite wrote, only what it had synced is sure to be there.

`kill -9` can't show that, because the operating system keeps what a dead process wrote. Here the disk itself forgets:
in half of the cuts everything that was not synced, in the others a part of it drawn by lot, out of order.
"""

import random
from collections.abc import Callable, Sequence
from functools import partial

import attrs

from safety.children import ChildFailed, Say, start
from safety.disk import POWER_LOST, Disk
from safety.selling import Receipt, broken, sell_on, sell_one, violations
from safety.site import Site

Body = Callable[[Say], None]


@attrs.frozen
class Cut:
    """What a series of power cuts came to."""

    cuts: int
    acknowledged: int
    lost: tuple[str, ...]
    """Promised orders that are missing, or not as promised."""
    violations: tuple[str, ...]
    damage: str

    def __str__(self) -> str:
        return (
            f"{self.cuts} power cuts, {self.acknowledged} acknowledged orders, lost {len(self.lost)}, "
            f"violations {len(self.violations)}, damage {self.damage}"
        )


def cut_power(site: Site, *, cuts: int, steps: int, forgets_all: bool = False, seed: int = 1) -> Cut:
    """Cut the power *cuts* times, each after 1 to *steps* writes and syncs; sell on with what is left.

    Every second disk forgets all that was not synced, or with *forgets_all* every one. Deletions last, as most file
    systems see to; `cut_after_sales` is for those that don't.
    """
    luck = random.Random(seed)

    def body(number: int) -> Body:
        forgets = forgets_all or number % 2 == 0
        return partial(_sell_until_dark, site, f"s{number}", luck.randint(1, steps), luck.random(), forgets)

    return _cut(site, [body(number) for number in range(cuts)])


def cut_after_sales(site: Site, *, cuts: int, seed: int = 1) -> Cut:
    """Cut the power *cuts* times, each at once after a promise; nothing that was not synced is left, names included."""
    luck = random.Random(seed)
    return _cut(site, [partial(_sell_and_go_dark, site, f"s{n}", luck.randint(1, 3), n) for n in range(cuts)])


def _cut(site: Site, bodies: Sequence[Body]) -> Cut:
    receipts: list[Receipt] = []
    lost: list[str] = []
    for body in bodies:
        seller = start(body)
        promised = [Receipt.read(line) for line in seller.rest()]
        if seller.wait() != POWER_LOST:
            raise ChildFailed(f"a seller ended with status {seller.status}; its traceback is on the standard error")
        with site.open() as shop:
            lost += broken(shop, promised)
        receipts += promised
    with site.open() as shop:
        return Cut(len(bodies), len(receipts), tuple(lost), violations(shop), site.damage())


def _sell_until_dark(site: Site, name: str, steps: int, seed: float, forgets_all: bool, say: Say) -> None:
    luck = random.Random(seed)
    Disk(power_for=steps, survives=_nothing if forgets_all else partial(_by_lot, luck), keeps_deletions=True)
    with site.open() as shop:
        sell_on(shop, name, luck, say)


def _sell_and_go_dark(site: Site, name: str, sales: int, seed: int, say: Say) -> None:
    luck = random.Random(seed)
    disk = Disk()
    shop = site.open()
    for number in range(1, sales + 1):
        say(sell_one(shop, name, number, luck).line())
    disk.lose_power()


def _nothing() -> bool:
    return False


def _by_lot(luck: random.Random) -> bool:
    return luck.random() < 0.5
