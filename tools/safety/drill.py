"""The drill of a restore: a shop is copied while it sells, and the copy must be fit to go on with.

A copy is good when it opens, keeps every promise that was made before it was begun, is one moment of the shop (of
every seller the first so many sales, without a gap), has sound books, and sells.
"""

import random
from collections.abc import Callable, Iterable
from functools import partial

import attrs

from safety.children import Child, Say, start
from safety.selling import Receipt, broken, orders, sell_on, sell_one, violations
from safety.site import Site
from tokolib.kernel.errors import TokolibError


@attrs.frozen
class Drilled:
    """What a series of copies came to."""

    copies: int
    promised: int
    """Orders that were acknowledged before a copy was begun, summed over the copies."""
    found: int
    """Orders in the copies."""
    faults: tuple[str, ...]
    """What was wrong with a copy, and which."""
    selling: int
    """Orders that were sold meanwhile, in the shop that was copied."""

    def __str__(self) -> str:
        return (
            f"{self.copies} copies under load of {self.selling} orders: {self.promised} promised before, "
            f"{self.found} found, faults {len(self.faults)}"
        )


def drill(
    site: Site, make_copy: Callable[[int], Site], *, copies: int, orders_between: int, sellers: int = 2
) -> Drilled:
    """Copy a shop *copies* times while *sellers* sell, each at least *orders_between* orders before the next copy."""
    crew = [start(partial(_sell, site, f"s{number}")) for number in range(sellers)]
    receipts: list[Receipt] = []
    made: list[tuple[Site, int]] = []
    try:
        for number in range(copies):
            for seller in crew:
                receipts += _heard(seller, orders_between)
            before = len(receipts)
            made.append((make_copy(number), before))
    finally:
        for seller in crew:
            seller.kill()
            receipts += map(Receipt.read, seller.rest())
            seller.wait()
    looked = [_looked_at(copy, receipts[:before]) for copy, before in made]
    return Drilled(
        copies=copies,
        promised=sum(before for _, before in made),
        found=sum(found for found, _ in looked),
        faults=tuple(f"copy {number}: {fault}" for number, (_, faults) in enumerate(looked) for fault in faults),
        selling=len(receipts),
    )


def _sell(site: Site, name: str, say: Say) -> None:
    with site.open() as shop:
        sell_on(shop, name, random.Random(name), say, rest=0.05)


def _heard(seller: Child, least: int) -> list[Receipt]:
    heard: list[Receipt] = []
    while len(heard) < least:
        heard += map(Receipt.read, seller.lines(wait=True))
        if seller.silent:
            seller.finish()
    return heard


def _looked_at(copy: Site, promised: Iterable[Receipt]) -> tuple[int, tuple[str, ...]]:
    """How many orders a copy has, and what is wrong with it."""
    if (damage := copy.damage()) != "ok":
        return 0, (damage,)
    try:
        with copy.open() as shop:
            keys = [order.key for order in orders(shop)]
            faults = (*broken(shop, promised), *_gaps(keys), *violations(shop))
            sell_one(shop, "copy", 1, random.Random(0))
            return len(keys), faults
    except TokolibError as error:
        return 0, (f"{error.code}: {error}",)


def _gaps(keys: Iterable[str]) -> tuple[str, ...]:
    """The sellers whose sales are not 1, 2, 3 and so on: such a copy is no moment of the shop."""
    sales: dict[str, list[int]] = {}
    for key in keys:
        seller, _, number = key.rpartition("-")
        sales.setdefault(seller, []).append(int(number))
    return tuple(
        f"the sales of {seller} have gaps: {sorted(numbers)}"
        for seller, numbers in sales.items()
        if sorted(numbers) != list(range(1, len(numbers) + 1))
    )
