"""The label of one parcel in which a customer sends goods back, at one courier account."""

import attrs

from tokolib.fulfilment.bookings.model import Booking
from tokolib.fulfilment.couriers.model import LabelRequest
from tokolib.kernel.ids import LocationId, OrderId, ReturnId, ReturnLabelId
from tokolib.orders.lines import Run
from tokolib.returns.labels.states import RETURN_LABEL, ReturnLabelState


@attrs.frozen(kw_only=True)
class ReturnLabel(Booking):
    """One return label: bought once by the shop, given back once. What it costs is the shop's, not the customer's."""

    id: ReturnLabelId
    order_id: OrderId
    return_id: ReturnId
    location: LocationId
    """Where the goods are to come in."""
    runs: tuple[Run, ...]
    """What is to be sent with it."""
    request: LabelRequest
    """What the courier is told: from the customer to the shop."""

    @property
    def state(self) -> ReturnLabelState:
        """How far it is."""
        return RETURN_LABEL.read(self.wishes)

    @property
    def tracking(self) -> str:
        """The number on it; empty until one was told."""
        return self.told("tracking")

    @property
    def document(self) -> str:
        """Where it is found, for the customer to print or show."""
        return self.told("document")
