"""What pricing knows: price lists and prices, promotions and coupons, and the lines and charges it is asked about.

Amounts inside lines are whole minor units of one currency; a price is a `UnitPrice`, finer by 10,000.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

import attrs

from tokolib.conditions import Always, Predicate
from tokolib.kernel.errors import shown
from tokolib.kernel.ids import PriceListId, PromotionId
from tokolib.kernel.money import Money, NotMoney, UnitPrice
from tokolib.kernel.numbers import exact
from tokolib.tax.model import STANDARD

ALWAYS: Final[Predicate] = Always()

# What is asked for


@attrs.frozen
class StatedPrice:
    """A price that a person or a program set by hand for one line; it takes precedence over every list."""

    price: UnitPrice
    actor: str
    reason: str


@attrs.frozen
class PriceLine:
    """Goods to be priced. `quantity` counts steps; one step is `per_step` units of measure."""

    id: str
    key: str
    name: str
    quantity: int
    per_step: Fraction = Fraction(1)
    tax_class: str = STANDARD
    product_id: str = ""
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    weight_grams: int | None = None
    """What one unit of measure weighs."""
    stated: StatedPrice | None = None
    sku: str = ""
    """As the catalogue spells it, for display."""
    gift: bool = False
    """Costs nothing, needs no price, and takes no part in promotions."""


class ChargeKind(StrEnum):
    """What a charge beside the goods is for."""

    SHIPPING = "shipping"
    FEE = "fee"
    INSURANCE = "insurance"
    COD_FEE = "cod_fee"
    PACKAGING = "packaging"
    ADJUSTMENT = "adjustment"


@attrs.frozen
class StatedCharge:
    """A charge, in minor units, that a person or a program put on one quote by hand; promotions leave it alone."""

    kind: ChargeKind
    label: str
    amount: int
    actor: str
    reason: str
    tax_class: str = STANDARD
    refundable: bool = True


@attrs.frozen
class ChargeLine:
    """A charge beside the goods, in minor units, never negative; a deduction is a promotion or a posting."""

    id: str
    kind: ChargeKind
    label: str
    amount: int
    tax_class: str = STANDARD
    refundable: bool = True
    stated: StatedCharge | None = None
    """Who put it there and why, when no rule did."""

    @classmethod
    def of(cls, id: str, stated: StatedCharge) -> "ChargeLine":
        """A stated charge as one to be priced."""
        return cls(id, stated.kind, stated.label, stated.amount, stated.tax_class, stated.refundable, stated)


# Prices


@attrs.frozen
class PriceList:
    """A set of prices for a channel, a group of customers or a season. Half-open dates: `since` <= now < `until`."""

    id: PriceListId
    version: int
    code: str
    name: str
    currency: str
    channel: str = ""
    """Only for this channel; empty for all."""
    customer_group: str = ""
    """Only for customers of this group; empty for all."""
    since: datetime | None = None
    until: datetime | None = None
    priority: int = 0
    """The larger wins; of equals the more specific one, then the smaller id."""
    conditions: Predicate = ALWAYS
    includes_tax: bool | None = None
    """Whether its prices contain tax; None: as the shop's settings say."""
    active: bool = True


@attrs.frozen
class Tier:
    """From this many units of measure on, each unit costs this."""

    from_quantity: Decimal
    price: UnitPrice


@attrs.frozen
class Price:
    """The price of one SKU in one list: for all units of a line, the price of the highest tier reached."""

    id: str
    version: int
    list_id: PriceListId
    key: str
    price: UnitPrice
    tiers: tuple[Tier, ...] = ()
    """Rising in quantity."""
    compare_at: UnitPrice | None = None
    """The crossed-out price, for display; a host shows it while it is above the price, which may rise past it."""
    withdrawn: bool = False


# Promotions


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
