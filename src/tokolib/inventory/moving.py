"""Goods come, come back, are gone, or are put elsewhere: steps on an open unit of work, for a whole batch or nothing.

Goods are steps by SKU key. Every step reads first and writes last, and refuses what it can see.
"""

from collections.abc import Mapping

from tokolib.inventory.availability import Goods
from tokolib.inventory.errors import BelowHeld
from tokolib.inventory.events import StockAdded, StockCorrected, StockMoved
from tokolib.inventory.holds import hold_id
from tokolib.inventory.ledger import post
from tokolib.inventory.model import MAIN, MovementKind, StockItem, StockState, resource
from tokolib.inventory.ports import STOCK_ITEMS
from tokolib.inventory.register import opened, stock_items
from tokolib.inventory.telling import tell_level
from tokolib.kernel.rows import Demand, Level
from tokolib.kernel.unit import Unit

_SELLABLE = StockState.SELLABLE


async def receive(
    unit: Unit, goods: Goods, *, location: str = MAIN, state: StockState = _SELLABLE, refers_to: str = ""
) -> str:
    """Goods from outside; the id of their batch of movements. The first time, the SKU's unit is fixed for good.

    Raises:
        UnknownLocation, BundleHasNoStock, UnitChanged: nothing was changed.
    """
    await opened(unit, location)
    return await _change(unit, MovementKind.RECEIVE, goods, location, state, refers_to)


async def restock(
    unit: Unit, goods: Goods, *, location: str = MAIN, state: StockState = _SELLABLE, refers_to: str
) -> str:
    """Goods that came back, and can be sold again, or are put where they can't; the id of their batch of movements."""
    await opened(unit, location)
    return await _change(unit, MovementKind.RESTOCK, goods, location, state, refers_to)


async def write_off(
    unit: Unit,
    goods: Goods,
    *,
    location: str = MAIN,
    state: StockState = _SELLABLE,
    refers_to: str = "",
    reason: str,
) -> str:
    """Goods that were here in a *state*, and are gone; the id of their batch of movements.

    Raises:
        BelowHeld: some of them are held for orders, or aren't there; nothing was changed.
    """
    gone = {key: -steps for key, steps in goods.items()}
    return await _change(unit, MovementKind.WRITE_OFF, gone, location, state, refers_to, reason=reason)


async def write_off_returned(unit: Unit, goods: Goods, *, location: str = MAIN, refers_to: str, reason: str) -> None:
    """Goods that came back and can't be sold: a restock and a write-off at once, so that on hand stays as it is."""
    items = await stock_items(unit, goods)
    for key, steps in goods.items():
        item, where = items[key], resource(location, key)
        back = post(unit, MovementKind.RESTOCK, item, where, steps, refers_to)
        gone = post(unit, MovementKind.WRITE_OFF, item, where, -steps, refers_to)
        unit[STOCK_ITEMS].record(
            item,
            StockAdded(back, location, MovementKind.RESTOCK.value, steps, _SELLABLE.value),
            StockCorrected(gone, location, MovementKind.WRITE_OFF.value, -steps, _SELLABLE.value, reason),
        )


async def adjust(
    unit: Unit,
    changes: Goods,
    *,
    location: str = MAIN,
    state: StockState = _SELLABLE,
    refers_to: str = "",
    reason: str,
) -> str:
    """More (positive) or fewer (negative) goods than the books say; the id of their batch of movements.

    Raises:
        BelowHeld: fewer would be left than are held for orders; nothing was changed.
    """
    await opened(unit, location)
    return await _change(unit, MovementKind.ADJUST, changes, location, state, refers_to, reason=reason)


async def move(
    unit: Unit,
    goods: Goods,
    from_: tuple[str, StockState],
    to: tuple[str, StockState],
    *,
    refers_to: str = "",
    reason: str = "",
) -> str:
    """Goods out of one state of a location into another, or of another location; the id of their batch of movements.

    Raises:
        BelowHeld: some of them are held for orders, or aren't there; nothing was changed.
        UnknownLocation: nothing was changed.
    """
    for location, _ in (from_, to):
        await opened(unit, location)
    items = await stock_items(unit, goods)
    names = [resource(location, key, state) for key in goods for location, state in (from_, to)]
    levels = await unit.levels(names)
    batch = unit.new_id("mov")
    for key in sorted(goods):
        steps = goods[key]
        out = _post(unit, MovementKind.MOVE, items[key], from_, -steps, levels, refers_to, batch)
        into = _post(unit, MovementKind.MOVE, items[key], to, steps, levels, refers_to, batch)
        told = StockMoved(out, into, from_[0], from_[1].value, to[0], to[1].value, steps, reason)
        item = unit[STOCK_ITEMS].record(items[key], told)
        for (location, state), change in ((from_, -steps), (to, steps)):
            if state is _SELLABLE:
                tell_level(unit, item, location, levels[resource(location, key)], change)
    return batch


async def _change(
    unit: Unit,
    kind: MovementKind,
    changes: Goods,
    location: str,
    state: StockState,
    refers_to: str,
    *,
    reason: str | None = None,
) -> str:
    items = await stock_items(unit, changes)
    levels = await unit.levels([resource(location, key, state) for key in changes])
    batch = unit.new_id("mov")
    for key in sorted(changes):
        change = changes[key]
        id = _post(unit, kind, items[key], (location, state), change, levels, refers_to, batch)
        told = (
            StockAdded(id, location, kind.value, change, state.value)
            if reason is None
            else StockCorrected(id, location, kind.value, change, state.value, reason)
        )
        item = unit[STOCK_ITEMS].record(items[key], told)
        if state is _SELLABLE:
            tell_level(unit, item, location, levels[resource(location, key)], change)
    return batch


def _post(
    unit: Unit,
    kind: MovementKind,
    item: StockItem,
    place: tuple[str, StockState],
    change: int,
    levels: Mapping[str, Level],
    refers_to: str,
    batch: str,
) -> str:
    """One movement and its change of a level; the movement's id."""
    location, state = place
    where = resource(location, item.key, state)
    free = levels[where].available
    if free + min(change, 0) < 0:
        raise BelowHeld(item.sku, location, -change, free, state.value)
    if change < 0 and state is _SELLABLE:
        _reap(unit, hold_id(batch, 1, where), where, -change)
    id = post(unit, kind, item, where, change, refers_to, batch=batch)
    unit.adjust(where, change)
    return id


def _reap(unit: Unit, id: str, where: str, steps: int) -> None:
    """Have the storage end the leases that have run out: `adjust` knows no time and still counts them as held."""
    unit.hold([Demand(id, where, steps, id.partition(":")[0])], until=None)
    unit.release([id])
