"""Promotions and coupons, and what they gave, in whole minor units of one currency."""

from datetime import datetime
from decimal import Decimal

import attrs

from tokolib.catalog.sku import key
from tokolib.conditions import Predicate
from tokolib.conditions.model import ALWAYS
from tokolib.kernel.fields import exact_percent, is_money_or_none
from tokolib.kernel.ids import PromotionId
from tokolib.kernel.money import Money
from tokolib.pricing.promotions.benefits import Benefit


@attrs.frozen
class Funding:
    """Who bears how much of a discount: the platform 60 %, the seller 40 %."""

    funder: str
    percent: Decimal = attrs.field(converter=exact_percent)


def budget_key(campaign: str, funder: str) -> str:
    """What budgets are compared by: case, width and the blanks around a name don't count."""
    return f"{key(campaign)}:{key(funder)}" if funder else key(campaign)


@attrs.frozen
class Budget:
    """The most that all promotions of one campaign may give, in all orders together."""

    campaign: str
    """Its name, compared as codes are: `Maret` and `maret` are one campaign."""
    limit: Money
    funder: str = ""
    """Counts only what this one bears; empty counts the whole discount."""


@attrs.frozen
class Terms:
    """What a promotion promises, to whom, when, how often, and beside which others."""

    name: str
    """As customers read it."""
    benefit: Benefit
    conditions: Predicate = ALWAYS
    """Over the facts of the whole order."""
    at_least: Money | None = attrs.field(default=None, validator=is_money_or_none)
    """Only from this subtotal of goods; the policy `thresholds` says which subtotal."""
    cap: Money | None = attrs.field(default=None, validator=is_money_or_none)
    """At most this much, of all lines together."""
    by_coupon: bool = False
    """Only with one of its coupons; otherwise it applies by itself."""
    on_shelf: bool = False
    """Shown on the shelf already: the price of one unit, before any cart is known."""
    priority: int = 0
    """The larger decides first; of equals the smaller id."""
    exclusive: bool = False
    """Applies alone in an order, or, where a promotion of higher priority applies, not at all."""
    stop: bool = False
    """Where it applies, no promotion of lower priority does."""
    lane: str = ""
    """Of the promotions of one lane only one applies: the one that gives most. Empty: in no lane."""
    combines_with: tuple[str, ...] | None = None
    """Only beside promotions of these lanes (`""`: those in none); None: beside any."""
    on_stated: bool = False
    """Also on lines with a stated price, which promotions leave alone otherwise."""
    usage_limit: int | None = None
    """So many orders may have it."""
    per_customer: int | None = None
    """So many orders of each customer may have it."""
    unit_limit: int | None = None
    """So many units may be had for it: the first ones sold, in all orders together."""
    units_per_customer: int | None = None
    """So many units of it each customer may have."""
    funding: tuple[Funding, ...] = ()
    """Who bears it; empty: the shop does."""
    budgets: tuple[Budget, ...] = ()
    """What it may cost at most, together with the other promotions of its campaigns."""
    since: datetime | None = None
    until: datetime | None = None
    zone: str = "UTC"
    """The IANA zone in which `since` and `until` were meant, and are shown."""
    currency: str = ""
    """The currency of its amounts, and of bare minor units in its conditions: it is for carts in that one.

    Empty when it names no amount, so that it is for carts in any; filled in when it is put.
    """


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


@attrs.frozen
class AppliedDiscount:
    """What one promotion took off one line or charge, in minor units, always more than zero."""

    promotion_id: PromotionId
    name: str
    coupon: str
    """The code it was given for; empty for an automatic promotion."""
    amount: int
    funder: str = ""
    """Who bears this part of it; empty: the shop."""


@attrs.frozen
class Spending:
    """What a promotion takes from one budget of a campaign, in minor units of its currency."""

    campaign: str
    funder: str
    currency: str
    amount: int
    limit: int


@attrs.frozen
class PromotionUse:
    """A use of a promotion in an order, to be reserved at placement; `code` is empty for an automatic one."""

    promotion_id: PromotionId
    code: str
    usage_limit: int | None = None
    per_customer: int | None = None
    code_limit: int | None = None
    code_per_customer: int | None = None
    units: int = 0
    """Units that were sold for it, where these are limited."""
    unit_limit: int | None = None
    units_per_customer: int | None = None
    spending: tuple[Spending, ...] = ()
