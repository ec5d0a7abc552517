"""What other rooms do with stock, each a function on an open unit of work.

Goods are steps by SKU key, with bundles already taken apart (`demand.explode`). Every step reads first and writes
last. A step refuses what it can see; when another unit was faster, the storage refuses at the commit, and
`explain_refusal` gives that the same name.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

from tokolib.inventory.availability import Goods, Supply, buffered, left_by, shortage
from tokolib.inventory.backorder import capacity
from tokolib.inventory.errors import BelowHeld, HoldEnded, OutOfStock, Shortage
from tokolib.inventory.holds import cut, halves, hold_id, resource_of, standing, state_at
from tokolib.inventory.ledger import post
from tokolib.inventory.lots import carrying
from tokolib.inventory.lots.naming import Named, portion
from tokolib.inventory.model import MovementKind, StockItem, Tracked, item_id, place, resource, state_of
from tokolib.inventory.ports import STOCK_ITEMS
from tokolib.inventory.telling import said, tell_level
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.rows import Demand, HoldState, StoredHold
from tokolib.kernel.storage_errors import HoldGone, Refused, StorageError
from tokolib.kernel.unit import Unit

NO_LOTS: Final[Named] = MappingProxyType({})

# Holds: promised, but still here.


async def hold(
    unit: Unit,
    demands: Goods,
    *,
    location: str,
    channel: str,
    owner: str,
    until: datetime | None,
    attempt: int = 1,
    waited: bool = False,
) -> tuple[str, ...]:
    """The ids of holds for all of *demands*, in the order of their keys; leased *until*, or kept when that is None.

    What *channel* must leave at *location* is left: its buffer, and what others wait for, unless the owner has *waited*
    itself.
    The same owner, attempt and demands hold once. A hold that has ended can't be made again: to hold anew for the
    same owner (a late payment), raise *attempt*.

    Raises:
        OutOfStock: naming everything that is short; nothing was held.
        HoldEnded: a hold of this owner and attempt has ended.
    """
    keys = sorted(key for key, steps in demands.items() if steps)
    places = {key: resource(location, key) for key in keys}
    items = await unit[STOCK_ITEMS].get_many([item_id(key) for key in keys])
    levels = await unit.levels(list(places.values()))
    find = buffered if waited else left_by
    leaves = await find(unit, keys, items, location=location, channel=channel)
    wishes = [
        Demand(hold_id(owner, attempt, places[key]), places[key], demands[key], owner, leaves[key]) for key in keys
    ]
    short = [wish for wish in wishes if wish.quantity > levels[wish.resource].available - wish.leave]
    if short and (missing := await _unheld(unit, short)):
        raise OutOfStock(
            tuple(
                shortage(place(wish.resource)[1], wish.quantity, levels[wish.resource].available - wish.leave, items)
                for wish in missing
            ),
            location,
        )
    item_of = {wish.hold_id: items.get(item_id(place(wish.resource)[1])) for wish in wishes}
    telling = [
        wish
        for wish in wishes
        if wish not in short and said(item_of[wish.hold_id], location, levels[wish.resource], -wish.quantity)
    ]
    new = await _unheld(unit, telling) if telling else []  # what is held already has been told
    unit.hold(wishes, until=until)
    for wish in new:
        tell_level(unit, item_of[wish.hold_id], location, levels[wish.resource], -wish.quantity)
    return tuple(wish.hold_id for wish in wishes)


def promise(unit: Unit, supplies: Sequence[Supply], *, owner: str, until: datetime | None) -> tuple[str, ...]:
    """The ids of holds for a new *owner* of all that *supplies* were sought for; leased *until*, or kept for good.

    It reads nothing: whoever was faster meanwhile is met at the commit (`OutOfStock`).
    """
    wanted = [(supply, key) for supply in supplies for key, steps in supply.taken.items() if steps]
    wishes = [_first_demand(supply, key, owner) for supply, key in wanted]
    beyond = [
        Demand(hold_id(owner, 1, name), name, steps, owner)
        for supply in supplies
        for key, steps in supply.beyond.items()
        for name in (capacity(supply.location, key),)
    ]
    unit.hold([*wishes, *beyond], until=until)
    for (supply, key), wish in zip(wanted, wishes, strict=True):
        tell_level(unit, supply.items.get(key), supply.location, supply.levels[key], -wish.quantity)
    return tuple(wish.hold_id for wish in (*wishes, *beyond))


def _first_demand(supply: Supply, key: str, owner: str) -> Demand:
    where = resource(supply.location, key)
    return Demand(hold_id(owner, 1, where), where, supply.taken[key], owner, supply.leaves[key])


async def _unheld(unit: Unit, wishes: Sequence[Demand]) -> list[Demand]:
    """The wishes that aren't the very holds that make the stock short."""
    found = await unit.holds([wish.hold_id for wish in wishes])
    for id, known in found.items():
        standing({id: known}, [id], unit.now)
    return [wish for wish in wishes if wish.hold_id not in found]


async def standing_holds(unit: Unit, hold_ids: Sequence[str]) -> tuple[str, ...]:
    """Those of *hold_ids* that still stand: neither run out, nor taken, nor released."""
    found = await unit.holds(hold_ids)
    live = (HoldState.LEASED, HoldState.KEPT)
    return tuple(id for id in hold_ids if id in found and state_at(found[id], unit.now) in live)


async def keep(unit: Unit, hold_ids: Sequence[str]) -> None:
    """Let leased holds last. Refused at the commit (`HoldEnded`) when one has run out or ended."""
    unit.keep(hold_ids)


async def hand_on(
    unit: Unit,
    hold_ids: Sequence[str],
    *,
    owner: str,
    attempt: int,
    until: datetime | None,
    only: Mapping[str, int] | None = None,
) -> tuple[str, ...]:
    """The same goods held for another *owner*, or *until* another instant: nobody can take them in between.

    Where *only* some of them are, in steps by resource, the others are free.

    Raises:
        HoldEnded: one of them has run out or ended; nothing was changed.
    """
    given = standing(await unit.holds(hold_ids), hold_ids, unit.now)
    so_much = {each.resource: each.quantity for each in given} if only is None else only
    taken_over = [
        Demand(hold_id(owner, attempt, each.resource), each.resource, so_much[each.resource], owner)
        for each in given
        if so_much.get(each.resource, 0)
    ]
    unit.keep(hold_ids)  # refuses at the commit what another unit has ended meanwhile
    unit.release(hold_ids)
    unit.hold(taken_over, until=until)
    return tuple(each.hold_id for each in taken_over)


async def release_part(unit: Unit, hold_ids: Sequence[str], goods: Mapping[str, int]) -> tuple[str, ...]:
    """Give goods back out of holds, and answer the ids of the holds that then stand in place of *hold_ids*.

    *goods* are steps by resource.

    Raises:
        HoldEnded, NotHeld: nothing was changed.
    """
    freed, left = await _carve(unit, hold_ids, goods)
    unit.release([one.id for one in freed])
    return left


async def release(unit: Unit, hold_ids: Sequence[str]) -> None:
    """Give holds back; those that have ended stay as they are."""
    unit.release(hold_ids)


# The goods leave.


async def take(unit: Unit, hold_ids: Sequence[str], *, refers_to: str) -> None:
    """Let all of the holds' goods leave, with one movement of the kind *ship* for each hold.

    Of tracked goods the lots that expire first leave; where those that may don't suffice, others do too: money may have
    come in for them, and the goods are put aside now, not looked at.

    Raises:
        HoldEnded: nothing was changed.
    """
    await _ship(unit, standing(await unit.holds(hold_ids), hold_ids, unit.now), refers_to)


async def take_promised(unit: Unit, goods: Mapping[str, int], *, owner: str) -> None:
    """Let *goods*, steps by resource, leave that were promised to *owner* for good in this very unit, so that no hold
    need be looked at.
    """
    held = (
        StoredHold(hold_id(owner, 1, name), name, steps, owner, HoldState.KEPT, None) for name, steps in goods.items()
    )
    await _ship(unit, tuple(held), owner)


async def take_part(
    unit: Unit, hold_ids: Sequence[str], goods: Mapping[str, int], *, refers_to: str, lots: Named = NO_LOTS
) -> tuple[str, ...]:
    """Let goods leave out of holds, and answer the ids of the holds that then stand in place of *hold_ids*.

    *goods* are steps by resource. Of tracked ones the *lots* that are named leave, or those that expire first, and
    none that may not.

    Raises:
        HoldEnded, NotHeld: nothing was changed.
        LotsNotPickable: too little of those that may leave is here. NotTracked, LotsDiffer, UnknownLot, LotShort.
        Nothing was changed.
    """
    leaving, left = await _carve(unit, hold_ids, goods)
    await _ship(unit, leaving, refers_to, lots=lots, strict=True)
    return left


async def _carve(
    unit: Unit, ids: Sequence[str], goods: Mapping[str, int]
) -> tuple[tuple[StoredHold, ...], tuple[str, ...]]:
    """Cut *goods*, steps by resource, out of holds: the holds that hold exactly them, and the ids of the rest."""
    plan = cut(standing(await unit.holds(ids), ids, unit.now), goods)
    ending, left = list(plan.whole), {one.id: one.id for one in plan.untouched}
    for whole, steps in plan.divided:
        part, rest = halves(whole.id)
        unit.keep([whole.id])  # refuses at the commit what another unit has ended meanwhile
        unit.release([whole.id])
        unit.hold(
            [
                Demand(part, whole.resource, steps, whole.owner),
                Demand(rest, whole.resource, whole.quantity - steps, whole.owner),
            ],
            until=whole.until,
        )
        ending.append(StoredHold(part, whole.resource, steps, whole.owner, whole.state, whole.until))
        left[whole.id] = rest
    return tuple(ending), tuple(left[id] for id in ids if id in left)


async def _ship(
    unit: Unit, holds: Sequence[StoredHold], refers_to: str, *, lots: Named = NO_LOTS, strict: bool = False
) -> None:
    items = await unit[STOCK_ITEMS].get_many([item_id(place(one.resource)[1]) for one in holds])
    by_key = {item.key: item for item in items.values()}
    picked = await _picked(unit, by_key, holds, lots, strict=strict)
    for one in holds:
        item = by_key[place(one.resource)[1]]
        post(unit, MovementKind.SHIP, item, one.resource, -one.quantity, refers_to, batch=one.id)
        if one.resource in picked:
            going = portion({item.key: picked[one.resource]}, {item.key: one.quantity})[item.key]
            away = {code: -steps for code, steps in going.items()}
            await carrying.carry(
                unit, item, one.resource, away, kind=MovementKind.SHIP, batch=one.id, refers_to=refers_to
            )
    unit.take([one.id for one in holds])


async def _picked(
    unit: Unit, items: Mapping[str, StockItem], holds: Sequence[StoredHold], lots: Named, *, strict: bool
) -> dict[str, dict[str, int]]:
    """By resource, the lots that leave, in steps; nothing of goods that aren't tracked."""
    goods: dict[str, int] = {}
    for one in holds:
        goods[one.resource] = goods.get(one.resource, 0) + one.quantity
    if lots:
        carrying.check_named(items, {place(where)[1]: steps for where, steps in goods.items()}, lots)
    picked: dict[str, dict[str, int]] = {}
    for where, steps in goods.items():
        item = items[place(where)[1]]
        if item.tracked is Tracked.NONE:
            continue
        if item.key in lots:
            picked[where] = await carrying.name(unit, item, where, lots[item.key], strict=strict)
        else:
            picked[where] = await carrying.choose(unit, item, where, steps, strict=strict)
    return picked


def explain_refusal(error: StorageError) -> TokolibError:
    """What a refusal of the storage means here; any other error is answered as it is."""
    match error:
        case Refused(write="hold", name=name, demanded=wanted, available=available):
            location, key = place(resource_of(name))
            return OutOfStock((Shortage(key, wanted, max(available, 0)),), location)
        case Refused(write="adjust", name=name, demanded=change, available=free) if change < 0:
            location, key = place(name)
            return BelowHeld(key, location, -change, max(free, 0), state_of(name))
        case HoldGone(hold_id=id, state=state):
            return HoldEnded(id, "missing" if state == "unknown" else state)
        case _:
            return error
