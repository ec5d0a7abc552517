"""Why a price list, a promotion or a coupon gave nothing."""

from datetime import datetime
from enum import StrEnum

import attrs

from tokolib.kernel.explain import Reason, ReasonValue


class Why(StrEnum):
    """Why a price list, a promotion or a coupon gave nothing."""

    UNKNOWN = "unknown"
    LOOKALIKE = "lookalike"
    """A code of letters of two alphabets that can be read in neither."""
    NOT_NEEDED = "not_needed"
    STOPPED = "stopped"
    NOT_YET = "not_yet"
    OVER = "over"
    NO_CLOCK = "no_clock"
    """It has dates, and the facts don't say what time it is."""
    CURRENCY = "currency"
    CHANNEL = "channel"
    CUSTOMER_GROUP = "customer_group"
    COUNTRY = "country"
    CONDITIONS = "conditions"
    NO_PRICE = "no_price"
    RATE_TOO_OLD = "rate_too_old"
    """The exchange rate that its price would follow by is older than the list allows."""
    PRIORITY = "priority"
    EXHAUSTED = "exhausted"
    CUSTOMER_EXHAUSTED = "customer_exhausted"
    UNITS_EXHAUSTED = "units_exhausted"
    CUSTOMER_UNITS_EXHAUSTED = "customer_units_exhausted"
    CUSTOMER_UNKNOWN = "customer_unknown"
    NO_TARGET = "no_target"
    BY_PIECE = "by_piece"
    """It counts pieces, and its goods are sold by measure."""
    NO_STEP = "no_step"
    """Its goods reach none of its steps."""
    TOO_FEW = "too_few"
    """Of its goods too few are left to make up one of what belongs together."""
    NOTHING_LEFT = "nothing_left"
    EXCLUSIVE = "exclusive"
    BLOCKED = "blocked"
    REPEATED = "repeated"
    LANE = "lane"
    """Another of its lane gives more."""
    NOT_COMBINED = "not_combined"
    NOT_BEST = "not_best"
    """The best combination goes without it."""
    FLOOR = "floor"
    """The minimum prices of its lines leave nothing to take off."""
    BUDGET = "budget"
    """The budget of its campaign has too little left."""
    GIFT_REFUSED = "gift_refused"
    GIFT_SOLD_OUT = "gift_sold_out"
    GIFT_NOT_SOLD = "gift_not_sold"
    """The shop doesn't sell it, or not in such a quantity."""


@attrs.frozen(order=True)
class Withheld:
    """A gift that can't be given, and why."""

    sku: str
    """The SKU, case-folded."""
    why: Why
    promotion_id: str = ""
    """The promotion that can't give it, where others can; empty: none can."""


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
class Late:
    """Why it is not the time of something, and the instant that decides."""

    why: Why
    at: datetime | None = None

    def lost(self, name: str, zone: str) -> Lost:
        """What is called *name* gives nothing now; the instant is told in *zone*."""
        return Lost(name, self.why, at=self.at, zone=zone)


def outside(since: datetime | None, until: datetime | None, now: datetime | None) -> Late | None:
    """Why *now* is not within `since` <= now < `until`; None when it is."""
    if since is None and until is None:
        return None
    if now is None:
        return Late(Why.NO_CLOCK)
    if since is not None and now < since:
        return Late(Why.NOT_YET, since)
    if until is not None and now >= until:
        return Late(Why.OVER, until)
    return None


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
