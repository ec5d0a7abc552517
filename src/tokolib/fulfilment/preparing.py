"""Making a planned shipment ready, as steps on an open unit: fetched from the shelves, put into parcels."""

from collections.abc import Iterable, Mapping, Sequence

from tokolib.catalog.sku import key as sku_key
from tokolib.effects.ports import Observe
from tokolib.fulfilment import events as e
from tokolib.fulfilment.errors import NotHere
from tokolib.fulfilment.lifecycle import check as check_shipment
from tokolib.fulfilment.model import Shipment, ShipmentState
from tokolib.fulfilment.packing.contents import items
from tokolib.fulfilment.packing.errors import NotAllPacked
from tokolib.fulfilment.packing.firstfit import parcels as packed
from tokolib.fulfilment.packing.model import PackedParcel, PackingRules, ParcelDraft
from tokolib.fulfilment.picking.model import PickList, Shortage
from tokolib.fulfilment.picking.walk import Load, Shelved, pick_lists
from tokolib.fulfilment.ports import SHIPMENTS
from tokolib.inventory.register import stock_items
from tokolib.kernel.ids import ShipmentId
from tokolib.kernel.unit import Unit
from tokolib.kernel.unit_set import NO_UNITS, UnitSet
from tokolib.orders import goods
from tokolib.orders.booking import book
from tokolib.orders.events import GoodsUnplanned
from tokolib.orders.instalments import keep_to_plan
from tokolib.orders.lines import Run, by_line
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.orders.units import Wanted, chosen, runs_of

NOTHING_FOUND = "nothing of it was found"


async def listed(unit: Unit, ids: Iterable[ShipmentId], places: Mapping[str, str]) -> tuple[PickList, ...]:
    """The pick lists of shipments that are here, one for each location.

    Raises:
        NotFound: there is no such shipment. NotHere: one has left, or was cancelled.
    """
    loads = []
    for id in dict.fromkeys(ids):
        shipment = await unit[SHIPMENTS].get(id)
        if not shipment.is_here:
            raise NotHere(shipment.id, shipment.state)
        order = await unit[ORDERS].get(shipment.order_id)
        loads.append(Load(shipment.id, shipment.location, goods.of_runs(order, shipment.runs)))
    shelf_of = {sku_key(sku): place.strip() for sku, place in places.items()}
    known = await stock_items(unit, sorted({key for load in loads for key in load.goods}))
    shelves = {key: Shelved(item.sku, item.unit, shelf_of.get(key, "")) for key, item in known.items()}
    return pick_lists(loads, shelves)


async def begin(unit: Unit, ids: Iterable[ShipmentId]) -> tuple[Shipment, ...]:
    """Somebody fetches the goods of shipments; those that are being fetched stay as they are.

    Raises:
        NotFound, IllegalShipmentTransition: one of them can't be; none was changed.
    """
    return tuple([await _begin(unit, id) for id in dict.fromkeys(ids)])


async def _begin(unit: Unit, id: ShipmentId) -> Shipment:
    shipment = await unit[SHIPMENTS].get(id)
    if shipment.state is ShipmentState.PICKING:
        return shipment
    check_shipment(shipment, e.PickingBegun)
    return unit[SHIPMENTS].record(shipment, e.PickingBegun(unit.now))


async def finish(unit: Unit, id: ShipmentId, short: Wanted, *, observe: Observe) -> Shipment:
    """The goods are fetched, but for what the shelf was *short* of: that is free again in its order.

    With nothing fetched the shipment is cancelled.

    Raises:
        NotFound, IllegalShipmentTransition: it isn't being fetched.
        UnknownLine, NamedTwice, TooManyUnits: *short* names what it hasn't. Nothing was changed.
    """
    shipment = await unit[SHIPMENTS].get(id)
    check_shipment(shipment, e.ShipmentPicked)
    order = await unit[ORDERS].get(shipment.order_id)
    here = by_line(shipment.runs)
    missing = chosen(order, here, short, UnitSet.last, zero=True)
    left = runs_of(order, {id: units - missing.get(id, NO_UNITS) for id, units in here.items()})
    if gone := runs_of(order, missing):
        book(unit, order, GoodsUnplanned(shipment.id, gone))
    shipment = unit[SHIPMENTS].record(shipment, e.ShipmentPicked(unit.now, left, _shortages(order, missing)))
    if left:
        return shipment
    shipment = unit[SHIPMENTS].record(shipment, e.ShipmentCancelled(unit.now, NOTHING_FOUND))
    await keep_to_plan(unit, order.id, observe=observe)
    return shipment


def _shortages(order: Order, missing: Mapping[str, UnitSet]) -> tuple[Shortage, ...]:
    return tuple(
        Shortage(line.id, line.line.sku, line.line.unit, len(missing[line.id]))
        for line in order.lines
        if line.id in missing
    )


async def pack(unit: Unit, id: ShipmentId, how: PackingRules | Sequence[ParcelDraft]) -> Shipment:
    """The shipment in parcels: by rules, or as somebody has packed it. The same parcels again change nothing.

    Raises:
        NotFound, IllegalShipmentTransition: it is not here.
        MissingWeight, CannotPack: by rules. NotAllPacked, UnknownLine, NamedTwice, TooManyUnits: by hand.
        Nothing was changed.
    """
    shipment = await unit[SHIPMENTS].get(id)
    check_shipment(shipment, e.ShipmentPacked)
    order = await unit[ORDERS].get(shipment.order_id)
    if isinstance(how, PackingRules):
        made = packed(await items(unit, order, shipment.runs, how), how)
    else:
        made = _as_packed(order, shipment, how)
    if shipment.state is ShipmentState.PACKED and shipment.parcels == made:
        return shipment
    return unit[SHIPMENTS].record(shipment, e.ShipmentPacked(unit.now, made))


def _as_packed(order: Order, shipment: Shipment, drafts: Sequence[ParcelDraft]) -> tuple[PackedParcel, ...]:
    left = by_line(shipment.runs)
    made: list[PackedParcel] = []
    for number, draft in enumerate(drafts, start=1):
        inside = chosen(order, left, draft.goods, UnitSet.first, zero=True)
        left = {id: units - inside.get(id, NO_UNITS) for id, units in left.items()}
        runs: tuple[Run, ...] = runs_of(order, inside)
        made.append(
            PackedParcel(number=number, runs=runs, grams=draft.grams, dimensions=draft.dimensions, box=draft.box)
        )
    if forgotten := tuple(line.line.sku for line in order.lines if left.get(line.id)):
        raise NotAllPacked(shipment.id, forgotten)
    return tuple(made)
