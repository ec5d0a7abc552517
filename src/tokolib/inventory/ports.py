"""**Ports.** Where locations, buffers and stock items are kept; levels, holds and movements are the storage's own."""

from typing import Protocol

from tokolib.inventory.model import Buffer, Location, StockItem
from tokolib.kernel.unit import Port, Repository


class Locations(Repository[Location], Protocol):
    """The shop's locations, by id `loc_<code>`; index `by_id` lists them."""


class StockItems(Repository[StockItem], Protocol):
    """What stays the same of each SKU's stock, by id `stk_<key>`."""


class Buffers(Repository[Buffer], Protocol):
    """The shop's safety buffers; index `by_id` lists them."""


LOCATIONS: Port[Locations] = Port("locations")
STOCK_ITEMS: Port[StockItems] = Port("stock_items")
BUFFERS: Port[Buffers] = Port("stock_buffers")
