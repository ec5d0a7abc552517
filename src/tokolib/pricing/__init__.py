"""What things cost: price lists, tiers, promotions, coupons, and one pure function that prices lines and charges."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.pricing.errors import (
        CouponConditionsUnmet,
        CouponExhausted,
        CouponExpired,
        CouponNeedsCustomer,
        CouponNotCombinable,
        CouponNotYet,
        CouponOtherCurrency,
        CouponRefused,
        CouponTaken,
        CouponUnknown,
        CouponWithoutEffect,
        NoPrice,
    )
    from tokolib.pricing.model import ChargeKind, StatedCharge, StatedPrice
    from tokolib.pricing.prices.model import Price, PriceList, Tier
    from tokolib.pricing.promotions.events import CouponStopped
    from tokolib.pricing.promotions.model import AppliedDiscount, Coupon, CouponUse, Promotion, Scope, Terms

__all__ = [
    "AppliedDiscount",
    "ChargeKind",
    "Coupon",
    "CouponConditionsUnmet",
    "CouponExhausted",
    "CouponExpired",
    "CouponNeedsCustomer",
    "CouponNotCombinable",
    "CouponNotYet",
    "CouponOtherCurrency",
    "CouponRefused",
    "CouponStopped",
    "CouponTaken",
    "CouponUnknown",
    "CouponUse",
    "CouponWithoutEffect",
    "NoPrice",
    "Price",
    "PriceList",
    "Promotion",
    "Scope",
    "StatedCharge",
    "StatedPrice",
    "Terms",
    "Tier",
]

__getattr__ = exports(
    __name__,
    {
        "AppliedDiscount": "promotions.model",
        "ChargeKind": "model",
        "Coupon": "promotions.model",
        "CouponConditionsUnmet": "errors",
        "CouponExhausted": "errors",
        "CouponExpired": "errors",
        "CouponNeedsCustomer": "errors",
        "CouponNotCombinable": "errors",
        "CouponNotYet": "errors",
        "CouponOtherCurrency": "errors",
        "CouponRefused": "errors",
        "CouponStopped": "errors",
        "CouponTaken": "errors",
        "CouponUnknown": "errors",
        "CouponUse": "promotions.model",
        "CouponWithoutEffect": "errors",
        "NoPrice": "errors",
        "Price": "prices.model",
        "PriceList": "prices.model",
        "Promotion": "promotions.model",
        "Scope": "promotions.model",
        "StatedCharge": "model",
        "StatedPrice": "model",
        "Terms": "promotions.model",
        "Tier": "prices.model",
    },
)
