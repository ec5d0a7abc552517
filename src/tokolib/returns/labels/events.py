"""What happens to a return label. `returns.label_observed` holds each observation whole: it is the evidence."""

from typing import ClassVar

import attrs

from tokolib.fulfilment.bookings import events as bookings
from tokolib.fulfilment.labels.model import Reweighed
from tokolib.kernel.events import Event
from tokolib.returns.labels.model import ReturnLabel
from tokolib.shipping.tracking import Scan


@attrs.frozen
class ReturnLabelWished(Event):
    """It is to be bought; nobody was asked yet."""

    topic: ClassVar[str] = "returns.label_wished"
    label: ReturnLabel


@attrs.frozen
class ReturnLabelVoidWished(bookings.VoidWished):
    """It is to be given back; nobody was asked yet."""

    topic: ClassVar[str] = "returns.label_void_wished"


@attrs.frozen
class ReturnLabelLeased(bookings.Leased):
    """A runner took an operation, to send it or to look it up."""

    topic: ClassVar[str] = "returns.label_leased"


@attrs.frozen
class ReturnLabelUnasked(bookings.Unasked):
    """The shop has no courier account of this name any more: the operation waits for it, or for a person."""

    topic: ClassVar[str] = "returns.label_unasked"


@attrs.frozen
class ReturnLabelPresumed(bookings.Presumed):
    """The storage was restored: the operation may have been sent since the backup, under its key."""

    topic: ClassVar[str] = "returns.label_presumed"


@attrs.frozen
class ReturnLabelObserved(bookings.BookingObserved):
    """A new fact about an operation."""

    topic: ClassVar[str] = "returns.label_observed"


@attrs.frozen
class ReturnLabelResolved(bookings.Resolved):
    """A person has looked at what was doubtful, and said what became of it."""

    topic: ClassVar[str] = "returns.label_resolved"


@attrs.frozen
class ReturnLabelScanned(Event):
    """Its courier tells of the parcel."""

    topic: ClassVar[str] = "returns.label_scanned"
    scans: tuple[Scan, ...]


@attrs.frozen
class ReturnLabelReweighed(Event):
    """The courier bills another price than it was bought for."""

    topic: ClassVar[str] = "returns.label_reweighed"
    found: Reweighed
