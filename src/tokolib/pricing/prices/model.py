"""Price lists, and the rows of prices in them. A price is a `UnitPrice`, finer than a minor unit by 10,000.

A row says what a SKU costs in a list, from when until when, and when that was recorded. Rows are never changed and
never deleted: the permanent history keeps all of them, and a `PriceSchedule` those that can still matter.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import attrs

from tokolib.conditions import Predicate
from tokolib.conditions.model import ALWAYS
from tokolib.kernel.clock import EARLIEST
from tokolib.kernel.ids import PriceListId
from tokolib.kernel.money import Money
from tokolib.kernel.rounding import RoundingMode
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.exchange.model import Rate
from tokolib.pricing.model import TierMode

NO_CHANGE = Decimal(0)


@attrs.frozen
class Ending:
    """What derived prices end with: the nearest amount that is a multiple of `step`, and `tail` more.

    `Ending(IDR(100))` gives whole hundreds, `Ending(USD(1), USD("0.99"))` gives 4.99 and 5.99. A price of nothing
    stays nothing, and no other becomes nothing: one that is nearest to it is a `step`.
    """

    step: Money
    tail: Money | None = None
    """Less than `step`; None for nothing."""
    mode: RoundingMode = RoundingMode.HALF_UP


@attrs.frozen
class Derivation:
    """How the prices of a list follow from those of another: converted, changed by a percentage, then rounded."""

    parent: PriceListId
    """Its prices count, whether it gives any itself or not: its dates, its channel and its being stopped don't."""
    percent: Decimal = NO_CHANGE
    """What the parent's price rises by; -10 takes a tenth off."""
    rate: Rate | None = None
    """From the parent's currency to the list's, where they differ."""
    ending: Ending | None = None
    rate_days: int | None = None
    """How many days old the rate may be, in the shop's calendar: on a later day no price follows. None: however old."""

    def is_stale(self, today: date) -> bool:
        """Whether the rate is too old to convert by on a day."""
        return self.rate is not None and self.rate_days is not None and (today - self.rate.as_of).days > self.rate_days


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
    countries: tuple[str, ...] = ()
    """Only for goods that go to one of these (ISO 3166 alpha-2); empty for all."""
    derived: Derivation | None = None
    """What its prices follow from, where a SKU has none in the list itself; None: it has its own only."""


class TiersOver(StrEnum):
    """Whose units are counted to find the tier. What somebody stated by hand, and gifts, never count."""

    SKU = "sku"
    """All lines of the SKU."""
    PRODUCT = "product"
    """All lines of any variant of the product, in whatever list its price is; units of measure are added as numbers."""
    LIST = "list"
    """All lines that are priced by the same list."""


@attrs.frozen
class Tier:
    """From this many units of measure on (volume), or beyond them (graduated), each unit costs this."""

    from_quantity: Decimal
    price: UnitPrice


@attrs.frozen
class Price:
    """One row: what a SKU costs in a list, from when until when, and since when that is known."""

    id: str
    version: int
    """The row's number, from 1, in the history of its SKU and list."""
    list_id: PriceListId
    key: str
    price: UnitPrice
    tiers: tuple[Tier, ...] = ()
    """Rising in quantity; a price may rise with it."""
    compare_at: UnitPrice | None = None
    """The crossed-out price, for display; a host shows it while it is above the price, which may rise past it."""
    withdrawn: bool = False
    """While this row holds, the SKU has no price here; what it cost before is told."""
    tier_mode: TierMode = TierMode.VOLUME
    tiers_over: TiersOver = TiersOver.SKU
    minimum: UnitPrice | None = None
    """No discount makes a unit cheaper than this."""
    cost: UnitPrice | None = None
    """What a unit costs the shop, without tax: for staff alone, on no face that customers see."""
    since: datetime = EARLIEST
    """Valid from here on, in UTC."""
    until: datetime | None = None
    """Valid until just before; None: without an end."""
    recorded_at: datetime = EARLIEST
    """Known from here on."""

    def holds(self, at: datetime) -> bool:
        """Whether the row is valid at an instant."""
        return self.since <= at and (self.until is None or at < self.until)


@attrs.frozen
class Shown:
    """A price that a SKU had in a list for a while, as was known then. Half-open: `since` <= then < `until`."""

    price: UnitPrice
    since: datetime
    until: datetime


@attrs.frozen
class PriceSchedule:
    """The rows of one SKU in one list that still matter: now, or later; and what was shown of late."""

    id: str
    version: int
    list_id: PriceListId
    key: str
    rows: tuple[Price, ...]
    """In the order of recording, the last one always among them."""
    past: tuple[Shown, ...] = ()
    """What was shown before the last row was recorded, as far as the lowest price of 30 days needs it."""

    @property
    def recorded_at(self) -> datetime:
        """When the last row was recorded."""
        return self.rows[-1].recorded_at

    def at(self, now: datetime) -> Price | None:
        """The row that holds at *now*, a withdrawn one too.

        What has been read was recorded before: a *now* that is earlier comes from a clock that is behind.
        """
        rows = self.rows
        if now < (recorded_at := rows[-1].recorded_at):
            now = recorded_at
        for row in reversed(rows):
            if row.since <= now and ((until := row.until) is None or now < until):
                return row
        return None
