"""The repositories that prices need; `records` implements them."""

from typing import Protocol

from tokolib.kernel.unit import Port, Repository
from tokolib.pricing.prices.model import PriceList, PriceSchedule


class PriceLists(Repository[PriceList], Protocol):
    """**Port.** Price lists; index `by_currency` (currency, active)."""


class Prices(Repository[PriceSchedule], Protocol):
    """**Port.** The schedules of prices, one for each SKU in a list; index `by_list` (list_id, key)."""


PRICE_LISTS: Port[PriceLists] = Port("price_lists")

PRICES: Port[Prices] = Port("prices")
