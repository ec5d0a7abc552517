"""What to do about a document, decided before anything is done: the same documents make the same plans.

A replay plans twice: once to learn what must be on the shelf at the start, once to act.
"""

from typing import Final

import attrs

from tokolib.cli.replay.documents import Document
from tokolib.cli.replay.kinds import FEES, Kind, kind_of
from tokolib.cli.replay.matching import Matched, Sales, by_order
from tokolib.cli.replay.reading import Row

CORRECTION: Final = "correction of the books"
UNEXPLAINED: Final = "neither sale, gift, return nor write-off"


@attrs.frozen
class Adjustment:
    """Money that moved without goods: a fee of its own, a fee given back, a correction."""

    name: str
    row: Row


@attrs.frozen
class Stray:
    """Units of a row that nothing could be done about."""

    row: Row
    units: int
    """With the row's sign."""
    why: str

    @property
    def amount(self) -> int:
        """What they are worth, in tenths of a penny."""
        return self.units * self.row.price


@attrs.frozen
class Returned:
    """A row of a cancellation, and the sales it belongs to."""

    row: Row
    matched: Matched

    @property
    def units(self) -> int:
        """How many units came back to a sale."""
        return -self.row.quantity - self.matched.left


@attrs.frozen
class Plan:
    """One document, sorted. `found`, the order, `write_offs` and `returned` happen in this order."""

    document: Document
    found: tuple[Row, ...]
    lines: tuple[Row, ...]
    """The goods of an order, sold or given."""
    order: int
    """The number of the order in this replay; it is made when there are lines."""
    charges: tuple[Row, ...]
    """Fees that stand on the order."""
    write_offs: tuple[Row, ...]
    returned: tuple[Returned, ...]
    adjustments: tuple[Adjustment, ...]
    strays: tuple[Stray, ...]

    @property
    def returns(self) -> dict[int, dict[int, int]]:
        """Units that come back, by order and line."""
        return by_order(each.matched for each in self.returned)


class Planner:
    """Plans documents one after the other, and remembers what was sold."""

    def __init__(self) -> None:
        self._sales = Sales()
        self._orders = 0

    def plan(self, document: Document) -> Plan:
        """What to do about the next document."""
        sorted_: dict[Kind, list[Row]] = {kind: [] for kind in Kind}
        for row in document.rows:
            sorted_[kind_of(row, document)].append(row)
        lines = tuple(row for row in document.rows if _is_line(row, document))
        carried = tuple(row for row in sorted_[Kind.FEE] if lines and row.amount >= 0)
        returned = tuple(self._take_back(row) for row in sorted_[Kind.CANCELLATION])
        order = self._sell(lines)
        return Plan(
            document,
            tuple(sorted_[Kind.FOUND]),
            lines,
            order,
            carried,
            tuple(sorted_[Kind.WRITE_OFF]),
            returned,
            _adjustments(sorted_, carried),
            (
                *(Stray(each.row, -each.matched.left, each.matched.why) for each in returned if each.matched.why),
                *(Stray(row, row.quantity, UNEXPLAINED) for row in sorted_[Kind.UNEXPLAINED]),
            ),
        )

    def _sell(self, lines: tuple[Row, ...]) -> int:
        order = self._orders
        for position, row in enumerate(lines):
            self._sales.sell(row.customer, row.key, row.price, order=order, position=position, units=row.quantity)
        self._orders += bool(lines)
        return order

    def _take_back(self, row: Row) -> Returned:
        return Returned(row, self._sales.take_back(row.customer, row.key, row.price, -row.quantity))


def _is_line(row: Row, document: Document) -> bool:
    return kind_of(row, document) in (Kind.SALE, Kind.GIFT)


def _adjustments(rows: dict[Kind, list[Row]], carried: tuple[Row, ...]) -> tuple[Adjustment, ...]:
    fees = (Adjustment(_fee_name(row), row) for row in rows[Kind.FEE] if row not in carried)
    corrections = (Adjustment(CORRECTION, row) for row in rows[Kind.ADJUSTMENT])
    return (*fees, *corrections)


def _fee_name(row: Row) -> str:
    name = FEES[row.key].name
    return f"{name}, out" if row.amount < 0 else f"{name}, in (no goods on the document)"
