"""How events make promotions and coupons. Putting makes or changes; stopping can be undone."""

import attrs

from tokolib.kernel.events import Event
from tokolib.pricing.promotions.events import CouponPut, CouponStopped, PromotionPut, PromotionStopped
from tokolib.pricing.promotions.model import Coupon, Promotion


def evolve_promotion(state: Promotion | None, event: Event) -> Promotion:
    """The promotion after *event*."""
    match event:
        case PromotionPut():
            return Promotion(event.id, _next(state), event.terms)
        case PromotionStopped() if state is not None:
            return attrs.evolve(state, version=_next(state), active=False)
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
            )
        case CouponStopped() if state is not None:
            return attrs.evolve(state, version=_next(state), active=False)
        case _:
            raise TypeError(f"a coupon doesn't know {type(event).__name__} here")


def _next(state: Promotion | Coupon | None) -> int:
    return 1 if state is None else state.version + 1
