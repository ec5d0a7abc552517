"""What is left of a price when the goods are paid for: exact, of a unit and of a line; negative when sold below cost.

Net prices are meant: after all discounts, without tax. Costs are for staff: no quote, order or shelf carries them.
"""

from decimal import Decimal
from fractions import Fraction

import attrs

from tokolib.kernel.money import Currency, Money
from tokolib.kernel.money_errors import CurrencyMismatch
from tokolib.kernel.numbers import exact
from tokolib.kernel.rounding import RoundingMode, divide
from tokolib.kernel.unit_price import PRICE_SCALE, UnitPrice, check_money


@attrs.frozen
class Margin:
    """A margin in minor units, exact, and what it is a margin of."""

    net: Fraction
    """What was sold for, in minor units."""
    cost: Fraction
    """What it cost, in minor units."""
    currency: Currency

    @property
    def amount(self) -> Fraction:
        """Net less cost, in minor units; below zero when sold below cost."""
        return self.net - self.cost

    @property
    def rate(self) -> Fraction | None:
        """The margin as a fraction of the net price: 1/4 is 25 %; None where nothing is asked for the goods."""
        return self.amount / self.net if self.net else None

    @property
    def is_negative(self) -> bool:
        """Whether it was sold below cost."""
        return self.amount < 0

    def money(self, mode: RoundingMode = RoundingMode.HALF_UP) -> Money:
        """The margin as money, rounded once."""
        amount = self.amount
        return Money(divide(amount.numerator, amount.denominator, mode), self.currency)


def unit_margin(net: Money | UnitPrice, cost: UnitPrice) -> Margin:
    """The margin of one unit that is sold for *net*.

    Raises:
        CurrencyMismatch: price and cost are of two currencies.
        NotMoney: a bare number.
    """
    check_money("net", net)
    check_money("cost", cost)
    price = UnitPrice.of(net)
    _same(price.currency, cost.currency)
    return Margin(Fraction(price.scaled, PRICE_SCALE), Fraction(cost.scaled, PRICE_SCALE), cost.currency)


def line_margin(net: Money, cost: UnitPrice, quantity: int | Decimal | Fraction) -> Margin:
    """The margin of a line of *quantity* units of measure that is sold for *net* in all.

    Raises:
        CurrencyMismatch: price and cost are of two currencies.
        NotExact: a quantity that is a float, or no number. NotMoney: a bare number for an amount.
    """
    check_money("net", net)
    check_money("cost", cost)
    _same(net.currency, cost.currency)
    bought = quantity if isinstance(quantity, Fraction) else Fraction(exact(quantity, "quantity"))
    return Margin(Fraction(net.minor_units), Fraction(cost.scaled, PRICE_SCALE) * bought, cost.currency)


def _same(expected: Currency, actual: Currency) -> None:
    if expected != actual:
        raise CurrencyMismatch(expected.code, actual.code)
