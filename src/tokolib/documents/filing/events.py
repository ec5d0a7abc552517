"""What happens to a filing. `documents.filing_observed` holds each observation whole: the history is the evidence."""

from datetime import datetime
from typing import ClassVar

import attrs

from tokolib.documents.filing.model import FiledNote
from tokolib.effects.model import Observation, Operation
from tokolib.kernel.events import Event
from tokolib.kernel.ids import FilingId, InvoiceId, OperationId, OrderId
from tokolib.tax.estimates import TaxDocument
from tokolib.tax.ports import VoidWithin


@attrs.frozen(kw_only=True)
class FilingOpened(Event):
    """An invoice was issued whose taxes are a provider's word: it is to be kept there."""

    topic: ClassVar[str] = "documents.filing_opened"
    filing_id: FilingId
    order_id: OrderId
    document_id: InvoiceId
    provider: str
    document: TaxDocument
    at: datetime
    void_within: VoidWithin = VoidWithin.MONTH
    no_refunds: str = ""


@attrs.frozen
class NoteFiled(Event):
    """A credit note takes back slices of the invoice."""

    topic: ClassVar[str] = "documents.filing_note"
    note: FiledNote


@attrs.frozen
class FilingRequested(Event):
    """A commit, a void or a refund was decided on and stored with its key, before anybody was asked."""

    topic: ClassVar[str] = "documents.filing_requested"
    operation: Operation


@attrs.frozen
class FilingLeased(Event):
    """A runner took an operation, to send it."""

    topic: ClassVar[str] = "documents.filing_leased"
    operation_id: OperationId
    at: datetime
    lease_until: datetime
    next_at: datetime
    send: bool


@attrs.frozen
class FilingUnasked(Event):
    """The shop has no tax provider of this name any more: the operation waits for it, or for a person."""

    topic: ClassVar[str] = "documents.filing_unasked"
    operation_id: OperationId
    at: datetime


@attrs.frozen
class FilingPresumed(Event):
    """The storage was restored: the operation may have been sent since the backup, under its key."""

    topic: ClassVar[str] = "documents.filing_presumed"
    operation_id: OperationId
    at: datetime


@attrs.frozen
class FilingObserved(Event):
    """A new fact about an operation."""

    topic: ClassVar[str] = "documents.filing_observed"
    operation_id: OperationId
    observation: Observation
    at: datetime
