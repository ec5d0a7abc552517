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
