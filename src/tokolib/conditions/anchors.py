"""What must be true of single facts for a predicate to be able to hold: the keys of an index of rules.

A shop has a thousand rules, and a cart fits a handful. Who files each rule under one of its anchors, and looks up
only what the cart's facts say, asks a handful of predicates and not a thousand. An anchor promises one thing: where
it isn't met, the predicate is not known to hold. Where it is met nothing is said: ask the predicate.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

import attrs

from tokolib.conditions.facts import Facts
from tokolib.conditions.model import (
    All,
    AnyOf,
    Between,
    Compare,
    OneOf,
    Overlaps,
    Predicate,
)
from tokolib.conditions.operators import Operator
from tokolib.conditions.refusals import comparable

Name: TypeAlias = str | int | Decimal | bool


@attrs.frozen
class Needs:
    """The fact is one of *values*, or a set of names with one of them."""

    fact: str
    values: frozenset[Name]

    def is_met(self, facts: Facts) -> bool:
        """Whether the facts leave it possible; a missing one doesn't."""
        actual = facts.get(self.fact)
        if isinstance(actual, frozenset):
            return not self.values.isdisjoint(actual)
        return actual is not None and not isinstance(actual, datetime) and actual in self.values


@attrs.frozen
class Reaches:
    """The fact, a number, is *bound* or more."""

    fact: str
    bound: int | Decimal

    def is_met(self, facts: Facts) -> bool:
        """Whether the facts leave it possible; a missing one doesn't."""
        actual = facts.get(self.fact)
        return isinstance(actual, int | Decimal) and comparable(actual, self.bound) and actual >= self.bound


Anchor: TypeAlias = Needs | Reaches


def anchors(predicate: Predicate) -> tuple[Anchor, ...]:
    """All anchors of *predicate*, in the order of its parts and each once; none where nothing single is needed.

    An `All` has those of all its parts. An `AnyOf` has one on a fact that every branch has one of the same kind on:
    any of the names, or the smallest bound. A `Not`, a time and an upper bound have none.
    """
    match predicate:
        case All(of=parts):
            return tuple(dict.fromkeys(anchor for part in parts for anchor in anchors(part)))
        case AnyOf(of=parts):
            return tuple(_shared([anchors(part) for part in parts]))
        case Compare(fact=fact, operator=operator, value=value) if not isinstance(value, datetime):
            return _compared(fact, operator, value)
        case Between(fact=fact, low=int() | Decimal() as low):
            return (Reaches(fact, low),)
        case OneOf(fact=fact, values=values):
            return (Needs(fact, frozenset(values)),)
        case Overlaps(fact=fact, values=texts):
            return (Needs(fact, frozenset(texts)),)
        case _:
            return ()


def _compared(fact: str, operator: Operator, value: Name) -> tuple[Anchor, ...]:
    match operator:
        case Operator.EQUAL:
            return (Needs(fact, frozenset({value})),)
        case Operator.AT_LEAST | Operator.MORE_THAN if not isinstance(value, str):
            return (Reaches(fact, value),)
        case _:
            return ()


def _shared(branches: list[tuple[Anchor, ...]]) -> Iterator[Anchor]:
    """What is needed whichever branch holds."""
    for kind, fact in dict.fromkeys((type(anchor), anchor.fact) for anchor in branches[0]):
        same = [[each for each in branch if type(each) is kind and each.fact == fact] for branch in branches]
        if all(same):
            yield _widest(fact, [_narrowest(each) for each in same])


def _narrowest(of_one_branch: list[Anchor]) -> Anchor:
    """The one that says most: all of them are needed."""
    return max(of_one_branch, key=lambda anchor: -len(anchor.values) if isinstance(anchor, Needs) else anchor.bound)


def _widest(fact: str, anchors_of_branches: Iterable[Anchor]) -> Anchor:
    """The one that each of them implies."""
    names, bounds = set[Name](), list[int | Decimal]()
    for anchor in anchors_of_branches:
        match anchor:
            case Needs(values=values):
                names |= values
            case Reaches(bound=bound):
                bounds.append(bound)
    return Reaches(fact, min(bounds)) if bounds else Needs(fact, frozenset(names))
