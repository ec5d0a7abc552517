"""Uses of promotions: the names of the counters that hold their limits, and what an order raises them by.

Orders, units, each customer's share of both, the budgets of campaigns, and the orders of a customer: each is a counter
by name, raised in the transaction that places an order and lowered when the order dies. There is no step between: a
reserved use *is* the use, and it is final once its order is placed. Counters bear their limits, so that two buyers
racing for the last use are settled by the storage, not by a read before a write.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

import attrs

from tokolib.catalog.sku import key
from tokolib.kernel.money import LARGEST
from tokolib.kernel.quick import quick
from tokolib.pricing.promotions.giving.candidates import Candidate, Granted
from tokolib.pricing.promotions.giving.funding import borne
from tokolib.pricing.promotions.model import Coupon, Promotion, PromotionUse, Spending

LEDGER: Final = "uses"
"""The ledger that keeps every use (+) and every one given back (-), by counter, with the order it belongs to.

A counter is the sum of its entries of kind `counted`; entries of unlimited promotions are only `noted`.
"""
COUNTED: Final = "counted"
NOTED: Final = "noted"


NOTHING_SHARED: Final[Mapping[str, int]] = {}


class Counted(StrEnum):
    """What a counter counts."""

    COUPON = "coupon"
    """Orders with a coupon, or with the promotion that it stands for."""
    PROMOTION = "promotion"
    """Orders with a promotion that applies by itself."""
    UNITS = "units"
    """Units that were sold for a promotion."""
    BUDGET = "budget"
    """Minor units of a campaign's budget."""
    ORDERS = "orders"
    """Orders of a customer."""


@attrs.frozen
class Claim:
    """One counter that an order raises; `limit` None records it without counting it."""

    account: str
    limit: int | None
    amount: int = 1
    of: Counted = Counted.PROMOTION
    subject: str = ""
    """The promotion, coupon, campaign or customer, in the words of the shop."""
    whose: str = ""
    """The customer whose own limit it is, or the funder whose budget; empty: everybody's."""


def use_of(candidate: Candidate, granted: Granted, amounts: Iterable[int]) -> PromotionUse:
    """The use of a promotion that gave *amounts*, with the limits that hold for it."""
    if candidate.coupon is None and not candidate.rule.limited:
        return candidate.rule.plain_use
    terms = candidate.promotion.terms
    use = limits_of(candidate.promotion, candidate.coupon)
    limited = terms.unit_limit is not None or terms.units_per_customer is not None
    if not (limited or candidate.spendable):
        return use
    by_funder = borne(terms.funding, amounts)
    spending = tuple(
        attrs.evolve(each, amount=by_funder.get(each.funder, 0) if each.funder else granted.amount)
        for each in candidate.spendable
    )
    return attrs.evolve(use, units=granted.units if limited else 0, spending=spending)


_use: Final = quick(PromotionUse)


def limits_of(
    promotion: Promotion,
    coupon: Coupon | None,
    use: PromotionUse | None = None,
    shared: Mapping[str, int] = NOTHING_SHARED,
) -> PromotionUse:
    """The limits that hold for a promotion and its coupon; units and spending as *use* has them.

    *shared* are the smallest limits of budgets among all that runs, by counter.
    """
    terms = promotion.terms
    limits = {
        budget_counter(each.campaign, terms.currency, each.funder): each.limit.minor_units for each in terms.budgets
    }
    limits.update({counter: min(limit, shared.get(counter, limit)) for counter, limit in limits.items()})
    spending = () if use is None else tuple(_limited(each, limits) for each in use.spending)
    return _use(
        promotion.id,
        "" if coupon is None else coupon.code,
        terms.usage_limit,
        terms.per_customer,
        None if coupon is None else coupon.usage_limit,
        None if coupon is None else coupon.per_customer,
        0 if use is None else use.units,
        terms.unit_limit,
        terms.units_per_customer,
        spending,
    )


def _limited(spending: Spending, limits: dict[str, int]) -> Spending:
    counter = budget_counter(spending.campaign, spending.currency, spending.funder)
    return attrs.evolve(spending, limit=limits.get(counter, spending.limit))


def promotion_counter(promotion_id: str, customer: str) -> str:
    """The counter of a promotion's uses: in all, or by one customer."""
    return f"promo:{promotion_id}:{customer}" if customer else f"promo:{promotion_id}"


def code_counter(code: str, customer: str) -> str:
    """The counter of a coupon's uses: in all, or by one customer."""
    return f"coupon:{code}:{customer}" if customer else f"coupon:{code}"


def unit_counter(promotion_id: str, customer: str) -> str:
    """The counter of the units sold for a promotion: in all, or to one customer."""
    return f"units:{promotion_id}:{customer}" if customer else f"units:{promotion_id}"


def budget_counter(campaign: str, currency: str, funder: str) -> str:
    """The counter of what a campaign has cost in a currency, in its minor units: in all, or one funder."""
    place = f"budget:{key(campaign)}:{currency}"
    return f"{place}:{key(funder)}" if funder else place


def orders_counter(customer: str) -> str:
    """The counter of a customer's orders."""
    return f"orders:{customer}"


PREFIXES: Final = ("promo:", "coupon:", "units:", "budget:", "orders:")
"""How the names of these counters begin."""


def claims(uses: Iterable[PromotionUse], customer: str, order_number: int | None = None) -> tuple[Claim, ...]:
    """The counters that an order of *customer* raises with its *uses*, by name: the order in which all lock them.

    Every use is recorded under its promotion and its code; only limited ones are counted. The orders of a customer
    always are; one that was priced as their *order_number* must be that one.
    """
    found: dict[str, Claim] = {}
    if customer:
        account = orders_counter(customer)
        limit = LARGEST if order_number is None else order_number
        found[account] = Claim(account, limit, 1, Counted.ORDERS, customer)
    for use in uses:
        for claim in _claims(use, customer):
            before = found.get(claim.account)
            found[claim.account] = claim if before is None else _both(before, claim)
    return tuple(found[account] for account in sorted(found))


def _claims(use: PromotionUse, customer: str) -> Iterable[Claim]:
    id, promotion = use.promotion_id, promotion_code(use.promotion_id)
    of, subject = (Counted.COUPON, use.code) if use.code else (Counted.PROMOTION, promotion)
    yield Claim(promotion_counter(id, ""), use.usage_limit, 1, of, subject)
    if use.per_customer is not None:
        yield Claim(promotion_counter(id, customer), use.per_customer, 1, of, subject, customer)
    if use.code:
        yield Claim(code_counter(use.code, ""), use.code_limit, 1, of, subject)
        if use.code_per_customer is not None:
            yield Claim(code_counter(use.code, customer), use.code_per_customer, 1, of, subject, customer)
    if use.unit_limit is not None and use.units:
        yield Claim(unit_counter(id, ""), use.unit_limit, use.units, Counted.UNITS, promotion)
    if use.units_per_customer is not None and use.units:
        yield Claim(unit_counter(id, customer), use.units_per_customer, use.units, Counted.UNITS, promotion, customer)
    for each in use.spending:
        if each.amount:
            account = budget_counter(each.campaign, each.currency, each.funder)
            yield Claim(account, each.limit, each.amount, Counted.BUDGET, each.campaign, each.funder)


def _both(one: Claim, other: Claim) -> Claim:
    """Two claims of one counter as one: of two promotions with one budget, the smaller limit holds."""
    limits = [limit for limit in (one.limit, other.limit) if limit is not None]
    return attrs.evolve(other, amount=one.amount + other.amount, limit=min(limits, default=None))


def promotion_code(promotion_id: str) -> str:
    """The code by which the shop knows a promotion."""
    return promotion_id.removeprefix("prm_")


def limited(wanted: Iterable[Claim]) -> list[Claim]:
    """Those that have a limit, and so a counter."""
    return [claim for claim in wanted if claim.limit is not None]
