"""How documents and series follow from their events."""

import attrs

from tokolib.documents.errors import SeriesBroken
from tokolib.documents.events import DocumentIssued, NumberTaken, SeriesOpened
from tokolib.documents.model import Invoice, Series
from tokolib.kernel.events import Event


def evolve_document(state: Invoice | None, event: Event) -> Invoice:
    """The document: as it was issued, for ever."""
    match event:
        case DocumentIssued(document=document) if state is None:
            return document
        case _:
            raise SeriesBroken(state.series if state else "", f"{type(event).__name__} on an issued document")


def evolve_series(state: Series | None, event: Event) -> Series:
    """The series after *event*."""
    match event:
        case SeriesOpened(id=id, name=name) if state is None:
            return Series(id, 1, name, 1)
        case NumberTaken(serial=serial) if state is not None and serial == state.next:
            return attrs.evolve(state, next=serial + 1, version=state.version + 1)
        case _:
            raise SeriesBroken(state.name if state else "", f"{type(event).__name__} does not fit")
