"""What happens to price lists and prices."""

from datetime import datetime
from typing import ClassVar

import attrs

from tokolib.conditions import Predicate
from tokolib.conditions.model import ALWAYS
from tokolib.kernel.events import Event
from tokolib.kernel.ids import PriceListId
from tokolib.pricing.prices.model import Derivation, Price, PriceList


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
    countries: tuple[str, ...] = ()
    derived: Derivation | None = None

    @classmethod
    def of(cls, price_list: PriceList) -> "PriceListPut":
        """The put that makes a list what it is."""
        return cls(**{field.name: getattr(price_list, field.name) for field in attrs.fields(cls)})


@attrs.frozen
class PriceListStopped(Event):
    """A price list no longer gives prices; putting it again starts it."""

    topic: ClassVar[str] = "pricing.price_list_stopped"
    id: PriceListId


@attrs.frozen
class PricePut(Event):
    """A row was recorded: a SKU's price in a list, with tiers and all, for the time that it says."""

    topic: ClassVar[str] = "pricing.price_put"
    id: str
    row: Price


@attrs.frozen
class PriceWithdrawn(Event):
    """A row was recorded that withdraws a SKU's price from a list for the time that it says."""

    topic: ClassVar[str] = "pricing.price_withdrawn"
    id: str
    row: Price
