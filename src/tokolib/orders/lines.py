"""The lines of an order, and what has become of their units.

Units of a line are numbered from 0. Shipments take from the head, cancellations from the tail, and returns name
shipped units, so every unit has one story, and its share of every amount is known from the first day.
"""

from collections.abc import Iterable

import attrs

from tokolib.checkout.lines import QuoteLine
from tokolib.kernel.ids import LineId


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


def joined(runs: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """*runs* of units sorted, and made one where they touch or overlap."""
    made: list[tuple[int, int]] = []
    for first, beyond in sorted(runs):
        if made and first <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], beyond))
        else:
            made.append((first, beyond))
    return tuple(made)


@attrs.frozen
class OrderLine:
    """A line as it was agreed, and what has become of its units."""

    line: QuoteLine
    shipped: int = 0
    """The first so many units have left."""
    cancelled: int = 0
    """The last so many units will never leave."""
    delivered: tuple[tuple[int, int], ...] = ()
    """Runs of units that reached the customer, sorted and disjoint."""
    returned: tuple[tuple[int, int], ...] = ()
    """Runs of units that came back, sorted and disjoint."""

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
    def open(self) -> int:
        """How many units are still to be shipped."""
        return self.units - self.shipped - self.cancelled

    @property
    def delivered_units(self) -> int:
        """How many units reached the customer."""
        return sum(beyond - first for first, beyond in self.delivered)

    @property
    def returned_units(self) -> int:
        """How many units came back."""
        return sum(beyond - first for first, beyond in self.returned)

    @property
    def on_the_way(self) -> int:
        """How many units have left and neither reached the customer nor come back."""
        arrived = joined((*self.delivered, *self.returned))
        return self.shipped - sum(beyond - first for first, beyond in arrived)

    def kept(self) -> tuple[tuple[int, int], ...]:
        """The runs of shipped units that have not come back, lowest first."""
        runs: list[tuple[int, int]] = []
        at = 0
        for first, beyond in self.returned:
            if first > at:
                runs.append((at, first))
            at = beyond
        if at < self.shipped:
            runs.append((at, self.shipped))
        return tuple(runs)
