"""What happens to a shipment."""

from datetime import datetime
from typing import ClassVar

import attrs

from tokolib.fulfilment.model import Shipment
from tokolib.kernel.events import Event


@attrs.frozen
class ShipmentHandedOver(Event):
    """The courier, or the customer, has the goods."""

    topic: ClassVar[str] = "fulfilment.handed_over"
    shipment: Shipment


@attrs.frozen
class ShipmentDelivered(Event):
    """The goods arrived."""

    topic: ClassVar[str] = "fulfilment.delivered"
    at: datetime
    received_by: str = attrs.field(default="", metadata={"personal": True})


@attrs.frozen
class TrackingSet(Event):
    """The courier's number became known, or was corrected."""

    topic: ClassVar[str] = "fulfilment.tracking_set"
    tracking: str


@attrs.frozen
class ShipmentRefined(Event):
    """Somebody moved the shipment to another sub-state of the shop's own; nothing else about it changed."""

    topic: ClassVar[str] = "fulfilment.shipment_refined"
    sub_state: str
    reason: str
