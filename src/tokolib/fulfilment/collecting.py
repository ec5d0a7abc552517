"""Goods that customers collect, as steps on an open unit: kept ready with a code, collected, or missed."""

import hmac
from datetime import datetime
from hashlib import sha256
from typing import Final

from tokolib.effects.ports import Observe
from tokolib.fulfilment import events as e
from tokolib.fulfilment.lifecycle import check as check_shipment
from tokolib.fulfilment.model import Shipment, ShipmentState
from tokolib.fulfilment.ports import SHIPMENTS
from tokolib.fulfilment.steps import deliver, hand_over_planned
from tokolib.kernel.clock import sortable
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.ids import ShipmentId, base32
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.orders.booking import book
from tokolib.orders.events import GoodsUnplanned
from tokolib.orders.instalments import keep_to_plan
from tokolib.orders.ports import ORDERS
from tokolib.orders.shares import worths
from tokolib.payments.ports import Gateways

MOST_REFUSED: Final = 10
"""So many wrong codes are heard; with 40 random bits a guess is right once in a hundred thousand million times."""
CODE_LENGTH: Final = 8
NOT_COLLECTED: Final = "nobody collected it in time"


async def make_ready(unit: Unit, shipment_id: ShipmentId, until: datetime) -> Shipment:
    """The customer may collect it until then. A new code is made for the first time, and after too many wrong ones.

    Raises:
        NotFound, IllegalShipmentTransition, NotForCollection, LabelsStand: it can't be collected.
        InvalidInput: *until* is over. Nothing was changed.
    """
    shipment = await unit[SHIPMENTS].get(shipment_id)
    check_shipment(shipment, e.ShipmentReady)
    if until <= unit.now:
        raise InvalidInput((Fault("collect_by", "fulfilment.collected_by", "must be in the future", str(until)),))
    known = shipment.collection
    locked = known is not None and known.refused >= MOST_REFUSED
    if known is not None and known.until == until and not locked:
        return shipment
    code = known.code if known is not None and not locked else _code(unit)
    return unit[SHIPMENTS].record(shipment, e.ShipmentReady(unit.now, until, code))


def _code(unit: Unit) -> str:
    """Of 40 random bits, in letters and digits that are not misread."""
    return base32(int.from_bytes(sha256(unit.secret().encode()).digest()[:5]), CODE_LENGTH)


async def collect(
    unit: Unit, shipment_id: ShipmentId, code: str, *, received_by: str, gateways: Gateways, observe: Observe
) -> tuple[Shipment, bool]:
    """Handed over and delivered in one, to whoever has its code; and whether it was that. Another one is counted.

    Raises:
        NotFound, IllegalShipmentTransition: it isn't ready. What `hand_over_planned` raises. Nothing was changed.
    """
    shipment = await unit[SHIPMENTS].get(shipment_id)
    if shipment.state is ShipmentState.DELIVERED and shipment.collection is not None:
        return shipment, _same(shipment.collection.code, code)
    check_shipment(shipment, e.CodeRefused)
    known = shipment.collection
    if known is None or known.refused >= MOST_REFUSED:
        return shipment, False
    if not _same(known.code, code):
        return unit[SHIPMENTS].record(shipment, e.CodeRefused(unit.now)), False
    await hand_over_planned(unit, shipment_id, tracking="", method="", gateways=gateways, observe=observe)
    return await deliver(unit, shipment_id, at=unit.now, received_by=received_by), True


def _same(known: str, shown: str) -> bool:
    """Whether it is the code, as people write it; in a time that tells nothing of it."""
    return hmac.compare_digest(known.encode(), shown.replace("-", "").replace(" ", "").lower().encode())


async def overdue(unit: Unit, *, limit: int) -> tuple[ShipmentId, ...]:
    """Shipments that were to be collected by now, the longest waiting first."""
    page = await unit[SHIPMENTS].where("by_collect", since="", until=sortable(unit.now), limit=limit)
    return tuple(each.id for each in page.items)


async def miss(unit: Unit, shipment_id: ShipmentId, *, observe: Observe) -> bool:
    """Nobody came in time: it does not leave, and its units are free again. False where that is not so any more."""
    shipment = await unit[SHIPMENTS].get(shipment_id)
    known = shipment.collection
    if shipment.state is not ShipmentState.READY or known is None or known.until > unit.now:
        return False
    order = await unit[ORDERS].get(shipment.order_id)
    worth = Money(sum(each.total for each in worths(order, shipment.runs, charges=True, kept=True)), order.currency)
    book(unit, order, GoodsUnplanned(shipment.id, shipment.runs))
    unit[SHIPMENTS].record(shipment, e.CollectionMissed(unit.now, NOT_COLLECTED, worth))
    await keep_to_plan(unit, order.id, observe=observe)
    return True


async def decide(unit: Unit, shipment_id: ShipmentId, reason: str) -> Shipment:
    """A person says what the customer got for goods that nobody collected.

    Raises:
        NotFound, IllegalShipmentTransition, NothingMissed: nothing was changed.
    """
    shipment = await unit[SHIPMENTS].get(shipment_id)
    check_shipment(shipment, e.MissedDecided)
    return unit[SHIPMENTS].record(shipment, e.MissedDecided(reason))
