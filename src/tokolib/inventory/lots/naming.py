"""Lots as people name them, quantities by code, made into steps."""

from collections.abc import Callable, Mapping

from tokolib.catalog.sku import key as sku_key
from tokolib.inventory.lots.errors import NotTracked
from tokolib.inventory.lots.model import lot_id
from tokolib.inventory.model import item_id
from tokolib.inventory.ports import STOCK_ITEMS
from tokolib.kernel.numbers import exact
from tokolib.kernel.quantity import Counted, Quantity, UnitOfMeasure
from tokolib.kernel.unit import Unit

Named = Mapping[str, Mapping[str, int]]
"""By SKU key, steps by code of a lot; negative where they go."""

ByCode = Mapping[str, Counted]
"""Quantities by code of a lot, `1` for a serial."""


def signed(unit: UnitOfMeasure, change: Counted) -> int:
    """*change* in steps, negative where it is less.

    Raises:
        NotExact, InvalidQuantity: nothing, or no number of whole steps.
    """
    if isinstance(change, Quantity):
        return -unit.steps(Quantity(-change.steps, change.unit)) if change.steps < 0 else unit.steps(change)
    amount = exact(change, f"change in {unit.code}")
    return -unit.steps(amount.copy_negate()) if amount < 0 else unit.steps(amount)


def in_steps(
    unit: UnitOfMeasure, key: str, lots: ByCode, count: Callable[[UnitOfMeasure, Counted], int] = UnitOfMeasure.steps
) -> dict[str, int]:
    """*lots* of a SKU key in steps of its unit, as *count* counts them: goods that move, or with `signed` corrections.

    Raises:
        InvalidLot, NotExact, InvalidQuantity: what can't be.
    """
    for code in lots:
        lot_id(key, code)
    return {code: count(unit, quantity) for code, quantity in lots.items()}


async def named_lots(unit: Unit, lots: Mapping[str, ByCode]) -> dict[str, dict[str, int]]:
    """*lots* by SKU, as steps by SKU key and code.

    Raises:
        NotTracked: of a SKU that never had stock. InvalidLot, NotExact, InvalidQuantity.
    """
    items = await unit[STOCK_ITEMS].get_many([item_id(sku_key(sku)) for sku in lots])
    found: dict[str, dict[str, int]] = {}
    for sku, some in lots.items():
        item = items.get(item_id(sku_key(sku)))
        if item is None:
            raise NotTracked(sku)
        found[item.key] = in_steps(item.unit, item.key, some)
    return found


def portion(left: Mapping[str, dict[str, int]], goods: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Lots for *goods* (steps by SKU key) out of those *left*, which then has the rest; none of what isn't named."""
    taken: dict[str, dict[str, int]] = {}
    for key, wanted in goods.items():
        if (some := left.get(key)) is None:
            continue
        mine = taken[key] = {}
        for code in list(some):
            if wanted and (steps := min(some[code], wanted)) > 0:
                mine[code], wanted = steps, wanted - steps
                some[code] -= steps
    return taken
