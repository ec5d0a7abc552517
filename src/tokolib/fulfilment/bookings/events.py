"""What happens to every booking. Each kind has its own of these, by its own topics."""

from datetime import datetime

import attrs

from tokolib.effects.model import Observation, Operation
from tokolib.kernel.events import Event
from tokolib.kernel.ids import OperationId


@attrs.frozen
class VoidWished(Event):
    """It is to be given back; nobody was asked yet."""

    operation: Operation


@attrs.frozen
class Leased(Event):
    """A runner took an operation, to send it or to look it up."""

    operation_id: OperationId
    at: datetime
    lease_until: datetime
    next_at: datetime
    send: bool


@attrs.frozen
class Unasked(Event):
    """The shop has no courier account of this name any more: the operation waits for it, or for a person."""

    operation_id: OperationId
    at: datetime


@attrs.frozen
class Presumed(Event):
    """The storage was restored: the operation may have been sent since the backup, under its key."""

    operation_id: OperationId
    at: datetime


@attrs.frozen
class BookingObserved(Event):
    """A new fact about an operation, held whole: the history is the evidence."""

    operation_id: OperationId
    observation: Observation
    at: datetime


@attrs.frozen
class Resolved(Event):
    """A person has looked at what was doubtful, and said what became of it."""

    reason: str
