"""How fiscal documents, their number series and their filings with a tax provider are stored."""

from typing import Final

from tokolib.documents import events as documents
from tokolib.documents.filing import events as filing
from tokolib.documents.filing.lifecycle import evolve_filing
from tokolib.documents.filing.model import TaxFiling
from tokolib.documents.lifecycle import evolve_document, evolve_series
from tokolib.documents.model import Invoice, Series
from tokolib.effects.queue import place, place_at
from tokolib.kernel.clock import sortable
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
    events=(documents.SeriesOpened, documents.NumberTaken, documents.NumbersLost),
    row=lambda series: {"name": series.name},
)

TAX_FILINGS: Final = Record(
    collection=collections.TAX_FILINGS,
    noun="tax filing",
    cls=TaxFiling,
    evolve=evolve_filing,
    events=(
        filing.FilingOpened,
        filing.NoteFiled,
        filing.FilingRequested,
        filing.FilingLeased,
        filing.FilingUnasked,
        filing.FilingPresumed,
        filing.FilingObserved,
    ),
    row=lambda each: {
        "order_id": each.order_id,
        "provider": each.provider,
        "state": each.state.value,
        "ask_at": sortable(each.ask_at) if each.ask_at else None,
        "absent": each.absent,
        "waits": None if each.by_hand else place(each.waits_since, each.id),
        "by_hand": place_at(each.by_hand, each.waits_since, each.id) if each.by_hand else None,
    },
)
