"""What happens to promotions and coupons."""

from datetime import datetime
from typing import ClassVar

import attrs

from tokolib.kernel.events import Event
from tokolib.kernel.ids import PromotionId
from tokolib.pricing.promotions.model import Terms


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
