"""**Ports.** Where locations and stock items are kept; levels, holds and movements are the storage's own."""

from typing import Protocol

from tokolib.inventory.model import Location, StockItem
from tokolib.kernel.unit import Port, Repository


class Locations(Repository[Location], Protocol):
    """The shop's locations, by id `loc_<code>`; index `by_id` lists them."""


class StockItems(Repository[StockItem], Protocol):
    """What stays the same of each SKU's stock, by id `stk_<key>`."""


LOCATIONS: Port[Locations] = Port("locations")
STOCK_ITEMS: Port[StockItems] = Port("stock_items")
