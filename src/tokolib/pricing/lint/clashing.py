"""Promotions that contradict each other in what they say of one another."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from tokolib.pricing.lint.findings import Finding, Severity, finding
from tokolib.pricing.promotions.model import Promotion, budget_key


def clashing(promotions: Sequence[Promotion]) -> Iterator[Finding]:
    """What any two of *promotions* say that can't both be meant."""
    yield from _unknown_lanes(promotions)
    for one, other in combinations(sorted(promotions, key=lambda each: each.id), 2):
        yield from _lanes(one, other)
        yield from _exclusives(one, other)
        yield from _budgets(one, other)


def _unknown_lanes(promotions: Sequence[Promotion]) -> Iterator[Finding]:
    lanes = {each.terms.lane for each in promotions} | {""}
    for promotion in promotions:
        for lane in promotion.terms.combines_with or ():
            if lane not in lanes:
                yield finding(Severity.NOTE, "lint.unknown_lane", promotion, lane=lane)


def _lanes(one: Promotion, other: Promotion) -> Iterator[Finding]:
    admitted, admits = _admits(one, other), _admits(other, one)
    if one.terms.lane and one.terms.lane == other.terms.lane:
        if admitted and admits:
            lane = one.terms.lane
            yield finding(Severity.WARNING, "lint.own_lane", one, other, other=other.terms.name, lane=lane)
        return
    for first, second, said, answered in ((one, other, admitted, admits), (other, one, admits, admitted)):
        if said and not answered and second.terms.combines_with is not None:
            yield finding(Severity.WARNING, "lint.one_sided", first, second, other=second.terms.name)


def _admits(one: Promotion, other: Promotion) -> bool:
    """Whether *one* names the lane of *other*."""
    return other.terms.lane in (one.terms.combines_with or ())


def _exclusives(one: Promotion, other: Promotion) -> Iterator[Finding]:
    priority = one.terms.priority
    if one.terms.exclusive and other.terms.exclusive and priority == other.terms.priority:
        yield finding(Severity.WARNING, "lint.equal_exclusives", one, other, other=other.terms.name, priority=priority)


def _budgets(one: Promotion, other: Promotion) -> Iterator[Finding]:
    for mine in one.terms.budgets:
        for theirs in other.terms.budgets:
            places = {(budget_key(each.campaign, each.funder), each.limit.currency) for each in (mine, theirs)}
            if len(places) == 1 and mine.limit != theirs.limit:
                yield finding(
                    Severity.ERROR,
                    "lint.budget_limits",
                    one,
                    other,
                    other=other.terms.name,
                    campaign=mine.campaign,
                    limit=mine.limit,
                    other_limit=theirs.limit,
                )
