"""Predicates made into functions, for who asks the same rules about many carts.

`evaluate.verdict` reads the tree anew each time; here it is read once, and what is left are closures over names and
values. They answer the same, for all facts. Each leaf has a short way for values of the very type that its fact
mostly has, and leaves everything else, `True` where a count is asked for or an instant of another zone, to
`evaluate.leaf`.
"""

import operator
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, TypeAlias

from tokolib.conditions.evaluate import in_time, leaf
from tokolib.conditions.facts import Facts
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
from tokolib.conditions.weeks import DAY, WEEK, spans
from tokolib.kernel.clock import aware, zone

Question: TypeAlias = Callable[[Facts], bool | None]
"""Asks given facts: it holds, it doesn't, or it can't be said yet."""

REMEMBERED: Final = 4_096

_TESTS: Final[dict[Operator, Callable[[Any, Any], bool]]] = {
    Operator.EQUAL: operator.eq,
    Operator.NOT_EQUAL: operator.ne,
    Operator.AT_LEAST: operator.ge,
    Operator.MORE_THAN: operator.gt,
    Operator.AT_MOST: operator.le,
    Operator.LESS_THAN: operator.lt,
}


@lru_cache(maxsize=REMEMBERED)
def compiled(predicate: Predicate) -> Question:
    """The function that answers as `verdict(predicate, facts)` does, several times as fast.

    It is made once for equal predicates; keep it where the rule is kept, since finding it again reads the whole
    predicate.

    Raises:
        NaiveDatetime, InvalidInput: when it is asked, as `holds` does.
    """
    return _made(predicate)


def _made(predicate: Predicate) -> Question:
    match predicate:
        case Always():
            return lambda facts: True
        case All(of=parts):
            return _all(tuple(_made(part) for part in parts))
        case AnyOf(of=parts):
            return _any(tuple(_made(part) for part in parts))
        case Not(of=part):
            return _not(_made(part))
        case Compare():
            return _compare(predicate)
        case Between():
            return _between(predicate)
        case OneOf():
            return _one_of(predicate)
        case Overlaps():
            return _overlaps(predicate)
        case Window():
            return _window(predicate)
        case Weekly():
            return _weekly(predicate)


def _all(parts: tuple[Question, ...]) -> Question:
    def asked(facts: Facts) -> bool | None:
        so_far: bool | None = True
        for part in parts:
            answer = part(facts)
            if answer is False:
                return False
            if answer is None:
                so_far = None
        return so_far

    return asked


def _any(parts: tuple[Question, ...]) -> Question:
    def asked(facts: Facts) -> bool | None:
        so_far: bool | None = False
        for part in parts:
            answer = part(facts)
            if answer:
                return True
            if answer is None:
                so_far = None
        return so_far

    return asked


def _not(part: Question) -> Question:
    def asked(facts: Facts) -> bool | None:
        answer = part(facts)
        return None if answer is None else not answer

    return asked


def _compare(node: Compare) -> Question:
    name, wanted, test, usual = node.fact, node.value, _TESTS[node.operator], _usual(node.value)

    def asked(facts: Facts) -> bool | None:
        actual = facts.get(name)
        if actual.__class__ is usual:
            return test(actual, wanted)
        return None if actual is None else leaf(node, actual)

    return asked


def _usual(value: object) -> type | None:
    """The type of fact that needs no second look: an instant has a zone to be asked about first."""
    return None if isinstance(value, datetime) else int if isinstance(value, Decimal) else type(value)


def _between(node: Between) -> Question:
    name, usual = node.fact, _usual(node.low)
    low: Any = node.low
    high: Any = node.high

    def asked(facts: Facts) -> bool | None:
        actual: Any = facts.get(name)
        if actual.__class__ is usual:
            return bool(low <= actual < high)
        return None if actual is None else leaf(node, actual)

    return asked


def _one_of(node: OneOf) -> Question:
    name, values, usual = node.fact, frozenset(node.values), _usual(node.values[0])

    def asked(facts: Facts) -> bool | None:
        actual = facts.get(name)
        if actual.__class__ is usual:
            return actual in values
        return None if actual is None else leaf(node, actual)

    return asked


def _overlaps(node: Overlaps) -> Question:
    name, disjoint = node.fact, frozenset(node.values).isdisjoint

    def asked(facts: Facts) -> bool | None:
        actual: Any = facts.get(name)
        if actual.__class__ is frozenset:
            return not disjoint(actual)
        return None if actual is None else leaf(node, actual)

    return asked


def _window(node: Window) -> Question:
    since, until = node.since, node.until

    def asked(facts: Facts) -> bool | None:
        now = facts.get("now")
        if not isinstance(now, datetime):
            return None
        if now.tzinfo is UTC:
            return (since is None or since <= now) and (until is None or now < until)
        return in_time(node, now)

    return asked


def _weekly(node: Weekly) -> Question:
    covered, here = bytearray(WEEK), zone(node.zone)
    for start, end in spans(node):
        covered[start:end] = b"\1" * (end - start)

    def asked(facts: Facts) -> bool | None:
        now = facts.get("now")
        if not isinstance(now, datetime):
            return None
        local = aware(now, "now").astimezone(here)
        minute = local.weekday() * DAY + local.hour * 60 + local.minute
        return covered[minute] == 1

    return asked
