"""What single questions ask of one fact together, and whether any value of it could answer them all.

A literal is a question with the answer that is wanted of it. Ranges and windows are taken apart into comparisons and
a turned comparison is the opposite one, so that few kinds are left: what is asked of numbers and instants are bounds,
of texts and flags names to be and not to be, of sets of names what they must have and must not.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property, reduce
from itertools import chain
from math import gcd
from typing import Any, Final, TypeAlias

import attrs

from tokolib.conditions.model import Between, Compare, OneOf, Overlaps, Predicate, Weekly, Window
from tokolib.conditions.operators import Operator
from tokolib.conditions.weeks import WEEK, minute_of_week, spans

Asking: TypeAlias = Compare | OneOf | Overlaps | Weekly

_OPPOSITE: Final = {
    Operator.EQUAL: Operator.NOT_EQUAL,
    Operator.NOT_EQUAL: Operator.EQUAL,
    Operator.AT_LEAST: Operator.LESS_THAN,
    Operator.LESS_THAN: Operator.AT_LEAST,
    Operator.MORE_THAN: Operator.AT_MOST,
    Operator.AT_MOST: Operator.MORE_THAN,
}


@attrs.frozen
class Literal:
    """One question that must be answered with yes, or with no."""

    path: str
    told: Predicate
    """As it stands in the predicate, for the words of a fault."""
    asks: Asking
    yes: bool = True

    @property
    def fact(self) -> str:
        """The name of the fact."""
        return "now" if isinstance(self.asks, Weekly) else self.asks.fact

    @cached_property
    def values(self) -> frozenset[Any]:
        """The names that are asked for; of comparisons, the one value."""
        match self.asks:
            case Compare(value=value):
                return frozenset({value})
            case OneOf(values=values):
                return frozenset(values)
            case Overlaps(values=texts):
                return frozenset(texts)
            case Weekly():
                return frozenset()


def comparisons(leaf: Between | Window) -> tuple[Compare, ...]:
    """The bounds of a range, which must all be kept."""
    match leaf:
        case Between(fact=fact, low=low, high=high):
            return Compare(fact, Operator.AT_LEAST, low), Compare(fact, Operator.LESS_THAN, high)
        case Window(since=since, until=until):
            begun = () if since is None else (Compare("now", Operator.AT_LEAST, since),)
            return begun if until is None else (*begun, Compare("now", Operator.LESS_THAN, until))


def opposite(question: Compare) -> Compare:
    """The comparison that holds where *question* is known not to."""
    return Compare(question.fact, _OPPOSITE[question.operator], question.value)


def is_impossible(asked: Sequence[Literal]) -> bool:
    """Whether no value of the fact that all of *asked* are about answers all of them.

    What it calls impossible is; some things that are it doesn't see, such as a number between 1 and 2 that is whole.
    """
    kinds = reduce(frozenset.intersection, [_kinds(literal.asks) for literal in asked])
    return all(_CHECKS[kind](asked) for kind in kinds)


def _kinds(asks: Asking) -> frozenset[str]:
    """The kinds of value that can decide a question; one name counts as a set of one."""
    match asks:
        case Overlaps():
            return frozenset({"text", "texts"})
        case Weekly():
            return frozenset({"instant"})
        case OneOf(values=values):
            return frozenset({"text" if isinstance(values[0], str) else "number"})
        case Compare(value=bool()):
            return frozenset({"flag"})
        case Compare(value=str()):
            return frozenset({"text"})
        case Compare(value=datetime()):
            return frozenset({"instant"})
        case Compare():
            return frozenset({"number"})


def _names(asked: Iterable[Literal]) -> frozenset[Any] | None:
    """The values that are left by what names some; None where nothing does."""
    left: frozenset[Any] | None = None
    for literal in asked:
        if _is_equality(literal) is True:
            left = literal.values if left is None else left & literal.values
    return None if left is None else left - _banned(asked)


def _banned(asked: Iterable[Literal]) -> frozenset[Any]:
    return frozenset().union(*(literal.values for literal in asked if _is_equality(literal) is False))


def _is_equality(literal: Literal) -> bool | None:
    """True for one that names what may be, False for what may not, None for one that asks for more or less."""
    match literal.asks:
        case Compare(operator=operator):
            return None if operator.needs_order else operator is Operator.EQUAL
        case Weekly():
            return None
        case _:
            return literal.yes


def _no_text(asked: Sequence[Literal]) -> bool:
    return _names(asked) == frozenset()


def _no_texts(asked: Sequence[Literal]) -> bool:
    banned = _banned(asked)
    return any(literal.yes and literal.values <= banned for literal in asked)


def _no_flag(asked: Sequence[Literal]) -> bool:
    left = _names(asked)
    return not (frozenset({True, False}) - _banned(asked) if left is None else left)


@attrs.frozen
class _Range:
    low: Any
    low_excluded: bool
    high: Any
    high_excluded: bool

    def has(self, value: Any) -> bool:
        above = self.low is None or value > self.low or (value == self.low and not self.low_excluded)
        below = self.high is None or value < self.high or (value == self.high and not self.high_excluded)
        return above and below

    @property
    def is_empty(self) -> bool:
        if self.low is None or self.high is None or self.low < self.high:
            return False
        return bool(self.low > self.high) or self.low_excluded or self.high_excluded


def _range(asked: Iterable[Literal]) -> _Range:
    lows, highs = list[tuple[Any, bool]](), list[tuple[Any, bool]]()
    for literal in asked:
        match literal.asks:
            case Compare(operator=Operator.AT_LEAST | Operator.MORE_THAN as operator, value=value):
                lows.append((value, operator is Operator.MORE_THAN))
            case Compare(operator=Operator.AT_MOST | Operator.LESS_THAN as operator, value=value):
                highs.append((value, operator is Operator.AT_MOST))
            case _:
                pass
    low, low_excluded = max(lows, default=(None, False))
    high, high_included = min(highs, default=(None, True))
    return _Range(low, low_excluded, high, not high_included)


def _no_number(asked: Sequence[Literal]) -> bool:
    names, span = _names(asked), _range(asked)
    if names is not None:
        return not any(span.has(value) for value in names)
    return span.is_empty or (span.low is not None and span.low == span.high and span.low in _banned(asked))


def _no_instant(asked: Sequence[Literal]) -> bool:
    if _no_number(asked):
        return True
    names, span = _names(asked), _range(asked)
    weekly = [literal for literal in asked if isinstance(literal.asks, Weekly)]
    open_ = _open_minutes(weekly)
    if names is not None:
        return not any(span.has(moment) and _is_open(open_, moment) for moment in names)
    return 0 in open_.values() or (bool(weekly) and _never_open(open_, span, _step(weekly)))


def _open_minutes(weekly: Iterable[Literal]) -> dict[str, int]:
    """By zone the minutes of the week that all hours leave, one bit for each."""
    whole, left = (1 << WEEK) - 1, dict[str, int]()
    for literal in weekly:
        if isinstance(literal.asks, Weekly):
            covered = sum(((1 << (end - start)) - 1) << start for start, end in spans(literal.asks))
            name = literal.asks.zone
            left[name] = left.get(name, whole) & (covered if literal.yes else whole ^ covered)
    return left


def _is_open(open_: Mapping[str, int], moment: datetime) -> bool:
    return all(minutes >> minute_of_week(moment, name) & 1 for name, minutes in open_.items())


_SHORT: Final = timedelta(days=8)
"""In a longer time every hour of the week comes by, but for clocks that are changed: those aren't looked at."""
_SINCE: Final = datetime(1980, 1, 1, tzinfo=UTC)
_QUARTER: Final = 15
"""Minutes: since then the clocks of every zone differ from UTC by whole quarters of an hour; a test looks at all."""


def _step(weekly: Iterable[Literal]) -> int:
    """Minutes after which hours begin or end at the earliest, wherever that is a minute of UTC."""
    return gcd(
        _QUARTER, *(edge for each in weekly if isinstance(each.asks, Weekly) for edge in chain(*spans(each.asks)))
    )


def _never_open(open_: Mapping[str, int], span: _Range, step: int) -> bool:
    """Whether not one moment between two bounds is among the hours."""
    if span.low is None or span.high is None or span.high - span.low > _SHORT or span.low < _SINCE:
        return False
    start = span.low.replace(minute=span.low.minute - span.low.minute % step, second=0, microsecond=0)
    last = span.high - timedelta(microseconds=1) if span.high_excluded else span.high
    moments = (last - start) // timedelta(minutes=step) + 1
    return not any(_is_open(open_, start + timedelta(minutes=step * i)) for i in range(moments))


_CHECKS: Final = {
    "text": _no_text,
    "texts": _no_texts,
    "flag": _no_flag,
    "number": _no_number,
    "instant": _no_instant,
}
