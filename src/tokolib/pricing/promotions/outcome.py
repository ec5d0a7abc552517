"""What promotions gave, and why the others gave nothing."""

from decimal import Decimal

import attrs

from tokolib.kernel.ids import PromotionId
from tokolib.pricing.lost import Lost
from tokolib.pricing.promotions.model import Scope


@attrs.frozen
class LostPromotion:
    """A promotion that wanted to apply, or whose coupon was given, and did not."""

    promotion_id: PromotionId
    coupon: str
    lost: Lost


@attrs.frozen
class Granted:
    """What one promotion gave to the whole order: `wanted` by its rule on `base`, `amount` after its cap."""

    promotion_id: PromotionId
    name: str
    coupon: str
    scope: Scope
    percent: Decimal | None
    base: int
    wanted: int
    amount: int
