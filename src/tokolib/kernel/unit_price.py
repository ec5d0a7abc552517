"""What one unit of measure costs, finer than money is."""

from decimal import Decimal
from typing import Final

import attrs

from tokolib.kernel.errors import shown
from tokolib.kernel.money import Currency, Money, of_currency, whole_units
from tokolib.kernel.money_errors import AmountOutOfRange, NotMoney
from tokolib.kernel.numbers import EXACT, exact, shifted, shortest
from tokolib.kernel.rounding import RoundingMode, divide

PRICE_SCALE: Final = 10_000
"""A unit price may be this many times finer than a minor unit."""


@attrs.frozen
class UnitPrice:
    """What one unit of measure costs: exact, and up to 10,000 times finer than a minor unit.

    A price of a tenth of a penny, or Rp1.250,75 a kilogram, is kept as it is; only the line's total is rounded.
    """

    scaled: int = attrs.field(validator=whole_units)
    """The price in 1/10,000 of a minor unit; never negative."""
    currency: Currency = attrs.field(validator=of_currency)

    def __attrs_post_init__(self) -> None:
        if self.scaled < 0:
            raise AmountOutOfRange(shortest(self.amount), self.currency.code, "a price is never negative")

    @classmethod
    def of(cls, amount: "Money | UnitPrice") -> "UnitPrice":
        """A whole amount as the price of one unit."""
        if isinstance(amount, UnitPrice):
            return amount
        return cls(amount.minor_units * PRICE_SCALE, amount.currency)

    @classmethod
    def parse(cls, amount: int | str | Decimal, currency: Currency) -> "UnitPrice":
        """A price in major units, at most four digits finer than the currency: `parse("0.001", GBP)`.

        Text is read as a program writes it, whatever its digits: a price may be finer than any amount, so
        `parse("1.250", IDR)` is one rupiah and a quarter. What people type is for `parse_amount`.

        Raises:
            NotExact: a float, NaN, or anything but a plain number.
            AmountOutOfRange: finer than that, negative, or beyond 10^15 ten-thousandths of a minor unit.
        """
        value = EXACT.multiply(shifted(exact(amount, f"price in {currency.code}"), currency.digits), PRICE_SCALE)
        if value != (whole := int(value)):
            raise AmountOutOfRange(str(amount), currency.code, "finer than a ten-thousandth of a minor unit")
        return cls(whole, currency)

    def times(self, numerator: int, denominator: int = 1, mode: RoundingMode = RoundingMode.HALF_UP) -> int:
        """The price of *numerator*/*denominator* units, in minor units, rounded once by *mode*."""
        return divide(self.scaled * numerator, PRICE_SCALE * denominator, mode)

    @property
    def amount(self) -> Decimal:
        """The price in major units, exact."""
        return EXACT.divide(shifted(Decimal(self.scaled), -self.currency.digits), PRICE_SCALE)

    def __str__(self) -> str:
        return f"{self.currency.code} {shortest(self.amount)}"


def check_money(name: str, value: object) -> None:
    """Pass for an amount or a unit price.

    Raises:
        NotMoney: it is neither; 75,000 of what?
    """
    if not isinstance(value, Money | UnitPrice):
        raise NotMoney(name, shown(value))
