"""Problems as errors: what a cart shows as a list, a placement refuses with the typed error of the first."""

from datetime import datetime

from tokolib.kernel.errors import TokolibError
from tokolib.pricing.coupon_errors import (
    CouponBudgetSpent,
    CouponConditionsUnmet,
    CouponExhausted,
    CouponExpired,
    CouponLookalike,
    CouponNeedsCustomer,
    CouponNotCombinable,
    CouponNotNeeded,
    CouponNotYet,
    CouponOtherCurrency,
    CouponRefused,
    CouponStopped,
    CouponUnknown,
    CouponWithoutEffect,
)
from tokolib.pricing.errors import NoPrice
from tokolib.pricing.lost import Lost, Problem, Why
from tokolib.pricing.model import PriceLine
from tokolib.pricing.priced import Priced
from tokolib.pricing.promotions.giving.candidates import Refusal


def no_price(unpriced: tuple[PriceLine, ...], outdated: Lost | None) -> Problem:
    """All lines that no list has a price for; *outdated* is a list that has one, at a rate that is too old."""
    skus = tuple(sorted({line.sku or line.key for line in unpriced}))
    return Problem(NoPrice.code, "", skus, tuple(line.id for line in unpriced), outdated, blocking=True)


def refused_coupon(refusal: Refusal) -> Problem:
    """A coupon that was given and gives nothing."""
    return Problem(_coupon_error(refusal.code, refusal.lost).code, refusal.code, lost=refusal.lost)


def error(problem: Problem, currency: str) -> TokolibError:
    """The typed error of a problem."""
    if problem.lost is None or problem.code == NoPrice.code:
        outdated = () if problem.lost is None else (problem.lost.name, problem.lost.by)
        return NoPrice(currency, problem.skus, problem.lines, *outdated)
    return _coupon_error(problem.coupon, problem.lost)


def _coupon_error(coupon: str, lost: Lost) -> CouponRefused:
    match lost.why:
        case Why.UNKNOWN:
            return CouponUnknown(coupon)
        case Why.LOOKALIKE:
            return CouponLookalike(coupon)
        case Why.NOT_NEEDED:
            return CouponNotNeeded(coupon)
        case Why.STOPPED:
            return CouponStopped(coupon)
        case Why.NOT_YET | Why.NO_CLOCK:
            return CouponNotYet(coupon, _told(lost.at))
        case Why.OVER:
            return CouponExpired(coupon, _told(lost.at))
        case Why.CURRENCY:
            return CouponOtherCurrency(coupon, lost.by)
        case Why.EXHAUSTED | Why.CUSTOMER_EXHAUSTED:
            return CouponExhausted(coupon, int(lost.by), lost.why is Why.CUSTOMER_EXHAUSTED)
        case Why.UNITS_EXHAUSTED | Why.CUSTOMER_UNITS_EXHAUSTED:
            own = lost.why is Why.CUSTOMER_UNITS_EXHAUSTED
            return CouponExhausted(coupon, int(lost.by), own, units=True)
        case Why.CUSTOMER_UNKNOWN:
            return CouponNeedsCustomer(coupon)
        case Why.CONDITIONS:
            return CouponConditionsUnmet(coupon, tuple(reason.code for reason in lost.detail) or ("conditions",))
        case Why.EXCLUSIVE | Why.BLOCKED | Why.REPEATED | Why.LANE | Why.NOT_COMBINED | Why.NOT_BEST:
            return CouponNotCombinable(coupon, lost.by)
        case Why.BUDGET:
            return CouponBudgetSpent(coupon, lost.by)
        case _:
            return CouponWithoutEffect(coupon)


def _told(instant: datetime | None) -> str:
    return "" if instant is None else instant.isoformat()


def refuse(priced: Priced) -> None:
    """Pass, or raise the error of the first problem: a missing price before a coupon.

    Raises:
        NoPrice: some lines have no price; all are named.
        CouponRefused: a coupon that was given gives nothing; the subclass says why.
    """
    for problem in sorted(priced.problems, key=lambda each: (not each.blocking, each.coupon)):
        raise error(problem, priced.currency)
