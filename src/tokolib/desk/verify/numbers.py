"""The number series: I1. Each series runs from 1 without a gap, and each number belongs to one document."""

from tokolib.desk.verify.walk import Findings, rows
from tokolib.documents.numbering import LEDGER
from tokolib.documents.ports import INVOICES, SERIES
from tokolib.kernel.storage import Entry, Kind
from tokolib.kernel.unit import Unit

_REPAIR = "explain the number in the books and restore its rows from a backup"


async def check_numbers(unit: Unit, found: Findings) -> None:
    """Every number of every series, against its document and its series' counter."""
    counts: dict[str, int] = {}
    seen: dict[str, set[int]] = {}
    documents: set[str] = set()
    async for entry in rows(unit, Kind.LEDGER, Entry, name=LEDGER):
        found.saw("numbers")
        row = f"number {entry.id}"
        taken = seen.setdefault(entry.batch, set())
        found.expect(entry.amount not in taken, "I1", row, f"{entry.amount} was used twice", _REPAIR)
        found.expect(entry.refers_to not in documents, "I1", row, "its document has two numbers", _REPAIR)
        found.expect(entry.id == f"{entry.batch}.{entry.amount}", "I1", row, "its serial was changed", _REPAIR)
        taken.add(entry.amount)
        documents.add(entry.refers_to)
        counts[entry.batch] = counts.get(entry.batch, 0) + 1
        document = await unit[INVOICES].find(entry.refers_to)
        fits = document is not None and f"ser_{document.series}" == entry.batch and document.serial == entry.amount
        found.expect(fits, "I1", row, f"document {entry.refers_to} does not carry it", _REPAIR)
    await _series(unit, seen, found)
    await _unnumbered(unit, documents, found)


async def _series(unit: Unit, seen: dict[str, set[int]], found: Findings) -> None:
    after: str | None = None
    while True:
        page = await unit[SERIES].where("by_id", after=after)
        for series in page.items:
            taken = seen.pop(series.id, set())
            full = taken == set(range(1, series.next))
            found.expect(full, "I1", f"series {series.id}", f"{len(taken)} numbers, next is {series.next}", _REPAIR)
        if page.after is None:
            break
        after = page.after
    for id in sorted(seen):
        found.broken("I1", f"series {id}", "numbers without their series", _REPAIR)


async def _unnumbered(unit: Unit, numbered: set[str], found: Findings) -> None:
    after: str | None = None
    while True:
        page = await unit[INVOICES].where("by_number", after=after)
        for document in page.items:
            found.expect(document.id in numbered, "I1", f"document {document.number}", "its number is gone", _REPAIR)
        if page.after is None:
            return
        after = page.after
