"""Tax filings: I5 and X1 for each, and as alarms what a tax provider has not confirmed or a person has to decide.

What a provider is told is held against the documents that it is told of. They never change, so neither may this.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from tokolib.desk.verify.books import Books
from tokolib.desk.verify.walk import Findings
from tokolib.documents.filing.model import FiledNote, TaxFiling, filing_id
from tokolib.documents.filing.told import told_invoice
from tokolib.documents.model import DocumentKind, Invoice
from tokolib.effects.keys import idempotency_key, requested_as
from tokolib.effects.model import EffectState
from tokolib.tax.estimates import TaxSlice, overdrawn

SILENT: Final = timedelta(days=1)
"""So long a provider may leave a wish unanswered."""
OVERDUE: Final = timedelta(hours=1)
"""So long after it is due a wish may wait for somebody to call `tick`."""
_RESTORE: Final = "restore the filing's rows from a backup, and compare it with the provider's list"
_LOOK: Final = "look at the provider's list, then shop.invoices.file or shop.invoices.resolve"


async def check_filing(books: Books, filing: TaxFiling, now: datetime, found: Findings) -> None:
    """All of one filing, against the documents of its order, and as it stands now."""
    row = f"tax filing {filing.id}"
    papers = await books.papers(filing.order_id)
    for miss in _misses(filing, papers):
        found.broken("I5", row, miss, _RESTORE)
    for number, each in enumerate(filing.operations, start=1):
        made = requested_as(each.id)
        fits = made is not None and (made.intent, made.number) == (filing.id, number)
        fits = fits and each.key == idempotency_key(each.id, each.attempt)
        found.expect(fits, "X1", row, f"operation {each.id} has the key {each.key!r}", _RESTORE)
    _waiting(filing, now, row, found)


def _misses(filing: TaxFiling, papers: Sequence[Invoice]) -> Iterator[str]:
    """Where the provider is told something else than the documents state, or not of all of them."""
    known = {each.id: each for each in papers}
    invoice = known.get(filing.document_id)
    if invoice is None or invoice.kind is not DocumentKind.INVOICE or filing_id(invoice.id) != filing.id:
        yield f"its invoice {filing.document_id} is gone"
        return
    if filing.document != told_invoice(invoice):
        yield f"it tells other figures than {invoice.number}"
    taken: list[TaxSlice] = []
    for note in filing.notes:
        document = known.get(note.document_id)
        if document is None or document.corrects != invoice.number or document.number != note.number:
            yield f"its credit note {note.number} is gone"
        elif _told(note) != _stated(document):
            yield f"it tells other taxes than {note.number}"
        for fault in overdrawn(filing.document, note.slices, taken):
            yield f"{note.number}: {fault.path} {fault.message}"
            return
        taken += note.slices
    told = {note.document_id for note in filing.notes}
    for each in papers:
        if each.corrects == invoice.number and each.id not in told and each.totals.tax:
            yield f"it doesn't tell of {each.number}"
    if any(filing.latest(each) is None for each in filing.subjects):
        yield "it keeps a document that it never wished to tell of"


def _told(note: FiledNote) -> list[tuple[object, ...]]:
    return [(each.line_id, *each.taxes) for each in note.slices if any(each.taxes)]


def _stated(document: Invoice) -> list[tuple[object, ...]]:
    taxes = [(line.id, *(tax.amount for tax in line.taxes)) for line in document.lines]
    return [(id, *amounts) for id, *amounts in taxes if any(amounts)]


def _waiting(filing: TaxFiling, now: datetime, row: str, found: Findings) -> None:
    turn = filing.turn
    if turn is None:
        return
    what = f"{turn.provider} was to be told of {filing.document.number} ({turn.kind})"
    if filing.absent is not None and turn.unasked_since is not None:
        gone = f"this shop has no tax provider of that name since {turn.unasked_since.isoformat()}"
        found.waits("L1", row, f"{what}, and {gone}", "open the shop with tax_formerly=[...], or shop.invoices.resolve")
    elif filing.ask_at is None:
        why = ", ".join(turn.reviews) if turn.state is EffectState.REVIEW else turn.failure
        found.waits("L1", row, f"{what}, and {turn.state}: {why}", _LOOK)
    elif filing.ask_at + OVERDUE < now:
        found.waits("L1", row, f"{what}, and is due since {filing.ask_at.isoformat()}", "call shop.tick()")
    elif turn.requested_at + SILENT < now:
        found.waits("L1", row, f"{what}, and has not confirmed it in {turn.tries} tries", _LOOK)
