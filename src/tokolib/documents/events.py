"""What happens to fiscal documents and their series."""

from typing import ClassVar

import attrs

from tokolib.documents.model import Invoice, LostNumbers
from tokolib.kernel.events import Event


@attrs.frozen
class DocumentIssued(Event):
    """A document was issued under its number; it never changes after this."""

    topic: ClassVar[str] = "documents.document_issued"
    document: Invoice


@attrs.frozen
class SeriesOpened(Event):
    """A number series began, at 1."""

    topic: ClassVar[str] = "documents.series_opened"
    id: str
    name: str


@attrs.frozen
class NumberTaken(Event):
    """The next number of a series went to a document."""

    topic: ClassVar[str] = "documents.number_taken"
    serial: int
    document_id: str


@attrs.frozen
class NumbersLost(Event):
    """Numbers of a series that were given out in a time that a restore took away: no document here has them."""

    topic: ClassVar[str] = "documents.numbers_lost"
    lost: LostNumbers
