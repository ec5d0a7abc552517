"""Lots go where their goods go: what a movement of a tracked SKU carries, chosen, checked and posted beside it.

The balance of each lot at a place is a resource of the storage's own, which never falls below zero, and together they
are what is there of the SKU. A lot that was chosen here and that somebody else took meanwhile is chosen anew.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from tokolib.inventory.lots.choose import Candidate, first_expired_first_out
from tokolib.inventory.lots.errors import (
    KeysNeeded,
    LotDiffers,
    LotExpired,
    LotsDiffer,
    LotShort,
    LotsNeeded,
    LotsNotPickable,
    NotTracked,
    SerialInHouse,
    UnknownLot,
    Unpickable,
)
from tokolib.inventory.lots.events import LotArrived, LotLeft, LotMade
from tokolib.inventory.lots.model import LEDGER, Lot, LotReceipt, lot_id, lot_resource, split
from tokolib.inventory.lots.naming import Named
from tokolib.inventory.lots.ports import LOTS
from tokolib.inventory.model import MovementKind, StockItem, StockState, Tracked, place, state_of
from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import Entry
from tokolib.kernel.unit import PAGE, Unit

MOST_NAMED: Final = 20


def check_named(items: Mapping[str, StockItem], goods: Mapping[str, int], lots: Named) -> None:
    """Pass when *lots* name exactly *goods* of those SKU keys that they name, and only tracked ones.

    Raises:
        NotTracked, LotsDiffer.
    """
    for key, steps in lots.items():
        if key in items and items[key].tracked is Tracked.NONE:
            raise NotTracked(items[key].sku)
        if (named := sum(steps.values())) != goods.get(key, 0):
            raise LotsDiffer(items[key].sku if key in items else key, goods.get(key, 0), named)


async def admit(unit: Unit, item: StockItem, receipts: Sequence[LotReceipt], state: StockState) -> dict[str, int]:
    """The lots of a receipt in a *state*, made where they are new: steps by code. What can be sold has not expired.

    Raises:
        NotTracked, InvalidLot, LotDiffers, LotExpired, SerialInHouse: nothing was changed. InvalidQuantity.
    """
    if item.tracked is Tracked.NONE and receipts:
        raise NotTracked(item.sku)
    steps: dict[str, int] = {}
    for each in receipts:
        id, arrived = lot_id(item.key, each.code), item.unit.steps(each.quantity)
        known = await unit[LOTS].find(id)
        if known is not None and known.expires_on != each.expires_on:
            raise LotDiffers(item.sku, each.code, known.expires_on, each.expires_on)
        if state is StockState.SELLABLE and each.expires_on is not None:
            await _check_good(unit, item.sku, each.code, each.expires_on)
        if known is None:
            tracked = item.tracked.value
            unit[LOTS].record(None, LotMade(item.key, item.sku, each.code, tracked, each.expires_on, unit.now))
        steps[each.code] = steps.get(each.code, 0) + arrived
    return steps


async def _check_good(unit: Unit, sku: str, code: str, expires_on: date) -> None:
    """Pass where a lot may still be used today.

    Raises:
        LotExpired: its last day is over.
    """
    if expires_on < (today := await unit.today()):
        raise LotExpired(sku, code, expires_on, today)


def check_no_licences(items: Mapping[str, StockItem], changes: Mapping[str, int]) -> None:
    """Pass where none of *changes* is of licences: their pool has to know of each that comes and goes.

    Raises:
        KeysNeeded: some are. Nothing was changed.
    """
    for key, change in changes.items():
        if change and items[key].tracked is Tracked.LICENCE:
            raise KeysNeeded(items[key].sku)


async def choose(unit: Unit, item: StockItem, where: str, wanted: int, *, strict: bool) -> dict[str, int]:
    """Which lots leave *where*, first expired first out: steps by code.

    Where it is *strict*, what expires within the days that must be left, or is blocked, never leaves; else it leaves
    last.

    Raises:
        LotsNotPickable: too little may leave. Nothing was changed.
    """
    good_on = await _good_on(unit)
    good: list[Candidate] = []
    bad: list[Candidate] = []
    after: str | None = None
    while sum(each.there for each in good) < wanted:
        found = await unit[LOTS].where("by_expiry", equals={"key": item.key, "stocked": 1}, after=after, limit=PAGE)
        for each in await _there(unit, where, found.items):
            (good if each.is_good(good_on) else bad).append(each)
        if (after := found.after) is None:
            break
    choice = first_expired_first_out(good if strict else [*good, *bad], wanted)
    if choice.missing:
        raise _not_pickable(item, where, wanted, wanted - choice.missing, bad)
    return dict(choice.steps)


async def name(unit: Unit, item: StockItem, where: str, lots: Mapping[str, int], *, strict: bool) -> dict[str, int]:
    """The *lots* that somebody named to leave *where*, when they are there, and may.

    Raises:
        UnknownLot, LotShort, LotsNotPickable: nothing was changed.
    """
    known = await _known(unit, item, lots)
    there = {each.code: each for each in await _there(unit, where, tuple(known.values()))}
    good_on = await _good_on(unit)
    for code, steps in lots.items():
        if (found := there[code]).there < steps:
            raise LotShort(item.sku, code, place(where)[0], state_of(where), steps, found.there)
    bad = [each for each in there.values() if strict and not each.is_good(good_on)]
    if bad:
        wanted = sum(lots.values())
        raise _not_pickable(item, where, wanted, wanted - sum(lots[each.code] for each in bad), bad)
    return dict(lots)


async def _good_on(unit: Unit) -> date:
    return await unit.today() + timedelta(days=(await unit.settings()).lot_days_left)


async def _there(unit: Unit, where: str, lots: Sequence[Lot]) -> list[Candidate]:
    names = {each.code: lot_resource(where, each.code) for each in lots}
    levels = await unit.levels(list(names.values())) if names else {}
    return [Candidate(one.code, one.expires_on, one.blocked, levels[names[one.code]].on_hand) for one in lots]


async def _known(unit: Unit, item: StockItem, codes: Mapping[str, int]) -> dict[str, Lot]:
    ids = {code: lot_id(item.key, code) for code in codes}
    found = await unit[LOTS].get_many(list(ids.values()))
    if missing := [code for code, id in ids.items() if id not in found]:
        raise UnknownLot(item.sku, missing[0])
    return {code: found[id] for code, id in ids.items()}


def _not_pickable(item: StockItem, where: str, wanted: int, good: int, bad: Sequence[Candidate]) -> LotsNotPickable:
    named = (Unpickable(one.code, one.there, one.expires_on, one.blocked) for one in bad if one.there)
    return LotsNotPickable(item.sku, place(where)[0], wanted, good, tuple(named)[:MOST_NAMED])


async def carried_by(unit: Unit, references: Sequence[str], kinds: Sequence[str] = ()) -> dict[str, int]:
    """What *references* have done to each lot's resource, in steps; of *kinds* alone, where some are named."""
    net: dict[str, int] = {}
    for reference in references:
        after: str | None = None
        while True:
            page = await resolved(unit.work.ledger(LEDGER, refers_to=reference, after=after))
            for entry in page.items:
                if not kinds or entry.kind in kinds:
                    net[entry.account] = net.get(entry.account, 0) + entry.amount
            if (after := page.after) is None:
                break
    return net


async def of_references(
    unit: Unit, item: StockItem, where: str, wanted: int, references: Sequence[str], *, back: bool
) -> dict[str, int]:
    """The lots that *references* have at *where* (or, *back*, have taken from any place), as far as it is certain.

    Raises:
        LotsNeeded: they have more than is wanted, of more than one lot. Nothing was changed.
    """
    left: dict[str, int] = {}
    kinds = (MovementKind.SHIP.value, MovementKind.RESTOCK.value) if back else ()
    for account, net in (await carried_by(unit, references, kinds)).items():
        there, code = split(account)
        if place(there)[1] == item.key and (back or there == where):
            left[code] = left.get(code, 0) + (-net if back else net)
    left = {code: steps for code, steps in sorted(left.items()) if steps > 0}
    if sum(left.values()) == wanted:
        return left
    if len(left) == 1 and sum(left.values()) > wanted:
        return dict.fromkeys(left, wanted)
    raise needed(item, where, wanted, tuple(left))


async def here(unit: Unit, item: StockItem, where: str) -> tuple[str, ...]:
    """The codes of some lots that are at *where*, the first to expire first."""
    found = await unit[LOTS].where("by_expiry", equals={"key": item.key, "stocked": 1}, limit=PAGE)
    return tuple(each.code for each in found.items if where in each.places)


def needed(item: StockItem, where: str, wanted: int, known: Sequence[str] = ()) -> LotsNeeded:
    """The refusal of goods that name no lots."""
    return LotsNeeded(item.sku, item.tracked.value, place(where)[0], wanted, tuple(known)[:MOST_NAMED])


async def carry(
    unit: Unit,
    item: StockItem,
    where: str,
    lots: Mapping[str, int],
    *,
    kind: MovementKind,
    batch: str,
    refers_to: str,
) -> None:
    """Post what moves of each lot at *where*, beside the movement of its SKU; positive comes, negative goes.

    Raises:
        UnknownLot, LotShort, SerialInHouse: nothing is to be committed.
    """
    if not lots:
        return
    known = await _known(unit, item, lots)
    levels = await unit.levels([lot_resource(where, code) for code in lots])
    for code, change in sorted(lots.items()):
        if not change:
            continue
        there, lot = levels[lot_resource(where, code)].on_hand, known[code]
        if there + change < 0:
            raise LotShort(item.sku, code, place(where)[0], state_of(where), -change, there)
        if change > 0 and item.tracked in (Tracked.SERIAL, Tracked.LICENCE) and (lot.places or change > 1):
            raise SerialInHouse(item.sku, code, ", ".join(lot.places))
        post(unit, item, where, code, change, kind=kind, batch=batch, refers_to=refers_to)
        unit.adjust(lot_resource(where, code), change, chosen=True)
        if change > 0:
            unit[LOTS].record(lot, LotArrived(where))
        elif there + change == 0:
            unit[LOTS].record(lot, LotLeft(where))


def post(
    unit: Unit, item: StockItem, where: str, code: str, change: int, *, kind: MovementKind, batch: str, refers_to: str
) -> None:
    """One row of the ledger of lots."""
    account, id = lot_resource(where, code), unit.new_id("lmv")
    unit.post(LEDGER, [Entry(id, batch, account, change, item.unit.code, kind.value, refers_to, unit.now)])
