"""The number series: I1. Each series runs from 1 without a gap, and each number belongs to one document."""

from tokolib.desk.verify.books import Books
from tokolib.desk.verify.walk import Findings, rows
from tokolib.documents.model import Invoice, Series
from tokolib.documents.numbering import LEDGER
from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import DocRow, Entry, Kind, Page
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
    """A document has one number, its own."""
    page: Page[Entry] = await resolved(unit.work.ledger(LEDGER, refers_to=document.id))
    row = f"document {document.number}"
    found.expect(len(page.items) == 1, "I1", row, f"{len(page.items)} numbers are its own", _REPAIR)
