"""How events make promotions and coupons. Putting makes or changes; stopping can be undone."""

from typing import Final

import attrs

from tokolib.kernel.events import Event
from tokolib.kernel.rules import rule, runs
from tokolib.pricing.promotions.events import CouponPut, CouponStopped, PromotionPut, PromotionStopped
from tokolib.pricing.promotions.model import Coupon, Promotion

PROMOTION: Final = rule(
    "promotion",
    "An offer of the shop: what it gives, to whom and when.",
    put=PromotionPut,
    stop=PromotionStopped,
    put_by=(
        "promotions.percent",
        "promotions.fixed",
        "promotions.for_price",
        "promotions.free_shipping",
        "promotions.tiers",
        "promotions.buy_get",
        "promotions.any_for",
        "promotions.together",
        "promotions.gift",
        "promotions.put",
    ),
    stopped_by="promotions.stop",
)

COUPON: Final = rule(
    "coupon",
    "A code that lets a promotion apply.",
    put=CouponPut,
    stop=CouponStopped,
    put_by=("promotions.issue", "promotions.generate"),
    stopped_by="promotions.stop_coupon",
)


def evolve_promotion(state: Promotion | None, event: Event) -> Promotion:
    """The promotion after *event*."""
    match event:
        case PromotionPut():
            return Promotion(event.id, _next(state), event.terms, runs(PROMOTION, state, PromotionPut))
        case PromotionStopped() if state is not None:
            return attrs.evolve(state, version=_next(state), active=runs(PROMOTION, state, PromotionStopped))
        case _:
            raise TypeError(f"a promotion doesn't know {type(event).__name__} here")


def evolve_coupon(state: Coupon | None, event: Event) -> Coupon:
    """The coupon after *event*."""
    match event:
        case CouponPut():
            return Coupon(
                event.id,
                _next(state),
                event.code,
                event.promotion_id,
                event.usage_limit,
                event.per_customer,
                event.since,
                event.until,
                runs(COUPON, state, CouponPut),
            )
        case CouponStopped() if state is not None:
            return attrs.evolve(state, version=_next(state), active=runs(COUPON, state, CouponStopped))
        case _:
            raise TypeError(f"a coupon doesn't know {type(event).__name__} here")


def _next(state: Promotion | Coupon | None) -> int:
    return 1 if state is None else state.version + 1
