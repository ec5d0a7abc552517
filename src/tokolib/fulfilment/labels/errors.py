"""What labels refuse, or have refused."""

from typing import ClassVar

import attrs

from tokolib.fulfilment.bookings.errors import BookingNotOpen
from tokolib.kernel.errors import TokolibError


@attrs.frozen
class NoRecipient(TokolibError):
    """The order has no address to send to; nothing was changed."""

    code: ClassVar[str] = "fulfilment.no_recipient"
    status: ClassVar[int] = 409
    order_id: str

    def __str__(self) -> str:
        return f"order {self.order_id} names no address, so that no label can be bought for it"

    @property
    def hint(self) -> str:
        return "hand it over at the counter: shop.shipments.hand_over(shipment)"


@attrs.frozen
class NotToThatPoint(TokolibError):
    """The parcel can't be sent to the order's collection point like that; nothing was changed."""

    code: ClassVar[str] = "fulfilment.not_to_that_point"
    status: ClassVar[int] = 409
    order_id: str
    point: str
    parcel: int
    why: str

    def __str__(self) -> str:
        return f"parcel {self.parcel} of order {self.order_id} can't go to collection point {self.point}: {self.why}"

    @property
    def hint(self) -> str:
        return "choose another point, or the door: shop.orders.edit(order, delivery=..., point=..., reason=...)"


@attrs.frozen
class LabelOutdated(TokolibError):
    """A label says something else than its order does by now, and its parcel is about to leave; nothing was changed."""

    code: ClassVar[str] = "fulfilment.label_outdated"
    status: ClassVar[int] = 409
    shipment_id: str
    label_id: str
    what: str
    """What differs: `goes to`, `collects`."""
    on_label: str
    by_order: str

    def __str__(self) -> str:
        told = f"its label {self.label_id} {self.what} {self.on_label}, its order by now {self.by_order}"
        return f"shipment {self.shipment_id} can't leave: {told}"

    @property
    def hint(self) -> str:
        return "give the label back and buy another: shop.shipments.void_label(label), then buy_labels"


@attrs.frozen
class LabelNotOpen(BookingNotOpen):
    """Nothing of the kind can be said of, or done with, the label as it is; nothing was changed."""

    code: ClassVar[str] = "fulfilment.label_not_open"
    thing: ClassVar[str] = "label"
