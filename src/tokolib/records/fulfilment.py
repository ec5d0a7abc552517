"""How shipments and their labels are stored."""

from typing import Final

from tokolib.effects.queue import place
from tokolib.fulfilment import events as fulfilment
from tokolib.fulfilment.labels import events as labels
from tokolib.fulfilment.labels.lifecycle import evolve_label
from tokolib.fulfilment.labels.model import Label
from tokolib.fulfilment.lifecycle import evolve as evolve_shipment
from tokolib.fulfilment.model import Shipment
from tokolib.kernel.clock import sortable
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
        fulfilment.LabelAsked,
        fulfilment.LabelStands,
        fulfilment.LabelDoubted,
        fulfilment.LabelGone,
        fulfilment.ShipmentLabelled,
        fulfilment.ShipmentCancelled,
        fulfilment.ShipmentHandedOver,
        fulfilment.ShipmentDelivered,
        fulfilment.ShipmentScanned,
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

LABELS: Final = Record(
    collection=collections.LABELS,
    noun="label",
    cls=Label,
    evolve=evolve_label,
    events=(
        labels.LabelWished,
        labels.LabelVoidWished,
        labels.LabelLeased,
        labels.LabelUnasked,
        labels.LabelPresumed,
        labels.LabelObserved,
        labels.LabelResolved,
        labels.LabelReweighed,
    ),
    row=lambda label: {
        "shipment_id": label.shipment_id,
        "account": label.account,
        "state": label.state.value,
        "ask_at": sortable(label.ask_at) if label.ask_at else None,
        "absent": label.absent,
        "waits": place(label.waits_since, label.id),
    },
)
