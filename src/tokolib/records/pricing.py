"""How price lists, prices, promotions, coupons and charge rules are stored."""

from typing import Final

from tokolib.pricing.charges import events as charged
from tokolib.pricing.charges.lifecycle import evolve_charge
from tokolib.pricing.charges.model import ChargeRule
from tokolib.pricing.prices import events as priced
from tokolib.pricing.prices.lifecycle import evolve_price, evolve_price_list
from tokolib.pricing.prices.model import PriceList, PriceSchedule
from tokolib.pricing.promotions import events as promoted
from tokolib.pricing.promotions.lifecycle import evolve_coupon, evolve_promotion
from tokolib.pricing.promotions.model import Coupon, Promotion
from tokolib.records import collections
from tokolib.records.record import Record

PRICE_LISTS: Final = Record(
    collection=collections.PRICE_LISTS,
    noun="price list",
    cls=PriceList,
    evolve=evolve_price_list,
    reference=True,
    events=(priced.PriceListPut, priced.PriceListStopped),
    row=lambda one: {"currency": one.currency, "active": int(one.active)},
)

PRICES: Final = Record(
    collection=collections.PRICES,
    noun="price",
    cls=PriceSchedule,
    evolve=evolve_price,
    reference=True,
    events=(priced.PricePut, priced.PriceWithdrawn),
    row=lambda price: {"list_id": price.list_id, "key": price.key},
)

PROMOTIONS: Final = Record(
    collection=collections.PROMOTIONS,
    noun="promotion",
    cls=Promotion,
    evolve=evolve_promotion,
    reference=True,
    events=(promoted.PromotionPut, promoted.PromotionStopped),
    row=lambda one: {"active": int(one.active), "by_coupon": int(one.terms.by_coupon)},
)

COUPONS: Final = Record(
    collection=collections.COUPONS,
    noun="coupon",
    cls=Coupon,
    evolve=evolve_coupon,
    reference=True,
    events=(promoted.CouponPut, promoted.CouponStopped),
    row=lambda coupon: {"promotion_id": coupon.promotion_id, "code": coupon.code},
)

CHARGE_RULES: Final = Record(
    collection=collections.CHARGE_RULES,
    noun="charge rule",
    cls=ChargeRule,
    evolve=evolve_charge,
    reference=True,
    events=(charged.ChargePut, charged.ChargeStopped),
    row=lambda rule: {"active": int(rule.active)},
)
