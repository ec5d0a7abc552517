"""Every amount of a plan as a reason, in a tree whose amounts add up."""

from collections.abc import Sequence

import attrs

from tokolib.inventory.sourcing.costs import SourcingCost
from tokolib.inventory.sourcing.model import Allocation, SourcingParts, Unsourced
from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.money import Money


@attrs.frozen(kw_only=True)
class Proof:
    """What is known of all other plans."""

    exact: bool
    lower: int
    work: int
    left: int
    """Sets of sets of locations that weren't looked into."""


def parts_of(allocations: Sequence[Allocation], short: Sequence[Unsourced], cost: SourcingCost) -> SourcingParts:
    """What a plan costs, from the terms alone."""
    used = {each.location for each in allocations}
    return SourcingParts(
        use=sum(cost.locations[location].use for location in used),
        handling=sum(cost.locations[each.location].handling(each.key) * each.steps for each in allocations),
        carriage=sum(cost.carriage(each.location, each.key) * each.steps for each in allocations),
        splits=cost.split * max(len(used) - 1, 0),
        short=sum(cost.shortage(each.key) * each.steps for each in short),
    )


def explained(
    allocations: Sequence[Allocation],
    short: Sequence[Unsourced],
    cost: SourcingCost,
    parts: SourcingParts,
    proof: Proof,
) -> Reason:
    """The plan: each location with what leaves from it, further parcels, what is short, and what is proved."""
    used = {each.location for each in allocations}
    below = [_location(place, allocations, cost) for place in cost.order if place in used]
    if len(used) > 1:
        each = Money(cost.split, cost.currency)
        below.append(
            reason("inventory.source_splits", Money(parts.splits, cost.currency), further=len(used) - 1, each=each)
        )
    below += [_short(each, cost) for each in short]
    below.append(_proof(proof, cost))
    return reason("inventory.source_plan", Money(parts.total, cost.currency), *below, parcels=len(used))


def _location(location: str, allocations: Sequence[Allocation], cost: SourcingCost) -> Reason:
    use = cost.locations[location].use
    here = [each for each in allocations if each.location == location]
    prices = [cost.per_step(location, each.key) for each in here]
    total = use + sum(price * each.steps for price, each in zip(prices, here, strict=True))
    return reason(
        "inventory.source_location",
        Money(total, cost.currency),
        reason("inventory.source_use", Money(use, cost.currency)),
        *(_goods(each, price, cost) for price, each in zip(prices, here, strict=True)),
        location=location,
        steps=sum(each.steps for each in here),
    )


def _goods(given: Allocation, price: int, cost: SourcingCost) -> Reason:
    return reason(
        "inventory.source_goods",
        Money(price * given.steps, cost.currency),
        steps=given.steps,
        key=given.key,
        demand=given.demand,
        each=Money(price, cost.currency),
    )


def _short(given: Unsourced, cost: SourcingCost) -> Reason:
    price = cost.shortage(given.key)
    return reason(
        "inventory.source_short",
        Money(price * given.steps, cost.currency),
        steps=given.steps,
        key=given.key,
        demand=given.demand,
        each=Money(price, cost.currency),
    )


def _proof(proof: Proof, cost: SourcingCost) -> Reason:
    if proof.exact:
        return reason("inventory.source_exact")
    lower = Money(proof.lower, cost.currency)
    return reason("inventory.source_bounded", None, lower=lower, work=proof.work, open=proof.left)
