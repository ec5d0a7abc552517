"""Whether a checkout costs more when the shop is full: a thousand orders beside very many, a thousand products beside
a hundred thousand.

All files begin alike, with a thousand products and as many orders that were shipped and refunded in part. In the full
ones that life was copied by SQL (see `filling`): the orders with all their events, or the products.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import tokolib
from benchmarks.compare import Plan, Workers, in_turns
from benchmarks.figures import middle
from benchmarks.filling import multiply
from benchmarks.job import ON_SALE, baskets
from benchmarks.results import Row
from benchmarks.stores.tokolib_shop import Counter, open_filled, sqlite_url, stock_up

LIVED: Final = 1000
"""Orders of the life that is copied."""
PRODUCTS: Final = 100_000
AT_MOST: Final = 1.15
"""A search tree that is a thousand times as large is a level or two deeper, and its pages are in no cache."""


@dataclass(frozen=True)
class Grown:
    """A file that is used as it is, since copying it anew would take longer than measuring."""

    name: str
    path: Path

    def reset(self) -> None:
        """The checkouts of a round add little to what is there."""

    def open(self) -> Counter:
        return Counter(tokolib.open(sqlite_url(self.path)), baskets())


def run(plan: Plan) -> Iterator[Row]:
    """The rows of growth: the CPU of a checkout, since it is what is steady."""
    seeded, stocked, lived = (plan.folder / f"growth-{name}.db" for name in ("seeded", "stocked", "lived"))
    open_filled(sqlite_url(seeded), ON_SALE[:1]).close()
    with tokolib.open(sqlite_url(_copy(seeded, stocked))) as shop:
        stock_up(shop, ON_SALE[1:])
    _live(_copy(stocked, lived))
    small = Grown(f"{LIVED:,} orders of {len(ON_SALE):,} products", lived)

    full = _copy(lived, plan.folder / "growth-orders.db")
    plan.say(f"  added {multiply(full, stocked, plan.orders // LIVED - 1):,} rows of orders")
    yield _compared(plan, Grown(f"{plan.orders:,} orders", full), small)
    full.unlink()

    full = _copy(lived, plan.folder / "growth-products.db")
    plan.say(f"  added {multiply(full, seeded, PRODUCTS // len(ON_SALE) - 1, after=stocked):,} rows of products")
    yield _compared(plan, Grown(f"{PRODUCTS:,} products", full), small)
    full.unlink()


def _copy(file: Path, to: Path) -> Path:
    shutil.copyfile(file, to)
    return to


def _live(file: Path) -> None:
    counter = Counter(tokolib.open(f"{sqlite_url(file)}&durable=0"), baskets())
    for k in range(LIVED):
        number = counter.checkout(k)
        counter.ship(number)
        if k % 10 == 0:
            counter.refund(number)
    counter.close()


def _compared(plan: Plan, full: Grown, small: Grown) -> Row:
    found = in_turns(plan, (Workers(full), Workers(small)))
    mine, theirs = middle(found[full.name]), middle(found[small.name])
    ratio = mine.cpu_ms / theirs.cpu_ms
    return Row(
        f"CPU of a checkout: {full.name} ÷ {small.name}",
        mine.cpu_ms * 1e3,
        theirs.cpu_ms * 1e3,
        ratio,
        "µs",
        len(found[full.name]),
        f"at most {AT_MOST:g}:",
        ratio <= AT_MOST,
        mine,
        theirs,
    )
