"""The pickup of labelled parcels at one location by one courier account."""

from datetime import datetime

import attrs

from tokolib.fulfilment.bookings.model import Booking
from tokolib.fulfilment.couriers.model import PickupRequest, PickupWindow
from tokolib.fulfilment.pickups.states import PICKUP, PickupState
from tokolib.kernel.ids import LocationId, PickupId, ShipmentId


@attrs.frozen(kw_only=True)
class Pickup(Booking):
    """One pickup: booked once, cancelled once."""

    id: PickupId
    location: LocationId
    """Where the goods leave from."""
    shipments: tuple[ShipmentId, ...]
    """What is to be fetched."""
    request: PickupRequest
    """What the courier is told."""

    @property
    def state(self) -> PickupState:
        """How far it is."""
        return PICKUP.read(self.wishes)

    @property
    def window(self) -> PickupWindow:
        """When the courier comes, as it says; as it was asked to while it has not."""
        since, until = self.told("since"), self.told("until")
        if not (since and until):
            return self.request.window
        return PickupWindow(since=datetime.fromisoformat(since), until=datetime.fromisoformat(until))

    def claims(self, now: datetime) -> bool:
        """Whether its shipments are its own: it isn't refused or cancelled, and its window isn't over."""
        return not self.is_gone and now < self.window.until
