"""What was decided on the way to a price: which list won, what each promotion gave, and why the others lost."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import attrs

from tokolib.kernel.explain import Reason, ReasonValue
from tokolib.kernel.ids import PriceListId, PromotionId
from tokolib.kernel.money import UnitPrice
from tokolib.pricing.model import Scope


class Why(StrEnum):
    """Why a price list, a promotion or a coupon gave nothing."""

    UNKNOWN = "unknown"
    STOPPED = "stopped"
    NOT_YET = "not_yet"
    OVER = "over"
    NO_CLOCK = "no_clock"
    """It has dates, and the facts don't say what time it is."""
    CURRENCY = "currency"
    CHANNEL = "channel"
    CUSTOMER_GROUP = "customer_group"
    CONDITIONS = "conditions"
    NO_PRICE = "no_price"
    PRIORITY = "priority"
    EXHAUSTED = "exhausted"
    CUSTOMER_EXHAUSTED = "customer_exhausted"
    CUSTOMER_UNKNOWN = "customer_unknown"
    NO_TARGET = "no_target"
    NOTHING_LEFT = "nothing_left"
    EXCLUSIVE = "exclusive"
    BLOCKED = "blocked"
    REPEATED = "repeated"


@attrs.frozen
class Lost:
    """What gave nothing, and why; `detail` says which conditions were not met."""

    name: str
    why: Why
    by: str = ""
    """The winner's name, the currency or the limit that decided."""
    detail: tuple[Reason, ...] = ()
    at: datetime | None = None
    """The instant that decided: when its time begins, or ended."""
    zone: str = ""
    """The IANA zone in which that instant was meant, and is shown."""

    @property
    def values(self) -> dict[str, ReasonValue]:
        """What decided, as the values of a reason."""
        if self.at is not None:
            return {"at": self.at, "time_zone": self.zone}
        return {"by": self.by} if self.by else {}


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


@attrs.frozen
class Choice:
    """The price that a line goes by, and the lists that lost. A stated price or a gift has no list."""

    price: UnitPrice
    includes_tax: bool
    list_id: PriceListId | None = None
    list_name: str = ""
    tier: Decimal | None = None
    """The quantity from which this tier holds; None for the list's plain price."""
    compare_at: UnitPrice | None = None
    lost: tuple[Lost, ...] = ()


@attrs.frozen
class Problem:
    """Something that the customer or the shop must know: a missing price, or a coupon that gives nothing.

    `blocking` ones leave lines out of the total, so the cart can't be sold as it is.
    """

    code: str
    """The code of the error that `tokolib.pricing.problems.error` makes of it."""
    coupon: str = ""
    skus: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    """Ids of the lines concerned."""
    lost: Lost | None = None
    blocking: bool = False
