"""The closed words of the language: how a fact is compared, and the days of the week."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from tokolib.conditions.errors import InvalidPredicate
from tokolib.conditions.refusals import fault, listed, refuse


class Operator(StrEnum):
    """How a fact is compared. The last four need an order: numbers or instants."""

    EQUAL = "equal"
    NOT_EQUAL = "not_equal"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"

    @property
    def needs_order(self) -> bool:
        """Whether it asks for more or less."""
        return self not in (Operator.EQUAL, Operator.NOT_EQUAL)


class Weekday(StrEnum):
    """A day of the week, Monday first, as ISO 8601 counts them."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


def to_operator(value: str) -> Operator:
    """The operator of that name; any other is refused."""
    try:
        return Operator(value)
    except ValueError as error:
        raise refuse("operator", "bad_operator", f"must be one of {', '.join(Operator)}", value) from error


def to_days(values: Iterable[str]) -> tuple[Weekday, ...]:
    """The days of those names, Monday first and each once; any other is refused."""
    given = listed("days", values)
    if not given:
        raise refuse("days", "bad_count", "must have 1 to 7 days", 0)
    wanted = f"must be one of {', '.join(Weekday)}"
    if faults := [fault(f"days[{i}]", "bad_day", wanted, day) for i, day in enumerate(given) if not _is_day(day)]:
        raise InvalidPredicate(tuple(faults))
    return tuple(day for day in Weekday if day in given)


def _is_day(value: object) -> bool:
    return isinstance(value, str) and value in _DAYS


_DAYS: Final = frozenset(Weekday)
