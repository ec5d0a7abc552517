"""A courier's scans, folded into a shipment: what they say for certain happens, what needs eyes waits for a person.

That it was delivered, tried in vain or turned back follows from the scans. That it is back or lost does not: somebody
has to hold the goods, or to give them up. Scans that contradict each other are kept, and change nothing. What somebody
has said since against a scan stands, until the courier says so anew.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from tokolib.fulfilment import events as e
from tokolib.fulfilment.journeys import fail, turn_back
from tokolib.fulfilment.lifecycle import check as check_shipment
from tokolib.fulfilment.model import Shipment, ShipmentState
from tokolib.fulfilment.ports import SHIPMENTS
from tokolib.fulfilment.steps import LEEWAY, deliver
from tokolib.kernel.ids import ShipmentId
from tokolib.kernel.unit import Unit
from tokolib.shipping.tracking import Scan, TrackingStatus

_OUT: Final = frozenset({ShipmentState.HANDED_OVER, ShipmentState.FAILED})


async def scan(unit: Unit, shipment_id: ShipmentId, scans: Iterable[Scan]) -> Shipment:
    """The shipment with *scans*, and where they say it is. Scans that it has change nothing.

    Raises:
        NotFound: there is no such shipment. IllegalShipmentTransition: it was cancelled. Nothing was changed.
    """
    shipment = await unit[SHIPMENTS].get(shipment_id)
    known = {each.identity for each in shipment.scans}
    new = tuple({each.identity: each for each in scans if each.identity not in known}.values())
    if not new:
        return shipment
    check_shipment(shipment, e.ShipmentScanned)
    shipment = unit[SHIPMENTS].record(shipment, e.ShipmentScanned(new))
    return await _follow(unit, shipment, new)


async def _follow(unit: Unit, shipment: Shipment, new: Sequence[Scan]) -> Shipment:
    journey = shipment.journey
    for each in journey.scans:
        if each.status is TrackingStatus.ATTEMPT_FAILED and shipment.state in _OUT and _is_due(unit, each, new):
            why = (each.raw_text or each.raw_code or "tried in vain")[:300]
            shipment = await fail(unit, shipment.id, at=_possible(unit, shipment, each.at), reason=why)
    if shipment.state not in _OUT and all(each.status is not journey.status for each in new):
        return shipment
    match journey.status, shipment.state:
        case TrackingStatus.DELIVERED, ShipmentState.HANDED_OVER | ShipmentState.FAILED | ShipmentState.LOST:
            at = _possible(unit, shipment, journey.delivered_at or unit.now)
            return await deliver(unit, shipment.id, at=at, received_by="")
        case (
            TrackingStatus.RETURN_TO_SENDER,
            ShipmentState.HANDED_OVER | ShipmentState.FAILED | ShipmentState.DELIVERED,
        ):
            return await turn_back(unit, shipment.id, reason="the courier brings it back")
        case _:
            return shipment


def _is_due(unit: Unit, attempt: Scan, new: Sequence[Scan]) -> bool:
    """Whether an attempt is to be noted now: one from the future was noted as it came, at an instant that could be."""
    return attempt in new or attempt.at <= unit.now + LEEWAY


def _possible(unit: Unit, shipment: Shipment, at: datetime) -> datetime:
    """A courier's instant within what can be: its clock, or the zone that it was read in, may be wrong."""
    earliest = shipment.handed_over_at or unit.now
    return max(earliest, min(at, unit.now + LEEWAY))
