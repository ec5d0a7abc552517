"""How price lists, prices, promotions and coupons are stored."""

from typing import Final

from tokolib.pricing import events as pricing
from tokolib.pricing.lifecycle import evolve_coupon, evolve_price, evolve_price_list, evolve_promotion
from tokolib.pricing.model import Coupon, Price, PriceList, Promotion
from tokolib.records import collections
from tokolib.records.record import Record

PRICE_LISTS: Final = Record(
    collection=collections.PRICE_LISTS,
    noun="price list",
    cls=PriceList,
    evolve=evolve_price_list,
    reference=True,
    events=(pricing.PriceListPut, pricing.PriceListStopped),
    row=lambda one: {"currency": one.currency, "active": int(one.active)},
)

PRICES: Final = Record(
    collection=collections.PRICES,
    noun="price",
    cls=Price,
    evolve=evolve_price,
    reference=True,
    events=(pricing.PricePut, pricing.PriceWithdrawn),
    row=lambda price: {"list_id": price.list_id, "key": price.key},
)

PROMOTIONS: Final = Record(
    collection=collections.PROMOTIONS,
    noun="promotion",
    cls=Promotion,
    evolve=evolve_promotion,
    reference=True,
    events=(pricing.PromotionPut, pricing.PromotionStopped),
    row=lambda one: {"active": int(one.active), "by_coupon": int(one.terms.by_coupon)},
)

COUPONS: Final = Record(
    collection=collections.COUPONS,
    noun="coupon",
    cls=Coupon,
    evolve=evolve_coupon,
    reference=True,
    events=(pricing.CouponPut, pricing.CouponStopped),
    row=lambda coupon: {"promotion_id": coupon.promotion_id, "code": coupon.code},
)
