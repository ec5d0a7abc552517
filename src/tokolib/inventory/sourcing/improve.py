"""A good plan quickly: open, close or swap one location at a time for as long as that makes the plan cheaper."""

from collections.abc import Iterator

from tokolib.inventory.sourcing.allocate import Outcome, by_turns, outcome
from tokolib.inventory.sourcing.problem import Problem

FURTHEST = 60
"""Moves at the most; each makes the plan cheaper, so there is an end without it too, only maybe a late one."""


def reached(problem: Problem, open: int) -> Outcome:
    """What the locations *open* come to, with the groups by turns."""
    return outcome(problem, open, by_turns(problem, open))


def improved(problem: Problem, given: Outcome) -> Outcome:
    """*given*, or a cheaper plan that no single move makes cheaper."""
    best = given
    for _ in range(FURTHEST):
        better = min((reached(problem, open) for open in _near(problem, best.used)), default=best)
        if better.cost >= best.cost:
            break
        best = better
    return best


def _near(problem: Problem, used: int) -> Iterator[int]:
    """The sets that differ from *used* by one location more, one less, or one other."""
    every = range(len(problem.places))
    within = [place for place in every if used >> place & 1]
    beyond = [place for place in every if not used >> place & 1]
    yield from (used & ~(1 << place) for place in within)
    if len(within) < problem.most:
        yield from (used | 1 << place for place in beyond)
    yield from (used & ~(1 << out) | 1 << come for out in within for come in beyond)
