"""What a promotion can give at best, whatever stands beside it, and which promotions can be bounded together.

**Alone.** No promotion gains by what another takes before it: percentages, amounts and fixed prices of less are less.
So what its rule says of goods that are still whole bounds it, floors apart; for steps the step that says most, for
combinations the dearest units that fit.

**Together.** A promotion is *smooth* when a line that costs less before it costs less after it, whatever line that
is, and what it takes in all grows with what there is. Of smooth promotions all together leave no more than any of
them would, and whatever else takes so much in between changes their sum by so much at most. Rounding breaks that by
a few minor units, which `slack` counts. Not smooth: steps and combinations, what waits for a sum or a budget, one
price for several lines or for units that cost differently (what one loses, another gains), and what a floor hands from
line to line.
"""

from fractions import Fraction
from typing import Final

import attrs

from tokolib.kernel.policies import FloorPolicy, PercentRounding, SpreadWeights
from tokolib.kernel.rounding import RoundingMode
from tokolib.pricing.facts import LATE_FACTS
from tokolib.pricing.model import TierMode
from tokolib.pricing.promotions.benefits import (
    Combination,
    FixedPrice,
    Gift,
    Measure,
    Off,
    Percent,
    Scope,
    Tiered,
)
from tokolib.pricing.promotions.cuts import Cut, cut
from tokolib.pricing.promotions.giving.candidates import Candidate
from tokolib.pricing.promotions.giving.combos import make
from tokolib.pricing.promotions.giving.plain import off, tiered
from tokolib.pricing.promotions.giving.workings import Terrain, Workings

SPREAD_SLACK: Final = 4
"""Minor units by which a share of a rounded sum differs, at most, between two ways to the same line."""


def most_alone(candidate: Candidate, ground: Terrain) -> int:
    """The most that *candidate* can give on *ground*, whatever else applies."""
    if isinstance(candidate.promotion.terms.benefit, Gift) or _falls_short(candidate, ground):
        return 0
    workings = _workings(candidate, ground)
    room = sum(workings.room(i) for i in {i for row in candidate.targets for i in row})
    limits = [room, _by_rule(candidate, workings, ground)]
    limits += [max(each.limit - each.amount, 0) for each in candidate.spendable if not each.funder]
    if (cap := candidate.promotion.terms.cap) is not None:
        limits.append(cap.minor_units)
    return min(limits)


def _workings(candidate: Candidate, ground: Terrain) -> Workings:
    return ground.lines if candidate.rule.charges is None else ground.charges


def _falls_short(candidate: Candidate, ground: Terrain) -> bool:
    """Whether a minimum isn't reached even now, before others take of it."""
    minimum, fact = candidate.promotion.terms.at_least, ground.minimum_fact
    return minimum is not None and fact in LATE_FACTS and ground.late_facts()[fact] < minimum.minor_units


def _by_rule(candidate: Candidate, workings: Workings, ground: Terrain) -> int:
    """What the rule says of what there is, with its cap and without any floor."""
    policies = ground.policies
    bare = attrs.evolve(workings, floors=[0] * len(workings.floors))
    match candidate.promotion.terms.benefit:
        case Off(value=value, scope=scope):
            return off(candidate, cut(value), scope, bare, policies).given
        case Tiered(mode=TierMode.VOLUME) as benefit:
            single = (attrs.evolve(benefit, steps=(step,)) for step in benefit.steps)
            return max(tiered(candidate, each, bare, policies).given for each in single)
        case Tiered(by=Measure.SUBTOTAL) as benefit:
            return tiered(candidate, benefit, bare, policies).given
        case Tiered() as benefit:
            return sum(_dearest_step(benefit, i, bare, policies.line_rounding) for i in candidate.targets[0])
        case Combination() as benefit:
            return _of_combinations(candidate, benefit, bare, policies.line_rounding)
        case Gift():
            return 0


def _dearest_step(benefit: Tiered, i: int, workings: Workings, mode: RoundingMode) -> int:
    """What the best step would take of every unit of a line, with a minor unit for the rounding of each."""
    units, rest = workings.units[i], workings.rest[i]
    return units and max(cut(step.value).of_each(rest, units, mode) for step in benefit.steps) + units


def _of_combinations(candidate: Candidate, benefit: Combination, workings: Workings, mode: RoundingMode) -> int:
    """What the most combinations take of the dearest units that fit; the cheap ones may be gone."""
    times = make(candidate, benefit, workings).times
    rows = [
        _dearest(targets, times * part.quantity, workings, cut(part.value) if part.value else None, mode)
        for part, targets in zip(benefit.parts, candidate.targets, strict=True)
        if part.value is not None or benefit.value is not None
    ]
    everything = int(sum(map(sum, rows), Fraction(0)))
    if benefit.value is None:
        return everything
    whole = cut(benefit.value)
    if whole.price is None:
        return whole.of(everything + 1, times, mode) + times
    costs = [Fraction(0)] * times
    for part, row in zip(benefit.parts, rows, strict=True):
        for at in range(times):
            costs[at] += sum(row[at * part.quantity : (at + 1) * part.quantity], Fraction(0))
    return sum(whole.of(-int(-cost // 1), 1, mode) for cost in costs)


def _dearest(
    targets: tuple[int, ...], count: int, workings: Workings, value: Cut | None, mode: RoundingMode
) -> list[Fraction]:
    """What each of *count* units costs, or gets by *value*, the most first."""
    rows = []
    for i in targets:
        units, rest = workings.units[i], workings.rest[i]
        rows.append((Fraction(rest if value is None else value.of_each(rest, units, mode), units), units))
    found: list[Fraction] = []
    for each, units in sorted(rows, reverse=True):
        found += [each] * min(units, count - len(found))
    return found


def is_smooth(candidate: Candidate, ground: Terrain) -> bool:
    """Whether it may be bounded together with others of its like."""
    terms, policies = candidate.promotion.terms, ground.policies
    waits = candidate.rule.asks_late or candidate.spendable
    if waits or (terms.at_least is not None and ground.minimum_fact in LATE_FACTS):
        return False
    if not isinstance(terms.benefit, Off):
        return False
    if terms.benefit.scope is Scope.LINE and ground.lines.lines is not None:
        return False
    targets = candidate.targets[0]
    if len(targets) == 1:
        return True
    hands_over = policies.floor is FloorPolicy.REDISTRIBUTED and not terms.on_shelf
    if hands_over and any(_workings(candidate, ground).floors[i] for i in targets):
        return False
    if not _goes_by_sum(terms.benefit, policies.percent_rounding):
        return True
    by_base = policies.spread_weights is SpreadWeights.BEFORE_DISCOUNTS
    return not by_base and not isinstance(terms.benefit.value, FixedPrice)


def _goes_by_sum(benefit: Off, rounding: PercentRounding) -> bool:
    """Whether it is reckoned of all its lines at once, and spread over them."""
    if benefit.scope is Scope.UNIT:
        return False
    if isinstance(benefit.value, Percent):
        return rounding is PercentRounding.SUM
    return benefit.scope is not Scope.LINE


def slack(candidate: Candidate, ground: Terrain) -> int:
    """What rounding may add to the bound that a smooth promotion is part of, in minor units."""
    terms, workings, policies = candidate.promotion.terms, _workings(candidate, ground), ground.policies
    if not isinstance(terms.benefit, Off):
        return 0
    targets = candidate.targets[0]
    found = 0
    if len(targets) > 1 and (_goes_by_sum(terms.benefit, policies.percent_rounding) or terms.cap is not None):
        found += SPREAD_SLACK * len(targets)
    by_unit = terms.benefit.scope is Scope.UNIT or policies.percent_rounding is PercentRounding.UNIT
    if by_unit and isinstance(terms.benefit.value, Percent):
        found += sum(workings.units[i] + 1 for i in targets)
    return found
