"""Why a coupon is not taken."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError
from tokolib.pricing.errors import LimitReached


class CouponRefused(TokolibError):
    """The root of why a coupon gives nothing; nothing was reserved."""

    status: ClassVar[int] = 409


@attrs.frozen
class CouponUnknown(CouponRefused):
    """There is no such coupon in this shop."""

    code: ClassVar[str] = "pricing.coupon_unknown"
    status: ClassVar[int] = 404
    coupon: str

    def __str__(self) -> str:
        return f"no coupon {self.coupon!r}"


@attrs.frozen
class CouponNotNeeded(CouponRefused):
    """The coupon's promotion applies by itself now, to every order that it is for."""

    code: ClassVar[str] = "pricing.coupon_not_needed"
    coupon: str

    def __str__(self) -> str:
        return f"coupon {self.coupon} isn't needed: its promotion applies by itself"

    @property
    def hint(self) -> str:
        return "leave the coupon out"


@attrs.frozen
class CouponLookalike(CouponRefused):
    """The code mixes letters of two alphabets that look alike, and can be read in neither."""

    code: ClassVar[str] = "pricing.coupon_lookalike"
    status: ClassVar[int] = 422
    coupon: str

    def __str__(self) -> str:
        return f"coupon {self.coupon!r} mixes letters of two alphabets that look alike"

    @property
    def hint(self) -> str:
        return "type the whole code with one keyboard"


@attrs.frozen
class CouponMistyped(CouponRefused):
    """A code made in bulk whose check character doesn't fit: it was mistyped, and no look-up would find it."""

    code: ClassVar[str] = "pricing.coupon_mistyped"
    status: ClassVar[int] = 422
    coupon: str

    def __str__(self) -> str:
        return f"coupon {self.coupon!r} has a typing error"

    @property
    def hint(self) -> str:
        return "compare it with the printed code, character by character"


@attrs.frozen
class CouponForged(CouponRefused):
    """The code was not signed with this key."""

    code: ClassVar[str] = "pricing.coupon_forged"
    status: ClassVar[int] = 422
    coupon: str

    def __str__(self) -> str:
        return f"coupon {self.coupon!r} was not made with this key"


@attrs.frozen
class CouponStopped(CouponRefused):
    """The shop has stopped the coupon or its promotion."""

    code: ClassVar[str] = "pricing.coupon_stopped"
    coupon: str

    def __str__(self) -> str:
        return f"coupon {self.coupon} was stopped"


@attrs.frozen
class CouponNotYet(CouponRefused):
    """The coupon's time has not come."""

    code: ClassVar[str] = "pricing.coupon_not_yet"
    coupon: str
    since: str

    def __str__(self) -> str:
        return f"coupon {self.coupon} is valid from {self.since}"


@attrs.frozen
class CouponExpired(CouponRefused):
    """The coupon's time is over."""

    code: ClassVar[str] = "pricing.coupon_expired"
    coupon: str
    until: str

    def __str__(self) -> str:
        return f"coupon {self.coupon} was valid until {self.until}"


@attrs.frozen
class CouponExhausted(CouponRefused, LimitReached):
    """Every use of the coupon, or of its promotion, is taken; with `units`, every unit that may be had for it."""

    code: ClassVar[str] = "pricing.coupon_exhausted"
    coupon: str
    limit: int
    per_customer: bool
    units: bool = False

    def __str__(self) -> str:
        whose = "by this customer" if self.per_customer else "in all"
        if self.units:
            bought = "1 unit was" if self.limit == 1 else f"{self.limit} units were"
            return f"{bought} bought for coupon {self.coupon} {whose}, and no more may be"
        times = "once" if self.limit == 1 else f"{self.limit} times"
        return f"coupon {self.coupon} was used {times} {whose}, and may not be used again"

    @property
    def hint(self) -> str:
        return "quote the cart again without it; an order that dies unpaid gives its use back"


@attrs.frozen
class CouponBudgetSpent(CouponRefused):
    """The budget of the coupon's campaign has too little left for this cart."""

    code: ClassVar[str] = "pricing.coupon_budget_spent"
    coupon: str
    campaign: str

    def __str__(self) -> str:
        return f"coupon {self.coupon}: too little is left of the budget of campaign {self.campaign}"


@attrs.frozen
class CouponNeedsCustomer(CouponRefused):
    """Uses are limited for each customer, and it isn't known who buys."""

    code: ClassVar[str] = "pricing.coupon_needs_customer"
    coupon: str

    def __str__(self) -> str:
        return f"coupon {self.coupon} is limited for each customer, and this cart has none"

    @property
    def hint(self) -> str:
        return "assign the cart to a customer"


@attrs.frozen
class CouponConditionsUnmet(CouponRefused):
    """The cart does not meet the coupon's conditions."""

    code: ClassVar[str] = "pricing.coupon_conditions_unmet"
    coupon: str
    unmet: tuple[str, ...]

    def __str__(self) -> str:
        return f"coupon {self.coupon} does not apply to this cart: {', '.join(self.unmet)}"


@attrs.frozen
class CouponOtherCurrency(CouponRefused):
    """The coupon is worth an amount of another currency."""

    code: ClassVar[str] = "pricing.coupon_other_currency"
    coupon: str
    currency: str

    def __str__(self) -> str:
        return f"coupon {self.coupon} is for carts in {self.currency}"


@attrs.frozen
class CouponNotCombinable(CouponRefused):
    """Another promotion of the cart excludes this coupon, or this coupon would exclude it."""

    code: ClassVar[str] = "pricing.coupon_not_combinable"
    coupon: str
    winner: str

    def __str__(self) -> str:
        return f"coupon {self.coupon} can't be combined with {self.winner}"


@attrs.frozen
class CouponWithoutEffect(CouponRefused):
    """The coupon applies, and there is nothing in this cart that it could make cheaper."""

    code: ClassVar[str] = "pricing.coupon_without_effect"
    coupon: str

    def __str__(self) -> str:
        return f"coupon {self.coupon} makes nothing in this cart cheaper"


@attrs.frozen
class CouponTaken(TokolibError):
    """The code already stands for another promotion; nothing was changed."""

    code: ClassVar[str] = "pricing.coupon_taken"
    status: ClassVar[int] = 409
    coupon: str
    promotion_id: str

    def __str__(self) -> str:
        return f"coupon {self.coupon} already belongs to {self.promotion_id}"

    @property
    def hint(self) -> str:
        return "choose another code; stopping a coupon does not free its code, since orders refer to it"
