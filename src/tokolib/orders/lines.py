"""The lines of an order, and what has become of their units.

Units of a line are numbered from 0. Shipments take the lowest that are free, cancellations the highest, and returns
name shipped units, so every unit has one story, and its share of every amount is known from the first day.
"""

from collections.abc import Iterable

import attrs

from tokolib.checkout.lines import Awaited, QuoteLine, Source
from tokolib.kernel.ids import LineId
from tokolib.kernel.unit_set import NO_UNITS, UnitSet


@attrs.frozen
class Run:
    """The units *first* to *beyond* of one line, the latter excluded."""

    line_id: LineId
    first: int
    beyond: int

    @property
    def units(self) -> int:
        """How many units (steps) these are."""
        return self.beyond - self.first

    @property
    def set(self) -> UnitSet:
        """The units, apart from their line."""
        return UnitSet(((self.first, self.beyond),))


@attrs.frozen
class OrderLine:
    """A line as it was agreed, and what has become of its units."""

    line: QuoteLine
    shipped: UnitSet = NO_UNITS
    """Those that have left."""
    cancelled: UnitSet = NO_UNITS
    """Those that will never leave."""
    delivered: UnitSet = NO_UNITS
    """Those that reached the customer."""
    returned: UnitSet = NO_UNITS
    """Those that came back from the customer, or never got there, and were credited."""
    planned: UnitSet = NO_UNITS
    """Those that a shipment has claimed which has not left yet."""
    undelivered: UnitSet = NO_UNITS
    """Those that left and won't arrive: lost, or back at the sender; nobody has decided yet what becomes of them."""
    sources: tuple[Source, ...] = ()
    """Where its units leave from, each unit from one place; empty where all leave from the order's own location."""
    awaited: tuple[Awaited, ...] = ()
    """Its units that no stock has been given to yet, each for the day for which it is promised."""
    return_rule: str = ""
    """The code of the rule of the order's return policy that holds for it; empty where none does."""
    outside_laws: tuple[str, ...] = ()
    """The codes of the policy's consumer laws that don't extend to such goods."""

    @property
    def id(self) -> LineId:
        """The line's id, the same as in the cart."""
        return self.line.id

    @property
    def key(self) -> str:
        """The SKU, case-folded."""
        return self.line.key

    @property
    def units(self) -> int:
        """How many units (steps) were ordered."""
        return self.line.steps

    @property
    def open(self) -> UnitSet:
        """Those that are still to be shipped."""
        return UnitSet.whole(self.units) - self.shipped - self.cancelled

    @property
    def free(self) -> UnitSet:
        """Those that are still to be shipped, and that no shipment has claimed."""
        return self.open - self.planned

    @property
    def unstocked(self) -> UnitSet:
        """Those that no stock has been given to, those that were cancelled while they waited too."""
        return UnitSet.of([span for each in self.awaited for span in each.units.spans])

    @property
    def waiting(self) -> UnitSet:
        """Those that are still to be shipped, and wait for stock to come."""
        return self.unstocked - self.shipped - self.cancelled if self.awaited else NO_UNITS

    @property
    def ready(self) -> UnitSet:
        """Those that no shipment has claimed, and that are there to be shipped."""
        return self.free - self.waiting if self.awaited else self.free

    @property
    def kept(self) -> UnitSet:
        """Those that have left, have not come back, and may still arrive or did."""
        return self.shipped - self.returned - self.undelivered

    @property
    def on_the_way(self) -> UnitSet:
        """Those that have left and neither reached the customer nor come back."""
        return self.kept - self.delivered

    @property
    def sold(self) -> UnitSet:
        """Those of which the sale stands: neither cancelled nor come back."""
        return UnitSet.whole(self.units) - self.cancelled - self.returned

    def runs(self, units: UnitSet) -> tuple[Run, ...]:
        """*units* of this line, as runs that name it."""
        return tuple(Run(self.line.id, first, beyond) for first, beyond in units.spans)


def by_line(runs: Iterable[Run]) -> dict[str, UnitSet]:
    """*runs* of units as sets, by their lines."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for run in runs:
        spans.setdefault(run.line_id, []).append((run.first, run.beyond))
    return {id: UnitSet.of(some) for id, some in spans.items()}
