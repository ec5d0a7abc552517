"""What happens to a pickup. `fulfilment.pickup_observed` holds each observation whole: the history is the evidence."""

from typing import ClassVar

import attrs

from tokolib.fulfilment.bookings import events as bookings
from tokolib.fulfilment.pickups.model import Pickup
from tokolib.kernel.events import Event


@attrs.frozen
class PickupWished(Event):
    """It is to be booked; nobody was asked yet."""

    topic: ClassVar[str] = "fulfilment.pickup_wished"
    pickup: Pickup


@attrs.frozen
class PickupVoidWished(bookings.VoidWished):
    """It is to be cancelled; nobody was asked yet."""

    topic: ClassVar[str] = "fulfilment.pickup_void_wished"


@attrs.frozen
class PickupLeased(bookings.Leased):
    """A runner took an operation, to send it or to look it up."""

    topic: ClassVar[str] = "fulfilment.pickup_leased"


@attrs.frozen
class PickupUnasked(bookings.Unasked):
    """The shop has no courier account of this name any more: the operation waits for it, or for a person."""

    topic: ClassVar[str] = "fulfilment.pickup_unasked"


@attrs.frozen
class PickupPresumed(bookings.Presumed):
    """The storage was restored: the operation may have been sent since the backup, under its key."""

    topic: ClassVar[str] = "fulfilment.pickup_presumed"


@attrs.frozen
class PickupObserved(bookings.BookingObserved):
    """A new fact about an operation."""

    topic: ClassVar[str] = "fulfilment.pickup_observed"


@attrs.frozen
class PickupResolved(bookings.Resolved):
    """A person has looked at what was doubtful, and said what became of it."""

    topic: ClassVar[str] = "fulfilment.pickup_resolved"
