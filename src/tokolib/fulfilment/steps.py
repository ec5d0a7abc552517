"""Claiming goods, handing them over and seeing them arrive, as steps on an open unit."""

from datetime import datetime, timedelta
from typing import Final

import attrs

from tokolib.effects.ports import Observe
from tokolib.fulfilment.errors import ImpossibleArrival, NothingToShip, SeveralLocations, TakenBefore
from tokolib.fulfilment.events import (
    ShipmentCancelled,
    ShipmentDelivered,
    ShipmentHandedOver,
    ShipmentPlanned,
    ShipmentRefined,
    TrackingSet,
)
from tokolib.fulfilment.labels.cash import check_labels
from tokolib.fulfilment.lifecycle import SHIPMENT
from tokolib.fulfilment.lifecycle import check as check_shipment
from tokolib.fulfilment.model import Shipment, ShipmentState
from tokolib.fulfilment.ports import SHIPMENTS
from tokolib.inventory.lots.naming import Named
from tokolib.inventory.steps import NO_LOTS, take_part
from tokolib.kernel.ids import LocationId, OrderId, ShipmentId
from tokolib.kernel.refinement import entered, of_machine
from tokolib.kernel.unit import Unit, every
from tokolib.orders import goods
from tokolib.orders.booking import book
from tokolib.orders.capturing import capture_shipped
from tokolib.orders.events import GoodsDelivered, GoodsPlanned, GoodsShipped, GoodsUnplanned
from tokolib.orders.instalments import keep_to_plan
from tokolib.orders.lifecycle import check
from tokolib.orders.lines import Run
from tokolib.orders.model import Order
from tokolib.orders.places import by_location
from tokolib.orders.ports import ORDERS
from tokolib.orders.units import Wanted, to_ship
from tokolib.payments.ports import Gateways

LEEWAY: Final = timedelta(days=1)
"""How far ahead of ours a courier's clock may be, or the zone that it was read in."""


async def shipments_of(unit: Unit, order_id: str) -> tuple[Shipment, ...]:
    """The shipments of an order, the first one first."""
    return await every(unit[SHIPMENTS], "by_order", {"order_id": order_id})


async def _next_number(unit: Unit, order_id: str) -> int:
    last = await unit[SHIPMENTS].where("by_order", equals={"order_id": order_id}, limit=1, descending=True)
    return last.items[0].number + 1 if last.items else 1


async def parcels_of(unit: Unit, order_id: str) -> tuple[Shipment, ...]:
    """The shipments of an order that have left and not been made good: those that its cash is expected for."""
    return tuple(each for each in await shipments_of(unit, order_id) if each.handed_over_at and each.remedy is None)


async def plan(unit: Unit, order_id: OrderId, wanted: Wanted | None, *, method: str, location: str = "") -> Shipment:
    """A shipment that claims units: they are made ready, and no other may take them.

    Raises:
        IllegalOrderTransition, NotShippable: the order isn't placed, isn't paid and has no credit terms, or is blocked.
        NothingToShip, TooManyUnits, UnknownLine, NamedTwice: what was named isn't free. SeveralLocations: no *location*
            is named, and it leaves from several. Nothing was changed.
    """
    order = await unit[ORDERS].get(order_id)
    check(order, GoodsPlanned)
    where, runs = _free(order, wanted, location)
    made = await _begun(unit, order, where, runs, ShipmentState.PLANNED, method=method)
    book(unit, order, GoodsPlanned(made.id, made.runs))
    return unit[SHIPMENTS].record(None, ShipmentPlanned(made))


async def cancel(unit: Unit, shipment_id: ShipmentId, reason: str, *, observe: Observe) -> Shipment:
    """It does not leave, and gives its units back. Said twice, it is heard once.

    An order whose payment plan ends it for an instalment that is overdue ends then, with the last units given back.

    Raises:
        NotFound: there is no such shipment. IllegalShipmentTransition: it has left. Nothing was changed.
    """
    shipment = await unit[SHIPMENTS].get(shipment_id)
    if shipment.state is ShipmentState.CANCELLED:
        return shipment
    check_shipment(shipment, ShipmentCancelled)
    book(unit, await unit[ORDERS].get(shipment.order_id), GoodsUnplanned(shipment.id, shipment.runs))
    shipment = unit[SHIPMENTS].record(shipment, ShipmentCancelled(unit.now, reason))
    await keep_to_plan(unit, shipment.order_id, observe=observe)
    return shipment


async def hand_over(
    unit: Unit,
    order_id: OrderId,
    wanted: Wanted | None,
    *,
    tracking: str,
    method: str,
    gateways: Gateways,
    observe: Observe,
    lots: Named = NO_LOTS,
    location: str = "",
) -> Shipment:
    """Units leave: their holds are taken, one stock movement each, and the order says so.

    Where its money is only reserved, a capture of their shares is wished for.

    Of tracked goods the *lots* that are named leave, or those that expire first.

    Raises:
        LotsNotPickable, NotTracked, LotsDiffer, UnknownLot, LotShort: nothing was changed.
        CapturedOnce: other goods would be left, and the gateway captures one time only. Nothing was changed.
        IllegalOrderTransition, NotShippable: the order isn't placed, isn't paid and has no credit terms, is blocked,
            or is late with an instalment of a plan that keeps goods then.
        NothingToShip, TooManyUnits, UnknownLine, NamedTwice: what was named isn't free. SeveralLocations: no *location*
            is named, and it leaves from several. Nothing was changed.
    """
    order = await keep_to_plan(unit, order_id, observe=observe)
    check(order, GoodsShipped)
    where, runs = _free(order, wanted, location)
    return await _sent(unit, order, where, runs, tracking, method, gateways, lots)


async def hand_over_runs(
    unit: Unit,
    order_id: OrderId,
    where: LocationId,
    runs: tuple[Run, ...],
    *,
    method: str,
    gateways: Gateways,
    observe: Observe,
    lots: Named,
) -> Shipment:
    """Units that somebody has chosen leave from one place, as with `hand_over`, which tells what it raises."""
    order = await keep_to_plan(unit, order_id, observe=observe)
    check(order, GoodsShipped)
    return await _sent(unit, order, where, runs, "", method, gateways, lots)


async def _sent(
    unit: Unit,
    order: Order,
    where: LocationId,
    runs: tuple[Run, ...],
    tracking: str,
    method: str,
    gateways: Gateways,
    lots: Named,
) -> Shipment:
    made = await _begun(unit, order, where, runs, ShipmentState.HANDED_OVER, method=method)
    left = attrs.evolve(made, tracking=tracking, handed_over_at=unit.now)
    await _leave(unit, order, left, gateways, lots)
    return unit[SHIPMENTS].record(None, ShipmentHandedOver(left))


async def hand_over_planned(
    unit: Unit,
    shipment_id: ShipmentId,
    *,
    tracking: str,
    method: str,
    gateways: Gateways,
    observe: Observe,
    lots: Named = NO_LOTS,
    manifest_id: str = "",
) -> Shipment:
    """The units that a shipment has claimed leave, as with `hand_over`; *manifest_id* is the manifest that it is on.

    Raises:
        NotFound: there is no such shipment. IllegalShipmentTransition: it has left, or was cancelled.
        LabelOutdated: a label says something else than the order by now. Nothing was changed.
        CapturedOnce, IllegalOrderTransition, NotShippable: as with `hand_over`. Nothing was changed.
    """
    shipment = await unit[SHIPMENTS].get(shipment_id)
    check_shipment(shipment, ShipmentHandedOver)
    order = await keep_to_plan(unit, shipment.order_id, observe=observe)
    check(order, GoodsShipped)
    await check_labels(unit, order, shipment)
    left = attrs.evolve(
        shipment,
        state=ShipmentState.HANDED_OVER,
        handed_over_at=unit.now,
        method=method or shipment.method,
        tracking=tracking or shipment.tracking,
        manifest_id=manifest_id,
        ask_at=unit.now if shipment.labels else None,
    )
    await _leave(unit, order, left, gateways, lots)
    return unit[SHIPMENTS].record(shipment, ShipmentHandedOver(left))


def _free(order: Order, wanted: Wanted | None, location: str) -> tuple[LocationId, tuple[Run, ...]]:
    """The units that are meant, at least one, and the one place that they leave from.

    Raises:
        NothingToShip: there is none. SeveralLocations: they leave from several.
    """
    if not (runs := to_ship(order, wanted, location)):
        raise NothingToShip(order.id)
    places = by_location(order, runs)
    if len(places) > 1:
        raise SeveralLocations(order.id, tuple(places))
    return next(iter(places.items()))


async def _begun(
    unit: Unit, order: Order, where: LocationId, runs: tuple[Run, ...], state: ShipmentState, *, method: str
) -> Shipment:
    """A new shipment of *runs* from one place, not stored yet."""
    tables = of_machine(SHIPMENT.name, order.refinements)
    return Shipment(
        id=ShipmentId(unit.new_id("shp")),
        version=1,
        order_id=order.id,
        number=await _next_number(unit, order.id),
        location=where,
        runs=runs,
        method=method or (order.delivery.method if order.delivery else ""),
        state=state,
        made_at=unit.now,
        sub_state=entered(SHIPMENT.name, state, tables),
        refinements=tables,
    )


async def _leave(unit: Unit, order: Order, shipment: Shipment, gateways: Gateways, lots: Named) -> None:
    holds = order.holds
    if order.takes_at_shipment:
        units = goods.resources(order, shipment.runs)
        holds = await take_part(unit, holds, units, refers_to=shipment.id, lots=lots)
    elif lots:
        raise TakenBefore(order.id)
    await capture_shipped(unit, book(unit, order, GoodsShipped(shipment.id, shipment.runs, holds)), gateways)


async def deliver(unit: Unit, shipment_id: ShipmentId, *, at: datetime | None, received_by: str) -> Shipment:
    """The goods arrived, perhaps after they were thought to be lost. Said twice, it is heard once.

    Raises:
        NotFound: there is no such shipment. IllegalShipmentTransition: it hasn't left, or is back.
        ImpossibleArrival: before it was handed over, or in the future. Nothing was changed.
    """
    shipment = await unit[SHIPMENTS].get(shipment_id)
    if shipment.state is ShipmentState.DELIVERED:
        return shipment
    check_shipment(shipment, ShipmentDelivered)
    check_moment(unit, shipment, at)
    arrived = shipment.astray if shipment.state is ShipmentState.LOST else shipment.runs
    if arrived and shipment.remedy is None:  # what was made good is no unit of the order any more
        book(unit, await unit[ORDERS].get(shipment.order_id), GoodsDelivered(shipment.id, arrived))
    return unit[SHIPMENTS].record(shipment, ShipmentDelivered(at or unit.now, received_by))


def check_moment(unit: Unit, shipment: Shipment, at: datetime | None) -> None:
    """Pass where something can have happened to goods that have left at an instant that the courier names.

    Raises:
        ImpossibleArrival: before it was handed over, or in the future.
    """
    earliest, latest = shipment.handed_over_at, unit.now + LEEWAY
    if at is not None and earliest is not None and not earliest <= at <= latest:
        raise ImpossibleArrival(shipment.id, at.isoformat(), earliest.isoformat(), latest.isoformat())


async def set_tracking(unit: Unit, shipment_id: ShipmentId, tracking: str) -> Shipment:
    """The courier's number became known.

    Raises:
        IllegalShipmentTransition: it has arrived, so nobody tracks it any more. NotFound: there is no such shipment.
    """
    shipment = await unit[SHIPMENTS].get(shipment_id)
    if shipment.tracking == tracking:
        return shipment
    return unit[SHIPMENTS].record(shipment, TrackingSet(tracking))


async def refine(unit: Unit, shipment_id: ShipmentId, sub_state: str, reason: str) -> Shipment:
    """The shipment in *sub_state*; where it stands there already nothing changes.

    Raises:
        IllegalSubState: its state has no sub-states, or no such move from this one.
        NotFound: there is no such shipment.
    """
    shipment = await unit[SHIPMENTS].get(shipment_id)
    check_shipment(shipment, ShipmentRefined)
    if shipment.sub_state == sub_state:
        return shipment
    return unit[SHIPMENTS].record(shipment, ShipmentRefined(sub_state, reason))
