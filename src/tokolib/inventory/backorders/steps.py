"""Backorders, as steps on an open unit.

What may be promised is the on hand of a resource of its own, and what is promised its holds: the storage refuses at the
commit what two units together would promise too much.
"""

from collections.abc import Mapping
from datetime import date

from tokolib.inventory import moving
from tokolib.inventory.availability import shortage
from tokolib.inventory.backorder import Backorder, BackorderLevel, backorder_id, capacity
from tokolib.inventory.backorders.errors import BelowPromised, NoBackorder
from tokolib.inventory.backorders.events import BackorderSet
from tokolib.inventory.errors import OutOfStock
from tokolib.inventory.holds import hold_id
from tokolib.inventory.model import item_id, place, resource
from tokolib.inventory.ports import BACKORDERS, STOCK_ITEMS
from tokolib.inventory.register import opened, stock_items
from tokolib.kernel.quantity import Quantity
from tokolib.kernel.rows import Demand, Level
from tokolib.kernel.unit import Unit


async def allow(unit: Unit, key: str, steps: int, *, days: int | None, on: date | None, location: str) -> Backorder:
    """So much of a SKU key may be promised at *location* beyond its stock, in all; the same again changes nothing.

    Raises:
        BelowPromised: more is promised already.
        UnknownLocation, UnknownSku, BundleHasNoStock, UnitChanged. In all cases nothing was changed.
    """
    await opened(unit, location)
    item = (await stock_items(unit, [key]))[key]
    found = await unit[BACKORDERS].find(backorder_id(location, key))
    level = await _level(unit, location, key)
    promised = level.on_hand - level.available
    if steps < promised:
        raise BelowPromised(item.sku, location, Quantity(steps, item.unit), Quantity(promised, item.unit))
    return _set(unit, found, BackorderSet(key, item.sku, item.unit, location, steps, days, on, closed=False))


async def close(unit: Unit, key: str, location: str) -> Backorder:
    """No more of it is promised: its limit is what is promised, which stands. The same again changes nothing.

    Raises:
        NoBackorder: there is none. UnknownLocation. Nothing was changed.
    """
    found = await one(unit, key, location)
    if found.closed:
        return found
    level = await _level(unit, location, key)
    promised = level.on_hand - level.available
    told = BackorderSet(key, found.sku, found.unit, location, promised, found.days, found.on, closed=True)
    return _set(unit, found, told)


async def one(unit: Unit, key: str, location: str) -> Backorder:
    """The backorder of a SKU key at a location.

    Raises:
        NoBackorder: there is none.
    """
    if (found := await unit[BACKORDERS].find(backorder_id(location, key))) is None:
        raise NoBackorder(key, location)
    return found


async def level_of(unit: Unit, found: Backorder) -> BackorderLevel:
    """How much of it is promised, after all that this unit has recorded."""
    unit.write()
    level = await _level(unit, found.location, found.key)
    return BackorderLevel(
        sku=found.sku,
        location=found.location,
        limit=Quantity(found.steps, found.unit),
        promised=Quantity(level.on_hand - level.available, found.unit),
        left=Quantity(0 if found.closed else level.available, found.unit),
        by=found.by(await unit.today()),
        closed=found.closed,
    )


async def level_at(unit: Unit, key: str, location: str) -> BackorderLevel | None:
    """How much of a SKU key is promised at a location beyond its stock; None where it has no backorder."""
    found = await unit[BACKORDERS].find(backorder_id(location, key))
    return None if found is None else await level_of(unit, found)


async def hold(unit: Unit, wanted: Mapping[str, int], *, owner: str, attempt: int) -> tuple[str, ...]:
    """The ids of holds, for good, of what is *wanted* beyond the stock: steps by resource of backorders.

    Raises:
        OutOfStock: a backorder allows no more; nothing was held.
    """
    if not wanted:
        return ()
    await check_left(unit, wanted)
    wishes = [Demand(hold_id(owner, attempt, name), name, steps, owner) for name, steps in wanted.items()]
    unit.hold(wishes, until=None)
    return tuple(wish.hold_id for wish in wishes)


async def check_left(unit: Unit, wanted: Mapping[str, int]) -> None:
    """Pass when all of *wanted*, steps by resource of backorders, may still be promised.

    Raises:
        OutOfStock: naming what may not.
    """
    levels = await unit.levels(list(wanted)) if wanted else {}
    if short := {name: levels[name].available for name, steps in wanted.items() if steps > levels[name].available}:
        items = await unit[STOCK_ITEMS].get_many(sorted({item_id(place(name)[1]) for name in short}))
        lacking = tuple(shortage(place(name)[1], wanted[name], left, items) for name, left in short.items())
        raise OutOfStock(lacking, ", ".join(dict.fromkeys(place(name)[0] for name in short)))


async def on_shelf(unit: Unit, key: str, location: str) -> int:
    """The steps of a SKU key on the shelf of a location that no order holds: what comes to those who wait."""
    where = resource(location, key)
    return (await unit.levels([where]))[where].available


async def _level(unit: Unit, location: str, key: str) -> Level:
    where = capacity(location, key)
    return (await unit.levels([where]))[where]


def _set(unit: Unit, before: Backorder | None, event: BackorderSet) -> Backorder:
    """The backorder as *event* says, its capacity with it; what is so already makes no event."""
    change = event.steps - (before.steps if before else 0)
    where = capacity(event.location, event.key)
    if change < 0:
        moving.reap(unit, unit.new_id("bko"), where, -change)
    if change:
        unit.adjust(where, change)
    if before is not None and not _differs(before, event):
        return before
    return unit[BACKORDERS].record(before, event)


def _differs(before: Backorder, event: BackorderSet) -> bool:
    told = (event.sku, event.unit, event.steps, event.days, event.on, event.closed)
    return (before.sku, before.unit, before.steps, before.days, before.on, before.closed) != told
