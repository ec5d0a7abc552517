"""Everything that is wrong with the terms of a promotion, with the path of each fault."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from tokolib.catalog.sku import key
from tokolib.conditions import Always, facts_asked, in_words
from tokolib.conditions.putting import rule_faults
from tokolib.conditions.vocabularies import OF_LINES, OF_PROMOTIONS
from tokolib.kernel.clock import UnknownZone, zone
from tokolib.kernel.errors import Fault, shown
from tokolib.kernel.money import LARGEST, Money
from tokolib.pricing.faults import name_faults, priority_faults, window_faults
from tokolib.pricing.model import ChargeKind, TierMode
from tokolib.pricing.promotions.benefits import (
    MOST_PARTS,
    MOST_STEPS,
    AmountOff,
    Combination,
    FixedPrice,
    Gift,
    Measure,
    Off,
    Percent,
    Scope,
    Tiered,
    Value,
)
from tokolib.pricing.promotions.model import Terms, budget_key

HUNDRED: Final = 100
ON_SHELF_FACTS: Final = frozenset({"channel", "customer_groups", "currency", "now", *OF_LINES.facts} - {"quantity"})
"""What is known before there is a cart."""


def term_faults(terms: Terms) -> Iterator[Fault]:
    """Everything that is wrong with *terms*."""
    yield from name_faults(terms.name)
    yield from _benefit_faults(terms)
    yield from _amount_faults(terms, "at_least", terms.at_least)
    yield from _amount_faults(terms, "cap", terms.cap)
    yield from limit_faults(
        usage_limit=terms.usage_limit,
        per_customer=terms.per_customer,
        unit_limit=terms.unit_limit,
        units_per_customer=terms.units_per_customer,
    )
    yield from _units_faults(terms)
    yield from _money_faults(terms)
    yield from _stacking_faults(terms)
    yield from priority_faults(terms.priority)
    yield from window_faults(terms.since, terms.until)
    yield from rule_faults("conditions", terms.conditions, OF_PROMOTIONS)
    yield from _shelf_faults(terms)
    try:
        zone(terms.zone)
    except UnknownZone as error:
        yield Fault("zone", "pricing.unknown", str(error), terms.zone)


def _benefit_faults(terms: Terms) -> Iterator[Fault]:
    match terms.benefit:
        case Off(value=value, scope=scope, target=target, charges=kinds):
            yield from _value_faults(terms, "benefit.value", value)
            yield from rule_faults("benefit.target", target, OF_LINES)
            if scope in (Scope.SHIPPING, Scope.FEES) and not isinstance(target, Always):
                yield Fault(
                    "benefit.target",
                    "pricing.no_lines",
                    f"{scope} has no lines to target; use conditions",
                    in_words(target, "en"),
                )
            if kinds and (scope is not Scope.FEES or ChargeKind.SHIPPING in kinds):
                yield Fault("benefit.charges", "pricing.no_charges", "only fees are told by kind", ", ".join(kinds))
        case Tiered() as tiered:
            yield from _tier_faults(terms, tiered)
        case Combination() as combination:
            yield from _combination_faults(terms, combination)
        case Gift(sku=sku, quantity=quantity):
            yield from _count_faults("benefit.quantity", quantity)
            if not sku.strip():
                yield Fault("benefit.sku", "pricing.required", "a gift is of a SKU", sku)


def _value_faults(terms: Terms, path: str, value: Value) -> Iterator[Fault]:
    match value:
        case Percent(percent=percent):
            if not 0 < percent <= HUNDRED:
                yield Fault(f"{path}.percent", "pricing.range", "must be above 0 and at most 100", str(percent))
        case AmountOff(amount=amount):
            yield from _amount_faults(terms, f"{path}.amount", amount)
        case FixedPrice(price=price):
            yield from _currency_faults(terms, f"{path}.price", price)
            if price.minor_units < 0:
                yield Fault(f"{path}.price", "pricing.negative", "a price is never negative", str(price))


def _amount_faults(terms: Terms, path: str, money: Money | None) -> Iterator[Fault]:
    if money is None:
        return
    yield from _currency_faults(terms, path, money)
    if money.minor_units <= 0:
        yield Fault(path, "pricing.not_positive", "must be more than zero", str(money))


def _currency_faults(terms: Terms, path: str, money: Money) -> Iterator[Fault]:
    if money.currency.code != terms.currency:
        wanted = f"must be in {terms.currency}" if terms.currency else f'say currency="{money.currency.code}" with it'
        yield Fault(path, "pricing.currency", wanted, str(money))


def _tier_faults(terms: Terms, tiered: Tiered) -> Iterator[Fault]:
    yield from rule_faults("benefit.target", tiered.target, OF_LINES)
    if not 1 <= len(tiered.steps) <= MOST_STEPS:
        yield Fault("benefit.steps", "pricing.bad_count", f"must be 1 to {MOST_STEPS}", str(len(tiered.steps)))
    seen: set[int] = set()
    for i, step in enumerate(tiered.steps):
        path = f"benefit.steps[{i}]"
        if type(step.reached) is not int or not 0 <= step.reached <= LARGEST:
            yield Fault(path, "pricing.not_whole", "must begin at a whole number from 0 to 10^15", shown(step))
            continue
        if step.reached in seen:
            yield Fault(f"{path}.reached", "pricing.repeated", "another step begins here", str(step.reached))
        seen.add(step.reached)
        yield from _value_faults(terms, f"{path}.value", step.value)
        if tiered.mode is TierMode.GRADUATED and tiered.by is Measure.SUBTOTAL and not isinstance(step.value, Percent):
            wanted = "a part of a sum can only be lowered by a percentage"
            yield Fault(f"{path}.value", "pricing.range", wanted, shown(step.value))


def _combination_faults(terms: Terms, combination: Combination) -> Iterator[Fault]:
    parts = combination.parts
    if not 1 <= len(parts) <= MOST_PARTS:
        yield Fault("benefit.parts", "pricing.bad_count", f"must be 1 to {MOST_PARTS}", str(len(parts)))
    for i, part in enumerate(parts):
        path = f"benefit.parts[{i}]"
        yield from _count_faults(f"{path}.quantity", part.quantity)
        yield from rule_faults(f"{path}.which", part.which, OF_LINES)
        if part.value is not None:
            yield from _value_faults(terms, f"{path}.value", part.value)
    yield from limit_faults(**{"benefit.times": combination.times})
    valued = any(part.value is not None for part in parts)
    if valued == (combination.value is not None):
        wanted = "give a value to the whole, or to some of its parts"
        yield Fault("benefit.value", "pricing.one_of", wanted, shown(combination.value))
    elif combination.value is not None:
        yield from _value_faults(terms, "benefit.value", combination.value)


def limit_faults(**limits: int | None) -> Iterator[Fault]:
    """Limits that count nothing, by path; None is no limit."""
    for path, limit in limits.items():
        if limit is not None and (type(limit) is not int or not 0 < limit <= LARGEST):
            wanted = "must be a whole number from 1 to 10^15, or None for no limit"
            yield Fault(path, "pricing.not_positive", wanted, shown(limit))


def _count_faults(path: str, count: int) -> Iterator[Fault]:
    if type(count) is not int or not 0 < count <= LARGEST:
        yield Fault(path, "pricing.not_positive", "must be a whole number from 1 to 10^15", shown(count))


def _units_faults(terms: Terms) -> Iterator[Fault]:
    if terms.unit_limit is None and terms.units_per_customer is None:
        return
    match terms.benefit:
        case Off(scope=Scope.UNIT) | Combination():
            return
        case _:
            path = "unit_limit" if terms.unit_limit is not None else "units_per_customer"
            wanted = "only what goes by units (scope unit, combinations) can be limited in units"
            yield Fault(path, "pricing.no_units", wanted, shown(terms.unit_limit or terms.units_per_customer))


def _money_faults(terms: Terms) -> Iterator[Fault]:
    total = Decimal(0)
    for i, funding in enumerate(terms.funding):
        path = f"funding[{i}]"
        total += funding.percent
        if not 0 < funding.percent <= HUNDRED:
            yield Fault(f"{path}.percent", "pricing.range", "must be above 0 and at most 100", str(funding.percent))
        if not (funding.funder.strip() and funding.funder.isprintable() and ":" not in key(funding.funder)):
            yield Fault(f"{path}.funder", "pricing.required", "must be a name without a colon", funding.funder)
    if total > HUNDRED:
        yield Fault("funding", "pricing.range", "must not add up to more than 100 percent", str(total))
    if len({key(funding.funder) for funding in terms.funding}) < len(terms.funding):
        yield Fault("funding", "pricing.repeated", "names a funder twice", _funders(terms))
    for i, budget in enumerate(terms.budgets):
        path = f"budgets[{i}]"
        yield from _amount_faults(terms, f"{path}.limit", budget.limit)
        if not (budget.campaign.strip() and budget.campaign.isprintable() and ":" not in key(budget.campaign)):
            yield Fault(f"{path}.campaign", "pricing.required", "must be a name without a colon", budget.campaign)
        if budget.funder and budget.funder not in {funding.funder for funding in terms.funding}:
            yield Fault(f"{path}.funder", "pricing.unknown", "bears nothing of this promotion", budget.funder)
    places = [budget_key(budget.campaign, budget.funder) for budget in terms.budgets]
    for i, place in enumerate(places):
        if place in places[:i]:
            message = "names a campaign twice for one funder: one limit holds"
            yield Fault(f"budgets[{i}].campaign", "pricing.repeated", message, terms.budgets[i].campaign)


def _funders(terms: Terms) -> str:
    return ", ".join([funding.funder for funding in terms.funding])


def _stacking_faults(terms: Terms) -> Iterator[Fault]:
    if terms.lane:
        yield from name_faults(terms.lane, "lane")
    for i, lane in enumerate(terms.combines_with or ()):
        if lane:
            yield from name_faults(lane, f"combines_with[{i}]")
    if terms.exclusive and (terms.combines_with or terms.stop):
        wanted = "what applies alone combines with nothing, and has nothing to stop"
        yield Fault("exclusive", "pricing.contradiction", wanted, "True")
    if terms.lane and terms.combines_with is not None and terms.lane in terms.combines_with:
        wanted = "of one lane only one applies, so it can't combine with its own"
        yield Fault("combines_with", "pricing.contradiction", wanted, terms.lane)


def _shelf_faults(terms: Terms) -> Iterator[Fault]:
    if not terms.on_shelf:
        return
    benefit = terms.benefit
    if not (isinstance(benefit, Off) and benefit.scope is Scope.UNIT):
        yield Fault("on_shelf", "pricing.not_on_shelf", "the shelf shows the price of one unit: scope unit", "True")
        return
    asked = facts_asked(terms.conditions) | facts_asked(benefit.target)
    if unknown := sorted(asked - ON_SHELF_FACTS):
        wanted = f"the shelf knows only {', '.join(sorted(ON_SHELF_FACTS))}"
        yield Fault("conditions", "pricing.not_on_shelf", wanted, ", ".join(unknown))
    beyond = (terms.at_least, terms.cap, terms.usage_limit, terms.per_customer, terms.units_per_customer)
    if terms.by_coupon or any(each is not None for each in beyond):
        yield Fault("on_shelf", "pricing.not_on_shelf", "the shelf knows no coupon, cart or customer", "True")
    if campaigns := ", ".join([budget.campaign for budget in terms.budgets]):
        yield Fault(
            "budgets", "pricing.not_on_shelf", "a price that is shown must not end with a cart's size", campaigns
        )
