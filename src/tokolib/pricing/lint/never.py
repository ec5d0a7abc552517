"""Promotions that can never apply, as things stand."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from tokolib.conditions import (
    All,
    AnyOf,
    Compare,
    Not,
    OneOf,
    Operator,
    Overlaps,
    Predicate,
    at_least,
    can_hold,
    contradictions,
    ends,
    verdict,
)
from tokolib.conditions.facts import FactValue
from tokolib.kernel.money import Money
from tokolib.pricing.lint.findings import Finding, Good, Known, Severity, finding
from tokolib.pricing.price import MINIMUM_FACTS
from tokolib.pricing.promotions.benefits import Combination, FixedPrice, Gift, Off, Scope, Tiered
from tokolib.pricing.promotions.model import Coupon, Promotion, Terms
from tokolib.pricing.promotions.uses import budget_counter, code_counter, promotion_counter, unit_counter

NAMES: Final = {"sku": "key", "categories": "categories", "tags": "tags", "product": "product_id"}
"""What a target may name, and where goods have it."""


def never(promotion: Promotion, known: Known) -> Iterator[Finding]:
    """Why *promotion* can't apply to any cart from now on, and what of it can't."""
    yield from _contradictions(promotion, known)
    yield from _over(promotion, known)
    yield from _used_up(promotion, known)
    yield from _without_coupon(promotion, known)
    if promotion.terms.currency not in ("", known.currency, *known.currencies):
        yield finding(
            Severity.ERROR, "lint.other_currency", promotion, currency=promotion.terms.currency, shop=known.currency
        )
    yield from _too_few_units(promotion)
    if known.goods is not None and all(map(can_hold, line_targets(promotion.terms))):
        yield from _without_goods(promotion, known.goods)
        yield from _never_cheaper(promotion, known.goods, known.currency)


def premise(terms: Terms, known: Known) -> Predicate:
    """All that must hold of an order for *terms*: the conditions, and the minimum."""
    if terms.at_least is None:
        return terms.conditions
    return All((terms.conditions, at_least(MINIMUM_FACTS[known.policies.thresholds], terms.at_least.minor_units)))


def line_targets(terms: Terms) -> tuple[Predicate, ...]:
    """What the lines must be that *terms* are about; none for shipping, fees and gifts."""
    match terms.benefit:
        case Off(scope=Scope.SHIPPING | Scope.FEES) | Gift():
            return ()
        case Off(target=which) | Tiered(target=which):
            return (which,)
        case Combination(parts=parts):
            return tuple(part.which for part in parts)


def may_fit(which: Predicate, good: Good) -> bool:
    """Whether a line of *good* may be what *which* asks for; what it costs, and how many there are, is open."""
    facts: dict[str, FactValue] = {
        "sku": good.key,
        "product": good.product_id,
        "categories": frozenset(good.categories),
        "tags": frozenset(good.tags),
    }
    if good.attributes is not None:
        facts["attributes"] = frozenset(good.attributes)
    return verdict(which, facts) is not False


def _contradictions(promotion: Promotion, known: Known) -> Iterator[Finding]:
    terms = promotion.terms
    asked = (terms.conditions, premise(terms, known), *line_targets(terms))
    for which in asked:
        if not can_hold(which):
            fault = contradictions(which)[0]
            yield finding(Severity.ERROR, "lint.contradiction", promotion, fault=str(fault))
            return
    for which in (terms.conditions, *line_targets(terms)):
        for fault in contradictions(which):
            yield finding(Severity.NOTE, "lint.dead_branch", promotion, fault=str(fault))


def _over(promotion: Promotion, known: Known) -> Iterator[Finding]:
    terms = promotion.terms
    moments = [each for each in (terms.until, ends(terms.conditions)) if each is not None]
    if moments and min(moments) <= known.now:
        yield finding(Severity.ERROR, "lint.over", promotion, at=min(moments), time_zone=terms.zone)


def _used_up(promotion: Promotion, known: Known) -> Iterator[Finding]:
    terms, used = promotion.terms, known.used
    limits = [
        (used.get(promotion_counter(promotion.id, ""), 0), terms.usage_limit, True),
        (used.get(unit_counter(promotion.id, ""), 0), terms.unit_limit, True),
    ]
    for budget in terms.budgets if not isinstance(terms.benefit, Gift) else ():
        spent = used.get(budget_counter(budget.campaign, terms.currency, budget.funder), 0)
        limits.append((spent, budget.limit.minor_units, budget.funder == ""))
    for count, limit, certain in limits:
        if limit is not None and count >= limit:
            yield finding(Severity.ERROR, "lint.used_up", promotion, certain=certain, used=count, limit=limit)
            return


def _without_coupon(promotion: Promotion, known: Known) -> Iterator[Finding]:
    if not promotion.terms.by_coupon:
        return
    own = (coupon for coupon in known.coupons if coupon.promotion_id == promotion.id)
    if not any(may_be_given(coupon, known) for coupon in own):
        yield finding(Severity.ERROR, "lint.no_coupon", promotion)


def may_be_given(coupon: Coupon, known: Known) -> bool:
    """Whether a *coupon* is of use to anybody from now on."""
    used_up = coupon.usage_limit is not None and known.used.get(code_counter(coupon.code, ""), 0) >= coupon.usage_limit
    return coupon.active and not used_up and not _is_past(coupon.until, known.now)


def _is_past(until: datetime | None, now: datetime) -> bool:
    return until is not None and until <= now


def _too_few_units(promotion: Promotion) -> Iterator[Finding]:
    terms = promotion.terms
    limits = [limit for limit in (terms.unit_limit, terms.units_per_customer) if limit is not None]
    if isinstance(terms.benefit, Combination) and limits:
        needed = sum(part.quantity for part in terms.benefit.parts)
        if min(limits) < needed:
            yield finding(Severity.ERROR, "lint.too_few_units", promotion, needed=needed, limit=min(limits))


def _without_goods(promotion: Promotion, goods: Sequence[Good]) -> Iterator[Finding]:
    gift = promotion.terms.benefit
    if isinstance(gift, Gift) and all(good.key != gift.key for good in goods):
        yield finding(Severity.ERROR, "lint.no_gift", promotion, sku=gift.sku)
        return
    targets = line_targets(promotion.terms)
    if not all(any(may_fit(which, good) for good in goods) for which in targets):
        yield finding(Severity.ERROR, "lint.no_goods", promotion)
        return
    known = {name: _all_of(name, goods) for name in NAMES}
    named = dict.fromkeys(name for which in targets for name in _named(which) if name[1] not in known[name[0]])
    if named:
        unknown = ", ".join(f"{fact} {value}" for fact, value in named)
        yield finding(Severity.WARNING, "lint.unknown_goods", promotion, certain=False, unknown=unknown)


def _all_of(name: str, goods: Sequence[Good]) -> frozenset[str]:
    found = (getattr(good, NAMES[name]) for good in goods)
    return frozenset(name for each in found for name in ((each,) if isinstance(each, str) else each))


def _named(which: Predicate) -> Iterable[tuple[str, str]]:
    """The goods, categories and tags that a target names, with the fact that it asks for them by."""
    match which:
        case All(of=parts) | AnyOf(of=parts):
            yield from (each for part in parts for each in _named(part))
        case Not(of=part):
            yield from _named(part)
        case OneOf(fact=fact, values=values) if fact in NAMES:
            yield from ((fact, value) for value in values if isinstance(value, str))
        case Overlaps(fact=fact, values=texts) if fact in NAMES:
            yield from ((fact, value) for value in texts)
        case Compare(fact=fact, operator=Operator.EQUAL, value=str() as value) if fact in NAMES:
            yield fact, value
        case _:
            return


def _never_cheaper(promotion: Promotion, goods: Sequence[Good], currency: str) -> Iterator[Finding]:
    match promotion.terms.benefit:
        case Off(value=FixedPrice(price=fixed), scope=Scope.UNIT, target=which) if fixed.currency.code == currency:
            prices = [good.price for good in goods if may_fit(which, good)]
            known = [each for each in prices if each is not None]
            if known and len(known) == len(prices) and max(known) <= fixed.minor_units:
                dearest = Money(max(known), fixed.currency)
                yield finding(
                    Severity.WARNING, "lint.never_cheaper", promotion, certain=False, price=fixed, dearest=dearest
                )
        case _:
            return
