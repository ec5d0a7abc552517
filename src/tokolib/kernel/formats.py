"""Printing for people, by a locale that is always named: exact, never rounded, the same on every machine.

The signs and names come from CLDR through babel; the digits are our own. babel formats in the host's decimal
context, where a precision of six makes a large amount fail, and prints the rupiah with the two digits of ISO
4217 that no shop in Indonesia keeps.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from tokolib.kernel.clock import aware, zone
from tokolib.kernel.explain import Reason, ReasonValue, render, render_html
from tokolib.kernel.money import Money
from tokolib.kernel.notation import Notation, grouped, mark, notation
from tokolib.kernel.numbers import shortest
from tokolib.kernel.quantity import Quantity
from tokolib.kernel.unit_price import UnitPrice, check_money

_FLAGS: Final = {"id": ("tidak", "ya"), "en": ("no", "yes")}
_CLOCK: Final = {"id": "HH.mm", "en": "HH:mm"}


def format_money(money: Money, locale: str) -> str:
    """`Rp10.000` in `id`, `Rp10,000` in `en`: with exactly the digits that the books keep.

    Raises:
        NotMoney: *money* is a bare number. UnknownLocale: neither `id` nor `en`.
    """
    check_money("money", money)
    return _priced(money, f"{abs(money).amount:f}", locale, minus=money.minor_units < 0)


def format_price(price: UnitPrice, locale: str) -> str:
    """A unit price with the currency's digits, and more where it is finer: `£0.001`."""
    whole, _, fraction = shortest(price.amount).partition(".")
    fraction = fraction.ljust(price.currency.digits, "0")
    return _priced(price, f"{whole}.{fraction}" if fraction else whole, locale, minus=False)


def _priced(value: Money | UnitPrice, digits: str, locale: str, *, minus: bool) -> str:
    sign = mark(value.currency, locale)
    blank = " " if sign[-1].isalpha() and sign == value.currency.code else ""
    return ("-" if minus else "") + sign + blank + _localised(digits, notation(locale))


def _localised(digits: str, style: Notation) -> str:
    """Plain digits with a point in the marks of a locale."""
    whole, point, fraction = digits.partition(".")
    return grouped(whole, style) + (style.decimal + fraction if point else "")


def format_number(value: int | Decimal, locale: str) -> str:
    """A plain number, grouped, without trailing zeros: `1.234,5`."""
    digits = shortest(Decimal(value))
    minus = "-" if digits.startswith("-") else ""
    return minus + _localised(digits.removeprefix("-"), notation(locale))


def format_quantity(quantity: Quantity, locale: str) -> str:
    """`0,35 kg`, `1.000 pcs`: without the zeros that only the step knows."""
    return f"{format_number(quantity.amount, locale)} {quantity.unit.code}"


def format_date(day: date, locale: str) -> str:
    """`21 Nov 2026`: the day of the month first in every locale, so that none reads as another day."""
    from babel.dates import format_date as babel_date  # only who prints a date pays for its tables

    return _plain_blanks(babel_date(day, "d MMM y", locale=notation(locale).locale))


def format_instant(instant: datetime, locale: str, zone_name: str) -> str:
    """`21 Nov 2026 09.30 (Asia/Jakarta)`: an instant as the clocks of a zone show it.

    Raises:
        NaiveDatetime: the instant has no zone.
    """
    from babel.dates import format_datetime

    here = aware(instant, "instant").astimezone(zone(zone_name))
    style = notation(locale)
    text = format_datetime(here.replace(tzinfo=None), f"d MMM y {_CLOCK[style.locale]}", locale=style.locale)
    return f"{_plain_blanks(text)} ({zone_name})"


def show(value: ReasonValue, locale: str) -> str:
    """Any value of a `Reason` in one line of *locale*."""
    match value:
        case bool():
            return _FLAGS[notation(locale).locale][value]
        case str():
            return " ".join(value.split())
        case Money():
            return format_money(value, locale)
        case UnitPrice():
            return format_price(value, locale)
        case int() | Decimal():
            return format_number(value, locale)
        case datetime():
            return format_instant(value, locale, value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else "UTC")
        case date():
            return format_date(value, locale)


def shown_as_html(reason: Reason, locale: str, *rooms: Mapping[str, Mapping[str, str]]) -> str:
    """*reason* and what is below it as HTML of *locale*, in the sentences of *rooms*; a later room's count more.

    Raises:
        UnknownLocale: no room has sentences of that locale.
    """
    language = notation(locale).locale
    return render_html(reason, _words(language, rooms), partial(show, locale=language))


def said(reason: Reason, locale: str, *rooms: Mapping[str, Mapping[str, str]]) -> str:
    """*reason* and what is below it as lines of *locale*, in the sentences of *rooms*; a later room's count more.

    Raises:
        UnknownLocale: no room has sentences of that locale.
    """
    language = notation(locale).locale
    return render(reason, _words(language, rooms), partial(show, locale=language))


def _words(language: str, rooms: Iterable[Mapping[str, Mapping[str, str]]]) -> dict[str, str]:
    return {code: text for room in rooms for code, text in room[language].items()}


def _plain_blanks(text: str) -> str:
    """CLDR puts no-break blanks into its patterns, and changes which from year to year; ours are plain."""
    return " ".join(text.split())
