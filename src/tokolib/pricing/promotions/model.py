"""Promotions and coupons, and what they gave, in whole minor units of one currency."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import attrs

from tokolib.conditions import Predicate
from tokolib.kernel.errors import shown
from tokolib.kernel.ids import PromotionId
from tokolib.kernel.money import Money, NotMoney
from tokolib.kernel.numbers import exact
from tokolib.pricing.model import ALWAYS


class Scope(StrEnum):
    """What a promotion makes cheaper; promotions apply in this order, each scope on what the ones before left."""

    LINE = "line"
    """Each targeted line: a percentage of their sum, or an amount off every one of them."""
    ORDER = "order"
    """The targeted lines together: a percentage of their sum, or one amount, spread over them."""
    SHIPPING = "shipping"
    """The shipping charges together."""


def _exact_percent(value: Decimal | int | str | None) -> Decimal | None:
    return None if value is None else exact(value, "percent")


def check_amount(name: str, value: object) -> None:
    """Pass for money or nothing; a unit price is an amount of nothing yet.

    Raises:
        NotMoney: it is anything else.
    """
    if not (value is None or isinstance(value, Money)):
        raise NotMoney(name, shown(value))


def _is_amount(_: object, field: "attrs.Attribute[Money | None]", value: object) -> None:
    check_amount(field.name, value)


@attrs.frozen
class Terms:
    """What a promotion promises: exactly one of `percent` (0 < p <= 100) and `amount`."""

    name: str
    scope: Scope
    percent: Decimal | None = attrs.field(default=None, converter=_exact_percent)
    amount: Money | None = attrs.field(default=None, validator=_is_amount)
    cap: Money | None = attrs.field(default=None, validator=_is_amount)
    """At most this much, of all lines together."""
    by_coupon: bool = False
    """Only with one of its coupons; otherwise it applies by itself."""
    conditions: Predicate = ALWAYS
    """Over the facts of the whole order."""
    target: Predicate = ALWAYS
    """Which lines: over `sku`, `product`, `categories`, `tags`, `quantity` of each."""
    priority: int = 0
    """The larger decides first; of equals the smaller id."""
    exclusive: bool = False
    """Applies alone in an order, or, where a promotion of higher priority applies, not at all."""
    stop: bool = False
    """Where it applies, no promotion of lower priority does."""
    on_stated: bool = False
    """Also on lines with a stated price, which promotions leave alone otherwise."""
    usage_limit: int | None = None
    per_customer: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    zone: str = "UTC"
    """The IANA zone in which `since` and `until` were meant, and are shown."""
    currency: str = ""
    """The currency of its amounts, and of bare minor units in its conditions; empty when it names no amount."""


@attrs.frozen
class Promotion:
    """A promotion: its terms, and whether the shop lets it run."""

    id: PromotionId
    version: int
    terms: Terms
    active: bool = True


@attrs.frozen
class Coupon:
    """A code that lets a promotion apply. `code` is normalised; many coupons may stand for one promotion."""

    id: str
    version: int
    code: str
    promotion_id: PromotionId
    usage_limit: int | None = None
    per_customer: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    active: bool = True


# What comes of it


@attrs.frozen
class AppliedDiscount:
    """What one promotion took off one line or charge, in minor units, always more than zero."""

    promotion_id: PromotionId
    name: str
    coupon: str
    """The code it was given for; empty for an automatic promotion."""
    amount: int


@attrs.frozen
class CouponUse:
    """A use of a promotion in an order, to be reserved at placement; `code` is empty for an automatic one."""

    promotion_id: PromotionId
    code: str
    usage_limit: int | None = None
    per_customer: int | None = None
    code_limit: int | None = None
    code_per_customer: int | None = None
