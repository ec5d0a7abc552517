"""The life of a shipment as a table."""

from typing import Final

import attrs

from tokolib.fulfilment.errors import ShipmentIllegal
from tokolib.fulfilment.events import ShipmentDelivered, ShipmentHandedOver, ShipmentRefined, TrackingSet
from tokolib.fulfilment.model import Shipment, ShipmentState
from tokolib.kernel.events import Event
from tokolib.kernel.machine import Edge, Machine
from tokolib.kernel.refinement import entered, refined
from tokolib.kernel.refinement import moved as sub_state_moved

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
        ShipmentIllegal: the state doesn't. The refusal of a guard: it doesn't hold. Nothing was changed.
    """
    _target(shipment, kind)
    SHIPMENT.require(shipment.state, kind, shipment)


def _target(shipment: Shipment, kind: type[Event]) -> ShipmentState:
    target = SHIPMENT.target(shipment.state, kind)
    if target is None:
        raise ShipmentIllegal(shipment.id, shipment.state, kind.__name__)
    return target


def evolve(state: Shipment | None, event: Event) -> Shipment:
    """The shipment after *event*.

    Raises:
        ShipmentIllegal: the table does not allow it. SubStateIllegal: the shop's own table doesn't.
    """
    if state is None and isinstance(event, ShipmentHandedOver):
        return event.shipment
    if state is None:
        raise ShipmentIllegal("", "", type(event).__name__)
    target = _target(state, type(event))
    moved = attrs.evolve(state, state=target, version=state.version + 1)
    if target is not state.state:
        moved = attrs.evolve(moved, sub_state=entered(SHIPMENT.name, target, state.refinements))
    match event:
        case ShipmentDelivered(at=at, received_by=received_by):
            return attrs.evolve(moved, delivered_at=at, received_by=received_by)
        case TrackingSet(tracking=tracking):
            return attrs.evolve(moved, tracking=tracking)
        case ShipmentRefined(sub_state=sub_state):
            return attrs.evolve(moved, sub_state=sub_state_moved(SHIPMENT.name, state, sub_state))
        case _:
            return moved
