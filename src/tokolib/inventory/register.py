"""What is on the books: locations, and the SKUs that have stock, made when they are first used."""

from collections.abc import Iterable, Sequence
from typing import Final

from tokolib.catalog.errors import UnknownSku
from tokolib.catalog.model import Sellable
from tokolib.catalog.sale import sellable
from tokolib.catalog.sku import key as sku_key
from tokolib.catalog.steps import owned
from tokolib.inventory.errors import BundleHasNoStock, UnitChanged, UnknownLocation
from tokolib.inventory.events import ItemTracked, LocationOpened, StockItemOpened
from tokolib.inventory.model import MAIN, Location, StockItem, Tracked, item_id, location_id
from tokolib.inventory.ports import LOCATIONS, STOCK_ITEMS
from tokolib.kernel.quantity import UnitOfMeasure
from tokolib.kernel.unit import Unit

MOST_NAMED: Final = 20


async def known(unit: Unit, code: str) -> Location:
    """The location by that code; `main` is known before anything was put there.

    Raises:
        UnknownLocation, InvalidLocation: there is none.
    """
    found = await unit[LOCATIONS].find(location_id(code))
    if found is None and code == MAIN:
        return Location(location_id(MAIN), 0, MAIN, MAIN)
    if found is None:
        some = await unit[LOCATIONS].where("by_id", limit=MOST_NAMED)
        raise UnknownLocation(code, tuple(dict.fromkeys((MAIN, *(each.code for each in some.items)))))
    return found


async def opened(unit: Unit, code: str) -> Location:
    """The location by that code; `main` is made when it is first used.

    Raises:
        UnknownLocation, InvalidLocation: there is none.
    """
    found = await known(unit, code)
    return found if found.version else unit[LOCATIONS].record(None, LocationOpened(MAIN, MAIN))


async def counted(unit: Unit, skus: Iterable[str]) -> dict[str, Sellable]:
    """What the catalogue knows of *skus*, by key: drafts and archived products too, for they have stock as well.

    Raises:
        UnknownSku: no product has some of them; all of those are listed.
    """
    asked = list(skus)
    products = await owned(unit, asked)
    if missing := tuple(sku for sku in asked if sku_key(sku) not in products):
        raise UnknownSku(missing)
    return {
        key: sellable(product, variant, None)
        for key, product in products.items()
        if (variant := product.variant(key)) is not None
    }


async def stock_items(unit: Unit, keys: Iterable[str]) -> dict[str, StockItem]:
    """The stock items of SKU keys, made from the catalogue where there were none.

    Raises:
        UnknownSku, BundleHasNoStock: there can't be stock of some of them.
        UnitChanged: the catalogue counts one of them in another unit than its stock.
    """
    wanted = list(keys)
    sold = await counted(unit, wanted)
    found = await unit[STOCK_ITEMS].get_many([item_id(key) for key in wanted])
    for key, one in sold.items():
        if one.components:
            raise BundleHasNoStock(one.sku, tuple(part.sku for part in one.components))
        item = found.get(item_id(key))
        if item is None:
            item = unit[STOCK_ITEMS].record(None, StockItemOpened(key, one.sku, one.unit))
            if one.digital:
                item = unit[STOCK_ITEMS].record(item, ItemTracked(Tracked.LICENCE.value))
            found[item_id(key)] = item
        elif item.unit != one.unit:
            raise UnitChanged(one.sku, _shown(item.unit), _shown(one.unit))
    return {key: found[item_id(key)] for key in wanted}


def _shown(unit: UnitOfMeasure) -> str:
    return f"{unit.code} in steps of {unit.step}"


async def moved(unit: Unit, keys: Sequence[str]) -> bool:
    """Whether there was ever a movement of one of these SKU keys: the catalogue asks before it changes a unit."""
    return bool(await unit[STOCK_ITEMS].get_many([item_id(key) for key in keys]))
