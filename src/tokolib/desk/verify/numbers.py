"""The number series: I1. Each series runs from 1 without a gap, each number belongs to one document, and each
document to what it was issued for: an order has one invoice. What was given out before a restore, and is lost with its
document, is named with the reason.
"""

from tokolib.desk.verify.books import Books
from tokolib.desk.verify.tally import Tally
from tokolib.desk.verify.walk import Findings, rows
from tokolib.documents.model import Invoice, Series
from tokolib.documents.numbering import LEDGER, lost_entries
from tokolib.documents.steps import SCOPE
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.rows import DocRow, Entry, Kind
from tokolib.kernel.unit import Unit

REPAIR = "explain the number in the books and restore its rows from a backup"


async def check_numbers(unit: Unit, books: Books, numbers: Tally, found: Findings) -> None:
    """Every number of every series, against its document and its series' counter.

    A number's row is named after it, and a document tells of its row: so none can be there twice, and of so many
    different ones that reach no higher than that none is missing.
    """
    counted: dict[str, tuple[int, int]] = {}
    async for entry in rows(unit, Kind.LEDGER, Entry, found, name=LEDGER):
        found.saw("numbers")
        numbers.found(*_told(entry))
        count, highest = counted.get(entry.batch, (0, 0))
        counted[entry.batch] = (count + 1, max(highest, entry.amount))
    async for row in rows(unit, Kind.DOCUMENTS, DocRow, found, name="series"):
        series = await books.find("series", row.doc.id, Series)
        taken = counted.pop(row.doc.id, (0, 0))
        last = series.next - 1 if series else -1
        told = f"has {taken[0]} numbers up to {taken[1]}, its last is {last}"
        found.expect(taken == (last, last), "I1", f"series {row.doc.id}", told, REPAIR)
    for id in sorted(counted):
        found.broken("I1", f"series {id}", "numbers without their series", REPAIR)


def _told(entry: Entry) -> tuple[str, ...]:
    said = f"{entry.kind} {entry.amount} {entry.unit} of {entry.account} in {entry.batch}"
    return f"number {entry.id}", said, entry.refers_to, entry.at.isoformat()


def numbered(document: Invoice) -> Entry:
    """The row that says which number a document took."""
    series = f"ser_{document.series}"
    id, serial, at = f"{series}.{document.serial}", document.serial, document.issued_at
    return Entry(id, series, document.series, serial, "number", "issued", document.id, at)


def say_lost(series: Series, numbers: Tally) -> None:
    """Numbers that documents outside have are told by their series, each with the reason."""
    for lost in series.lost:
        for entry in lost_entries(lost):
            numbers.said(*_told(entry))


def say_document(document: Invoice, numbers: Tally, issued: Tally) -> None:
    """A document has one number, its own, and is the only one that was issued for what it is for."""
    numbers.said(*_told(numbered(document)))
    issued.said(f"key {SCOPE} {document.subject}", fingerprint(None), document.id)
