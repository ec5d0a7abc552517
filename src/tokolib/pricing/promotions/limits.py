"""Limits of uses: which counters bear on promotions and coupons, which limit is reached, and what is left.

How the counters are named, and what an order raises them by, says `uses.py`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from tokolib.pricing.lost import Why
from tokolib.pricing.promotions.model import Coupon, Promotion, Spending, Terms
from tokolib.pricing.promotions.uses import budget_counter, code_counter, promotion_counter, unit_counter

Limit: TypeAlias = tuple[Callable[[str, str], str], str, int | None, int | None]
"""How a counter is named, of what, and its limits: in all, and for each customer."""

_REACHED: Final = {
    False: (Why.EXHAUSTED, Why.CUSTOMER_EXHAUSTED),
    True: (Why.UNITS_EXHAUSTED, Why.CUSTOMER_UNITS_EXHAUSTED),
}
"""What a reached limit is called, in all and of one customer: of orders, and of units."""


def counters(promotions: Iterable[Promotion], coupons: Iterable[Coupon], customer: str) -> Iterator[str]:
    """The counters that tell how often *promotions* and *coupons* were used, in all and by *customer*.

    What has no limit has no counter.
    """
    for promotion in promotions:
        yield from _counters(_of_orders(promotion), customer)
        yield from _counters(_of_units(promotion), customer)
        for budget in promotion.terms.budgets:
            yield budget_counter(budget.campaign, promotion.terms.currency, budget.funder)
    for coupon in coupons:
        yield from _counters(_of_code(coupon), customer)


def _counters(limit: Limit, customer: str) -> Iterator[str]:
    counter, name, total, each = limit
    if total is not None:
        yield counter(name, "")
    if each is not None and customer:
        yield counter(name, customer)


def _of_orders(promotion: Promotion) -> Limit:
    return promotion_counter, promotion.id, promotion.terms.usage_limit, promotion.terms.per_customer


def _of_units(promotion: Promotion) -> Limit:
    return unit_counter, promotion.id, promotion.terms.unit_limit, promotion.terms.units_per_customer


def _of_code(coupon: Coupon) -> Limit:
    return code_counter, coupon.code, coupon.usage_limit, coupon.per_customer


def reached(
    promotion: Promotion, coupon: Coupon | None, used: Mapping[str, int], customer: str
) -> tuple[Why, str] | None:
    """The first limit that *used* has reached, as why the promotion gives nothing, with its figure; budgets apart.

    A limit for each customer needs to know the *customer*.
    """
    of_code = () if coupon is None else (_of_code(coupon),)
    for counter, name, total, each in (_of_orders(promotion), *of_code, _of_units(promotion)):
        in_all, own = _REACHED[counter is unit_counter]
        if total is not None and used.get(counter(name, ""), 0) >= total:
            return in_all, str(total)
        if each is not None and not customer:
            return Why.CUSTOMER_UNKNOWN, str(each)
        if each is not None and used.get(counter(name, customer), 0) >= each:
            return own, str(each)
    return None


def units_left(promotion: Promotion, used: Mapping[str, int], customer: str) -> int | None:
    """How many units are still to be had for it, in all and for this customer; None where they aren't limited."""
    counter, name, total, each = _of_units(promotion)
    left: list[int] = []
    if total is not None:
        left.append(total - used.get(counter(name, ""), 0))
    if each is not None:
        left.append(each - used.get(counter(name, customer), 0))
    return min(left, default=None)


def smallest(promotions: Iterable[Promotion]) -> dict[str, int]:
    """The smallest limit of each budget that *promotions* name, by its counter: what one of them says holds for all."""
    found: dict[str, int] = {}
    for terms in (each.terms for each in promotions):
        for budget in terms.budgets:
            counter, limit = budget_counter(budget.campaign, terms.currency, budget.funder), budget.limit.minor_units
            found[counter] = min(limit, found.get(counter, limit))
    return found


def spendable(terms: Terms, used: Mapping[str, int], limits: Mapping[str, int]) -> tuple[Spending, ...]:
    """The budgets of a promotion, with what was spent of each; *limits* are the smallest that hold, by counter."""
    counters = [budget_counter(each.campaign, terms.currency, each.funder) for each in terms.budgets]
    return tuple(
        Spending(
            each.campaign,
            each.funder,
            terms.currency,
            used.get(counter, 0),
            min(each.limit.minor_units, limits.get(counter, each.limit.minor_units)),
        )
        for counter, each in zip(counters, terms.budgets, strict=True)
    )
