"""The cheapest allocation from a given set of locations.

A step of a SKU costs the same whichever demand it is for. So the amounts that locations can send of it, wherever
demands may leave from, form a polymatroid, and the greedy rule is exact: the cheapest location first, as much as can
be routed to a demand. A later location may reroute what an earlier one sends, never lessen it.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

from tokolib.inventory.sourcing.problem import Pool, Problem, Source, Stocked

Taken = dict[tuple[int, int], int]
"""Steps that groups take, by number of SKU and location."""
Chosen = tuple[int, ...]
"""For each group the number of its location, or -1: it goes short."""
Flow = dict[tuple[int, int], int]
"""Steps by number of location and pool."""

NOWHERE = -1


class Outcome(NamedTuple):
    """What a choice of locations comes to; only those that are used count."""

    cost: int
    used: int
    """A bit for each location that anything leaves from."""
    chosen: Chosen


def outcome(problem: Problem, open: int, chosen: Chosen) -> Outcome:
    """The cheapest plan from the locations *open* where groups leave from the *chosen* ones."""
    taken = taken_by(problem, chosen)
    cost, used = group_cost(problem, chosen), 0
    for place in chosen:
        used |= 0 if place == NOWHERE else 1 << place
    for at, goods in enumerate(problem.goods):
        if goods.pools:
            more, where = singles(goods, at, open, taken)
            cost += more
            used |= where
    return Outcome(cost + use_of(problem, used), used, chosen)


def use_of(problem: Problem, used: int) -> int:
    """What using these locations costs."""
    if not used:
        return 0
    return sum(use for place, use in enumerate(problem.use) if used >> place & 1) - problem.first


def group_cost(problem: Problem, chosen: Chosen) -> int:
    """What the first groups cost, as many as are chosen."""
    return sum(
        group.short if place == NOWHERE else next(cost for cost, at in group.offers if at == place)
        for group, place in zip(problem.groups, chosen, strict=False)
    )


def taken_by(problem: Problem, chosen: Iterable[int]) -> Taken:
    """What the first groups take, as many as are chosen."""
    taken: Taken = {}
    for group, place in zip(problem.groups, chosen, strict=False):
        if place != NOWHERE:
            for at, steps in group.needs:
                taken[at, place] = taken.get((at, place), 0) + steps
    return taken


def by_turns(problem: Problem, open: int) -> Chosen:
    """Each group from the cheapest location that still has all of it, the dearest to go without first."""
    taken: Taken = {}
    chosen: list[int] = []
    for group in problem.groups:
        place = next(
            (at for _, at in group.offers if open >> at & 1 and fits(problem, group.needs, at, taken)), NOWHERE
        )
        chosen.append(place)
        if place != NOWHERE:
            for at, steps in group.needs:
                taken[at, place] = taken.get((at, place), 0) + steps
    return tuple(chosen)


def fits(problem: Problem, needs: Iterable[tuple[int, int]], place: int, taken: Taken) -> bool:
    """Whether *place* has all of *needs* beside what is taken."""
    return all(problem.levels[at].get(place, 0) - taken.get((at, place), 0) >= steps for at, steps in needs)


def singles(goods: Stocked, number: int, open: int, taken: Taken) -> tuple[int, int]:
    """What the demands of one SKU cost that needn't leave together, and the locations that they leave from."""
    if len(goods.pools) == 1:
        return _from_one_pool(goods, goods.pools[0], number, open, taken)
    cost, used, sent = 0, 0, 0
    prices = {source.place: source.cost for source in goods.sources}
    for (place, _), steps in routed(goods, number, open, taken).items():
        if steps:
            cost += prices[place] * steps
            used |= 1 << place
            sent += steps
    return cost + (sum(pool.steps for pool in goods.pools) - sent) * goods.short, used


def _from_one_pool(goods: Stocked, pool: Pool, number: int, open: int, taken: Taken) -> tuple[int, int]:
    open &= pool.allowed
    cost, used, missing = 0, 0, pool.steps
    for price, place, level in goods.sources:
        if open >> place & 1:
            if price >= goods.short:
                break
            have = level - taken.get((number, place), 0) if taken else level
            if have > 0:
                sent = have if have < missing else missing
                cost += price * sent
                used |= 1 << place
                missing -= sent
                if not missing:
                    return cost, used
    return cost + missing * goods.short, used


def routed(goods: Stocked, number: int, open: int, taken: Taken) -> Flow:
    """How many steps each location sends to each pool."""
    flow: Flow = {}
    missing = [pool.steps for pool in goods.pools]
    for source in goods.sources:
        if open >> source.place & 1 and source.cost < goods.short:
            left = source.level - taken.get((number, source.place), 0)
            while left > 0 and (path := _path(goods.pools, source, missing, flow)):
                left -= _push(path, left, missing, flow)
    return flow


def _path(pools: tuple[Pool, ...], source: Source, missing: list[int], flow: Flow) -> list[tuple[int, int]]:
    """From *source* to a pool that misses something: (location, pool) in turns, each but the first rerouted; or []."""
    before: dict[int, tuple[int, int]] = {}  # of a pool: who would send to it, and the pool that this one leaves
    waiting = deque([(source.place, NOWHERE)])
    while waiting:
        place, left = waiting.popleft()
        for at, pool in enumerate(pools):
            if at in before or not pool.allowed >> place & 1:
                continue
            before[at] = place, left
            if missing[at]:
                return _back(before, at)
            waiting.extend((other, at) for other, to in sorted(flow) if to == at and flow[other, to])
    return []


def _back(before: Mapping[int, tuple[int, int]], at: int) -> list[tuple[int, int]]:
    path: list[tuple[int, int]] = []
    while at != NOWHERE:
        place, left = before[at]
        path.append((place, at))
        at = left
    return path[::-1]


def _push(path: list[tuple[int, int]], most: int, missing: list[int], flow: Flow) -> int:
    """Send along *path* what fits; it is more than nothing."""
    moved = [(place, at) for (_, at), (place, _) in pairwise(path)]  # what each further one leaves
    steps = min([most, missing[path[-1][1]], *(flow[each] for each in moved)])
    for each in path:
        flow[each] = flow.get(each, 0) + steps
    for each in moved:
        flow[each] -= steps
    missing[path[-1][1]] -= steps
    return steps
