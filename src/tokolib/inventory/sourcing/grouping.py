"""Which location each group of demands leaves from, when the locations are settled: a search with a proof."""

from collections.abc import Iterator

from tokolib.inventory.sourcing.allocate import (
    NOWHERE,
    Chosen,
    Outcome,
    fits,
    group_cost,
    outcome,
    singles,
    taken_by,
    use_of,
)
from tokolib.inventory.sourcing.meter import Meter
from tokolib.inventory.sourcing.problem import Group, Problem


def best_with_groups(problem: Problem, open: int, best: Outcome, meter: Meter) -> tuple[Outcome, bool]:
    """*best*, or the cheapest plan that uses all of the locations *open* and is cheaper; and whether that is proved.

    Groups are settled one after the other. What is settled costs what it costs, what isn't costs at least its cheapest
    location, and all other demands cost at least what they cost beside what is settled.
    """
    effort = 1 + sum(len(goods.sources) for goods in problem.goods) + len(problem.groups)
    cheapest = [min([group.short, *(cost for cost, at in group.offers if open >> at & 1)]) for group in problem.groups]
    rest = [sum(cheapest[at:]) for at in range(len(cheapest) + 1)]
    waiting: list[Chosen] = [()]
    while waiting:
        if not meter.goes_on:
            return best, False
        chosen = waiting.pop()
        meter.spend(effort)
        if _least(problem, open, chosen) + rest[len(chosen)] >= best.cost:
            continue
        if len(chosen) == len(problem.groups):
            best = min(best, outcome(problem, open, chosen))
        else:
            waiting.extend([(*chosen, place) for place in _options(problem, open, chosen)][::-1])
    return best, True


def _least(problem: Problem, open: int, chosen: Chosen) -> int:
    """What a plan that uses *open* costs at least, groups that aren't settled left out."""
    taken = taken_by(problem, chosen)
    alone = sum(singles(goods, at, open, taken)[0] for at, goods in enumerate(problem.goods) if goods.pools)
    return use_of(problem, open) + group_cost(problem, chosen) + alone


def _options(problem: Problem, open: int, chosen: Chosen) -> Iterator[int]:
    """Where the next group may leave from, the cheapest first; of groups that are alike, none before its forerunner."""
    at = len(chosen)
    group = problem.groups[at]
    taken = taken_by(problem, chosen)
    places = [*(place for _, place in group.offers if open >> place & 1), NOWHERE]
    if at and _alike(problem.groups[at - 1], group):
        places = places[places.index(chosen[-1]) :]
    yield from (place for place in places if place == NOWHERE or fits(problem, group.needs, place, taken))


def _alike(one: Group, other: Group) -> bool:
    return (one.needs, one.short, one.offers) == (other.needs, other.short, other.offers)
