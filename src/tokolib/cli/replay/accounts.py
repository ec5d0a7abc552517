"""What the replay did, added up: money by what became of it, goods by SKU, rows by kind.

Amounts are tenths of a penny, so that the file's finest price is a whole number.
"""

from collections import Counter
from typing import Final

import attrs

from tokolib.cli.replay.kinds import FEES, Kind
from tokolib.cli.replay.planning import Plan, Stray
from tokolib.cli.replay.reading import Row
from tokolib.kernel.rounding import RoundingMode, divide

TENTHS_A_PENNY: Final = 10


def pennies(row: Row) -> int:
    """What a row comes to when it is booked: whole pennies, half a penny up."""
    return divide(row.amount, TENTHS_A_PENNY, RoundingMode.HALF_UP)


@attrs.define
class Goods:
    """Units of one SKU that came and went."""

    received: int = 0
    found: int = 0
    sold: int = 0
    returned: int = 0
    written_off: int = 0

    @property
    def expected(self) -> int:
        """What should be on hand."""
        return self.received + self.found - self.sold + self.returned - self.written_off


@attrs.define
class Sum:
    """Rows, and what they come to in tenths of a penny."""

    rows: int = 0
    amount: int = 0

    def add(self, amount: int, rows: int = 1) -> None:
        """Count more."""
        self.amount += amount
        self.rows += rows


def _sums() -> dict[str, Sum]:
    return {}


@attrs.define
class Accounts:
    """The replay's own books, kept beside the shop's."""

    orders: int = 0
    returns: int = 0
    free_orders: int = 0
    money_in: Sum = attrs.Factory(Sum)
    """What orders were paid for goods."""
    charges: dict[str, Sum] = attrs.Factory(_sums)
    """What orders were paid for fees, by name."""
    money_back: Sum = attrs.Factory(Sum)
    """What returns refunded, negative."""
    adjustments: dict[str, Sum] = attrs.Factory(_sums)
    unmatched: dict[str, Sum] = attrs.Factory(_sums)
    strays: list[Stray] = attrs.Factory(list)
    """Everything unmatched, row by row."""
    rounding: Sum = attrs.Factory(Sum)
    """What rows are worth beyond the whole pennies that they were booked at."""
    kinds: Counter[Kind] = attrs.Factory(Counter)
    cancelled_whole: int = 0
    """Rows of cancellations that went through returns whole."""
    cancelled_part: int = 0
    """Rows of which only some units did."""
    cancelled_value: int = 0
    """What all cancelled goods are worth."""
    goods: dict[str, Goods] = attrs.Factory(dict)

    @property
    def total(self) -> int:
        """Everything together; the file's own total when nothing was lost."""
        named = (self.charges, self.adjustments, self.unmatched)
        parts = sum(each.amount for sums in named for each in sums.values())
        return self.money_in.amount + self.money_back.amount + self.rounding.amount + parts

    @property
    def rows(self) -> int:
        """Every row that was dealt with, each once."""
        return sum(self.kinds.values())

    def of(self, key: str) -> Goods:
        """The goods of a SKU."""
        return self.goods.setdefault(key, Goods())

    def plan(self, plan: Plan) -> None:
        """Count what is known of a plan without the shop: adjustments, strays, rounding, rows."""
        for adjustment in plan.adjustments:
            self._sum(self.adjustments, adjustment.name).add(pennies(adjustment.row) * TENTHS_A_PENNY)
            self._round(adjustment.row)
        self.strays.extend(plan.strays)
        for stray in plan.strays:
            self._sum(self.unmatched, stray.why).add(stray.amount)
        for row in (*plan.lines, *plan.charges):
            self._round(row)
        self._count(plan)

    def _count(self, plan: Plan) -> None:
        for row in plan.lines:
            self.kinds[Kind.SALE if row.price else Kind.GIFT] += 1
        self.kinds[Kind.FOUND] += len(plan.found)
        self.kinds[Kind.WRITE_OFF] += len(plan.write_offs)
        self.kinds[Kind.CANCELLATION] += len(plan.returned)
        self.kinds[Kind.FEE] += len(plan.charges) + sum(each.row.key in FEES for each in plan.adjustments)
        for each in plan.returned:
            self.cancelled_value += each.row.amount
            self.cancelled_whole += each.matched.left == 0
            self.cancelled_part += 0 < each.matched.left < -each.row.quantity
            self.money_back.rows += each.units > 0
        self.kinds[Kind.ADJUSTMENT] += sum(each.row.key not in FEES for each in plan.adjustments)
        self.kinds[Kind.UNEXPLAINED] += len(plan.strays) - sum(each.matched.left > 0 for each in plan.returned)

    def charged(self, name: str, amount: int) -> None:
        """Count a fee that an order was paid for."""
        self._sum(self.charges, name).add(amount)

    def _round(self, row: Row) -> None:
        finer = row.amount - pennies(row) * TENTHS_A_PENNY
        if finer:
            self.rounding.add(finer)

    @staticmethod
    def _sum(sums: dict[str, Sum], name: str) -> Sum:
        return sums.setdefault(name, Sum())
