"""What a predicate says to given facts: it holds, it doesn't, or it can't be said yet.

Three answers, by Kleene's strong logic (1952): a fact that isn't given, or is of another kind than it is compared
with, leaves a comparison undecided; `All` is decided by one part that fails, `AnyOf` by one that holds, and `Not`
of the undecided is undecided. So nothing is ever granted for want of knowledge, not even by a `Not`.
"""

from collections.abc import Iterable
from datetime import datetime
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
    Operator,
    Overlaps,
    Predicate,
    Window,
    comparable,
)
from tokolib.kernel.errors import NaiveDatetime


def holds(predicate: Predicate, facts: Facts) -> bool:
    """Whether *predicate* is known to hold.

    Raises:
        NaiveDatetime: a fact that is compared is an instant without a zone.
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
        case Window():
            return _in_window(predicate, facts.get("now"))
        case Compare() | OneOf() | Overlaps() | Between():
            actual = facts.get(predicate.fact)
            return None if actual is None else _leaf(predicate, actual)


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


def _leaf(predicate: Compare | OneOf | Overlaps | Between, actual: FactValue) -> bool | None:
    _has_zone(predicate.fact, actual)
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


def _has_zone(name: str, actual: FactValue) -> None:
    if isinstance(actual, datetime) and actual.utcoffset() is None:
        raise NaiveDatetime(name, str(actual))


def _in_window(window: Window, now: FactValue | None) -> bool | None:
    if not isinstance(now, datetime):
        return None
    _has_zone("now", now)
    return (window.since is None or window.since <= now) and (window.until is None or now < window.until)


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
