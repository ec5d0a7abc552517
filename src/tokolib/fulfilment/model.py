"""The shipment: which units of which order go together, how, how far they are, and what becomes of them on the way."""

from datetime import datetime
from enum import StrEnum
from functools import cached_property

import attrs

from tokolib.fulfilment.packing.model import PackedParcel
from tokolib.fulfilment.picking.model import Shortage
from tokolib.kernel.ids import LocationId, OrderId, ShipmentId
from tokolib.kernel.money import Money
from tokolib.kernel.refinement import Refinement
from tokolib.orders.lines import Run
from tokolib.shipping.tracking import Scan, Tracking, fold


class ShipmentState(StrEnum):
    """Where a shipment stands."""

    PLANNED = "planned"
    PICKING = "picking"
    PACKED = "packed"
    LABELLED = "labelled"
    READY = "ready"
    HANDED_OVER = "handed_over"
    DELIVERED = "delivered"
    FAILED = "failed"
    RETURNING = "returning"
    RETURNED = "returned"
    LOST = "lost"
    CANCELLED = "cancelled"


class Remedy(StrEnum):
    """What the customer got for goods that did not arrive."""

    RESHIP = "reship"
    """The goods again, by another shipment."""
    REFUND = "refund"
    """Their money: a return of goods that never reached them."""


@attrs.frozen
class ParcelLabel:
    """The label of a parcel, as far as its shipment has to know."""

    label_id: str
    parcel: int
    cash: int = 0
    """What its courier is told to collect, in minor units of the order's currency."""
    tracking: str = ""
    """The number on it; empty until its courier has answered."""
    waits: bool = True
    """Whether its courier has been asked for something, and has not answered."""


@attrs.frozen
class Attempt:
    """The courier was at the door in vain."""

    at: datetime
    reason: str


@attrs.frozen
class Collection:
    """What a customer has to show for goods that they collect, and until when they are kept."""

    code: str = attrs.field(repr=False)
    """Whoever has it is given the goods."""
    until: datetime
    refused: int = 0
    """How often another code was shown."""


@attrs.frozen
class Missed:
    """Nobody collected the goods in time."""

    at: datetime
    worth: Money
    """What the customer has bought of them, tax and shares of charges included."""
    decided: str = ""
    """What became of it, in a person's words; empty while nobody has said."""


@attrs.frozen
class CourierClaim:
    """What the shop asks of a courier for goods that were lost or came back broken."""

    amount: Money
    reference: str
    """The courier's number of the claim; empty while there is none."""
    at: datetime
    paid: Money | None = None
    """What the courier has granted, which may be nothing; None while it has not answered."""
    answered_at: datetime | None = None


@attrs.frozen(kw_only=True)
class Shipment:
    """Units of one order that leave together."""

    id: ShipmentId
    version: int
    order_id: OrderId
    number: int
    """The first, second, … shipment of its order, those that were cancelled counted in."""
    location: LocationId
    """Where the goods leave from."""
    runs: tuple[Run, ...]
    """Its units: no other shipment has them, unless they came back or were lost and are sent again."""
    method: str
    """Courier and service, such as `jne:reg`."""
    tracking: str = ""
    """The courier's number; empty when there is none."""
    state: ShipmentState
    made_at: datetime
    """When it was planned, or handed over at once."""
    shortages: tuple[Shortage, ...] = ()
    """What its shelves did not have; no units of it any more."""
    parcels: tuple[PackedParcel, ...] = ()
    """Its units by the parcels that they are in; empty while nobody has packed it."""
    labels: tuple[ParcelLabel, ...] = ()
    """The labels that stand for its parcels, or are asked for."""
    collection: Collection | None = None
    """For a customer who collects it; None while it isn't ready for that."""
    missed: Missed | None = None
    """That nobody came for it in time."""
    pickup_id: str = ""
    """The pickup that it is fetched with; empty while none is asked for."""
    manifest_id: str = ""
    """The manifest that it was handed over with; empty for none."""
    handed_over_at: datetime | None = None
    """When it left; None while it is here."""
    delivered_at: datetime | None = None
    received_by: str = attrs.field(default="", metadata={"personal": True})
    """Who took it, as the courier says."""
    scans: tuple[Scan, ...] = ()
    """What its courier has told of it, in the order in which it came; each once."""
    ask_at: datetime | None = None
    """When its courier is asked next where it is; None where nobody asks by itself."""
    attempts: tuple[Attempt, ...] = ()
    """When the courier was at the door in vain."""
    astray: tuple[Run, ...] = ()
    """Of the units those that did not arrive: lost, or back here."""
    ended_at: datetime | None = None
    """When it was lost, came back or was cancelled."""
    reason: str = ""
    """Why it turned back, was lost or was cancelled."""
    remedy: Remedy | None = None
    """What the customer got for what did not arrive; None while nobody has decided."""
    claim: CourierClaim | None = None
    sub_state: str = ""
    """Where it stands within its state, in the shop's own words; empty where the shop has not refined the state."""
    refinements: tuple[Refinement, ...] = ()
    """The tables of its sub-states: those of its order that are for shipments."""

    @cached_property
    def journey(self) -> Tracking:
        """Where it is by its courier's scans, the same for every order of them; with those that contradict others."""
        return fold(self.scans)

    @property
    def is_here(self) -> bool:
        """Whether it has claimed its units and not left yet."""
        return self.handed_over_at is None and self.state is not ShipmentState.CANCELLED

    @property
    def collect_by(self) -> datetime | None:
        """Until when its customer may collect it; None where nobody is waited for."""
        return self.collection.until if self.collection and self.state is ShipmentState.READY else None

    @property
    def missed_since(self) -> datetime | None:
        """Since when somebody has to decide about goods that nobody collected; None where there is nothing to."""
        return self.missed.at if self.missed is not None and not self.missed.decided else None

    @property
    def is_out(self) -> bool:
        """Whether a courier has it, as far as anybody knows."""
        return self.state in (ShipmentState.HANDED_OVER, ShipmentState.FAILED, ShipmentState.RETURNING)

    @property
    def waits(self) -> bool:
        """Whether somebody has to decide what the customer gets for goods that did not arrive."""
        astray = self.state in (ShipmentState.LOST, ShipmentState.RETURNED)
        return astray and self.remedy is None and bool(self.astray)
