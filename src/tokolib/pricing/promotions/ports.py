"""The repositories that promotions need; `records` implements them."""

from typing import Protocol

from tokolib.kernel.unit import Port, Repository
from tokolib.pricing.promotions.model import Coupon, Promotion


class Promotions(Repository[Promotion], Protocol):
    """**Port.** Promotions; index `running` (active, by_coupon)."""


class Coupons(Repository[Coupon], Protocol):
    """**Port.** Coupons; index `by_promotion` (promotion_id, code)."""


PROMOTIONS: Port[Promotions] = Port("promotions")

COUPONS: Port[Coupons] = Port("coupons")
