"""Journeys that don't end at the customer's door, as steps on an open unit: failed, turned back, lost, made good.

What left and won't arrive is *undelivered* in its order until somebody decides: the goods again (the units are open and
held once more) or the money (a return credits their shares). A parcel that was lost may still turn up afterwards; then
only the goods are taken in, since the customer has been helped.
"""

from datetime import datetime

from tokolib.fulfilment import events as e
from tokolib.fulfilment.errors import InvalidClaim, NothingAstray
from tokolib.fulfilment.lifecycle import check as check_shipment
from tokolib.fulfilment.model import Attempt, CourierClaim, Remedy, Shipment, ShipmentState
from tokolib.fulfilment.ports import SHIPMENTS
from tokolib.fulfilment.steps import check_moment
from tokolib.inventory.model import StockState
from tokolib.inventory.moving import restock
from tokolib.inventory.steps import take
from tokolib.kernel.ids import ShipmentId
from tokolib.kernel.money import Money
from tokolib.kernel.money_errors import CurrencyMismatch
from tokolib.kernel.unit import Unit
from tokolib.orders import goods
from tokolib.orders.booking import book
from tokolib.orders.events import DeliveryRevoked, GoodsReopened, GoodsUndelivered
from tokolib.orders.lines import Run
from tokolib.orders.model import Order
from tokolib.orders.placement import hold_again
from tokolib.orders.ports import ORDERS


async def fail(unit: Unit, shipment_id: ShipmentId, *, at: datetime | None, reason: str) -> Shipment:
    """The courier was at the door in vain. The same attempt told twice is one.

    Raises:
        NotFound, IllegalShipmentTransition, ImpossibleArrival: nothing was changed.
    """
    shipment = await unit[SHIPMENTS].get(shipment_id)
    attempt = Attempt(at or unit.now, reason)
    if attempt in shipment.attempts:
        return shipment
    check_shipment(shipment, e.DeliveryFailed)
    check_moment(unit, shipment, at)
    return unit[SHIPMENTS].record(shipment, e.DeliveryFailed(attempt))


async def turn_back(unit: Unit, shipment_id: ShipmentId, *, reason: str) -> Shipment:
    """It is on its way back; what was told to have been delivered was not.

    Raises:
        NotFound, IllegalShipmentTransition: nothing was changed.
    """
    shipment = await unit[SHIPMENTS].get(shipment_id)
    if shipment.state is ShipmentState.RETURNING:
        return shipment
    check_shipment(shipment, e.ShipmentTurnedBack)
    if shipment.state is ShipmentState.DELIVERED:
        order = await unit[ORDERS].get(shipment.order_id)
        if (still := _out(order, shipment)) and shipment.remedy is None:
            book(unit, order, DeliveryRevoked(shipment.id, still))
    return unit[SHIPMENTS].record(shipment, e.ShipmentTurnedBack(unit.now, reason))


async def come_back(unit: Unit, shipment_id: ShipmentId, *, state: StockState) -> Shipment:
    """It is back, and its goods are in stock again, in a *state* of theirs.

    Raises:
        NotFound, IllegalShipmentTransition: nothing was changed.
    """
    shipment = await unit[SHIPMENTS].get(shipment_id)
    if shipment.state is ShipmentState.RETURNED:
        return shipment
    check_shipment(shipment, e.ShipmentReturned)
    order, back = await _undelivered(unit, shipment)
    if back:
        here, order_id = goods.of_runs(order, back), order.id

        async def left_with() -> tuple[str, ...]:
            return (shipment_id, order_id)  # with the order, where stock leaves the books at the sale

        await restock(unit, here, location=shipment.location, state=state, refers_to=shipment.id, left_with=left_with)
    return unit[SHIPMENTS].record(shipment, e.ShipmentReturned(unit.now, back, state.value))


async def lose(unit: Unit, shipment_id: ShipmentId, *, reason: str) -> Shipment:
    """It will not arrive.

    Raises:
        NotFound, IllegalShipmentTransition: nothing was changed.
    """
    shipment = await unit[SHIPMENTS].get(shipment_id)
    if shipment.state is ShipmentState.LOST:
        return shipment
    check_shipment(shipment, e.ShipmentLost)
    _, gone = await _undelivered(unit, shipment)
    return unit[SHIPMENTS].record(shipment, e.ShipmentLost(unit.now, gone, reason))


async def _undelivered(unit: Unit, shipment: Shipment) -> tuple[Order, tuple[Run, ...]]:
    """The order, told that units of *shipment* won't arrive, where it doesn't know; and those units."""
    order = await unit[ORDERS].get(shipment.order_id)
    if shipment.state is ShipmentState.LOST or shipment.remedy is not None:
        return order, shipment.astray
    if astray := _out(order, shipment):
        order = book(unit, order, GoodsUndelivered(shipment.id, astray))
    return order, astray


def _out(order: Order, shipment: Shipment) -> tuple[Run, ...]:
    """The units of *shipment* that no return has taken."""
    lines = {line.id: line for line in order.lines}
    return tuple(
        run for each in shipment.runs for run in lines[each.line_id].runs(each.set - lines[each.line_id].returned)
    )


async def reship(unit: Unit, shipment_id: ShipmentId) -> Shipment:
    """What did not arrive is to be shipped again: it is held anew for the order. Said twice, it is heard once.

    Raises:
        OutOfStock: the goods aren't there any more. RemediedOtherwise: the customer had the money back.
        NothingAstray: a return has credited all of it. NotFound, IllegalShipmentTransition. Nothing was changed.
    """
    shipment = await unit[SHIPMENTS].get(shipment_id)
    if shipment.remedy is Remedy.RESHIP:
        return shipment
    order = await unit[ORDERS].get(shipment.order_id)
    shipment = remedied(unit, shipment, Remedy.RESHIP, asked="shipments.reship")
    held = await hold_again(unit, order, goods.resources(order, shipment.astray))
    standing = (*order.holds, *held)
    if not order.takes_at_shipment:
        await take(unit, held, refers_to=shipment.id)
        standing = order.holds
    book(unit, order, GoodsReopened(shipment.id, shipment.astray, held, standing))
    return shipment


def remedied(unit: Unit, shipment: Shipment, remedy: Remedy, *, asked: str) -> Shipment:
    """The shipment with what the customer gets for what did not arrive of it; the caller, *asked*, sees to it.

    Raises:
        IllegalShipmentTransition, RemediedOtherwise, NothingAstray: nothing was changed.
    """
    check_shipment(shipment, e.ShipmentRemedied, asked=asked)
    if not shipment.astray:
        raise NothingAstray(shipment.id)
    return unit[SHIPMENTS].record(shipment, e.ShipmentRemedied(remedy))


async def claim(unit: Unit, shipment_id: ShipmentId, amount: Money, reference: str) -> Shipment:
    """The shop asks the courier to make up for it; another amount or reference corrects what was asked.

    Raises:
        NotFound, IllegalShipmentTransition, CurrencyMismatch: nothing was changed.
    """
    shipment = await unit[SHIPMENTS].get(shipment_id)
    known = shipment.claim
    if known is not None and (known.amount, known.reference) == (amount, reference):
        return shipment
    check_shipment(shipment, e.CourierClaimed)
    sold_in = (await unit[ORDERS].get(shipment.order_id)).currency.code
    if amount.currency.code not in (
        sold_in,
        (await unit.settings()).currency,
    ):  # couriers pay in the money of the house
        raise CurrencyMismatch(sold_in, amount.currency.code)
    return unit[SHIPMENTS].record(shipment, e.CourierClaimed(CourierClaim(amount, reference, unit.now)))


async def answer_claim(unit: Unit, shipment_id: ShipmentId, paid: Money) -> Shipment:
    """The courier granted so much of the claim.

    Raises:
        NotFound, IllegalShipmentTransition, NoCourierClaim, InvalidClaim: nothing was changed.
    """
    shipment = await unit[SHIPMENTS].get(shipment_id)
    if shipment.claim is not None and shipment.claim.paid == paid:
        return shipment
    check_shipment(shipment, e.CourierClaimAnswered)
    if shipment.claim is not None and shipment.claim.amount.currency != paid.currency:
        raise InvalidClaim(shipment.id, paid, f"was claimed in {shipment.claim.amount.currency.code}")
    if shipment.claim is not None and paid > shipment.claim.amount:
        raise InvalidClaim(shipment.id, paid, f"is more than was claimed, {shipment.claim.amount}")
    return unit[SHIPMENTS].record(shipment, e.CourierClaimAnswered(paid, unit.now))
