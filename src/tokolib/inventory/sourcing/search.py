"""Branch and bound over the sets of locations: it ends with a proof, or at its limit of work with a bound."""

from heapq import heappop, heappush
from typing import Final

import attrs

from tokolib.inventory.sourcing.allocate import NOWHERE, Outcome, outcome
from tokolib.inventory.sourcing.bound import Relaxed, Worths, climb, relax, start
from tokolib.inventory.sourcing.grouping import best_with_groups
from tokolib.inventory.sourcing.improve import improved, reached
from tokolib.inventory.sourcing.meter import Meter
from tokolib.inventory.sourcing.problem import Problem

AT_FIRST: Final = 240
"""Rounds of the climb for the whole question."""
AT_EACH: Final = 24
"""Rounds of the climb for each part of it."""
SEEDS: Final = 3
"""Plans that are improved by single moves before the search begins."""

_Part = tuple[int, int, int, int, tuple[int, ...]]
"""A bound, a running number, the locations that are surely used, those that surely aren't, and worths."""


@attrs.frozen
class Found:
    """The best plan that was found, and what is known of all others."""

    best: Outcome
    bound: int
    """No plan costs less, in scaled amounts; the best one's cost where the search came to its end."""
    exact: bool
    left: int
    """Sets of sets of locations that weren't looked into."""


def search(problem: Problem, meter: Meter) -> Found:
    """The cheapest plan, or the cheapest one that *meter* lets it find."""
    return _Search(problem, meter).run()


class _Search:
    def __init__(self, problem: Problem, meter: Meter) -> None:
        self.problem = problem
        self.meter = meter
        self.relaxed: Relaxed = relax(problem)
        self.effort = self.relaxed.work
        self.best = outcome(problem, 0, (NOWHERE,) * len(problem.groups))
        self.parts: list[_Part] = []
        self.made = 0
        self.unproved: list[int] = []

    def run(self) -> Found:
        self._begin()
        while self.parts and self.parts[0][0] < self.best.cost and self.meter.goes_on:
            self._divide(*heappop(self.parts))
        open = [part[0] for part in self.parts if part[0] < self.best.cost]
        open += [bound for bound in self.unproved if bound < self.best.cost]
        return Found(self.best, min([self.best.cost, *open]), not open, len(open))

    def _begin(self) -> None:
        """The whole question: its bound, and good plans from the sets that the climb comes by."""
        if not self.relaxed.items:
            return
        every = (1 << len(self.problem.places)) - 1
        seen: dict[int, Outcome] = {}
        top: Worths | None = None
        for now in climb(self.relaxed, start(self.relaxed), 0, 0, self.best.cost, AT_FIRST):
            if now.used not in seen:
                seen[now.used] = reached(self.problem, now.used)
                self.best = min(self.best, seen[now.used])
            top = now if top is None or now.bound > top.bound else top
            if top.bound >= self.best.cost:
                return
        if self.problem.most == len(self.problem.places):
            seen[every] = reached(self.problem, every)
        for plan in sorted(set(seen.values()))[:SEEDS]:
            self.best = min(self.best, improved(self.problem, plan))
        if top is not None:
            self._keep(top.bound, 0, 0, top.worths)

    def _keep(self, bound: int, open: int, shut: int, worths: tuple[int, ...]) -> None:
        if bound < self.best.cost:
            self.made += 1
            heappush(self.parts, (bound, self.made, open, shut, worths))

    def _divide(self, bound: int, _: int, open: int, shut: int, worths: tuple[int, ...]) -> None:
        """Look at a part more closely, and cut it in two at the location that is in doubt most."""
        top = self._top(open, shut, worths)
        if top is None:
            self.unproved.append(bound)
            return
        bound = max(bound, top.bound)
        if bound >= self.best.cost:
            return
        open, shut = self._sure(top, open, shut)
        free = [at for at in range(len(self.problem.places)) if not (open | shut) >> at & 1]
        if open.bit_count() >= self.problem.most or not free:
            self._settle(bound, open)
            return
        pivot = min(free, key=lambda at: (abs(top.earned[at]), at))
        self._keep(bound, open | 1 << pivot, shut, top.worths)
        self._keep(bound, open, shut | 1 << pivot, top.worths)

    def _top(self, open: int, shut: int, worths: tuple[int, ...]) -> Worths | None:
        """The best sum of a part, found in a few rounds; None when the work is used up before the first."""
        top: Worths | None = None
        seen: set[int] = set()
        for now in climb(self.relaxed, worths, open, shut, self.best.cost, AT_EACH):
            self.meter.spend(self.effort)
            top = now if top is None or now.bound > top.bound else top
            if top.bound >= self.best.cost:
                break
            if now.used not in seen:
                seen.add(now.used)
                self.meter.spend(self.effort)
                self.best = min(self.best, reached(self.problem, now.used))
            if not self.meter.goes_on:
                break
        return top

    def _sure(self, top: Worths, open: int, shut: int) -> tuple[int, int]:
        """The locations that every better plan of the part uses, and those that none does, added to the known ones."""
        room = self.best.cost - top.bound
        for at, gain in enumerate(top.earned):
            if (open | shut) >> at & 1:
                continue
            if -gain >= room:
                shut |= 1 << at
            elif gain >= room and not top.full:
                open |= 1 << at
        return open, shut

    def _settle(self, bound: int, open: int) -> None:
        """The cheapest plan from the locations *open*, no others being left."""
        self.meter.spend(self.effort)
        if not self.problem.groups:
            self.best = min(self.best, reached(self.problem, open))
            return
        self.best, proved = best_with_groups(self.problem, open, self.best, self.meter)
        if not proved:
            self.unproved.append(bound)
