"""The label of one parcel at one courier account: what was told, what was answered, and what it costs.

Labels there and labels back are both for a `Carriage`.
"""

from datetime import datetime

import attrs

from tokolib.fulfilment.bookings.model import Booking
from tokolib.fulfilment.couriers.model import LabelRequest
from tokolib.fulfilment.labels.states import LABEL, LabelState
from tokolib.kernel.ids import LabelId, OrderId, ShipmentId
from tokolib.kernel.money import Money


@attrs.frozen(kw_only=True)
class Reweighed:
    """The courier weighed the parcel itself, and bills another price."""

    price: Money
    grams: int | None
    """What it found; None where it doesn't say."""
    at: datetime


@attrs.frozen(kw_only=True)
class Carriage(Booking):
    """That one parcel is carried."""

    request: LabelRequest
    """What the courier is told."""
    reweighed: tuple[Reweighed, ...] = ()
    """What the courier has billed otherwise since, the last one last."""

    @property
    def tracking(self) -> str:
        """The number on it; empty until one was told."""
        return self.told("tracking")

    @property
    def document(self) -> str:
        """Where it is found, to be printed."""
        return self.told("document")

    @property
    def price(self) -> Money | None:
        """What it costs by now: nothing when it was given back, and what the courier last billed otherwise."""
        if self.is_gone or not self.reweighed:
            return super().price
        return self.reweighed[-1].price


@attrs.frozen(kw_only=True)
class Label(Carriage):
    """One label: bought once, given back once."""

    id: LabelId
    order_id: OrderId
    shipment_id: ShipmentId
    parcel: int

    @property
    def state(self) -> LabelState:
        """How far it is."""
        return LABEL.read(self.wishes)
