"""Price lists and the prices in them. A price is a `UnitPrice`, finer than a minor unit by 10,000."""

from datetime import datetime
from decimal import Decimal

import attrs

from tokolib.conditions import Predicate
from tokolib.kernel.ids import PriceListId
from tokolib.kernel.money import UnitPrice
from tokolib.pricing.model import ALWAYS


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
