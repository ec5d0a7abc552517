"""**Ports.** Where locations, buffers, backorders and stock items are kept; the storage itself keeps what is held."""

from typing import Protocol

from tokolib.inventory.backorder import Backorder
from tokolib.inventory.model import Buffer, Location, StockItem
from tokolib.kernel.unit import Port, Repository


class Locations(Repository[Location], Protocol):
    """The shop's locations, by id `loc_<code>`; index `by_id` lists them."""


class StockItems(Repository[StockItem], Protocol):
    """What stays the same of each SKU's stock, by id `stk_<key>`."""


class Buffers(Repository[Buffer], Protocol):
    """The shop's safety buffers; index `by_id` lists them."""


class Backorders(Repository[Backorder], Protocol):
    """How much may be promised beyond the stock, by id `bko_<location>|<key>`; index `by_id` lists them."""


LOCATIONS: Port[Locations] = Port("locations")
STOCK_ITEMS: Port[StockItems] = Port("stock_items")
BUFFERS: Port[Buffers] = Port("stock_buffers")
BACKORDERS: Port[Backorders] = Port("backorders")
