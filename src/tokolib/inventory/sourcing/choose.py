"""`source`: where the goods of an order leave from, for the least cost."""

from collections.abc import Iterable, Mapping
from typing import Final

from tokolib.inventory.sourcing.allocate import NOWHERE, routed, taken_by
from tokolib.inventory.sourcing.costs import SourcingCost, whole
from tokolib.inventory.sourcing.errors import DemandTwice, InvalidSourcing, LocationWithoutCost, NothingToSource
from tokolib.inventory.sourcing.explain import Proof, explained, parts_of
from tokolib.inventory.sourcing.meter import Meter
from tokolib.inventory.sourcing.model import Allocation, SourcePlan, SourcingDemand, Unsourced
from tokolib.inventory.sourcing.problem import Levels, Problem, pose
from tokolib.inventory.sourcing.search import Found, search
from tokolib.kernel.errors import shown

WORK: Final = 500_000
"""Steps of work that a search may take unless told otherwise: about a second at the most on a machine of 2026."""


def source(demands: Iterable[SourcingDemand], levels: Levels, cost: SourcingCost, *, work: int = WORK) -> SourcePlan:
    """The cheapest plan for *demands* from what *levels* has; of several of one cost, always the same one.

    *levels* is steps available by (location, SKU key); what isn't named isn't there. No more is allocated of anything.
    The order in which anything is given changes nothing.
    Where plans cost the same, the one that leaves fewer steps short wins; then the one from fewer locations; then,
    from the end of `SourcingCost.order`, the one that does without the less preferred location.

    The plan is `exact` when the search came to its end within *work* steps: a step is one look at one location for one
    demand. Orders of up to ten lines and ten locations do so by far. Otherwise it is a good plan, with the proved
    `lower` that no plan is below, and its reason says how much was left to look into.

    Raises:
        NothingToSource: there are no demands.
        DemandTwice: two of them have one name.
        LocationWithoutCost: levels or a demand name a location that *cost* doesn't.
        WeightMissing: a location charges by weight, and a SKU that it has is wanted and has none.
        InvalidSourcing: a level isn't an integer of at least 0, or an argument is something else altogether.
    """
    wanted = _demands(demands, cost)
    _check_levels(levels, cost)
    meter = Meter(whole("work", work))
    problem = pose(wanted, levels, cost)
    found = search(problem, meter)
    allocations, short = _allocations(problem, found)
    parts = parts_of(allocations, short, cost)
    lower = parts.total if found.exact else min(parts.total, max(0, found.bound // problem.scale))
    proof = Proof(exact=found.exact or lower == parts.total, lower=lower, work=meter.spent, left=found.left)
    places = tuple(place for at, place in enumerate(problem.places) if found.best.used >> at & 1)
    why = explained(allocations, short, cost, parts, proof)
    return SourcePlan(allocations, short, places, parts, proof.exact, lower, meter.spent, why)


def _demands(given: object, cost: object) -> list[SourcingDemand]:
    """*given* as a list, when all of it can be asked."""
    if not isinstance(cost, SourcingCost):
        raise InvalidSourcing("cost", shown(cost), "a SourcingCost")
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        raise InvalidSourcing("demands", shown(given), "several SourcingDemand")
    wanted: list[SourcingDemand] = []
    names: set[str] = set()
    for each in given:
        if not isinstance(each, SourcingDemand):
            raise InvalidSourcing(f"demands[{len(wanted)}]", shown(each), "a SourcingDemand")
        if each.demand in names:
            raise DemandTwice(each.demand)
        for location in sorted(each.locations or ()):
            _check_known(location, f"demand {each.demand!r}", cost)
        wanted.append(each)
        names.add(each.demand)
    if not wanted:
        raise NothingToSource()
    return wanted


def _check_levels(levels: object, cost: SourcingCost) -> None:
    if not isinstance(levels, Mapping):
        raise InvalidSourcing("levels", shown(levels), "a mapping from (location, SKU key) to steps")
    for place, steps in levels.items():
        match place:
            case (str(location), str(key)):
                _check_known(location, "levels", cost)
                whole(f"the level of {key!r} at {location!r}", steps)
            case _:
                raise InvalidSourcing("a place in levels", shown(place), "a pair of a location and a SKU key")


def _check_known(location: str, where: str, cost: SourcingCost) -> None:
    if location not in cost.locations:
        raise LocationWithoutCost(location, where, tuple(cost.locations))


def _allocations(problem: Problem, found: Found) -> tuple[tuple[Allocation, ...], tuple[Unsourced, ...]]:
    """What leaves from where, and what doesn't, in the order of the demands' names."""
    sent: dict[tuple[str, int], Allocation] = {}
    short: dict[str, Unsourced] = {}
    for group, place in zip(problem.groups, found.best.chosen, strict=True):
        for each in group.demands:
            if place == NOWHERE:
                short[each.demand] = Unsourced(each.demand, each.key, each.steps)
            else:
                sent[each.demand, place] = Allocation(each.demand, each.key, problem.places[place], each.steps)
    taken = taken_by(problem, found.best.chosen)
    for at, goods in enumerate(problem.goods):
        flow = routed(goods, at, found.best.used, taken)
        for number, pool in enumerate(goods.pools):
            coming = sorted((place, steps) for (place, to), steps in flow.items() if to == number and steps)
            _share(pool.demands, coming, problem.places, sent, short)
    return tuple(sent[each] for each in sorted(sent)), tuple(short[each] for each in sorted(short))


def _share(
    demands: tuple[SourcingDemand, ...],
    coming: list[tuple[int, int]],
    places: tuple[str, ...],
    sent: dict[tuple[str, int], Allocation],
    short: dict[str, Unsourced],
) -> None:
    """Give what comes from each location, the best first, to the demands in the order of their names."""
    left = coming[::-1]
    for each in demands:
        missing = each.steps
        while missing and left:
            place, there = left.pop()
            steps = min(missing, there)
            sent[each.demand, place] = Allocation(each.demand, each.key, places[place], steps)
            missing -= steps
            if there > steps:
                left.append((place, there - steps))
        if missing:
            short[each.demand] = Unsourced(each.demand, each.key, missing)
