"""Goods come, come back, are gone, or are put elsewhere: steps on an open unit of work, for a whole batch or nothing.

Goods are steps by SKU key. Every step reads first and writes last, and refuses what it can see.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from tokolib.inventory.availability import Goods
from tokolib.inventory.errors import BelowHeld
from tokolib.inventory.events import StockAdded, StockCorrected, StockMoved
from tokolib.inventory.holds import hold_id
from tokolib.inventory.ledger import post
from tokolib.inventory.lots import carrying
from tokolib.inventory.lots.model import LotReceipt
from tokolib.inventory.lots.naming import Named
from tokolib.inventory.model import MAIN, MovementKind, StockItem, StockState, Tracked, resource
from tokolib.inventory.ports import STOCK_ITEMS
from tokolib.inventory.register import opened, stock_items
from tokolib.inventory.telling import tell_level
from tokolib.kernel.rows import Demand, Level
from tokolib.kernel.unit import Unit

_SELLABLE = StockState.SELLABLE
_NONE: Final[Named] = MappingProxyType({})

LeftWith = Callable[[], Awaitable[Sequence[str]]]
"""What the movements refer to by which goods left: asked for tracked goods alone."""


def _itself(refers_to: str) -> LeftWith:
    async def asked() -> Sequence[str]:
        return (refers_to,)

    return asked


async def receive(
    unit: Unit,
    goods: Goods,
    *,
    location: str = MAIN,
    state: StockState = _SELLABLE,
    refers_to: str = "",
    receipts: Mapping[str, Sequence[LotReceipt]] = MappingProxyType({}),
    licences: bool = False,
) -> str:
    """Goods from outside; the id of their batch of movements. The first time, the SKU's unit is fixed for good.

    *licences* says that they are some, whose keys are stored beside.

    Raises:
        UnknownLocation, BundleHasNoStock, UnitChanged, KeysNeeded, LotsNeeded; as `carrying.admit`. Nothing changed.
    """
    await opened(unit, location)
    items = await stock_items(unit, goods)
    if not licences:
        carrying.check_no_licences(items, goods)
    lots = {key: await carrying.admit(unit, items[key], some, state) for key, some in receipts.items() if some}
    return await _change(unit, MovementKind.RECEIVE, goods, location, state, refers_to, lots=lots)


async def restock(
    unit: Unit,
    goods: Goods,
    *,
    location: str = MAIN,
    state: StockState = _SELLABLE,
    refers_to: str,
    lots: Named = _NONE,
    left_with: LeftWith | None = None,
) -> str:
    """Goods that came back, and can be sold again, or are put where they can't; the id of their batch of movements.

    The lots of tracked ones are named, or follow from what left with some references (an order's shipments).

    Raises:
        LotsNeeded: it could be several lots. NotTracked, LotsDiffer, UnknownLot, SerialInHouse. Nothing was changed.
    """
    await opened(unit, location)
    back = left_with or _itself(refers_to)
    return await _change(unit, MovementKind.RESTOCK, goods, location, state, refers_to, lots=lots, left_with=back)


async def write_off(
    unit: Unit,
    goods: Goods,
    *,
    location: str = MAIN,
    state: StockState = _SELLABLE,
    refers_to: str = "",
    reason: str,
    lots: Named = _NONE,
    licences: bool = False,
) -> str:
    """Goods that were here in a *state*, and are gone; the id of their batch of movements.

    Raises:
        BelowHeld: some of them are held for orders, or aren't there; nothing was changed.
        KeysNeeded, LotsNeeded, NotTracked, LotsDiffer, UnknownLot, LotShort: nothing was changed.
    """
    if not licences:
        carrying.check_no_licences(await stock_items(unit, goods), goods)
    gone = {key: -steps for key, steps in goods.items()}
    away = {key: {code: -steps for code, steps in some.items()} for key, some in lots.items()}
    return await _change(unit, MovementKind.WRITE_OFF, gone, location, state, refers_to, reason=reason, lots=away)


async def write_off_returned(
    unit: Unit,
    goods: Goods,
    *,
    location: str = MAIN,
    refers_to: str,
    reason: str,
    lots: Named = _NONE,
    left_with: LeftWith | None = None,
) -> None:
    """Goods that came back and can't be sold: a restock and a write-off at once, so that on hand stays as it is."""
    items = await stock_items(unit, goods)
    where_to = (location, _SELLABLE)
    carried = await _carried(unit, items, goods, where_to, refers_to, lots, left_with or _itself(refers_to))
    for key, steps in goods.items():
        item, where = items[key], resource(location, key)
        back = post(unit, MovementKind.RESTOCK, item, where, steps, refers_to)
        gone = post(unit, MovementKind.WRITE_OFF, item, where, -steps, refers_to)
        for code, some in carried.get(key, {}).items():
            for kind, batch, change in ((MovementKind.RESTOCK, back, some), (MovementKind.WRITE_OFF, gone, -some)):
                carrying.post(unit, item, where, code, change, kind=kind, batch=batch, refers_to=refers_to)
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
    lots: Named = _NONE,
) -> str:
    """More (positive) or fewer (negative) goods than the books say; the id of their batch of movements.

    Raises:
        BelowHeld: fewer would be left than are held for orders; nothing was changed.
        KeysNeeded, LotsNeeded, NotTracked, LotsDiffer, UnknownLot, LotShort, SerialInHouse: nothing was changed.
    """
    await opened(unit, location)
    carrying.check_no_licences(await stock_items(unit, changes), changes)
    return await _change(unit, MovementKind.ADJUST, changes, location, state, refers_to, reason=reason, lots=lots)


async def move(
    unit: Unit,
    goods: Goods,
    from_: tuple[str, StockState],
    to: tuple[str, StockState],
    *,
    refers_to: str = "",
    reason: str = "",
    lots: Named = _NONE,
    fefo: bool = False,
) -> str:
    """Goods out of one state of a location into another, or of another location; the id of their batch of movements.

    The lots of tracked ones are named, or those that *refers_to* has there; with *fefo* the first to expire go.

    Raises:
        BelowHeld: some of them are held for orders, or aren't there; nothing was changed.
        UnknownLocation, LotsNeeded, NotTracked, LotsDiffer, UnknownLot, LotShort: nothing was changed.
    """
    for location, _ in (from_, to):
        await opened(unit, location)
    items = await stock_items(unit, goods)
    names = [resource(location, key, state) for key in goods for location, state in (from_, to)]
    levels = await unit.levels(names)
    leaving = {key: -steps for key, steps in goods.items()}
    away = {key: {code: -steps for code, steps in some.items()} for key, some in lots.items()}
    carried = await _carried(unit, items, leaving, from_, refers_to, away, None, fefo=fefo)
    batch = unit.new_id("mov")
    for key in sorted(goods):
        steps = goods[key]
        out = _post(unit, MovementKind.MOVE, items[key], from_, -steps, levels, refers_to, batch)
        into = _post(unit, MovementKind.MOVE, items[key], to, steps, levels, refers_to, batch)
        told = StockMoved(out, into, from_[0], from_[1].value, to[0], to[1].value, steps, reason)
        item = unit[STOCK_ITEMS].record(items[key], told)
        for (location, state), sign in ((from_, 1), (to, -1)):
            going = {code: sign * change for code, change in carried.get(key, {}).items()}
            where = resource(location, key, state)
            await carrying.carry(unit, item, where, going, kind=MovementKind.MOVE, batch=batch, refers_to=refers_to)
            if state is _SELLABLE:
                tell_level(unit, item, location, levels[where], -sign * steps)
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
    lots: Named = _NONE,
    left_with: LeftWith | None = None,
) -> str:
    items = await stock_items(unit, changes)
    carried = await _carried(unit, items, changes, (location, state), refers_to, lots, left_with)
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
        where = resource(location, key, state)
        await carrying.carry(unit, item, where, carried.get(key, {}), kind=kind, batch=batch, refers_to=refers_to)
        if state is _SELLABLE:
            tell_level(unit, item, location, levels[resource(location, key)], change)
    return batch


async def _carried(
    unit: Unit,
    items: Mapping[str, StockItem],
    changes: Goods,
    place: tuple[str, StockState],
    refers_to: str,
    named: Named,
    left_with: LeftWith | None,
    *,
    fefo: bool = False,
) -> dict[str, Mapping[str, int]]:
    """Which lots each change of a tracked SKU is of, in steps by code: as *named*, or as it follows.

    What comes back follows from what left; what a transfer has on its way, from the transfer.
    """
    carrying.check_named(items, changes, named)
    found: dict[str, Mapping[str, int]] = {}
    for key, change in changes.items():
        item, where = items[key], resource(place[0], key, place[1])
        if item.tracked is Tracked.NONE or not change:
            continue
        if key in named:
            found[key] = named[key]
        elif change > 0 and left_with is not None:
            found[key] = await carrying.of_references(unit, item, where, change, await left_with(), back=True)
        elif change < 0 and place[1] is StockState.TRANSIT and refers_to:
            some = await carrying.of_references(unit, item, where, -change, (refers_to,), back=False)
            found[key] = {code: -steps for code, steps in some.items()}
        elif change < 0 and fefo:
            chosen = await carrying.choose(unit, item, where, -change, strict=True)
            found[key] = {code: -steps for code, steps in chosen.items()}
        else:
            raise carrying.needed(item, where, change, await carrying.here(unit, item, where))
    return found


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
        reap(unit, batch, where, -change)
    id = post(unit, kind, item, where, change, refers_to, batch=batch)
    unit.adjust(where, change)
    return id


def reap(unit: Unit, owner: str, where: str, steps: int) -> None:
    """Have the storage end the leases that have run out: `adjust` knows no time and still counts them as held.

    It is done by a hold of what is to be taken away, for an *owner* that only this is done for.
    """
    id = hold_id(owner, 1, where)
    unit.hold([Demand(id, where, steps, owner)], until=None)
    unit.release([id])
