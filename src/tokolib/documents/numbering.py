"""Gapless numbers: a serial is taken in the very transaction that issues its document, or not at all.

The series is one document with a version, so two issuers at once can't take the same serial: the second one's
commit is refused and it starts again. A row in the ledger `numbers` says which document each serial went to.
"""

from datetime import date
from typing import Final

from tokolib.documents.events import NumberTaken, SeriesOpened
from tokolib.documents.ports import SERIES
from tokolib.kernel.ids import InvoiceId
from tokolib.kernel.rows import Entry
from tokolib.kernel.unit import Unit

LEDGER: Final = "numbers"


def series_name(prefix: str, on: date) -> str:
    """A new series begins with each calendar year of the shop's zone: `INV/2026`."""
    return f"{prefix}/{on.year}"


async def take(unit: Unit, name: str, document_id: InvoiceId) -> tuple[int, str]:
    """The next serial of the series *name* for a document, and the number as it is printed."""
    series_id = f"ser_{name}"
    series = await unit[SERIES].find(series_id)
    if series is None:
        series = unit[SERIES].record(None, SeriesOpened(series_id, name))
    serial = series.next
    unit[SERIES].record(series, NumberTaken(serial, document_id))
    entry = Entry(f"{series_id}.{serial}", series_id, name, serial, "number", "issued", document_id, unit.now)
    unit.post(LEDGER, [entry])
    return serial, f"{name}/{serial:06d}"
