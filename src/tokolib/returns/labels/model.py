"""The label of one parcel in which a customer sends goods back, at one courier account."""

import attrs

from tokolib.fulfilment.labels.model import Carriage
from tokolib.kernel.ids import LocationId, OrderId, ReturnId, ReturnLabelId
from tokolib.orders.lines import Run
from tokolib.returns.labels.states import RETURN_LABEL, ReturnLabelState
from tokolib.shipping.tracking import Scan, Tracking, fold


@attrs.frozen(kw_only=True)
class ReturnLabel(Carriage):
    """One return label: bought once by the shop, given back once. What it costs is the shop's, not the customer's."""

    id: ReturnLabelId
    order_id: OrderId
    return_id: ReturnId
    location: LocationId
    """Where the goods are to come in."""
    runs: tuple[Run, ...]
    """What is to be sent with it."""
    scans: tuple[Scan, ...] = ()
    """What its courier tells of the parcel, as it came."""

    @property
    def state(self) -> ReturnLabelState:
        """How far it is."""
        return RETURN_LABEL.read(self.wishes)

    @property
    def journey(self) -> Tracking:
        """Where the parcel is by its courier's scans, the same for every order of them."""
        return fold(self.scans)
