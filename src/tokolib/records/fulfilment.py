"""How shipments, their labels, pickups, manifests and licences are stored."""

from typing import Final

from tokolib.effects.queue import place
from tokolib.fulfilment import events as fulfilment
from tokolib.fulfilment.labels import events as labels
from tokolib.fulfilment.labels.lifecycle import evolve_label
from tokolib.fulfilment.labels.model import Label
from tokolib.fulfilment.licences import events as licences
from tokolib.fulfilment.licences.lifecycle import evolve_licence
from tokolib.fulfilment.licences.model import Licence
from tokolib.fulfilment.lifecycle import evolve as evolve_shipment
from tokolib.fulfilment.manifests import events as manifests
from tokolib.fulfilment.manifests.lifecycle import evolve_manifest
from tokolib.fulfilment.manifests.model import Manifest
from tokolib.fulfilment.model import Shipment
from tokolib.fulfilment.pickups import events as pickups
from tokolib.fulfilment.pickups.lifecycle import evolve_pickup
from tokolib.fulfilment.pickups.model import Pickup
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
        fulfilment.PickupAsked,
        fulfilment.PickupGone,
        fulfilment.ShipmentReady,
        fulfilment.CodeRefused,
        fulfilment.CollectionMissed,
        fulfilment.MissedDecided,
        fulfilment.ShipmentCancelled,
        fulfilment.ShipmentHandedOver,
        fulfilment.ShipmentDelivered,
        fulfilment.ShipmentScanned,
        fulfilment.CourierAsked,
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
        "ask_at": sortable(shipment.ask_at) if shipment.is_out and shipment.ask_at else None,
        "collect_by": sortable(shipment.collect_by) if shipment.collect_by else None,
        "missed": place(shipment.missed_since, shipment.id),
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

PICKUPS: Final = Record(
    collection=collections.PICKUPS,
    noun="pickup",
    cls=Pickup,
    evolve=evolve_pickup,
    events=(
        pickups.PickupWished,
        pickups.PickupVoidWished,
        pickups.PickupLeased,
        pickups.PickupUnasked,
        pickups.PickupPresumed,
        pickups.PickupObserved,
        pickups.PickupResolved,
    ),
    row=lambda pickup: {
        "account": pickup.account,
        "state": pickup.state.value,
        "comes": sortable(pickup.window.since),
        "ask_at": sortable(pickup.ask_at) if pickup.ask_at else None,
        "absent": pickup.absent,
        "waits": place(pickup.waits_since, pickup.id),
    },
)

MANIFESTS: Final = Record(
    collection=collections.MANIFESTS,
    noun="manifest",
    cls=Manifest,
    evolve=evolve_manifest,
    events=(manifests.ManifestClosed,),
    row=lambda manifest: {"number": manifest.number, "account": manifest.account},
)

LICENCES: Final = Record(
    collection=collections.LICENCES,
    noun="licence",
    cls=Licence,
    evolve=evolve_licence,
    events=(
        licences.LicenceAdded,
        licences.LicenceGranted,
        licences.LicenceRead,
        licences.LicenceRevoked,
        licences.LicenceWithdrawn,
    ),
    row=lambda licence: {
        "sku_key": licence.key,
        "state": licence.state.value,
        "order_id": None if licence.grant is None else licence.grant.order_id,
    },
)
