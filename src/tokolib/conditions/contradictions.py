"""Why a predicate can never hold, whatever the facts: for who checks rules before they lose a season.

What is said here is so; not all that is so is said. Every part of a conjunction is held against the others that ask
for the same fact; each branch of an `AnyOf` against all that is asked beside it, but two `AnyOf` never against each
other.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final, TypeAlias

import attrs

from tokolib.conditions.literals import Literal, comparisons, is_impossible, opposite
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
from tokolib.conditions.refusals import below, fault
from tokolib.conditions.words import in_words
from tokolib.kernel.errors import Fault
from tokolib.kernel.money import Currency

MOST_CAUSES: Final = 3
"""Causes that a sentence names; then it says how many more."""


def contradictions(predicate: Predicate, currency: Currency | None = None) -> tuple[Fault, ...]:
    """What in *predicate* contradicts itself, by path; none where nothing was found.

    A fault `conditions.never_holds` says that the whole can't ever hold; `conditions.dead_branch` names a branch of
    an `AnyOf` that can't, beside others that can: leave it out, and nothing changes. Amounts are told as money of
    *currency*, or as bare minor units.
    """
    found = _search([_Goal("", predicate)], _Beside(), partial(in_words, locale="en", currency=currency))
    return found.never + found.dead


def can_hold(predicate: Predicate) -> bool:
    """Whether no contradiction was found that keeps the whole from ever holding."""
    return not _search([_Goal("", predicate)], _Beside(), partial(in_words, locale="en")).never


_Words: TypeAlias = Callable[[Predicate], str]


@attrs.frozen
class _Goal:
    """A part that must hold, or with `yes` turned must be known not to."""

    path: str
    predicate: Predicate
    yes: bool = True

    def part(self, name: str, predicate: Predicate, *, yes: bool | None = None) -> "_Goal":
        return _Goal(below(self.path, name), predicate, self.yes if yes is None else yes)

    @property
    def told(self) -> Predicate:
        return self.predicate if self.yes else ~self.predicate


@attrs.frozen
class _Choice:
    """Branches of which one must hold. Of those that nobody wrote, such as both sides of a range, nobody is told."""

    path: str
    branches: tuple[_Goal, ...]
    is_written: bool


@attrs.frozen
class _Beside:
    """What holds where a branch does: the questions, by fact, and the joined parts of all that it stands in."""

    literals: Mapping[str, tuple[Literal, ...]] = attrs.field(factory=dict)
    joined: Mapping[tuple[Predicate, bool], _Goal] = attrs.field(factory=dict)

    def and_(self, literals: Mapping[str, tuple[Literal, ...]], joined: Sequence[_Goal]) -> "_Beside":
        more = {fact: (*self.literals.get(fact, ()), *asked) for fact, asked in literals.items()}
        return _Beside({**self.literals, **more}, {**{_key(goal): goal for goal in joined}, **self.joined})


def _key(goal: _Goal, *, contrary: bool = False) -> tuple[Predicate, bool]:
    return goal.predicate, goal.yes is not contrary


@attrs.frozen
class _Found:
    never: tuple[Fault, ...] = ()
    dead: tuple[Fault, ...] = ()


def _search(goals: Sequence[_Goal], beside: _Beside, words: _Words) -> _Found:
    """What is wrong with *goals*, all of which must be met, beside what is asked for already."""
    never, literals, choices, joined = list[Fault](), list[Literal](), list[_Choice](), list[_Goal]()
    for each in (each for goal in goals for each in _taken_apart(goal)):
        match each:
            case Fault():
                never.append(each)
            case Literal():
                literals.append(each)
            case _Choice():
                choices.append(each)
            case _Goal():
                joined.append(each)
    asked = {fact: tuple(each) for fact, each in _by_fact(literals).items()}
    never += _conflicts(beside, asked, words) or _contraries(beside, joined, words)
    if never or not choices:
        return _Found(tuple(never))
    within = beside.and_(asked, joined)
    found = [_choose(choice, within, words) for choice in choices]
    return _Found(
        tuple(each for result in found for each in result.never),
        tuple(each for result in found for each in result.dead),
    )


def _choose(choice: _Choice, beside: _Beside, words: _Words) -> _Found:
    """What is wrong with the branches of a choice, each by itself."""
    never, dead = list[Fault](), list[Fault]()
    for branch in choice.branches:
        found = _search([branch], beside, words)
        never += found.never[:1]
        dead += found.dead
        if found.never and choice.is_written:
            dead.append(fault(branch.path, "dead_branch", f"this branch {found.never[0].message}", words(branch.told)))
    if len(never) < len(choice.branches):
        return _Found((), tuple(dead))
    causes = _listed(dict.fromkeys(str(each) for each in never))
    return _Found((fault(choice.path, "never_holds", f"has no branch that can hold: {causes}"),), tuple(dead))


def _taken_apart(goal: _Goal) -> Iterator[Literal | _Choice | _Goal | Fault]:
    """A goal as questions about single facts, choices between goals, and the joined parts that it consists of."""
    match goal.predicate:
        case Not(of=part):
            yield from _taken_apart(goal.part("of", part, yes=not goal.yes))
        case Always():
            if not goal.yes:
                yield fault(goal.path, "never_holds", "can never hold")
        case All(of=parts) | AnyOf(of=parts):
            yield goal
            inner = tuple(goal.part(f"of[{i}]", part) for i, part in enumerate(parts))
            if isinstance(goal.predicate, All) is goal.yes:
                yield from (each for part in inner for each in _taken_apart(part))
            else:
                yield _Choice(goal.path, inner, is_written=goal.yes)
        case Between() | Window() as leaf:
            yield goal
            if goal.yes:
                yield from (Literal(goal.path, goal.told, bound) for bound in comparisons(leaf))
            else:
                sides = tuple(_Goal(goal.path, opposite(bound)) for bound in comparisons(leaf))
                yield _Choice(goal.path, sides, is_written=False)
        case Compare() as leaf:
            yield Literal(goal.path, goal.told, leaf if goal.yes else opposite(leaf))
        case OneOf() | Overlaps() | Weekly() as leaf:
            yield Literal(goal.path, goal.told, leaf, goal.yes)


def _by_fact(literals: Iterable[Literal]) -> dict[str, list[Literal]]:
    asked = dict[str, list[Literal]]()
    for literal in literals:
        asked.setdefault(literal.fact, []).append(literal)
    return asked


def _contraries(beside: _Beside, new: Sequence[_Goal], words: _Words) -> list[Fault]:
    """The joined parts that are asked for as they are and turned round."""
    wanted, faults = dict(beside.joined) if new else {}, list[Fault]()
    for goal in new:
        wanted.setdefault(_key(goal), goal)
        if contrary := wanted.get(_key(goal, contrary=True)):
            faults.append(_fault(goal, [contrary], words))
    return faults


def _conflicts(beside: _Beside, new: Mapping[str, tuple[Literal, ...]], words: _Words) -> list[Fault]:
    """For each fact that *new* literals are about, the first that can't be met beside those before it."""
    asked = ((beside.literals.get(fact, ()), literals) for fact, literals in new.items())
    return [_conflict(before, literals, words) for before, literals in asked if is_impossible([*before, *literals])]


def _conflict(beside: Sequence[Literal], new: Sequence[Literal], words: _Words) -> Fault:
    """The first of *new* that can't be met, with the one that it contradicts, or with those that do so together."""
    count = bisect_left(range(len(new)), True, key=lambda last: is_impossible([*beside, *new[: last + 1]]))
    literal, before = new[count], [*beside, *new[:count]]
    for each in before:
        if is_impossible([each, literal]):
            return _fault(literal, [each], words)
    for each in tuple(before):
        rest = [other for other in before if other is not each]
        before = rest if is_impossible([*rest, literal]) else before
    return _fault(literal, before, words)


def _fault(part: Literal | _Goal, against: Sequence[Literal | _Goal], words: _Words) -> Fault:
    others = _listed(dict.fromkeys(f"{words(each.told)} ({each.path or 'the whole'})" for each in against))
    message = f"can never hold together with {others}" if others else "can never hold"
    return fault(part.path, "never_holds", message, words(part.told))


def _listed(texts: Iterable[str]) -> str:
    told = list(texts)
    more = len(told) - MOST_CAUSES
    return "; ".join(told[:MOST_CAUSES]) + (f"; … (+{more})" if more > 0 else "")
