"""Promotions that were chosen, applied one after the other: each by its scope, on what the ones before have left.

The order is fixed: units (what is on the shelf first), lines, the order, then shipping and fees; within a scope by
priority. A condition on what discounts have left is asked when its promotion's turn comes.
"""

from collections.abc import Sequence
from typing import Final

import attrs

from tokolib.conditions import at_least, holds, why_not
from tokolib.kernel.policies import FloorPolicy
from tokolib.kernel.quick import quick
from tokolib.pricing.facts import LATE_FACTS
from tokolib.pricing.lost import Lost, Why
from tokolib.pricing.promotions.benefits import Combination, Gift, Scope, Tiered
from tokolib.pricing.promotions.giving.candidates import Candidate, Granted
from tokolib.pricing.promotions.giving.combos import combine, make
from tokolib.pricing.promotions.giving.funding import borne
from tokolib.pricing.promotions.giving.plain import holding, off, tiered
from tokolib.pricing.promotions.giving.workings import Parts, Terrain, Workings
from tokolib.pricing.promotions.giving.worth import worth
from tokolib.pricing.promotions.model import budget_key

STAGES: Final = {scope: at for at, scope in enumerate(Scope)}
"""The place of each scope in the order in which promotions apply."""


@attrs.frozen(eq=False)
class Applied:
    """What came of applying some candidates: the terrain they left, what each gave, and who came to nothing."""

    terrain: Terrain
    granted: tuple[tuple[Candidate, Granted], ...]
    idle: tuple[tuple[Candidate, Lost], ...]

    @property
    def given(self) -> int:
        """All that was given, in minor units."""
        return sum([granted.amount for _, granted in self.granted])


def apply(chosen: Sequence[Candidate], ground: Terrain) -> Applied:
    """Let *chosen* apply to a fresh copy of *ground*; they are given in the order in which they decide."""
    terrain = ground.fresh()
    granted: list[tuple[Candidate, Granted]] = []
    idle: list[tuple[Candidate, Lost]] = []
    spent: dict[str, int] = {}
    for candidate in sorted(chosen, key=_stage):
        if candidate.rule.waits and (lost := _late(candidate, terrain)) is not None:
            idle.append((candidate, lost))
            continue
        workings = terrain.lines if candidate.rule.charges is None else terrain.charges
        parts, terms = parts_of(candidate, workings, terrain), candidate.rule.promotion.terms
        given = parts.given
        if not given and not isinstance(terms.benefit, Gift):
            idle.append((candidate, Lost(terms.name, _why_nothing(candidate, parts, workings))))
        elif candidate.spendable and (over := _over_budget(candidate, parts, spent)) is not None:
            idle.append((candidate, Lost(terms.name, Why.BUDGET, over)))
        else:
            workings.take(candidate, parts)
            granted.append((candidate, _granted(candidate, parts, given)))
    return Applied(terrain, tuple(granted), tuple(idle))


def _stage(candidate: Candidate) -> int:
    return STAGES[candidate.rule.scope]


def parts_of(candidate: Candidate, workings: Workings, terrain: Terrain) -> Parts:
    """What a candidate takes of what is left now."""
    rule, policies = candidate.rule, terrain.policies
    terms = rule.promotion.terms
    if rule.cut is not None:
        if terms.on_shelf and policies.floor is FloorPolicy.REDISTRIBUTED:
            policies = attrs.evolve(policies, floor=FloorPolicy.LOST)  # the shelf knows no other lines
        return off(candidate, rule.cut, rule.scope, workings, policies)
    match terms.benefit:
        case Tiered() as benefit:
            parts = tiered(candidate, benefit, workings, policies)
            return attrs.evolve(parts, steps=holding(candidate, benefit, workings, policies))
        case Combination() as benefit:
            return combine(candidate, benefit, workings, policies)
        case _:  # a gift takes nothing of anything
            return Parts((), 0, 0)


def _why_nothing(candidate: Candidate, parts: Parts, workings: Workings) -> Why:
    """Why a candidate that may apply takes nothing of what is left."""
    benefit = candidate.promotion.terms.benefit
    if parts.floored:
        return Why.FLOOR
    if candidate.counts_pieces and not any(workings.units[i] for targets in candidate.targets for i in targets):
        return Why.BY_PIECE
    if isinstance(benefit, Tiered) and not parts.steps:
        return Why.NO_STEP
    if isinstance(benefit, Combination) and not make(candidate, benefit, workings).times:
        return Why.TOO_FEW
    return Why.NOTHING_LEFT


def _late(candidate: Candidate, terrain: Terrain) -> Lost | None:
    """Why its conditions don't hold now, when they ask what is left by now."""
    rule = candidate.rule
    terms = rule.promotion.terms
    late_minimum = terms.at_least is not None and terrain.minimum_fact in LATE_FACTS
    if not (rule.asks_late or late_minimum):
        return None
    facts = {**terrain.facts, **terrain.late_facts()}
    if rule.asks_late and rule.conditions is not None and rule.conditions(facts) is not True:
        return Lost(terms.name, Why.CONDITIONS, "", why_not(terms.conditions, facts))
    if late_minimum and terms.at_least is not None:
        reached = at_least(terrain.minimum_fact, terms.at_least.minor_units)
        if not holds(reached, facts):
            return Lost(terms.name, Why.CONDITIONS, "", why_not(reached, facts))
    return None


def _over_budget(candidate: Candidate, parts: Parts, spent: dict[str, int]) -> str | None:
    """The campaign whose budget is too small for what is given; what fits is written into *spent*.

    A budget is taken whole or not at all, so that no customer gets half of what was promised.
    """
    by_funder = borne(candidate.promotion.terms.funding, (amount for _, amount in parts.amounts))
    takes: dict[str, int] = {}
    for each in candidate.spendable:
        place = budget_key(each.campaign, each.funder)
        takes[place] = by_funder.get(each.funder, 0) if each.funder else parts.given
        if each.amount + spent.get(place, 0) + takes[place] > each.limit:
            return each.campaign
    for place, amount in takes.items():
        spent[place] = spent.get(place, 0) + amount
    return None


_made: Final = quick(Granted)


def _granted(candidate: Candidate, parts: Parts, given: int) -> Granted:
    rule, coupon = candidate.rule, candidate.coupon
    promotion, benefit = rule.promotion, rule.promotion.terms.benefit
    return _made(
        promotion.id,
        promotion.terms.name,
        "" if coupon is None else coupon.code,
        rule.scope,
        rule.how,
        rule.percent,
        parts.base,
        parts.wanted,
        given,
        parts.units,
        parts.floored,
        benefit if isinstance(benefit, Gift) else None,
        None if rule.percent is not None else worth(benefit, parts),
    )
