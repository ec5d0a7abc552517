"""The life of a shipment as a table."""

from typing import Any, Final

from tokolib.fulfilment.errors import IllegalShipmentTransition
from tokolib.fulfilment.events import ShipmentDelivered, ShipmentHandedOver, ShipmentRefined, TrackingSet
from tokolib.fulfilment.model import Shipment, ShipmentState
from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event
from tokolib.kernel.machine import Edge, Machine
from tokolib.kernel.refinement import entering, moved, refined
from tokolib.kernel.transitions import led, unbegun

S = ShipmentState
_REFINED: Final = (refined("shipment"),)

SHIPMENT: Final = Machine(
    name="shipment",
    about="Goods of one order that left together.",
    states={
        S.HANDED_OVER: "the courier, or the customer, has the goods",
        S.DELIVERED: "the goods arrived; what comes back is a return",
    },
    begins={ShipmentHandedOver: (S.HANDED_OVER,)},
    begun_by=("shipments.hand_over",),
    edges={
        S.HANDED_OVER: {
            ShipmentDelivered: Edge(S.DELIVERED, ("shipments.delivered",)),
            TrackingSet: Edge(S.HANDED_OVER, ("shipments.track",)),
            ShipmentRefined: Edge(S.HANDED_OVER, ("shipments.refine",), _REFINED),
        },
        S.DELIVERED: {
            ShipmentRefined: Edge(S.DELIVERED, ("shipments.refine",), _REFINED),
        },
    },
    ends=frozenset({S.DELIVERED}),
)
"""The life of a shipment."""


def check(shipment: Shipment, kind: type[Event]) -> None:
    """Pass when the shipment's state allows an event of this kind, and every guard of its edge holds.

    Raises:
        IllegalShipmentTransition: the state doesn't. The refusal of a guard: it doesn't hold. Nothing was changed.
    """
    _target(shipment, kind)
    SHIPMENT.require(shipment.state, kind, shipment)


def _target(shipment: Shipment, kind: type[Event]) -> ShipmentState:
    return led(SHIPMENT, IllegalShipmentTransition, shipment, shipment.state, kind)


def evolve(state: Shipment | None, event: Event) -> Shipment:
    """The shipment after *event*.

    Raises:
        IllegalShipmentTransition: the table does not allow it. IllegalSubState: the shop's own table doesn't.
    """
    if state is None and isinstance(event, ShipmentHandedOver):
        return event.shipment
    if state is None:
        raise unbegun(SHIPMENT, IllegalShipmentTransition, type(event))
    target = _target(state, type(event))
    changes = entering(SHIPMENT.name, state, target) | _changes(state, event)
    return changed(state, version=state.version + 1, **changes)


def _changes(shipment: Shipment, event: Event) -> dict[str, Any]:
    """The fields of *shipment* that *event* changes, beside its state."""
    match event:
        case ShipmentDelivered(at=at, received_by=received_by):
            return {"delivered_at": at, "received_by": received_by}
        case TrackingSet(tracking=tracking):
            return {"tracking": tracking}
        case ShipmentRefined(sub_state=sub_state):
            return {"sub_state": moved(SHIPMENT.name, shipment, sub_state)}
        case _:
            return {}
