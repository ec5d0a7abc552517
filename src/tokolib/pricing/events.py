"""What happens to price lists, prices, promotions and coupons."""

from datetime import datetime
from typing import ClassVar

import attrs

from tokolib.conditions import Predicate
from tokolib.kernel.events import Event
from tokolib.kernel.ids import PriceListId, PromotionId
from tokolib.kernel.money import UnitPrice
from tokolib.pricing.model import ALWAYS, Terms, Tier


@attrs.frozen
class PriceListPut(Event):
    """A price list was made, or its rules were changed; all of them are here."""

    topic: ClassVar[str] = "pricing.price_list_put"
    id: PriceListId
    code: str
    name: str
    currency: str
    channel: str = ""
    customer_group: str = ""
    since: datetime | None = None
    until: datetime | None = None
    priority: int = 0
    conditions: Predicate = ALWAYS
    includes_tax: bool | None = None


@attrs.frozen
class PriceListStopped(Event):
    """A price list no longer gives prices; putting it again starts it."""

    topic: ClassVar[str] = "pricing.price_list_stopped"
    id: PriceListId


@attrs.frozen
class PricePut(Event):
    """A SKU got a price in a list, or another one; tiers and compare-at price are here whole."""

    topic: ClassVar[str] = "pricing.price_put"
    id: str
    list_id: PriceListId
    key: str
    price: UnitPrice
    tiers: tuple[Tier, ...] = ()
    compare_at: UnitPrice | None = None


@attrs.frozen
class PriceWithdrawn(Event):
    """A SKU no longer has a price in a list; putting one again brings it back."""

    topic: ClassVar[str] = "pricing.price_withdrawn"
    id: str


@attrs.frozen
class PromotionPut(Event):
    """A promotion was made, or its terms were changed; all of them are here. It runs from now on."""

    topic: ClassVar[str] = "pricing.promotion_put"
    id: PromotionId
    terms: Terms


@attrs.frozen
class PromotionStopped(Event):
    """The shop stopped a promotion; placed orders keep what they were promised."""

    topic: ClassVar[str] = "pricing.promotion_stopped"
    id: PromotionId


@attrs.frozen
class CouponPut(Event):
    """A code was given to a promotion, or its limits were changed. It is valid from now on."""

    topic: ClassVar[str] = "pricing.coupon_put"
    id: str
    code: str
    promotion_id: PromotionId
    usage_limit: int | None = None
    per_customer: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@attrs.frozen
class CouponStopped(Event):
    """The shop stopped a code; its promotion runs on."""

    topic: ClassVar[str] = "pricing.coupon_stopped"
    id: str
