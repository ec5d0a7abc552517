"""Predicates that read like the sentence: `at_least("subtotal", 100_000) & one_of("province", "Bali", "Aceh")`."""

from datetime import datetime, time

from tokolib.conditions.model import (
    All,
    Always,
    AnyOf,
    Between,
    Compare,
    Not,
    OneOf,
    Overlaps,
    Predicate,
    Weekly,
    Window,
)
from tokolib.conditions.operators import Operator
from tokolib.conditions.refusals import Bound, Value


def equal(fact: str, value: Value) -> Compare:
    """The fact is *value*."""
    return Compare(fact, Operator.EQUAL, value)


def not_equal(fact: str, value: Value) -> Compare:
    """The fact is known, and not *value*."""
    return Compare(fact, Operator.NOT_EQUAL, value)


def at_least(fact: str, value: Bound) -> Compare:
    """The fact is *value* or more; amounts in minor units."""
    return Compare(fact, Operator.AT_LEAST, value)


def more_than(fact: str, value: Bound) -> Compare:
    """The fact is more than *value*."""
    return Compare(fact, Operator.MORE_THAN, value)


def at_most(fact: str, value: Bound) -> Compare:
    """The fact is *value* or less."""
    return Compare(fact, Operator.AT_MOST, value)


def less_than(fact: str, value: Bound) -> Compare:
    """The fact is less than *value*."""
    return Compare(fact, Operator.LESS_THAN, value)


def between(fact: str, low: Bound, high: Bound) -> Between:
    """The fact is *low* or more, and less than *high*."""
    return Between(fact, low, high)


def one_of(fact: str, *values: str | int) -> OneOf:
    """The fact is one of *values*."""
    return OneOf(fact, values)


def overlaps(fact: str, *values: str) -> Overlaps:
    """The fact, a set of names, has one of *values*."""
    return Overlaps(fact, values)


def during(since: datetime | None, until: datetime | None, *, zone: str) -> Window:
    """It is *since* or later, and before *until*; *zone* is the one to print them in."""
    return Window(since, until, zone)


def weekly(*days: str, since: str | time, until: str | time, zone: str) -> Weekly:
    """It is one of *days* in *zone*, *since* or later and before *until* by the clocks there: `09:00`, `17:00`."""
    return Weekly(days, since, until, zone)


def all_of(*parts: Predicate) -> Predicate:
    """Every part holds; without parts, always."""
    if len(parts) == 1:
        return parts[0]
    return All(parts) if parts else Always()


def any_of(*parts: Predicate) -> Predicate:
    """One part holds; at least one must be given."""
    return parts[0] if len(parts) == 1 else AnyOf(parts)


def never(part: Predicate) -> Not:
    """The part is known not to hold."""
    return Not(part)
