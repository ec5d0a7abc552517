"""The difference that other rules would have made, per order, day, SKU and gift: reports add up, in any order.

So the orders of a year may be priced in as many parts as there are machines: the sum of the parts' reports is the
report of the whole, to the last figure.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar

import attrs

from tokolib.pricing.what_if.figures import Compared, Figures

K = TypeVar("K")
R = TypeVar("R", "DaySum", "SkuSum", "GiftSum")


@attrs.frozen(order=True)
class GiftChange:
    """How much of one SKU was given as a gift, and how much would have been, in units of measure."""

    key: str
    """The SKU, case-folded."""
    was: int
    would: int

    @property
    def difference(self) -> int:
        """How much more it would have been."""
        return self.would - self.was


@attrs.frozen(order=True)
class OrderChange:
    """One order that would have come to something else, or with other gifts."""

    order_id: str
    day: date
    currency: str
    was: Figures
    would: Figures
    refused: tuple[str, ...] = ()
    """Coupons that it was given and that would have given nothing: its customer would have been told."""
    gifts: tuple[GiftChange, ...] = ()
    """The gifts of which it would have had more or fewer, by SKU."""

    @property
    def difference(self) -> Figures:
        """How much more it would have been."""
        return self.would - self.was


@attrs.frozen
class DaySum:
    """All orders of one day, with their charges."""

    day: date
    currency: str
    orders: int
    changed: int
    was: Figures
    would: Figures

    def __add__(self, other: "DaySum") -> "DaySum":
        orders, changed = self.orders + other.orders, self.changed + other.changed
        return DaySum(self.day, self.currency, orders, changed, self.was + other.was, self.would + other.would)


@attrs.frozen
class SkuSum:
    """All lines of one SKU on one day."""

    key: str
    """The SKU, case-folded."""
    day: date
    currency: str
    lines: int
    was: Figures
    would: Figures

    def __add__(self, other: "SkuSum") -> "SkuSum":
        lines, was = self.lines + other.lines, self.was + other.was
        return SkuSum(self.key, self.day, self.currency, lines, was, self.would + other.would)


@attrs.frozen
class GiftSum:
    """All gifts of one SKU on one day, in units of measure; those of which nothing would have changed as well."""

    key: str
    """The SKU, case-folded."""
    day: date
    orders: int
    """That had it, or would have had it."""
    was: int
    would: int

    def __add__(self, other: "GiftSum") -> "GiftSum":
        orders, was = self.orders + other.orders, self.was + other.was
        return GiftSum(self.key, self.day, orders, was, self.would + other.would)


@attrs.frozen
class Report:
    """What orders came to, and what they would have come to. Reports add up: `a + b == b + a`, and empty adds nothing.

    Rows are sorted, so that equal reports are equal to the letter.
    """

    changes: tuple[OrderChange, ...] = ()
    """The orders that would have come to something else, or with other gifts, by id."""
    days: tuple[DaySum, ...] = ()
    """By day and currency."""
    skus: tuple[SkuSum, ...] = ()
    """By SKU, day and currency."""
    gifts: tuple[GiftSum, ...] = ()
    """By SKU and day: what was given beside what was bought, and what would have been, were there stock for it."""

    @property
    def orders(self) -> int:
        """How many orders were priced again."""
        return sum(each.orders for each in self.days)

    @property
    def changed(self) -> int:
        """How many of them would have come to something else, or with other gifts."""
        return sum(each.changed for each in self.days)

    @property
    def by_currency(self) -> Mapping[str, Compared]:
        """All orders of each currency together."""
        return _summed((each.currency, Compared(each.was, each.would)) for each in self.days)

    @property
    def by_sku(self) -> Mapping[tuple[str, str], Compared]:
        """All days of each SKU and currency together."""
        return _summed(((each.key, each.currency), Compared(each.was, each.would)) for each in self.skus)

    @property
    def by_gift(self) -> Mapping[str, GiftChange]:
        """All days of each SKU that is a gift together."""
        found: dict[str, GiftChange] = {}
        for each in self.gifts:
            known = found.get(each.key, GiftChange(each.key, 0, 0))
            found[each.key] = GiftChange(each.key, known.was + each.was, known.would + each.would)
        return found

    def __add__(self, other: "Report") -> "Report":
        return added((self, other))


def added(reports: Iterable[Report]) -> Report:
    """All *reports* as one; none at all are the empty report."""
    changes: list[OrderChange] = []
    days: dict[tuple[date, str], DaySum] = {}
    skus: dict[tuple[str, date, str], SkuSum] = {}
    gifts: dict[tuple[str, date], GiftSum] = {}
    for report in reports:
        changes += report.changes
        for day in report.days:
            _put(days, (day.day, day.currency), day)
        for sku in report.skus:
            _put(skus, (sku.key, sku.day, sku.currency), sku)
        for gift in report.gifts:
            _put(gifts, (gift.key, gift.day), gift)
    return Report(
        tuple(sorted(changes)),
        tuple(days[place] for place in sorted(days)),
        tuple(skus[place] for place in sorted(skus)),
        tuple(gifts[place] for place in sorted(gifts)),
    )


def _put(rows: dict[K, R], place: K, row: R) -> None:
    before = rows.get(place)
    rows[place] = row if before is None else before + row


def _summed(rows: Iterable[tuple[K, Compared]]) -> dict[K, Compared]:
    found: dict[K, Compared] = {}
    for place, each in rows:
        found[place] = found.get(place, Compared()) + each
    return found
