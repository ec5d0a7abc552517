"""How fiscal documents and their number series are stored."""

from typing import Final

from tokolib.documents import events as documents
from tokolib.documents.lifecycle import evolve_document, evolve_series
from tokolib.documents.model import Invoice, Series
from tokolib.records import collections
from tokolib.records.record import Record

INVOICES: Final = Record(
    collection=collections.INVOICES,
    noun="invoice",
    cls=Invoice,
    evolve=evolve_document,
    events=(documents.DocumentIssued,),
    row=lambda document: {"order_id": document.order_id, "number": document.number},
)

SERIES: Final = Record(
    collection=collections.SERIES,
    noun="number series",
    cls=Series,
    evolve=evolve_series,
    events=(documents.SeriesOpened, documents.NumberTaken),
    row=lambda series: {"name": series.name},
)
