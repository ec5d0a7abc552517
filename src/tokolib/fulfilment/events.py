"""What happens to a shipment."""

from datetime import datetime
from typing import ClassVar

import attrs

from tokolib.fulfilment.model import Attempt, CourierClaim, Remedy, Shipment
from tokolib.fulfilment.packing.model import PackedParcel
from tokolib.fulfilment.picking.model import Shortage
from tokolib.kernel.events import Event
from tokolib.kernel.money import Money
from tokolib.orders.lines import Run
from tokolib.shipping.tracking import Scan


@attrs.frozen
class ShipmentPlanned(Event):
    """It has claimed units of its order, to be made ready."""

    topic: ClassVar[str] = "fulfilment.planned"
    shipment: Shipment


@attrs.frozen
class PickingBegun(Event):
    """Somebody fetches its goods."""

    topic: ClassVar[str] = "fulfilment.picking_begun"
    at: datetime


@attrs.frozen
class ShipmentPicked(Event):
    """Its goods are fetched: these units, and no others."""

    topic: ClassVar[str] = "fulfilment.picked"
    at: datetime
    runs: tuple[Run, ...]
    shortages: tuple[Shortage, ...]


@attrs.frozen
class ShipmentPacked(Event):
    """Its goods are in parcels, perhaps in others than before."""

    topic: ClassVar[str] = "fulfilment.packed"
    at: datetime
    parcels: tuple[PackedParcel, ...]


@attrs.frozen
class LabelAsked(Event):
    """A courier is asked for the label of a parcel, or to take it back."""

    topic: ClassVar[str] = "fulfilment.label_asked"
    label_id: str
    parcel: int
    cash: int
    """What the courier is told to collect for it, in minor units of the order's currency."""


@attrs.frozen
class LabelStands(Event):
    """The label of a parcel was bought, or could not be given back."""

    topic: ClassVar[str] = "fulfilment.label_stands"
    label_id: str
    tracking: str


@attrs.frozen
class LabelDoubted(Event):
    """Nobody can tell what became of the label of a parcel, or it was bought twice: a person looks."""

    topic: ClassVar[str] = "fulfilment.label_doubted"
    label_id: str


@attrs.frozen
class LabelGone(Event):
    """The label of a parcel was refused, or given back."""

    topic: ClassVar[str] = "fulfilment.label_gone"
    label_id: str


@attrs.frozen
class ShipmentLabelled(Event):
    """Every parcel has its label."""

    topic: ClassVar[str] = "fulfilment.labelled"
    tracking: str
    """The number of its first parcel."""


@attrs.frozen
class PickupAsked(Event):
    """A courier is asked to fetch it."""

    topic: ClassVar[str] = "fulfilment.pickup_asked"
    pickup_id: str


@attrs.frozen
class PickupGone(Event):
    """Its pickup was refused, or cancelled."""

    topic: ClassVar[str] = "fulfilment.pickup_gone"
    pickup_id: str


@attrs.frozen
class ShipmentReady(Event):
    """The customer may collect it, with a code; told anew where the code or the date is another one."""

    topic: ClassVar[str] = "fulfilment.ready"
    at: datetime
    until: datetime
    code: str = attrs.field(repr=False)


@attrs.frozen
class CodeRefused(Event):
    """Somebody wanted to collect it with another code."""

    topic: ClassVar[str] = "fulfilment.code_refused"
    at: datetime


@attrs.frozen
class CollectionMissed(Event):
    """Nobody collected it in time: it does not leave, and its units are free again."""

    topic: ClassVar[str] = "fulfilment.collection_missed"
    at: datetime
    reason: str
    worth: Money


@attrs.frozen
class MissedDecided(Event):
    """A person has said what the customer got for goods that nobody collected."""

    topic: ClassVar[str] = "fulfilment.missed_decided"
    reason: str


@attrs.frozen
class ShipmentCancelled(Event):
    """It does not leave; its units are free again."""

    topic: ClassVar[str] = "fulfilment.cancelled"
    at: datetime
    reason: str


@attrs.frozen
class ShipmentHandedOver(Event):
    """The courier, or the customer, has the goods. It tells the whole shipment as it left, planned before or not."""

    topic: ClassVar[str] = "fulfilment.handed_over"
    shipment: Shipment


@attrs.frozen
class ShipmentDelivered(Event):
    """The goods arrived."""

    topic: ClassVar[str] = "fulfilment.delivered"
    at: datetime
    received_by: str = attrs.field(default="", metadata={"personal": True})


@attrs.frozen
class ShipmentScanned(Event):
    """Its courier told where it is."""

    topic: ClassVar[str] = "fulfilment.scanned"
    scans: tuple[Scan, ...]


@attrs.frozen
class CourierAsked(Event):
    """Its courier was asked where it is."""

    topic: ClassVar[str] = "fulfilment.courier_asked"
    at: datetime
    next_at: datetime | None
    """When it is asked again; None for never by itself."""


@attrs.frozen
class DeliveryFailed(Event):
    """The courier was at the door in vain."""

    topic: ClassVar[str] = "fulfilment.delivery_failed"
    attempt: Attempt


@attrs.frozen
class ShipmentTurnedBack(Event):
    """It is on its way back to the sender."""

    topic: ClassVar[str] = "fulfilment.turned_back"
    at: datetime
    reason: str


@attrs.frozen
class ShipmentReturned(Event):
    """It is back at the sender, and its goods are in stock again."""

    topic: ClassVar[str] = "fulfilment.returned"
    at: datetime
    astray: tuple[Run, ...]
    """The units that came back with it: those that a return had not taken."""
    stock_state: str
    """What the goods are good for: the value of a `StockState`."""


@attrs.frozen
class ShipmentLost(Event):
    """The courier has it no more, or says nothing about it."""

    topic: ClassVar[str] = "fulfilment.lost"
    at: datetime
    astray: tuple[Run, ...]
    reason: str


@attrs.frozen
class ShipmentRemedied(Event):
    """The customer gets the goods again, or the money, for what did not arrive."""

    topic: ClassVar[str] = "fulfilment.remedied"
    remedy: Remedy


@attrs.frozen
class CourierClaimed(Event):
    """The shop asks the courier to make up for it."""

    topic: ClassVar[str] = "fulfilment.courier_claimed"
    claim: CourierClaim


@attrs.frozen
class CourierClaimAnswered(Event):
    """The courier granted so much of the claim, which may be nothing."""

    topic: ClassVar[str] = "fulfilment.courier_claim_answered"
    paid: Money
    at: datetime


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
