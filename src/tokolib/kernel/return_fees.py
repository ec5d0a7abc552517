"""What a shop keeps of a refund: fees for goods that come back, as data."""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

import attrs

from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.lines import line_faults, name_faults
from tokolib.kernel.money import Currency, Money
from tokolib.kernel.rounding import RoundingMode, divide

RATE_DECIMALS: Final = 6
"""No rate is finer than a millionth."""


class ReturnFeeKind(StrEnum):
    """What a fee is for; it names its account, `withheld:restocking`."""

    RESTOCKING = "restocking"
    """The work of looking at the goods and putting them away."""
    RETURN_SHIPPING = "return_shipping"
    """The way back, where the shop has paid it."""


class FeeTax(StrEnum):
    """What tax law makes of a fee; see the decision *What is kept of a refund stays taxed*."""

    AS_GOODS = "as_goods"
    """It is a part of the price that isn't given back: taxed as the goods were."""
    OUTSIDE = "outside"
    """It is compensation, outside all tax: the goods' tax goes back whole."""


@attrs.frozen(kw_only=True)
class ReturnFee:
    """One fee: a *rate* of what the goods were worth, or an amount *per_unit*, or *once* for a return.

    Raises:
        InvalidInput: none of the three, or several; a rate that is no `Decimal` above zero and at most one, amounts
            that aren't more than nothing, a label or reasons that can't be kept.
    """

    kind: ReturnFeeKind
    label: str
    """As credit notes print it."""
    rate: Decimal | None = None
    """A fraction of what the customer paid for the goods, tax included."""
    per_unit: Money | None = None
    """For each unit of measure; only of orders in its currency."""
    once: Money | None = None
    """For the return as a whole; only of orders in its currency."""
    tax: FeeTax = FeeTax.AS_GOODS
    reasons: tuple[str, ...] = ()
    """Only for these reasons; empty: for all for which the customer can do something."""

    def __attrs_post_init__(self) -> None:
        if faults := tuple(self._faults()):
            raise InvalidInput(faults)

    def _faults(self) -> Iterator[Fault]:
        yield from line_faults("label", self.label, required=True)
        yield from name_faults("reasons", self.reasons)
        for name, kind in (("kind", ReturnFeeKind), ("tax", FeeTax)):
            if not isinstance(getattr(self, name), kind):
                yield Fault(name, "kernel.wrong_type", f"must be a {kind.__name__}", shown(getattr(self, name)))
        given = [name for name in ("rate", "per_unit", "once") if getattr(self, name) is not None]
        if len(given) != 1:
            message = "name exactly one of rate, per_unit and once"
            yield Fault("rate", "kernel.one_of", message, ", ".join(given) or "none")
        rate: object = self.rate
        if rate is not None and not (isinstance(rate, Decimal) and _is_rate(rate)):
            message = f"must be a Decimal above zero, at most one, with at most {RATE_DECIMALS} decimals"
            yield Fault("rate", "kernel.not_positive", message, shown(rate))
        for name in ("per_unit", "once"):
            amount: object = getattr(self, name)
            if amount is not None and (not isinstance(amount, Money) or amount.minor_units <= 0):
                yield Fault(name, "kernel.not_positive", "must be an amount of more than zero", shown(amount))

    @property
    def currency(self) -> Currency | None:
        """The currency in which it is stated; None for a rate."""
        amount = self.per_unit or self.once
        return None if amount is None else amount.currency

    def of_units(self, worth: int, units: Fraction, currency: Currency) -> int:
        """What it asks, in minor units, of so many *units* that are *worth* so much; what is asked once isn't in it."""
        if self.rate is not None:
            top, bottom = self.rate.as_integer_ratio()
            return divide(worth * top, bottom, RoundingMode.HALF_UP)
        if self.per_unit is None or self.per_unit.currency != currency:
            return 0
        asked = self.per_unit.minor_units * units
        return divide(asked.numerator, asked.denominator, RoundingMode.HALF_UP)


def _is_rate(rate: Decimal) -> bool:
    exponent = rate.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -RATE_DECIMALS and 0 < rate <= 1
