"""How documents and series follow from their events."""

from enum import StrEnum
from typing import Final

import attrs

from tokolib.documents.errors import SeriesBroken
from tokolib.documents.events import DocumentIssued, NumbersLost, NumberTaken, SeriesOpened
from tokolib.documents.model import Invoice, Series
from tokolib.kernel.events import Event
from tokolib.kernel.machine import Machine


class DocumentState(StrEnum):
    """Where a fiscal document stands: there is one state, and no way out of it."""

    ISSUED = "issued"


DOCUMENT: Final = Machine(
    name="document",
    about="An invoice or a credit note. What is wrong with one is put right by another, never in place.",
    states={DocumentState.ISSUED: "it has its number, and says the same for ever"},
    begins={DocumentIssued: (DocumentState.ISSUED,)},
    begun_by=("invoices.issue", "invoices.credit"),
    edges={DocumentState.ISSUED: {}},
    ends=frozenset({DocumentState.ISSUED}),
)
"""The life of an invoice or a credit note."""


def evolve_document(state: Invoice | None, event: Event) -> Invoice:
    """The document: as it was issued, for ever."""
    if isinstance(event, DocumentIssued) and state is None:  # the table has no edge: nothing else can happen to it
        return event.document
    raise SeriesBroken(state.series if state else "", f"{type(event).__name__} on an issued document")


def evolve_series(state: Series | None, event: Event) -> Series:
    """The series after *event*."""
    match event:
        case SeriesOpened(id=id, name=name) if state is None:
            return Series(id, 1, name, 1)
        case NumberTaken(serial=serial) if state is not None and serial == state.next:
            return attrs.evolve(state, next=serial + 1, version=state.version + 1)
        case NumbersLost(lost=lost) if state is not None and lost.first == state.next <= lost.last:
            return attrs.evolve(state, next=lost.last + 1, version=state.version + 1, lost=(*state.lost, lost))
        case _:
            raise SeriesBroken(state.name if state else "", f"{type(event).__name__} does not fit")
