"""Money: a whole number of minor units in one currency, never a float, never two currencies.

A `Currency` keeps apart what is often mixed up: the digits ISO 4217 gives it, the digits that the books of a
shop keep, and the smallest sum that can be paid in cash. The rupiah has two ISO digits, and every Indonesian
shop, bank and tax form counts whole rupiah.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final, Self

import attrs
from babel.numbers import get_currency_precision, is_currency

from tokolib.kernel.errors import shown
from tokolib.kernel.money_errors import AmbiguousAmount, AmountOutOfRange, CurrencyMismatch, UnknownCurrency
from tokolib.kernel.numbers import exact, shifted

LARGEST: Final = 10**15
"""No single amount is larger, in minor units: a bound that 64-bit columns and sums of a year both hold."""


def _code(_: object, __: object, code: str) -> None:
    if not isinstance(code, str):
        raise UnknownCurrency(str(code)[:20])
    if not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
        raise UnknownCurrency(code[:20])


def _digits(currency: "Currency", field: "attrs.Attribute[int]", digits: int) -> None:
    if type(digits) is not int or not 0 <= digits <= 4:
        raise AmountOutOfRange(shown(digits), currency.code, f"{field.name} are 0 to 4")


def _cash(currency: "Currency", _: object, increment: int) -> None:
    if type(increment) is not int or not 0 < increment <= LARGEST:
        raise AmountOutOfRange(shown(increment), currency.code, "a cash increment is 1 to 10^15 minor units")


@attrs.frozen
class Currency:
    """A currency as a shop's books keep it. Call it to make money: `IDR(75_000)`, `USD("12.50")`.

    Source: ISO 4217 (2015) for `code` and `iso_digits`; `digits` are CLDR's (as babel carries it) unless tokolib
    keeps its own; `cash_increment` is the smallest coin or the custom of the country's tills.
    """

    code: str = attrs.field(validator=_code)
    """Three letters, ISO 4217."""
    digits: int = attrs.field(validator=_digits)
    """Digits after the point that the books keep; a minor unit is 10^-digits."""
    iso_digits: int = attrs.field(validator=_digits)
    """Digits that ISO 4217 gives the currency."""
    cash_increment: int = attrs.field(default=1, validator=_cash)
    """The smallest sum payable in cash, in minor units."""

    def __call__(self, amount: int | str | Decimal) -> "Money":
        """*amount* in major units (rupiah, dollars) as money.

        Raises:
            NotExact: a float, NaN, or anything but a plain number.
            AmbiguousAmount: text with three digits after the point where the books keep fewer: `IDR("75.000")` is 75
                to a program, and 75,000 to whoever wrote it in Jakarta.
            AmountOutOfRange: text with more digits than the books keep, zeros or not; a number finer than a minor
                unit, or beyond 10^15 minor units.
        """
        value = exact(amount, f"amount in {self.code}")
        finer = f"finer than {self.digits} digits after the point"
        if isinstance(amount, str) and len(fraction := amount.partition(".")[2]) > self.digits:
            if len(fraction) == 3:
                raise AmbiguousAmount(amount, self.code, f"{finer}, or thousands of another locale")
            raise AmountOutOfRange(amount, self.code, finer)
        scaled = shifted(value, self.digits)
        if scaled != (whole := int(scaled)):
            raise AmountOutOfRange(str(value), self.code, finer)
        return Money(whole, self)

    def __str__(self) -> str:
        return self.code

    def __repr__(self) -> str:
        return self.code


IDR = Currency("IDR", digits=0, iso_digits=2, cash_increment=1)
USD = Currency("USD", digits=2, iso_digits=2)
EUR = Currency("EUR", digits=2, iso_digits=2)
GBP = Currency("GBP", digits=2, iso_digits=2)
SGD = Currency("SGD", digits=2, iso_digits=2, cash_increment=5)
MYR = Currency("MYR", digits=2, iso_digits=2, cash_increment=5)
AUD = Currency("AUD", digits=2, iso_digits=2, cash_increment=5)
JPY = Currency("JPY", digits=0, iso_digits=0)

_OURS: Final = {c.code: c for c in (IDR, USD, EUR, GBP, SGD, MYR, AUD, JPY)}


def currency(code: str) -> Currency:
    """The currency of an ISO 4217 *code*; its digits are CLDR's unless tokolib keeps its own.

    Raises:
        UnknownCurrency: no such code.
    """
    if (known := _OURS.get(code)) is not None:
        return known
    _code(None, None, code)
    if not is_currency(code):
        raise UnknownCurrency(code)
    return Currency(code, digits=get_currency_precision(code), iso_digits=_iso_digits(code))


_ISO_DIGITS: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
"""Minor units that differ from two. Source: ISO 4217, list one, 2024. CLDR's own differ (IQD 0, ALL 0)."""


def _iso_digits(code: str) -> int:
    return next((digits for digits, codes in _ISO_DIGITS.items() if code in codes), 2)


def whole_units(_: object, field: "attrs.Attribute[int]", value: int) -> None:
    if type(value) is int and -LARGEST <= value <= LARGEST:
        return
    unit = "minor units" if field.name == "minor_units" else "ten-thousandths of a minor unit"
    if type(value) is not int:
        exact(value, unit)
        raise AmountOutOfRange(str(value), unit, "must be a whole number (int)")
    raise AmountOutOfRange(str(value) if abs(value) < 10**40 else "huge", unit, "beyond 10^15")


def check_currency(value: object) -> None:
    """Pass for a currency.

    Raises:
        UnknownCurrency: it is another thing, its code as text included.
    """
    if not isinstance(value, Currency):
        raise UnknownCurrency(value[:20] if isinstance(value, str) else shown(value))


def of_currency(_: object, __: object, value: Currency) -> None:
    if type(value) is not Currency:
        check_currency(value)


def _with_digits(currency: Currency) -> str:
    return f"{currency.code} ({currency.digits} digits, cash by {currency.cash_increment})"


@attrs.frozen(order=False)
class Money:
    """An exact amount of one currency: `minor_units` of 10^-digits each."""

    minor_units: int = attrs.field(validator=whole_units)
    currency: Currency = attrs.field(validator=of_currency)

    @classmethod
    def minor(cls, units: int, currency: Currency) -> Self:
        """Money from minor units: `Money.minor(1250, USD)` is 12 dollars and 50 cents."""
        return cls(units, currency)

    @classmethod
    def total(cls, amounts: "Iterable[Money]", currency: Currency) -> "Money":
        """The sum of *amounts*, each of *currency*; zero of that currency when there are none."""
        units = 0
        for amount in amounts:
            amount._same(currency)
            units += amount.minor_units
        return cls(units, currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units, exact: `Decimal('12.50')`."""
        return shifted(Decimal(self.minor_units), -self.currency.digits)

    @property
    def is_zero(self) -> bool:
        """Whether this is nothing at all."""
        return self.minor_units == 0

    def _same(self, currency: Currency) -> None:
        if self.currency is currency or self.currency == currency:
            return
        if self.currency.code == currency.code:  # two books of one currency, in rupiah and in sen
            raise CurrencyMismatch(_with_digits(currency), _with_digits(self.currency))
        raise CurrencyMismatch(currency.code, self.currency.code)

    def __add__(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        other._same(self.currency)
        return Money(self.minor_units + other.minor_units, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        other._same(self.currency)
        return Money(self.minor_units - other.minor_units, self.currency)

    def __mul__(self, times: int) -> "Money":
        if type(times) is not int:
            return NotImplemented
        return Money(self.minor_units * times, self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> "Money":
        return Money(-self.minor_units, self.currency)

    def __abs__(self) -> "Money":
        return Money(abs(self.minor_units), self.currency)

    def __lt__(self, other: "Money") -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        other._same(self.currency)
        return self.minor_units < other.minor_units

    def __le__(self, other: "Money") -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        other._same(self.currency)
        return self.minor_units <= other.minor_units

    def __gt__(self, other: "Money") -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        other._same(self.currency)
        return self.minor_units > other.minor_units

    def __ge__(self, other: "Money") -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        other._same(self.currency)
        return self.minor_units >= other.minor_units

    def __str__(self) -> str:
        return f"{self.currency.code} {self.amount}"

    def __repr__(self) -> str:
        if self.currency.digits == 0:
            return f"{self.currency.code}({self.minor_units:_})"
        return f'{self.currency.code}("{self.amount}")'
