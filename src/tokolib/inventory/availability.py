"""What is short of a wish: an unlocked look, so that a quote, and a refused hold, name everything that is missing."""

from collections.abc import Mapping

from tokolib.inventory.errors import OutOfStock, Shortage
from tokolib.inventory.model import StockItem, item_id, resource
from tokolib.inventory.ports import STOCK_ITEMS
from tokolib.inventory.register import known
from tokolib.kernel.quantity import PIECE
from tokolib.kernel.unit import Unit

Goods = Mapping[str, int]
"""Steps by SKU key."""


async def check_available(unit: Unit, demands: Goods, *, location: str) -> None:
    """Pass when all of *demands* could be held now.

    Raises:
        OutOfStock: naming everything that is short.
        UnknownLocation, InvalidLocation: there is no such location, where anything would be short.
    """
    places = {key: resource(location, key) for key in sorted(demands)}
    levels = await unit.levels(list(places.values()))
    free = {key: levels[where].available for key, where in places.items()}
    if short := [key for key in places if demands[key] > free[key]]:
        await known(unit, location)
        items = await unit[STOCK_ITEMS].get_many([item_id(key) for key in short])
        raise OutOfStock(tuple(shortage(key, demands[key], free[key], items) for key in short), location)


def shortage(key: str, wanted: int, available: int, items: Mapping[str, StockItem]) -> Shortage:
    """So many steps of a SKU key are wanted, and so many can be had; in the SKU's own unit where it is known."""
    item = items.get(item_id(key))
    sku, counted = (item.sku, item.unit) if item else (key, PIECE)
    return Shortage(sku, wanted, max(available, 0), counted)
