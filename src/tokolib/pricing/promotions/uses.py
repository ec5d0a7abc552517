"""Uses of promotions and coupons: the names of the counters that hold their limits.

A use is reserved in the transaction that places an order, and given back when the order dies. There is no step
between: a reserved use *is* the use. Counters bear their limits, so that two buyers racing for the last use are
settled by the storage, not by a read before a write.
"""

from collections.abc import Iterable
from typing import Final

import attrs

from tokolib.pricing.promotions.model import Coupon, CouponUse, Promotion

LEDGER: Final = "uses"
"""The ledger that keeps every use (+1) and every one given back (-1), by counter, with the order it belongs to.

A counter is the sum of its entries of kind `counted`; entries of unlimited promotions are only `noted`.
"""
COUNTED: Final = "counted"
NOTED: Final = "noted"


@attrs.frozen
class Claim:
    """One counter that a use raises by one; `limit` None records the use without counting it."""

    account: str
    limit: int | None


def use_of(promotion: Promotion, coupon: Coupon | None) -> CouponUse:
    """The use of a promotion, by a coupon or by itself, with the limits of both."""
    terms = promotion.terms
    if coupon is None:
        return CouponUse(promotion.id, "", terms.usage_limit, terms.per_customer)
    code_limits = (coupon.usage_limit, coupon.per_customer)
    return CouponUse(promotion.id, coupon.code, terms.usage_limit, terms.per_customer, *code_limits)


def promotion_counter(promotion_id: str, customer: str) -> str:
    """The counter of a promotion's uses: in all, or by one customer."""
    return f"promo:{promotion_id}:{customer}" if customer else f"promo:{promotion_id}"


def code_counter(code: str, customer: str) -> str:
    """The counter of a coupon's uses: in all, or by one customer."""
    return f"coupon:{code}:{customer}" if customer else f"coupon:{code}"


def claims(uses: Iterable[CouponUse], customer: str) -> tuple[Claim, ...]:
    """The counters that *uses* raise, by name: the order in which every order locks them.

    Every use is recorded under its promotion and its code; only limited ones are counted.
    """
    found: dict[str, int | None] = {}
    for use in uses:
        found[promotion_counter(use.promotion_id, "")] = use.usage_limit
        if use.per_customer is not None:
            found[promotion_counter(use.promotion_id, customer)] = use.per_customer
        if use.code:
            found[code_counter(use.code, "")] = use.code_limit
            if use.code_per_customer is not None:
                found[code_counter(use.code, customer)] = use.code_per_customer
    return tuple(Claim(account, found[account]) for account in sorted(found))


def limited(wanted: Iterable[Claim]) -> list[Claim]:
    """Those that have a limit, and so a counter."""
    return [claim for claim in wanted if claim.limit is not None]
