"""How shipments are stored."""

from typing import Final

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
        fulfilment.ShipmentHandedOver,
        fulfilment.ShipmentDelivered,
        fulfilment.TrackingSet,
        fulfilment.ShipmentRefined,
    ),
    row=lambda shipment: {
        "order_id": shipment.order_id,
        "number": shipment.number,
        "tracking": shipment.tracking or None,
        "sub_state": shipment.sub_state or None,
    },
)
