"""How shipments are stored."""

from typing import Final

from tokolib.effects.queue import place
from tokolib.fulfilment import events as fulfilment
from tokolib.fulfilment.lifecycle import evolve as evolve_shipment
from tokolib.fulfilment.model import Shipment
from tokolib.records import collections
from tokolib.records.record import Record

SHIPMENTS: Final = Record(
    collection=collections.SHIPMENTS,
    noun="shipment",
    cls=Shipment,
    evolve=evolve_shipment,
    events=(
        fulfilment.ShipmentPlanned,
        fulfilment.PickingBegun,
        fulfilment.ShipmentPicked,
        fulfilment.ShipmentPacked,
        fulfilment.ShipmentCancelled,
        fulfilment.ShipmentHandedOver,
        fulfilment.ShipmentDelivered,
        fulfilment.DeliveryFailed,
        fulfilment.ShipmentTurnedBack,
        fulfilment.ShipmentReturned,
        fulfilment.ShipmentLost,
        fulfilment.ShipmentRemedied,
        fulfilment.CourierClaimed,
        fulfilment.CourierClaimAnswered,
        fulfilment.TrackingSet,
        fulfilment.ShipmentRefined,
    ),
    row=lambda shipment: {
        "order_id": shipment.order_id,
        "number": shipment.number,
        "state": shipment.state.value,
        "wait": place(shipment.ended_at if shipment.waits else None, shipment.id),
        "tracking": shipment.tracking or None,
        "sub_state": shipment.sub_state or None,
    },
)
