"""The repositories that pricing needs; `records` implements them."""

from typing import Protocol

from tokolib.kernel.unit import Port, Repository
from tokolib.pricing.model import Coupon, Price, PriceList, Promotion


class PriceLists(Repository[PriceList], Protocol):
    """**Port.** Price lists; index `by_currency` (currency, active)."""


class Prices(Repository[Price], Protocol):
    """**Port.** Prices; index `by_list` (list_id, key)."""


class Promotions(Repository[Promotion], Protocol):
    """**Port.** Promotions; index `running` (active, by_coupon)."""


class Coupons(Repository[Coupon], Protocol):
    """**Port.** Coupons; index `by_promotion` (promotion_id, code)."""


PRICE_LISTS: Port[PriceLists] = Port("price_lists")
PRICES: Port[Prices] = Port("prices")
PROMOTIONS: Port[Promotions] = Port("promotions")
COUPONS: Port[Coupons] = Port("coupons")
