"""The strict reader of what people type: amounts and quantities, by a locale that is always named.

What has two readings is refused with the reason, never guessed: `12.34` is a wrong grouping in `id`, where
babel's lenient parser answers 1234; `10.000` of rupiah in `en` would be ten rupiah. ASCII only, at most 32
characters; only the currency's own sign may be another character.
"""

import re
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Final

import attrs

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.money import Currency, Money, check_currency
from tokolib.kernel.money_errors import AmountOutOfRange
from tokolib.kernel.notation import Notation, mark, notation
from tokolib.kernel.numbers import EXACT, shifted
from tokolib.kernel.quantity import Quantity, UnitOfMeasure, check_unit

LONGEST: Final = 32
"""Characters; the largest amount of all needs 24."""


class Why(StrEnum):
    """Why something typed is no number that we read."""

    NOT_TEXT = "not_text"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_ASCII = "not_ascii"
    NEGATIVE = "negative"
    NOT_FINITE = "not_finite"
    EXPONENT = "exponent"
    GROUPING = "grouping"
    MIXED_SEPARATORS = "mixed_separators"
    LEADING_ZERO = "leading_zero"
    GROUPED_WORD = "grouped_word"
    UNKNOWN_WORD = "unknown_word"
    TOO_FINE = "too_fine"
    TOO_LARGE = "too_large"
    NOT_A_NUMBER = "not_a_number"


_SENTENCES: Final = {
    Why.NOT_TEXT: "is not text",
    Why.EMPTY: "is empty",
    Why.TOO_LONG: f"is longer than {LONGEST} characters",
    Why.NOT_ASCII: "has characters outside ASCII",
    Why.NEGATIVE: "is negative",
    Why.NOT_FINITE: "is not a finite number",
    Why.EXPONENT: "has an exponent",
    Why.GROUPING: "has thousands separators that don't stand before groups of three digits",
    Why.MIXED_SEPARATORS: "mixes the thousands and the decimal separator",
    Why.LEADING_ZERO: "starts with a zero too many",
    Why.GROUPED_WORD: "has thousands separators and a word for thousands",
    Why.UNKNOWN_WORD: "has a word, sign or unit that doesn't belong here",
    Why.TOO_FINE: "has more decimals than can be kept",
    Why.TOO_LARGE: "is too large",
    Why.NOT_A_NUMBER: "is not a number",
}


@attrs.frozen
class Unreadable(TokolibError):
    """What was typed has no reading, or more than one; nothing was guessed."""

    code: ClassVar[str] = "kernel.unreadable"
    value: str
    reason: str
    locale: str
    example: str

    def __str__(self) -> str:
        sentence = _SENTENCES[Why(self.reason)] if self.reason in set(Why) else self.reason
        return f"{self.value!r} {sentence} (read as {self.locale})"

    @property
    def hint(self) -> str:
        return f"write it like {self.example}"


def parse_amount(text: str, currency: Currency, locale: str, *, negative: bool = False) -> Money:
    """The amount that a person of *locale* typed: `Rp 10.000`, `10rb`, `1,5jt`; `10,000.50`, `$12.50`, `10k`.

    The currency's code or sign may stand in front. Decimals only as far as the currency has digits; a currency
    whose books keep fewer digits than ISO 4217 gives it may carry the missing ones as zeros (`Rp10.000,00`).
    A minus is read only if *negative*.

    Raises:
        Unreadable: anything else, with the reason. Nothing is rounded or guessed.
        UnknownLocale: neither `id` nor `en`. UnknownCurrency: no `Currency`, but its code, say.
    """
    check_currency(currency)
    typed = _Typed(text, notation(locale), _amount_example(currency, locale))
    body = _without_mark(typed.unsigned(negative=negative), currency, locale)
    digits, zeros = typed.without_word(typed.ascii(body))
    number = typed.number(digits, decimals=currency.digits + zeros, padding=currency.iso_digits if not zeros else 0)
    try:
        amount = Money.minor(int(shifted(number, zeros + currency.digits)), currency)
    except AmountOutOfRange as error:
        raise typed.refused(Why.TOO_LARGE) from error
    return -amount if typed.is_negative else amount


def parse_quantity(text: str, unit: UnitOfMeasure, locale: str, *, zero: bool = False) -> Quantity:
    """The quantity that a person of *locale* typed: `12,5`, `0,35 kg`, `3 pcs`, `1.000` (a thousand in `id`).

    The unit's own code may follow. Decimals only as far as the unit's step has them.

    Raises:
        Unreadable: anything else, with the reason.
        InvalidQuantity: a number, but zero (unless *zero*), between two steps, or too many.
        UnknownLocale: neither `id` nor `en`.
    """
    check_unit(unit)
    style = notation(locale)
    typed = _Typed(
        text, style, f"2{style.decimal}5 or 1{style.group}000" if _decimals(unit.step) else f"1{style.group}000"
    )
    digits = typed.ascii(_without_unit(typed.unsigned(negative=False), unit))
    number = typed.number(digits, decimals=_decimals(unit.step), padding=0)
    return Quantity(unit.steps(number, zero=zero), unit)


def _amount_example(currency: Currency, locale: str) -> str:
    style = notation(locale)
    cents = style.decimal + "5" * currency.digits if currency.digits else ""
    return f"{mark(currency, locale)}12{style.group}500{cents} or 12{'rb' if style.locale == 'id' else 'k'}"


def _decimals(step: Decimal) -> int:
    return max(0, -int(EXACT.normalize(step).as_tuple().exponent))


def _without_mark(body: str, currency: Currency, locale: str) -> str:
    """*body* without the currency's code or sign and one space after it."""
    own = mark(currency, locale)
    marks = [currency.code, own, f"{own}."] if currency.code == "IDR" else [currency.code, own]
    if currency.code == "USD":
        marks += ["US$", "$"]
    for sign in sorted(marks, key=len, reverse=True):
        if body[: len(sign)].upper() == sign.upper():
            return body[len(sign) :].removeprefix(" ")
    return body


def _without_unit(body: str, unit: UnitOfMeasure) -> str:
    if body.lower().endswith(unit.code.lower()):
        return body[: len(body) - len(unit.code)].removesuffix(" ")
    return body


@attrs.frozen
class _Typed:
    """What was typed, and how its refusal is told."""

    text: str
    style: Notation
    example: str

    def refused(self, why: Why) -> Unreadable:
        return Unreadable(f"{self.text}"[:40], why.value, self.style.locale, self.example)

    @property
    def is_negative(self) -> bool:
        return self.text.strip(" ").startswith("-")

    def unsigned(self, *, negative: bool) -> str:
        """The text without blanks around it, and without the minus where one is allowed."""
        if not isinstance(self.text, str):
            raise self.refused(Why.NOT_TEXT)
        if len(self.text) > LONGEST:
            raise self.refused(Why.TOO_LONG)
        body = self.text.strip(" ")
        if not body:
            raise self.refused(Why.EMPTY)
        if body.startswith("-") and not negative:
            raise self.refused(Why.NEGATIVE)
        return body.removeprefix("-")

    def ascii(self, body: str) -> str:
        if not body.isascii():
            raise self.refused(Why.NOT_ASCII)
        return body

    def without_word(self, body: str) -> tuple[str, int]:
        """The digits and the zeros that the word after them stands for: `1,5jt` is (`1,5`, 6)."""
        found = re.fullmatch(r"([0-9.,]+) ?([A-Za-z]+)", body)
        if found is None or (zeros := self.style.words.get(found[2].lower())) is None:
            return body, 0
        if self.style.group in found[1] and self._shape.fullmatch(found[1]):
            raise self.refused(Why.GROUPED_WORD)
        return found[1], zeros

    def number(self, digits: str, *, decimals: int, padding: int) -> Decimal:
        """*digits* as a number with at most *decimals* after the point; more only as exactly *padding* zeros."""
        found = self._shape.fullmatch(digits)
        if found is None:
            raise self.refused(self._why(digits))
        whole, fraction = found["whole"].replace(self.style.group, ""), found["fraction"] or ""
        if len(whole) > 1 and whole[0] == "0":
            raise self.refused(Why.LEADING_ZERO)
        if len(fraction) > decimals and fraction != "0" * padding:
            raise self.refused(Why.TOO_FINE)
        return Decimal(f"{whole}.{fraction}" if fraction else whole)

    @property
    def _shape(self) -> re.Pattern[str]:
        group, decimal = re.escape(self.style.group), re.escape(self.style.decimal)
        return re.compile(rf"(?P<whole>[0-9]{{1,3}}(?:{group}[0-9]{{3}})+|[0-9]+)(?:{decimal}(?P<fraction>[0-9]+))?")

    def _why(self, digits: str) -> Why:
        """Which rule *digits* breaks; the most telling one first."""
        group, decimal = self.style.group, self.style.decimal
        if re.fullmatch(r"nan|inf|infinity", digits.lower()):
            return Why.NOT_FINITE
        if re.fullmatch(r"[0-9.,]+e[+-]?[0-9]+", digits.lower()):
            return Why.EXPONENT
        if re.search(r"[0-9]", digits) and re.search(r"[A-Za-z$]", digits):
            return Why.UNKNOWN_WORD
        if not re.fullmatch(r"[0-9.,]*[0-9][0-9.,]*", digits):
            return Why.NOT_A_NUMBER
        if digits.count(decimal) > 1 or (decimal in digits and group in digits.partition(decimal)[2]):
            return Why.MIXED_SEPARATORS
        return Why.GROUPING if group in digits else Why.NOT_A_NUMBER
