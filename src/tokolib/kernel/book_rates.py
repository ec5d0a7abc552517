"""At what the books state a sale in another currency than theirs: a rate, frozen on each order that is placed under it.

What stands on an account in the order's currency is converted as a whole, and a posting is the difference between
before and after. So the same amount is always worth the same, whatever parts it came in, and nothing is worth nothing.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from fractions import Fraction
from typing import Final

import attrs

from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.lines import line_faults
from tokolib.kernel.money import Currency, Money, currency
from tokolib.kernel.money_errors import UnknownCurrency
from tokolib.kernel.rounding import RoundingMode, divide

LONGEST: Final = 36_500
"""Days for which a rate may hold: a century."""
LARGEST: Final = 10**15
"""No rate is more, and none is less than one part of it."""
_CODE: Final = "kernel.bad_book_rate"
_PLACES: Final = 12
"""Digits behind the point that a rate is shown with; one that needs more is shown as a ratio."""


@attrs.frozen
class BookRate:
    """What one unit of another currency is worth in that of the books, in major units: 1 USD = 16,250 IDR.

    Raises:
        InvalidInput: a currency in itself, or one that is none; a value that is no exact ratio above zero; no source;
            a day that is none; an age that is no whole number of days.
    """

    currency: str
    """ISO 4217 code of the currency that is sold in."""
    books: str
    """ISO 4217 code of the currency of the books."""
    value: Fraction
    source: str
    """Who published it."""
    as_of: date
    """The day that it is of."""
    days: int | None = None
    """How many days old it may be for an order to be placed under it; None: however old."""

    def __attrs_post_init__(self) -> None:
        if faults := tuple(self._faults()):
            raise InvalidInput(faults)

    def _faults(self) -> Iterator[Fault]:
        for name in ("currency", "books"):
            try:
                currency(getattr(self, name))
            except UnknownCurrency as error:
                yield Fault(name, error.code, str(error), shown(error.currency))
        if self.currency == self.books:
            yield Fault("currency", _CODE, "must be another one than that of the books", shown(self.currency))
        value: object = self.value
        if not isinstance(value, Fraction) or not Fraction(1, LARGEST) <= value <= LARGEST:
            yield Fault("value", _CODE, "must be a Fraction above zero that money can be worth", shown(value))
        yield from line_faults("source", self.source, required=True)
        as_of: object = self.as_of
        if not isinstance(as_of, date) or isinstance(as_of, datetime):
            yield Fault("as_of", _CODE, "must be a date", shown(as_of))
        days: object = self.days
        if days is not None and (type(days) is not int or not 0 <= days <= LONGEST):
            yield Fault("days", _CODE, f"must be a whole number from 0 to {LONGEST}, or None", shown(days))

    def is_stale(self, today: date) -> bool:
        """Whether it is too old to place an order under on a day."""
        return self.days is not None and (today - self.as_of).days > self.days

    def units(self, minor_units: int) -> int:
        """What so many minor units are worth, in minor units of the books: rounded half up, negative mirroring."""
        from_, into = currency(self.currency), currency(self.books)
        worth = self.value * minor_units * Fraction(10) ** (into.digits - from_.digits)
        return divide(worth.numerator, worth.denominator, RoundingMode.HALF_UP)

    def step(self, before: int, moved: int) -> int:
        """By how much the worth of an account changes where *before* stood and so much was *moved*."""
        return self.units(before + moved) - self.units(before)

    def worth(self, amount: Money) -> Money:
        """*amount* in the currency of the books."""
        return Money(self.units(amount.minor_units), self.into)

    @property
    def into(self) -> Currency:
        """The currency of the books."""
        return currency(self.books)

    @property
    def figure(self) -> str:
        """The value as people read it, exact: a decimal number, or a ratio where it has no end."""
        for places in range(_PLACES + 1):
            if 10**places % self.value.denominator == 0:
                whole, part = divmod(int(self.value * 10**places), 10**places)
                return f"{whole}.{part:0{places}d}" if places else str(whole)
        return str(self.value)


def rate_faults(rates: object, books: str, sold_in: Iterable[str]) -> Iterator[Fault]:
    """What is wrong with the rates of a shop whose books are in the currency *books*, and that sells in *sold_in*."""
    if not isinstance(rates, tuple) or not all(isinstance(each, BookRate) for each in rates):
        yield Fault("book_rates", "kernel.wrong_type", "must be a tuple of BookRate", shown(rates))
        return
    known = tuple(sold_in)
    for at, each in enumerate(rates):
        path = f"book_rates[{at}]"
        if each.books != books:
            yield Fault(f"{path}.books", _CODE, f"must be {books}, the currency of the books", each.books)
        if each.currency not in known:
            yield Fault(f"{path}.currency", _CODE, f"must be one that is sold in: {', '.join(known)}", each.currency)
        if each.currency in [other.currency for other in rates[:at]]:
            yield Fault(f"{path}.currency", "kernel.repeated", "has a rate before", each.currency)
