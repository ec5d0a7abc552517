"""What bookings at couriers refuse."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError


@attrs.frozen
class BookingNotOpen(TokolibError):
    """Nothing of the kind can be said of, or done with, the booking as it is; nothing was changed."""

    code: ClassVar[str] = "fulfilment.booking_not_open"
    status: ClassVar[int] = 409
    thing: ClassVar[str] = "booking"
    id: str
    state: str
    asked: str

    def __str__(self) -> str:
        return f"{self.thing} {self.id}: {self.asked} is not possible: it is {self.state}"
