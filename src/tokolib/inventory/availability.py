"""Whether all of a wish could be held now: an unlocked look, so that a quote names what is short."""

from tokolib.inventory.errors import OutOfStock, Shortage
from tokolib.inventory.model import item_id, resource
from tokolib.inventory.ports import STOCK_ITEMS
from tokolib.inventory.steps import Goods
from tokolib.kernel.quantity import PIECE
from tokolib.kernel.unit import Unit


async def check_available(unit: Unit, demands: Goods, *, location: str) -> None:
    """Pass when all of *demands* (steps by SKU key) could be held now.

    Raises:
        OutOfStock: naming everything that is short.
    """
    places = {key: resource(location, key) for key in sorted(demands)}
    levels = await unit.levels(list(places.values()))
    free = {key: max(levels[where].available, 0) for key, where in places.items()}
    short = [key for key in places if demands[key] > free[key]]
    if not short:
        return
    items = await unit[STOCK_ITEMS].get_many([item_id(key) for key in short])
    shortages = []
    for key in short:
        item = items.get(item_id(key))
        sku, counted = (item.sku, item.unit) if item else (key, PIECE)
        shortages.append(Shortage(sku, demands[key], free[key], counted))
    raise OutOfStock(tuple(shortages), location)
