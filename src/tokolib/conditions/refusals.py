"""What a node refuses at birth: names, values, lists and hours that no question can be asked with.

A refusal is an `InvalidPredicate` of one fault, at the field that is wrong; `wire.py` puts the path of the node in
front and goes on, so that a stored or sent predicate is told all of its faults at once.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Final, TypeAlias, TypeVar, cast

from tokolib.conditions.errors import InvalidPredicate
from tokolib.kernel.clock import UnknownZone, aware, zone
from tokolib.kernel.errors import Fault, InvalidInput, NaiveDatetime, shown
from tokolib.kernel.money import Money
from tokolib.kernel.numbers import NotExact, exact

T = TypeVar("T")

Value: TypeAlias = str | int | bool | Decimal | datetime
"""What a fact is compared with. Amounts are minor units."""

Bound: TypeAlias = int | Decimal | datetime
"""A value that has a more and a less."""

MOST_VALUES: Final = 10_000
"""Values of one `OneOf` or `Overlaps`: a promotion on ten thousand SKUs is one node."""
LONGEST_TEXT: Final = 200

_FACT: Final = re.compile(r"[a-z][a-z0-9_.]{0,63}", re.ASCII)
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00", re.ASCII)


def refuse(path: str, code: str, message: str, value: object = "") -> InvalidPredicate:
    """The error of one fault."""
    return InvalidPredicate((fault(path, code, message, value),))


def fault(path: str, code: str, message: str, value: object = "") -> Fault:
    """One fault, with text as it is given and any other value as Python writes it."""
    return Fault(path, f"conditions.{code}", message, value if isinstance(value, str) else shown(value))


def below(path: str, name: str) -> str:
    """The path of a field of what is at *path*."""
    return f"{path}.{name}" if path else name


def check_fact(path: str, name: object) -> None:
    """Refuse what can't be the name of a fact."""
    if not isinstance(name, str) or not _FACT.fullmatch(name):
        raise refuse(path, "bad_fact", "must be the name of a fact, such as subtotal", name)


def check_value(path: str, value: object) -> None:
    """Refuse what can't be compared exactly."""
    try:
        match value:
            case bool():
                pass
            case str():
                if len(value) > LONGEST_TEXT:
                    raise refuse(path, "too_long", f"must be at most {LONGEST_TEXT} characters", value)
            case datetime():
                aware(value, path)
            case Money():
                wanted = f"must be in minor units: {value.minor_units}"
                raise refuse(path, "bad_value", wanted, value)
            case _:
                exact(value, path)
    except InvalidInput as error:
        raise refuse(path, "bad_value", error.faults[0].message, value) from error
    except (NotExact, NaiveDatetime) as error:
        raise refuse(path, "bad_value", str(error), value) from error


def in_utc(value: Value) -> Value:
    """An instant in UTC, so that it is one value in every zone and in both hours of a clock turned back.

    Anything else stays as it is, and so does an instant that the check will refuse.
    """
    return _utc(value) if isinstance(value, datetime) else value


def bound_in_utc(value: Bound) -> Bound:
    """The same for a bound."""
    return _utc(value) if isinstance(value, datetime) else value


def instant_in_utc(value: datetime | None) -> datetime | None:
    """The same for a moment that may be left open."""
    return _utc(value) if isinstance(value, datetime) else value


def _utc(instant: datetime) -> datetime:
    try:
        return instant if instant.tzinfo is None else instant.astimezone(UTC)
    except OverflowError:
        return instant


def check_instant(path: str, value: object) -> None:
    """Refuse what is no instant in every zone."""
    if not isinstance(value, datetime):
        raise refuse(path, "bad_value", "must be an instant", value)
    check_value(path, value)


def check_zone(path: str, name: object) -> None:
    """Refuse what names no time zone."""
    try:
        zone(name if isinstance(name, str) else shown(name))
    except UnknownZone as error:
        raise refuse(path, "unknown_zone", str(error), name) from error


def listed(path: str, values: Iterable[T]) -> tuple[T, ...]:
    """*values* as a tuple; one text is not a list of its letters."""
    try:
        if not isinstance(values, str):
            return tuple(values)
    except TypeError:
        pass
    raise refuse(path, "not_a_list", "must be a list of values", values)


def distinct_texts(values: Iterable[str]) -> tuple[str, ...]:
    """One order and no doubles, so that the same wish is the same value; faults are left for the check."""
    return _distinct(listed("values", values))


def distinct(values: Iterable[str | int]) -> tuple[str | int, ...]:
    """The same for texts, or whole numbers."""
    return _distinct(listed("values", values))


def _distinct(given: tuple[T, ...]) -> tuple[T, ...]:
    if len({type(value) for value in given}) != 1:  # 1 and true would be doubles
        return given
    try:
        return cast("tuple[T, ...]", tuple(sorted(cast("set[str]", set(given)))))
    except TypeError:
        return given


def check_values(path: str, values: tuple[object, ...], kind: type[str] | type[int]) -> None:
    """Refuse no values, too many, and any that is not of *kind*."""
    if not 1 <= len(values) <= MOST_VALUES:
        raise refuse(path, "bad_count", f"must have 1 to {MOST_VALUES} values", len(values))
    faults = [each for i, value in enumerate(values) for each in _value_faults(f"{path}[{i}]", value, kind)]
    if faults:
        raise InvalidPredicate(tuple(faults))


def _value_faults(path: str, value: object, kind: type[str] | type[int]) -> tuple[Fault, ...]:
    if type(value) is not kind:
        return (fault(path, "bad_value", f"must be {'text' if kind is str else 'an integer'}", value),)
    try:
        check_value(path, value)
    except InvalidPredicate as error:
        return error.faults
    return ()


def clock_text(value: str | time) -> str:
    """A time of day as `HH:MM`; one with seconds or a zone of its own is left for the check."""
    whole = isinstance(value, time) and value.tzinfo is None and not (value.second or value.microsecond)
    return f"{value:%H:%M}" if whole else str(value)


def end_text(value: str | time) -> str:
    """The same where a range ends: midnight is then the end of the day, and has one name."""
    return "24:00" if (text := clock_text(value)) == "00:00" else text


def check_clock(path: str, value: str) -> None:
    """Refuse what is no time of day in whole minutes."""
    if not _CLOCK.fullmatch(value):
        raise refuse(path, "bad_time", "must be a time of day from 00:00 to 24:00, such as 09:30", value)


def comparable(a: object, b: object) -> bool:
    """Whether two values are of one kind; 1, 1.0 and true are equal in Python, and only the first is a count."""
    for kind in (bool, str, datetime):
        if isinstance(a, kind) or isinstance(b, kind):
            return isinstance(a, kind) and isinstance(b, kind)
    return _is_number(a) and _is_number(b)


def _is_number(value: object) -> bool:
    return isinstance(value, int) or (isinstance(value, Decimal) and value.is_finite())


def is_ordered(value: object) -> bool:
    """Whether *value* has a more and a less: a number or an instant, and no truth value."""
    return isinstance(value, int | Decimal | datetime) and not isinstance(value, bool)
