"""Goods that customers collect: F6. What waits for its customer has a code and a date; what was missed never left."""

from typing import Final

from tokolib.desk.verify.walk import Findings
from tokolib.fulfilment.model import Shipment, ShipmentState

_REPAIR: Final = "make it ready anew: shop.shipments.ready(shipment, collect_by=...); else restore it from a backup"


def check_collection(shipment: Shipment, found: Findings) -> None:
    """F6 of one shipment."""
    row = f"shipment {shipment.id}"
    if shipment.state is ShipmentState.READY:
        known = shipment.collection
        asked = known is not None and bool(known.code)
        found.expect(asked, "F6", row, "is ready to be collected, and no code is asked for", _REPAIR)
    if shipment.missed is not None:
        never = shipment.state is ShipmentState.CANCELLED and shipment.handed_over_at is None
        found.expect(never, "F6", row, f"was not collected, and is {shipment.state}", _REPAIR)
