"""What happens to a label. `fulfilment.label_observed` holds each observation whole: the history is the evidence."""

from datetime import datetime
from typing import ClassVar

import attrs

from tokolib.effects.model import Observation, Operation
from tokolib.fulfilment.labels.model import Label, Reweighed
from tokolib.kernel.events import Event
from tokolib.kernel.ids import OperationId


@attrs.frozen
class LabelWished(Event):
    """It is to be bought; nobody was asked yet."""

    topic: ClassVar[str] = "fulfilment.label_wished"
    label: Label


@attrs.frozen
class LabelVoidWished(Event):
    """It is to be given back; nobody was asked yet."""

    topic: ClassVar[str] = "fulfilment.label_void_wished"
    operation: Operation


@attrs.frozen
class LabelLeased(Event):
    """A runner took an operation, to send it or to look it up."""

    topic: ClassVar[str] = "fulfilment.label_leased"
    operation_id: OperationId
    at: datetime
    lease_until: datetime
    next_at: datetime
    send: bool


@attrs.frozen
class LabelUnasked(Event):
    """The shop has no courier account of this name any more: the operation waits for it, or for a person."""

    topic: ClassVar[str] = "fulfilment.label_unasked"
    operation_id: OperationId
    at: datetime


@attrs.frozen
class LabelPresumed(Event):
    """The storage was restored: the operation may have been sent since the backup, under its key."""

    topic: ClassVar[str] = "fulfilment.label_presumed"
    operation_id: OperationId
    at: datetime


@attrs.frozen
class LabelObserved(Event):
    """A new fact about an operation."""

    topic: ClassVar[str] = "fulfilment.label_observed"
    operation_id: OperationId
    observation: Observation
    at: datetime


@attrs.frozen
class LabelResolved(Event):
    """A person has looked at what was doubtful, and said what became of it."""

    topic: ClassVar[str] = "fulfilment.label_resolved"
    reason: str


@attrs.frozen
class LabelReweighed(Event):
    """The courier bills another price than it was bought for."""

    topic: ClassVar[str] = "fulfilment.label_reweighed"
    found: Reweighed
