"""The number series: I1. Each series runs from 1 without a gap, each number belongs to one document, and each
document to what it was issued for: an order has one invoice.
"""

from tokolib.desk.verify.books import Books
from tokolib.desk.verify.walk import Findings, rows
from tokolib.documents.model import Invoice, Series
from tokolib.documents.numbering import LEDGER
from tokolib.documents.steps import SCOPE
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import DocRow, Entry, Kind, Page
from tokolib.kernel.storage_errors import KeyMismatch
from tokolib.kernel.unit import Unit

_REPAIR = "explain the number in the books and restore its rows from a backup"


async def check_numbers(unit: Unit, books: Books, found: Findings) -> None:
    """Every number of every series, against its document and its series' counter."""
    seen: dict[str, set[int]] = {}
    async for entry in rows(unit, Kind.LEDGER, Entry, name=LEDGER):
        found.saw("numbers")
        row = f"number {entry.id}"
        taken = seen.setdefault(entry.batch, set())
        found.expect(entry.amount not in taken, "I1", row, f"{entry.amount} was used twice", _REPAIR)
        taken.add(entry.amount)
        document = await books.find("invoices", entry.refers_to, Invoice)
        fits = document is not None and entry == numbered(document)
        found.expect(fits, "I1", row, f"it is not the number of document {entry.refers_to}", _REPAIR)
    await _series(unit, books, seen, found)


def numbered(document: Invoice) -> Entry:
    """The row that says which number a document took."""
    series = f"ser_{document.series}"
    id, serial, at = f"{series}.{document.serial}", document.serial, document.issued_at
    return Entry(id, series, document.series, serial, "number", "issued", document.id, at)


async def _series(unit: Unit, books: Books, seen: dict[str, set[int]], found: Findings) -> None:
    async for row in rows(unit, Kind.DOCUMENTS, DocRow, name="series"):
        series = await books.find("series", row.doc.id, Series)
        taken = seen.pop(row.doc.id, set())
        last = series.next - 1 if series else -1
        full = taken == set(range(1, last + 1))
        found.expect(full, "I1", f"series {row.doc.id}", f"has {len(taken)} numbers, its last is {last}", _REPAIR)
    for id in sorted(seen):
        found.broken("I1", f"series {id}", "numbers without their series", _REPAIR)


async def check_document(unit: Unit, document: Invoice, found: Findings) -> None:
    """A document has one number, its own, and is the only one that was issued for what it is for."""
    page: Page[Entry] = await resolved(unit.work.ledger(LEDGER, refers_to=document.id))
    row = f"document {document.number}"
    found.expect(len(page.items) == 1, "I1", row, f"{len(page.items)} numbers are its own", _REPAIR)
    found.expect(await _issued_for(unit, document) == document.id, "I1", row, "is not the one of its kind", _REPAIR)


async def _issued_for(unit: Unit, document: Invoice) -> str:
    """The id of the document that was issued for what *document* is for; empty when its key isn't there."""
    try:
        seen = await resolved(unit.work.seen(SCOPE, document.subject, fingerprint(None)))
    except KeyMismatch:
        return ""
    return seen.result.decode("utf-8", "replace") if seen else ""
