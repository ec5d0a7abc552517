"""Telling of what happened to stock: who hears that a SKU is low, or has recovered."""

from tokolib.inventory.events import StockLow, StockRecovered
from tokolib.inventory.model import StockItem
from tokolib.inventory.ports import STOCK_ITEMS
from tokolib.inventory.watch import watch
from tokolib.kernel.rows import Level
from tokolib.kernel.unit import Unit


def tell_level(unit: Unit, item: StockItem | None, location: str, before: Level, change: int) -> None:
    """Record what is to be said when *change* steps come to the level *before*; mostly nothing."""
    if item is not None and (events := said(item, location, before, change)):
        unit[STOCK_ITEMS].record(item, *events)


def said(item: StockItem | None, location: str, before: Level, change: int) -> tuple[StockLow | StockRecovered, ...]:
    """What is to be said then."""
    return () if item is None else watch(item, location, before.available + change)
