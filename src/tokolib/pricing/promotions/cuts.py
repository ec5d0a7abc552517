"""How much a value takes off an amount: whole minor units, rounded once, never more than there is."""

from fractions import Fraction
from functools import lru_cache
from typing import Final

import attrs

from tokolib.kernel.rounding import RoundingMode, divide
from tokolib.pricing.promotions.benefits import AmountOff, FixedPrice, Percent, Value

REMEMBERED: Final = 4096


@attrs.frozen
class Cut:
    """A value made ready to be reckoned with."""

    numerator: int = 0
    denominator: int = 1
    """Of a percentage: the part that is taken."""
    amount: int | None = None
    price: int | None = None
    is_percentage: bool = False
    """Whether it takes a part of what there is."""

    def of(self, left: int, count: int | Fraction, mode: RoundingMode) -> int:
        """What is taken off *left*, which *count* equal things cost together."""
        if self.amount is not None:
            return min(_times(self.amount, count, mode), left)
        if self.price is not None:
            return max(left - _times(self.price, count, mode), 0)
        return divide(left * self.numerator, self.denominator, mode)

    def of_each(self, left: int, units: int, mode: RoundingMode) -> int:
        """What is taken off *left*, which *units* equal units cost together: rounded for one unit, times all.

        A whole is a whole: of an amount that its units don't share evenly any more, 100 % is all of it.
        """
        if self.is_percentage and self.numerator < self.denominator:
            return min(divide(left * self.numerator, self.denominator * units, mode) * units, left)
        return self.of(left, units, mode)


def _times(amount: int, count: int | Fraction, mode: RoundingMode) -> int:
    if isinstance(count, int):
        return amount * count
    return divide(amount * count.numerator, count.denominator, mode)


@lru_cache(maxsize=REMEMBERED)
def cut(value: Value) -> Cut:
    """*value* as numbers."""
    match value:
        case Percent(percent=percent):
            numerator, denominator = percent.as_integer_ratio()
            return Cut(numerator, 100 * denominator, is_percentage=True)
        case AmountOff(amount=amount):
            return Cut(amount=amount.minor_units)
        case FixedPrice(price=price):
            return Cut(price=price.minor_units)
