"""What happens to a label. `fulfilment.label_observed` holds each observation whole: the history is the evidence."""

from typing import ClassVar

import attrs

from tokolib.fulfilment.bookings import events as bookings
from tokolib.fulfilment.labels.model import Label, Reweighed
from tokolib.kernel.events import Event


@attrs.frozen
class LabelWished(Event):
    """It is to be bought; nobody was asked yet."""

    topic: ClassVar[str] = "fulfilment.label_wished"
    label: Label


@attrs.frozen
class LabelVoidWished(bookings.VoidWished):
    """It is to be given back; nobody was asked yet."""

    topic: ClassVar[str] = "fulfilment.label_void_wished"


@attrs.frozen
class LabelLeased(bookings.Leased):
    """A runner took an operation, to send it or to look it up."""

    topic: ClassVar[str] = "fulfilment.label_leased"


@attrs.frozen
class LabelUnasked(bookings.Unasked):
    """The shop has no courier account of this name any more: the operation waits for it, or for a person."""

    topic: ClassVar[str] = "fulfilment.label_unasked"


@attrs.frozen
class LabelPresumed(bookings.Presumed):
    """The storage was restored: the operation may have been sent since the backup, under its key."""

    topic: ClassVar[str] = "fulfilment.label_presumed"


@attrs.frozen
class LabelObserved(bookings.BookingObserved):
    """A new fact about an operation."""

    topic: ClassVar[str] = "fulfilment.label_observed"


@attrs.frozen
class LabelResolved(bookings.Resolved):
    """A person has looked at what was doubtful, and said what became of it."""

    topic: ClassVar[str] = "fulfilment.label_resolved"


@attrs.frozen
class LabelReweighed(Event):
    """The courier bills another price than it was bought for."""

    topic: ClassVar[str] = "fulfilment.label_reweighed"
    found: Reweighed
