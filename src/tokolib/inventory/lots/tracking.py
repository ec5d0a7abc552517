"""How a SKU is tracked: decided before its first movement, as a step on an open unit."""

from tokolib.inventory.events import ItemTracked
from tokolib.inventory.lots.errors import AlreadyMoved
from tokolib.inventory.model import LEDGER, MAIN, StockItem, StockState, Tracked, resource
from tokolib.inventory.ports import LOCATIONS, STOCK_ITEMS
from tokolib.inventory.register import stock_items
from tokolib.kernel.hosting import resolved
from tokolib.kernel.unit import Unit, every


async def track(unit: Unit, key: str, tracked: Tracked) -> None:
    """The SKU of that key is tracked so from now on; the same again changes nothing.

    Raises:
        AlreadyMoved: there are movements of it. UnknownSku, BundleHasNoStock, UnitChanged. Nothing was changed.
    """
    item = (await stock_items(unit, [key]))[key]
    if item.tracked is tracked:
        return
    if await _has_moved(unit, item):
        raise AlreadyMoved(item.sku, item.tracked.value)
    unit[STOCK_ITEMS].record(item, ItemTracked(tracked.value))


async def _has_moved(unit: Unit, item: StockItem) -> bool:
    codes = [MAIN, *(each.code for each in await every(unit[LOCATIONS], "by_id", {}))]
    for location in dict.fromkeys(codes):
        for state in StockState:
            account = resource(location, item.key, state)
            if (await resolved(unit.work.ledger(LEDGER, account=account, limit=1))).items:
                return True
    return False
