"""How single values are written and read: money, numbers, instants, and what may be one of several kinds.

Money is `[minor units, "IDR"]`, decimals and fractions are text, instants are ISO 8601 in UTC. In a field that takes
several kinds, JSON's own types stand as they are and the others are tagged: `{"decimal": "1.50"}`.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from json.encoder import JSONEncoder, encode_basestring
from types import NoneType
from typing import Any, Final, NoReturn

from tokolib.kernel.clock import aware
from tokolib.kernel.money import Currency, Money, currency
from tokolib.kernel.quantity import UnitOfMeasure
from tokolib.kernel.unit_price import UnitPrice

REMEMBERED: Final = 4096
"""How many values of a kind are kept made: an order of ten lines says its tax rate ten times."""

FEW: Final = 64
"""How many values of a kind are kept made of which a shop has one, and changes it now and then."""

PLAIN: Final = frozenset({str, int, bool, NoneType})
"""The kinds that JSON has itself."""

TAGGED: Final = PLAIN | {Decimal, Fraction, date, datetime, Money, UnitPrice}
"""The kinds that a field of several kinds may take, beside frozensets of texts."""


def refused(wanted: str, value: Any) -> NoReturn:
    """*value* is not what was written."""
    raise TypeError(f"{wanted} expected, not {str(value)[:40]!r}")


def _text(value: Any) -> str:
    return value if value.__class__ is str else refused("text", value)


text: Final = encode_basestring
"""Text as JSON has it; what is no text raises `TypeError`."""

digits: Final = int.__repr__
"""A whole number as JSON has it; what is none raises `TypeError`."""

truth: Final = {True: "true", False: "false"}


def out_money(amount: Money) -> str:
    """An amount."""
    return f'[{digits(amount.minor_units)},"{amount.currency.code}"]'


def out_unit_price(price: UnitPrice) -> str:
    """What one unit of measure costs."""
    return f'[{digits(price.scaled)},"{price.currency.code}"]'


def out_unit(unit: UnitOfMeasure) -> str:
    """A unit of measure with its step."""
    return f"[{text(unit.code)},{out_decimal(unit.step)}]"


def out_decimal(number: Decimal) -> str:
    """A number as it was written: 1.50 stays 1.50."""
    return '"' + Decimal.__str__(number) + '"'


def out_fraction(ratio: Fraction) -> str:
    """A ratio."""
    return '"' + Fraction.__str__(ratio) + '"'


def out_day(day: date) -> str:
    """A calendar day."""
    return '"' + date.isoformat(day) + '"'


def out_instant(instant: datetime) -> str:
    """An instant in UTC.

    Raises:
        NaiveDatetime: it has no zone. InvalidInput: it lies at an end of the calendar.
    """
    if instant.tzinfo is not UTC or not 1 < instant.year < 9999:
        instant = aware(instant, "instant")
    return '"' + datetime.isoformat(instant) + '"'


def out_tagged(value: Any) -> str:
    """A value of a field that takes several kinds."""
    match value:
        case None:
            return "null"
        case Enum():
            return out_tagged(value.value)
        case bool():
            return truth[value]
        case str():
            return text(value)
        case int():
            return digits(value)
        case Money():
            return f'{{"money":{out_money(value)}}}'
        case UnitPrice():
            return f'{{"unit_price":{out_unit_price(value)}}}'
        case Decimal():
            return f'{{"decimal":{out_decimal(value)}}}'
        case Fraction():
            return f'{{"fraction":{out_fraction(value)}}}'
        case datetime():
            return f'{{"instant":{out_instant(value)}}}'
        case date():
            return f'{{"day":{out_day(value)}}}'
        case frozenset():
            return f'{{"set":[{",".join([text(each) for each in sorted(value)])}]}}'
        case _:
            refused("a scalar", value)


def in_tagged(value: Any) -> Any:
    """A value of a field that takes several kinds, back."""
    match value:
        case None | str() | int():
            return value
        case {"money": money}:
            return in_money(money)
        case {"unit_price": price}:
            return in_unit_price(price)
        case {"decimal": text}:
            return in_decimal(text)
        case {"fraction": text}:
            return in_fraction(text)
        case {"instant": text}:
            return in_instant(text)
        case {"day": text}:
            return in_day(text)
        case {"set": [*texts]}:
            return frozenset(map(_text, texts))
        case _:
            raise TypeError(f"no scalar: {str(value)[:40]}")


@lru_cache(maxsize=REMEMBERED, typed=True)
def in_decimal(text: Any) -> Decimal:
    """A finite number."""
    if not (made := Decimal(_text(text))).is_finite():
        raise ValueError(f"no finite number: {text}")
    return made


@lru_cache(maxsize=REMEMBERED, typed=True)
def in_fraction(text: Any) -> Fraction:
    """A ratio."""
    return Fraction(_text(text))


def in_instant(text: Any) -> datetime:
    """An instant in UTC; one without a zone is damage."""
    instant = datetime.fromisoformat(_text(text))
    if instant.tzinfo is UTC and 1 < instant.year < 9999:
        return instant
    return aware(instant, "instant")


def in_day(text: Any) -> date:
    """A calendar day."""
    return date.fromisoformat(_text(text))


def in_currency(text: Any) -> Currency:
    """A currency by its code."""
    return currency(_text(text))


def in_money(raw: Any) -> Money:
    """An amount."""
    units, code = raw
    return _amount(units, code)


@lru_cache(maxsize=REMEMBERED, typed=True)
def _amount(units: int, code: str) -> Money:
    return Money(units, currency(code))


def in_unit_price(raw: Any) -> UnitPrice:
    """What one unit of measure costs."""
    scaled, code = raw
    return _price(scaled, code)


@lru_cache(maxsize=REMEMBERED, typed=True)
def _price(scaled: int, code: str) -> UnitPrice:
    return UnitPrice(scaled, currency(code))


def in_unit(raw: Any) -> UnitOfMeasure:
    """A unit of measure with its step."""
    code, step = raw
    return _measure(code, step)


@lru_cache(maxsize=REMEMBERED, typed=True)
def _measure(code: Any, step: Any) -> UnitOfMeasure:
    return UnitOfMeasure(_text(code), in_decimal(step))


def out_predicate(predicate: Any) -> str:
    """A condition as its room writes it, in order."""
    from tokolib.conditions import to_plain

    return _SORTED.encode(to_plain(predicate))


def repeated(kept: dict[str, Any], made: Callable[[Any], Any], plain: Any) -> Any:
    """What *made* makes of *plain*, *kept* for the next time: of a kind of which there are few.

    Its whole text is the key, in which nothing of another type looks the same.
    """
    text = repr(plain)
    found = kept.get(text)
    if found is None:
        found = made(plain)
        if len(kept) >= FEW:
            kept.clear()
        kept[text] = found
    return found


def in_predicate(plain: Any) -> Any:
    """A condition as its room reads it."""
    from tokolib.conditions import from_plain

    return from_plain(plain)


_SORTED: Final = JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

WRITTEN: Final[dict[Any, str | Callable[[Any], str]]] = {
    str: "text({x})",
    int: "digits({x})",
    bool: "truth[{x}]",
    Currency: "text({x}.code)",
    Money: out_money,
    UnitPrice: out_unit_price,
    UnitOfMeasure: out_unit,
    Decimal: out_decimal,
    Fraction: out_fraction,
    date: out_day,
    datetime: out_instant,
}
"""Expressions that write the value `{x}`, or functions that do."""

READ: Final[dict[Any, str | Callable[[Any], Any]]] = {
    str: '{x} if {x}.__class__ is str else refused("text", {x})',
    int: '{x} if {x}.__class__ is int else refused("a whole number", {x})',
    bool: '{x} if {x}.__class__ is bool else refused("true or false", {x})',
    Currency: in_currency,
    Money: in_money,
    UnitPrice: in_unit_price,
    UnitOfMeasure: in_unit,
    Decimal: in_decimal,
    Fraction: in_fraction,
    date: in_day,
    datetime: in_instant,
}
"""Expressions that read the value `{x}`, or functions that do."""
