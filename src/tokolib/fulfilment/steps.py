"""Handing goods over and seeing them arrive, as steps on an open unit."""

from datetime import datetime, timedelta
from typing import Final

from tokolib.effects.ports import Observe
from tokolib.fulfilment.errors import ImpossibleArrival, NothingToShip
from tokolib.fulfilment.events import ShipmentDelivered, ShipmentHandedOver, ShipmentRefined, TrackingSet
from tokolib.fulfilment.lifecycle import SHIPMENT
from tokolib.fulfilment.lifecycle import check as check_shipment
from tokolib.fulfilment.model import Shipment, ShipmentState
from tokolib.fulfilment.ports import SHIPMENTS
from tokolib.inventory.steps import take_part
from tokolib.kernel.ids import OrderId, ShipmentId
from tokolib.kernel.refinement import entered, of_machine
from tokolib.kernel.unit import Unit, every
from tokolib.orders import goods
from tokolib.orders.booking import book
from tokolib.orders.capturing import capture_shipped
from tokolib.orders.events import GoodsDelivered, GoodsShipped
from tokolib.orders.instalments import keep_to_plan
from tokolib.orders.lifecycle import check
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


async def hand_over(
    unit: Unit,
    order_id: OrderId,
    wanted: Wanted | None,
    *,
    tracking: str,
    method: str,
    gateways: Gateways,
    observe: Observe,
) -> Shipment:
    """Units leave: their holds are taken, one stock movement each, and the order says so.

    Where its money is only reserved, a capture of their shares is wished for.

    Raises:
        CapturedOnce: other goods would be left, and the gateway captures one time only. Nothing was changed.
        IllegalOrderTransition, NotShippable: the order isn't placed, isn't paid and has no credit terms, is blocked,
            or is late with an instalment of a plan that keeps goods then.
        NothingToShip, TooManyUnits, UnknownLine, NamedTwice: what was named isn't open. Nothing was changed.
    """
    order = await keep_to_plan(unit, order_id, observe=observe)
    check(order, GoodsShipped)
    runs = to_ship(order, wanted)
    if not runs:
        raise NothingToShip(order.id)
    tables = of_machine(SHIPMENT.name, order.refinements)
    shipment = Shipment(
        id=ShipmentId(unit.new_id("shp")),
        version=1,
        order_id=order.id,
        number=await _next_number(unit, order.id),
        runs=runs,
        method=method or (order.delivery.method if order.delivery else ""),
        tracking=tracking,
        state=ShipmentState.HANDED_OVER,
        handed_over_at=unit.now,
        sub_state=entered(SHIPMENT.name, ShipmentState.HANDED_OVER, tables),
        refinements=tables,
    )
    holds = order.holds
    if order.takes_at_shipment:
        holds = await take_part(unit, holds, goods.of_runs(order, runs), refers_to=shipment.id)
    await capture_shipped(unit, book(unit, order, GoodsShipped(shipment.id, runs, holds)), gateways)
    return unit[SHIPMENTS].record(None, ShipmentHandedOver(shipment))


async def deliver(unit: Unit, shipment_id: ShipmentId, *, at: datetime | None, received_by: str) -> Shipment:
    """The goods arrived. Said twice, it is heard once.

    Raises:
        NotFound: there is no such shipment.
        ImpossibleArrival: before it was handed over, or in the future. Nothing was changed.
    """
    shipment = await unit[SHIPMENTS].get(shipment_id)
    if shipment.state is ShipmentState.DELIVERED:
        return shipment
    earliest, latest = shipment.handed_over_at, unit.now + LEEWAY
    if at is not None and not earliest <= at <= latest:
        raise ImpossibleArrival(shipment.id, at.isoformat(), earliest.isoformat(), latest.isoformat())
    order = await unit[ORDERS].get(shipment.order_id)
    book(unit, order, GoodsDelivered(shipment.id, shipment.runs))
    return unit[SHIPMENTS].record(shipment, ShipmentDelivered(at or unit.now, received_by))


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
