"""What a value takes off units, lines, the order or charges, by scope; and by tiers.

Each function reads what earlier promotions have left and answers what is to be taken; it writes nothing.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from tokolib.kernel.money import LARGEST
from tokolib.kernel.policies import PercentRounding, Policies, SpreadWeights
from tokolib.kernel.quick import quick
from tokolib.kernel.spread import spread
from tokolib.pricing.model import TierMode
from tokolib.pricing.promotions.benefits import Measure, Scope, Step, Tiered
from tokolib.pricing.promotions.cuts import Cut, cut
from tokolib.pricing.promotions.giving.candidates import Candidate
from tokolib.pricing.promotions.giving.workings import Parts, Workings, fitted

_parts: Final = quick(Parts)

_UNIT, _LINE, _SUM, _BEFORE = Scope.UNIT, Scope.LINE, PercentRounding.SUM, SpreadWeights.BEFORE_DISCOUNTS
"""By names of their own: looked up on its class, each costs more than what it is compared with."""


def off(candidate: Candidate, value: Cut, scope: Scope, workings: Workings, policies: Policies) -> Parts:
    """What *value* takes off the targets of *candidate*, by *scope*."""
    targets = candidate.targets[0]
    if scope is _UNIT:
        return _off_units(candidate, value, targets, workings, policies)
    if scope is _LINE and not value.is_percentage:
        return _off_each(candidate, value, targets, workings, policies)
    return _off_sum(candidate, value, targets, workings, policies)


def _off_units(
    candidate: Candidate, value: Cut, targets: Sequence[int], workings: Workings, policies: Policies
) -> Parts:
    """Off every unit, first come first served where units are limited; measured goods as one amount."""
    mode, left = policies.line_rounding, candidate.units
    wanted: list[tuple[int, int]] = []
    base = had = promised = 0
    measured = workings.measured(value, policies)
    for i in targets:
        units, amount = workings.units[i], measured[i]
        count = units if left is None else min(units, left)
        if units == 0:
            taken = value.of(amount, workings.quantities[i], mode) if left is None else 0
        elif count == 0:
            continue
        else:
            amount = amount if count == units else amount * count // units
            taken = value.of_each(amount, count, mode)
        left = None if left is None else left - count
        base, had = base + amount, had + count
        promised += taken if value.amount is None or units == 0 else value.amount * count
        wanted.append((i, min(taken, workings.rest[i])))
    units = had if candidate.units is not None else 0
    return _limited(candidate, wanted, base, promised, workings, policies, units=units)


def _off_each(
    candidate: Candidate, value: Cut, targets: Sequence[int], workings: Workings, policies: Policies
) -> Parts:
    """Off each line by itself, rounded for the line or, by policy, for one of its units."""
    by_unit = value.is_percentage and policies.percent_rounding is PercentRounding.UNIT
    wanted: list[tuple[int, int]] = []
    base = promised = 0
    measured = workings.measured(value, policies)
    for row in workings.rows(targets):
        amount, left = sum([measured[i] for i in row]), [workings.rest[i] for i in row]
        base += amount
        if by_unit and (units := sum([workings.units[i] for i in row])):
            taken = value.of_each(amount, units, policies.line_rounding)
        else:
            taken = value.of(amount, 1, policies.line_rounding)
        promised += taken if value.amount is None else value.amount
        taken = min(taken, sum(left))
        parts = (taken,) if len(row) == 1 else spread(taken, left, policies.remainder, at_most=left)
        wanted.extend(zip(row, parts, strict=True))
    return _limited(candidate, wanted, base, promised, workings, policies)


def _off_sum(candidate: Candidate, value: Cut, targets: Sequence[int], workings: Workings, policies: Policies) -> Parts:
    """Off all of them together: reckoned and rounded once, and spread over them."""
    if value.is_percentage and policies.percent_rounding is not _SUM:
        return _off_each(candidate, value, targets, workings, policies)
    rest, measured = workings.rest, workings.measured(value, policies)
    left = [rest[i] for i in targets]
    base = sum(left) if measured is rest else sum([measured[i] for i in targets])
    promised = value.of(base, 1, policies.line_rounding) if value.amount is None else value.amount
    return _spread(candidate, promised, base, left, workings, policies)


def _spread(
    candidate: Candidate, promised: int, base: int, left: Sequence[int], workings: Workings, policies: Policies
) -> Parts:
    """*promised*, within the cap and what is *left* of the targets, over these by what they cost."""
    targets = candidate.targets[0]
    total = min(promised, sum(left), candidate.rule.cap)
    weights: Sequence[int] = left if policies.spread_weights is not _BEFORE else [workings.bases[i] for i in targets]
    if workings.scales is not None:
        weights = workings.weights(weights, targets)
    parts = spread(total, weights, policies.remainder, at_most=None if weights is left else left)
    amounts, floored = fitted(workings, list(zip(targets, parts, strict=True)), weights, policies)
    return _parts(amounts, base, min(promised, LARGEST), 0, (), floored)


def _limited(
    candidate: Candidate,
    wanted: list[tuple[int, int]],
    base: int,
    promised: int,
    workings: Workings,
    policies: Policies,
    *,
    units: int = 0,
) -> Parts:
    """*wanted* amounts within the cap, and within the floors."""
    whole = sum([amount for _, amount in wanted])
    total = min(whole, candidate.rule.cap)
    if total < whole:
        shares = spread(total, [amount for _, amount in wanted], policies.remainder)
        wanted = [(i, share) for (i, _), share in zip(wanted, shares, strict=True)]
    amounts, floored = fitted(workings, wanted, [workings.rest[i] for i, _ in wanted], policies)
    return _parts(amounts, base, min(promised, LARGEST), units, (), floored)


def tiered(candidate: Candidate, benefit: Tiered, workings: Workings, policies: Policies) -> Parts:
    """What the steps of *benefit* take: the highest that is reached of everything, or each of its own part."""
    targets = candidate.targets[0]
    measured = _measured(candidate, benefit, workings, policies)
    reached = [step for step in benefit.steps if step.reached <= measured]
    if not reached:
        return Parts((), 0, 0)
    if benefit.mode is TierMode.VOLUME:
        return _off_sum(candidate, cut(reached[-1].value), targets, workings, policies)
    if benefit.by is Measure.QUANTITY:
        return _by_unit(candidate, benefit, workings, policies)
    promised = 0
    bounds = [*(step.reached for step in reached[1:]), measured]
    for step, beyond in zip(reached, bounds, strict=True):
        promised += cut(step.value).of(beyond - step.reached, 1, policies.line_rounding)
    return _spread(candidate, promised, measured, [workings.rest[i] for i in targets], workings, policies)


def _measured(candidate: Candidate, benefit: Tiered, workings: Workings, policies: Policies) -> int:
    """What the targets of *benefit* come to, as its steps go by it."""
    amounts = workings.units
    if benefit.by is Measure.SUBTOTAL:
        graduated = benefit.mode is TierMode.GRADUATED
        amounts = workings.measured(cut(benefit.steps[0].value), policies) if graduated else workings.rest
    return sum([amounts[i] for i in candidate.targets[0]])


def holding(candidate: Candidate, benefit: Tiered, workings: Workings, policies: Policies) -> tuple[Step, ...]:
    """The step of *benefit* that holds, or, graduated, those that each hold for their own part."""
    measured = _measured(candidate, benefit, workings, policies)
    reached = [step for step in benefit.steps if step.reached <= measured]
    return tuple(reached if benefit.mode is TierMode.GRADUATED else reached[-1:])


def _by_unit(candidate: Candidate, benefit: Tiered, workings: Workings, policies: Policies) -> Parts:
    """Units counted from the dearest, each with the value of its step."""
    order = sorted(
        (i for i in candidate.targets[0] if workings.units[i]),
        key=lambda i: (-Fraction(workings.rest[i], workings.units[i]), i),
    )
    bounds = [*(step.reached for step in benefit.steps[1:]), LARGEST]
    wanted: dict[int, int] = {}
    base = number = 0
    for i in order:
        units, rest = workings.units[i], workings.rest[i]
        base += rest
        for step, beyond in zip(benefit.steps, bounds, strict=True):
            first, last = max(number, step.reached - 1), min(number + units, beyond - 1)
            if last > first:
                value = cut(step.value)
                whole = workings.measured(value, policies)[i]
                part = whole * (last - number) // units - whole * (first - number) // units
                taken = value.of_each(part, last - first, policies.line_rounding)
                wanted[i] = min(wanted.get(i, 0) + taken, rest)
        number += units
    given = sorted(wanted.items())
    return _limited(candidate, given, base, sum(wanted.values()), workings, policies)
