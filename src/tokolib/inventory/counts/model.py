"""A stock count: which SKUs of a location, what was counted of each and when, and what comes of it."""

from datetime import datetime
from enum import StrEnum
from fractions import Fraction

import attrs

from tokolib.inventory.model import StockState, resource
from tokolib.kernel.count_limit import CountLimit
from tokolib.kernel.ids import CountId
from tokolib.kernel.money import Money
from tokolib.kernel.quantity import Quantity, UnitOfMeasure
from tokolib.kernel.unit_price import UnitPrice


class CountState(StrEnum):
    """Where a count stands."""

    OPEN = "open"
    APPROVED = "approved"
    POSTED = "posted"
    CANCELLED = "cancelled"


@attrs.frozen
class Tally:
    """Somebody counted one SKU: so many steps were there, and so many the books expected at that instant."""

    key: str
    steps: int
    expected: int
    by: str
    at: datetime


@attrs.frozen
class CountLine:
    """One SKU of a count, in steps of its unit. Counted again, its last tally counts; all are kept."""

    key: str
    sku: str
    unit: UnitOfMeasure
    unit_cost: UnitPrice | None = None
    """What one unit of measure cost; None where nobody said."""
    tallies: tuple[Tally, ...] = ()

    @property
    def last(self) -> Tally | None:
        """The tally that counts."""
        return self.tallies[-1] if self.tallies else None

    @property
    def change(self) -> int:
        """Steps that were counted less those that were expected at that instant; zero where it wasn't counted."""
        return self.last.steps - self.last.expected if self.last else 0

    @property
    def variance(self) -> Quantity | None:
        """The same as a quantity; None where it wasn't counted."""
        return Quantity(self.change, self.unit) if self.last else None

    @property
    def value(self) -> Money | None:
        """What the variance is worth at the unit cost, rounded half up; None where either isn't known."""
        if self.unit_cost is None or self.last is None:
            return None
        step = Fraction(self.unit.step)
        worth = self.unit_cost.times(abs(self.change) * step.numerator, step.denominator)
        return Money.minor(worth if self.change > 0 else -worth, self.unit_cost.currency)


@attrs.frozen
class Count:
    """A count of some SKUs of one location."""

    id: CountId
    version: int
    state: CountState
    location: str
    stock_state: StockState
    """Which of the location's goods are counted: those on the shelf, the damaged ones, those to be looked at."""
    lines: tuple[CountLine, ...]
    reference: str
    opened_at: datetime
    approved_by: str = ""
    ended_at: datetime | None = None
    reason: str = ""
    """Why it was posted, or cancelled."""

    def line(self, key: str) -> CountLine | None:
        """The line of a SKU key, if it has one."""
        return next((each for each in self.lines if each.key == key), None)

    @property
    def counters(self) -> frozenset[str]:
        """Everybody who has counted any of it."""
        return frozenset(tally.by for line in self.lines for tally in line.tallies)

    @property
    def uncounted(self) -> tuple[str, ...]:
        """The SKUs that nobody has counted."""
        return tuple(line.sku for line in self.lines if not line.tallies)

    @property
    def changes(self) -> dict[str, int]:
        """What posting changes on hand, in steps by SKU key; only what differs."""
        return {line.key: line.change for line in self.lines if line.change}

    def above(self, limit: CountLimit) -> tuple[str, ...]:
        """The SKUs whose variance is above *limit*."""
        counted = ((line, line.last) for line in self.lines)
        return tuple(
            line.sku for line, last in counted if last and limit.exceeded(line.change, last.expected, line.unit)
        )

    @property
    def is_open(self) -> bool:
        """Whether it still can be counted."""
        return self.state in (CountState.OPEN, CountState.APPROVED)

    def resource(self, key: str) -> str:
        """The storage's name for what is counted of a SKU key."""
        return resource(self.location, key, self.stock_state)


@attrs.frozen
class SheetLine:
    """One SKU that is to be counted, and how often it has been."""

    sku: str
    unit: UnitOfMeasure
    times_counted: int


@attrs.frozen
class CountSheet:
    """What whoever counts is shown of a count: no figure that the books expect, and none that was counted before."""

    id: CountId
    state: CountState
    location: str
    stock_state: StockState
    lines: tuple[SheetLine, ...]
    reference: str


def sheet_of(count: Count) -> CountSheet:
    """A count as whoever counts is shown it."""
    lines = tuple(SheetLine(line.sku, line.unit, len(line.tallies)) for line in count.lines)
    return CountSheet(count.id, count.state, count.location, count.stock_state, lines, count.reference)
