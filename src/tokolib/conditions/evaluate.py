"""What a predicate says to given facts: it holds, it doesn't, or it can't be said yet.

Three answers, by Kleene's strong logic (1952): a fact that isn't given, or is of another kind than it is compared
with, leaves a comparison undecided; `All` is decided by one part that fails, `AnyOf` by one that holds, and `Not`
of the undecided is undecided. So nothing is ever granted for want of knowledge, not even by a `Not`.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from tokolib.conditions.facts import Facts, FactValue
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
from tokolib.conditions.refusals import comparable
from tokolib.conditions.weeks import in_week
from tokolib.kernel.clock import aware


def holds(predicate: Predicate, facts: Facts) -> bool:
    """Whether *predicate* is known to hold.

    Raises:
        NaiveDatetime: a fact that is compared is an instant without a zone.
        InvalidInput: it lies at an end of the calendar, where other zones have no date for it.
    """
    return verdict(predicate, facts) is True


def verdict(predicate: Predicate, facts: Facts) -> bool | None:
    """True, False, or None while the facts leave it open."""
    match predicate:
        case Always():
            return True
        case All(of=parts):
            return _all(verdict(part, facts) for part in parts)
        case AnyOf(of=parts):
            return _negated(_all(_negated(verdict(part, facts)) for part in parts))
        case Not(of=part):
            return _negated(verdict(part, facts))
        case Window() | Weekly():
            now = facts.get("now")
            return in_time(predicate, now) if isinstance(now, datetime) else None
        case Compare() | OneOf() | Overlaps() | Between():
            actual = facts.get(predicate.fact)
            return None if actual is None else leaf(predicate, actual)


def unknown(predicate: Predicate, facts: Facts) -> tuple[str, ...]:
    """The facts that are still needed to decide, by name; none when it is decided."""
    return tuple(sorted(_needed(predicate, facts)))


def _needed(predicate: Predicate, facts: Facts) -> frozenset[str]:
    if verdict(predicate, facts) is not None:
        return frozenset()
    match predicate:
        case All(of=parts) | AnyOf(of=parts):
            return frozenset().union(*(_needed(part, facts) for part in parts))
        case Not(of=part):
            return _needed(part, facts)
        case Compare(fact=fact) | OneOf(fact=fact) | Overlaps(fact=fact) | Between(fact=fact):
            return frozenset({fact})
        case _:
            return frozenset({"now"})


def _negated(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _all(answers: Iterable[bool | None]) -> bool | None:
    so_far: bool | None = True
    for answer in answers:
        if answer is False:
            return False
        so_far = None if answer is None else so_far
    return so_far


def leaf(predicate: Compare | OneOf | Overlaps | Between, given: FactValue) -> bool | None:
    """What a question about one fact says to its value."""
    actual = moment(predicate.fact, given) if isinstance(given, datetime) else given
    match predicate:
        case Compare(operator=operator, value=value):
            return _compared(actual, operator, value) if comparable(actual, value) else None
        case Between(low=low, high=high):
            if not comparable(actual, low):
                return None
            return _ordered(actual, Operator.AT_LEAST, low) and _ordered(actual, Operator.LESS_THAN, high)
        case OneOf(values=values):
            return actual in values if comparable(actual, values[0]) else None
        case Overlaps(values=texts):
            names = frozenset({actual}) if isinstance(actual, str) else actual
            return not names.isdisjoint(texts) if isinstance(names, frozenset) else None


def moment(name: str, instant: datetime) -> datetime:
    """The instant of a fact in UTC: two clocks that show the same hour twice are told apart.

    Raises:
        NaiveDatetime: it has no zone.
        InvalidInput: it lies at an end of the calendar, where other zones have no date for it.
    """
    return instant if instant.tzinfo is UTC else aware(instant, name)


def in_time(predicate: Window | Weekly, given: datetime) -> bool:
    """Whether it is time, at a given moment."""
    now = moment("now", given)
    match predicate:
        case Window(since=since, until=until):
            return (since is None or since <= now) and (until is None or now < until)
        case Weekly():
            return in_week(predicate, now)


def _compared(actual: FactValue, operator: Operator, value: object) -> bool:
    match operator:
        case Operator.EQUAL:
            return actual == value
        case Operator.NOT_EQUAL:
            return actual != value
        case _:
            return _ordered(actual, operator, value)


def _ordered(actual: Any, operator: Operator, value: Any) -> bool:
    """More or less, for two values that `comparable` has passed: numbers are exact, instants have zones."""
    if operator in (Operator.AT_LEAST, Operator.LESS_THAN):
        return bool(actual >= value) is (operator is Operator.AT_LEAST)
    return bool(actual > value) is (operator is Operator.MORE_THAN)
