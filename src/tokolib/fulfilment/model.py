"""The shipment: which units of which order left together, how, and whether they arrived."""

from datetime import datetime
from enum import StrEnum

import attrs

from tokolib.kernel.ids import OrderId, ShipmentId
from tokolib.kernel.refinement import Refinement
from tokolib.orders.lines import Run


class ShipmentState(StrEnum):
    """Where a shipment stands."""

    HANDED_OVER = "handed_over"
    DELIVERED = "delivered"


@attrs.frozen
class Shipment:
    """Units of one order that left together."""

    id: ShipmentId
    version: int
    order_id: OrderId
    number: int
    """The first, second, … shipment of its order."""
    runs: tuple[Run, ...]
    method: str
    """Courier and service, such as `jne:reg`."""
    tracking: str
    """The courier's number; empty when there is none."""
    state: ShipmentState
    handed_over_at: datetime
    delivered_at: datetime | None = None
    received_by: str = attrs.field(default="", metadata={"personal": True})
    """Who took it, as the courier says."""
    sub_state: str = ""
    """Where it stands within its state, in the shop's own words; empty where the shop has not refined the state."""
    refinements: tuple[Refinement, ...] = ()
    """The tables of its sub-states: those of its order that are for shipments."""
