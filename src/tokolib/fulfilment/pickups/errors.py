"""What pickups refuse."""

from typing import ClassVar

import attrs

from tokolib.fulfilment.bookings.errors import BookingNotOpen
from tokolib.kernel.errors import TokolibError


@attrs.frozen
class PickupNotOpen(BookingNotOpen):
    """Nothing of the kind can be said of, or done with, the pickup as it is; nothing was changed."""

    code: ClassVar[str] = "fulfilment.pickup_not_open"
    thing: ClassVar[str] = "pickup"


@attrs.frozen
class PickupStands(TokolibError):
    """Another pickup is booked, or asked for, for the shipment; nothing was changed."""

    code: ClassVar[str] = "fulfilment.pickup_stands"
    status: ClassVar[int] = 409
    shipment_id: str
    pickup_id: str
    state: str

    def __str__(self) -> str:
        return f"shipment {self.shipment_id} is fetched with pickup {self.pickup_id}, which is {self.state}"

    @property
    def hint(self) -> str:
        return "cancel it first: shop.pickups.cancel(pickup); or wait until its window is over"


@attrs.frozen
class PickupMade(TokolibError):
    """A driver has all that the pickup was to fetch, by a manifest; nothing was changed."""

    code: ClassVar[str] = "fulfilment.pickup_made"
    status: ClassVar[int] = 409
    pickup_id: str
    manifest_id: str

    def __str__(self) -> str:
        return f"pickup {self.pickup_id} can't be cancelled: its driver has taken the parcels of {self.manifest_id}"

    @property
    def hint(self) -> str:
        return "say of a parcel that its driver left behind what became of it: shop.shipments.returned(shipment)"


@attrs.frozen
class LabelledElsewhere(TokolibError):
    """Parcels of the shipment have labels of another courier account; nothing was changed."""

    code: ClassVar[str] = "fulfilment.labelled_elsewhere"
    status: ClassVar[int] = 409
    shipment_id: str
    account: str
    labelled_by: tuple[str, ...]

    def __str__(self) -> str:
        return f"shipment {self.shipment_id} is labelled by {', '.join(self.labelled_by)}, and not by {self.account}"
