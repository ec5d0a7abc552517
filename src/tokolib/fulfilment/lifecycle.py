"""The life of a shipment as a table."""

from collections.abc import Mapping
from typing import Final

import attrs

from tokolib.fulfilment.errors import ShipmentIllegal
from tokolib.fulfilment.events import ShipmentDelivered, ShipmentHandedOver, TrackingSet
from tokolib.fulfilment.model import Shipment, ShipmentState
from tokolib.kernel.events import Event

S = ShipmentState

TRANSITIONS: Final[Mapping[ShipmentState, Mapping[type[Event], ShipmentState]]] = {
    S.HANDED_OVER: {ShipmentDelivered: S.DELIVERED, TrackingSet: S.HANDED_OVER},
    S.DELIVERED: {},  # final: what comes back is a return
}


def evolve(state: Shipment | None, event: Event) -> Shipment:
    """The shipment after *event*.

    Raises:
        ShipmentIllegal: the table does not allow it.
    """
    if state is None and isinstance(event, ShipmentHandedOver):
        return event.shipment
    if state is None or type(event) not in TRANSITIONS[state.state]:
        raise ShipmentIllegal(state.id if state else "", state.state if state else "", type(event).__name__)
    moved = attrs.evolve(state, state=TRANSITIONS[state.state][type(event)], version=state.version + 1)
    match event:
        case ShipmentDelivered(at=at, received_by=received_by):
            return attrs.evolve(moved, delivered_at=at, received_by=received_by)
        case TrackingSet(tracking=tracking):
            return attrs.evolve(moved, tracking=tracking)
        case _:
            return moved
