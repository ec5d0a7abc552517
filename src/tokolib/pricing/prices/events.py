"""What happens to price lists and prices."""

from datetime import datetime
from typing import ClassVar

import attrs

from tokolib.conditions import Predicate
from tokolib.kernel.events import Event
from tokolib.kernel.ids import PriceListId
from tokolib.kernel.money import UnitPrice
from tokolib.pricing.model import ALWAYS
from tokolib.pricing.prices.model import Tier


@attrs.frozen
class PriceListPut(Event):
    """A price list was made, or its rules were changed; all of them are here."""

    topic: ClassVar[str] = "pricing.price_list_put"
    id: PriceListId
    code: str
    name: str
    currency: str
    channel: str = ""
    customer_group: str = ""
    since: datetime | None = None
    until: datetime | None = None
    priority: int = 0
    conditions: Predicate = ALWAYS
    includes_tax: bool | None = None


@attrs.frozen
class PriceListStopped(Event):
    """A price list no longer gives prices; putting it again starts it."""

    topic: ClassVar[str] = "pricing.price_list_stopped"
    id: PriceListId


@attrs.frozen
class PricePut(Event):
    """A SKU got a price in a list, or another one; tiers and compare-at price are here whole."""

    topic: ClassVar[str] = "pricing.price_put"
    id: str
    list_id: PriceListId
    key: str
    price: UnitPrice
    tiers: tuple[Tier, ...] = ()
    compare_at: UnitPrice | None = None


@attrs.frozen
class PriceWithdrawn(Event):
    """A SKU no longer has a price in a list; putting one again brings it back."""

    topic: ClassVar[str] = "pricing.price_withdrawn"
    id: str
