"""How events make price lists, prices, promotions and coupons. Putting makes or changes; stopping can be undone."""

import attrs

from tokolib.kernel.events import Event
from tokolib.pricing.events import (
    CouponPut,
    CouponStopped,
    PriceListPut,
    PriceListStopped,
    PricePut,
    PriceWithdrawn,
    PromotionPut,
    PromotionStopped,
)
from tokolib.pricing.model import Coupon, Price, PriceList, Promotion


def evolve_price_list(state: PriceList | None, event: Event) -> PriceList:
    """The price list after *event*."""
    match event:
        case PriceListPut():
            return PriceList(
                event.id,
                _next(state),
                event.code,
                event.name,
                event.currency,
                event.channel,
                event.customer_group,
                event.since,
                event.until,
                event.priority,
                event.conditions,
                event.includes_tax,
            )
        case PriceListStopped() if state is not None:
            return attrs.evolve(state, version=_next(state), active=False)
        case _:
            raise TypeError(f"a price list doesn't know {type(event).__name__} here")


def evolve_price(state: Price | None, event: Event) -> Price:
    """The price after *event*."""
    match event:
        case PricePut():
            return Price(event.id, _next(state), event.list_id, event.key, event.price, event.tiers, event.compare_at)
        case PriceWithdrawn() if state is not None:
            return attrs.evolve(state, version=_next(state), withdrawn=True)
        case _:
            raise TypeError(f"a price doesn't know {type(event).__name__} here")


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


def _next(state: PriceList | Price | Promotion | Coupon | None) -> int:
    return 1 if state is None else state.version + 1
