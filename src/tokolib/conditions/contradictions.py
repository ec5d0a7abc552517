"""Why a predicate can never hold, whatever the facts: for who checks rules before they lose a season.

What is said here is so; not all that is so is said. Every part of a conjunction is held against the others that ask
for the same fact; each branch of an `AnyOf` against all that is asked beside it, but two `AnyOf` never against each
other.
"""

from collections.abc import Iterable, Iterator, Sequence

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


def contradictions(predicate: Predicate) -> tuple[Fault, ...]:
    """What in *predicate* contradicts itself, by path; none where nothing was found.

    A fault `conditions.never_holds` says that the whole can't ever hold; `conditions.dead_branch` names a branch of
    an `AnyOf` that can't, beside others that can: leave it out, and nothing changes.
    """
    found = _search([_Goal("", predicate)], _Beside())
    return found.never + found.dead


def can_hold(predicate: Predicate) -> bool:
    """Whether no contradiction was found that keeps the whole from ever holding."""
    return not _search([_Goal("", predicate)], _Beside()).never


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
    """What holds where a branch does: the questions and the joined parts of all that it stands in."""

    literals: tuple[Literal, ...] = ()
    joined: tuple[_Goal, ...] = ()


@attrs.frozen
class _Found:
    never: tuple[Fault, ...] = ()
    dead: tuple[Fault, ...] = ()


def _search(goals: Sequence[_Goal], beside: _Beside) -> _Found:
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
    never += _conflicts(beside.literals, literals) or _contraries(beside.joined, joined)
    if never:
        return _Found(tuple(never))
    within = _Beside((*beside.literals, *literals), (*beside.joined, *joined))
    found = [_choose(choice, within) for choice in choices]
    return _Found(
        tuple(each for result in found for each in result.never),
        tuple(each for result in found for each in result.dead),
    )


def _choose(choice: _Choice, beside: _Beside) -> _Found:
    """What is wrong with the branches of a choice, each by itself."""
    never, dead = list[Fault](), list[Fault]()
    for branch in choice.branches:
        found = _search([branch], beside)
        never += found.never[:1]
        dead += found.dead
        if found.never and choice.is_written:
            dead.append(fault(branch.path, "dead_branch", f"this branch {found.never[0].message}", _words(branch)))
    if len(never) < len(choice.branches):
        return _Found((), tuple(dead))
    causes = "; ".join(dict.fromkeys(str(each) for each in never))
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


def _contraries(beside: Sequence[_Goal], new: Sequence[_Goal]) -> list[Fault]:
    """The joined parts that are asked for as they are and turned round."""
    wanted = {(goal.predicate, goal.yes): goal for goal in beside}
    faults = list[Fault]()
    for goal in new:
        wanted.setdefault((goal.predicate, goal.yes), goal)
        if contrary := wanted.get((goal.predicate, not goal.yes)):
            faults.append(
                fault(goal.path, "never_holds", _against([_told(contrary.told, contrary.path)]), _words(goal))
            )
    return faults


def _conflicts(beside: Iterable[Literal], new: Iterable[Literal]) -> list[Fault]:
    """For each fact that *new* literals are about, the first that can't be met beside those before it."""
    asked, faults = dict[str, list[Literal]](), dict[str, Fault]()
    for literal in beside:
        asked.setdefault(literal.fact, []).append(literal)
    for literal in new:
        before = asked.setdefault(literal.fact, [])
        if literal.fact not in faults and is_impossible([*before, literal]):
            faults[literal.fact] = _conflict(literal, before)
        before.append(literal)
    return list(faults.values())


def _conflict(literal: Literal, before: list[Literal]) -> Fault:
    """The fault of a literal, with the one that it contradicts, or with all that do so together."""
    against = next(([each] for each in before if is_impossible([each, literal])), before)
    told = dict.fromkeys(_told(each.told, each.path) for each in against)
    return fault(literal.path, "never_holds", _against(told), in_words(literal.told, "en"))


def _against(told: Iterable[str]) -> str:
    others = "; ".join(told)
    return f"can never hold together with {others}" if others else "can never hold"


def _told(predicate: Predicate, path: str) -> str:
    return f"{in_words(predicate, 'en')} ({path or 'the whole'})"


def _words(goal: _Goal) -> str:
    return in_words(goal.told, "en")
