"""Gapless numbers: a serial is taken in the very transaction that issues its document, or not at all.

The series is one document with a version, so two issuers at once can't take the same serial: the second one's
commit is refused and it starts again. A row in the ledger `numbers` says which document each serial went to.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final, cast

from tokolib.documents.events import NumbersLost, NumberTaken, SeriesOpened
from tokolib.documents.model import LostNumbers, Series, printed
from tokolib.documents.ports import SERIES
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.ids import InvoiceId
from tokolib.kernel.rows import Entry
from tokolib.kernel.unit import Unit

LEDGER: Final = "numbers"
MOST_LOST: Final = 100_000
"""So many numbers of a series nobody gives out between a backup and its restoring."""
_PRINTED: Final = re.compile(r"([A-Za-z0-9/-]{0,12}/[0-9]{4})/([0-9]{6,12})")


def series_name(prefix: str, on: date) -> str:
    """A new series begins with each calendar year of the shop's zone: `INV/2026`."""
    return f"{prefix}/{on.year}"


async def take(unit: Unit, name: str, document_id: InvoiceId) -> tuple[int, str]:
    """The next serial of the series *name* for a document, and the number as it is printed."""
    series = await _series(unit, name)
    serial = series.next
    unit[SERIES].record(series, NumberTaken(serial, document_id))
    unit.post(LEDGER, [_entry(series.id, name, serial, "issued", document_id, unit.now)])
    return serial, printed(name, serial)


async def _series(unit: Unit, name: str) -> Series:
    id = f"ser_{name}"
    known = await unit[SERIES].find(id)
    return known or unit[SERIES].record(None, SeriesOpened(id, name))


def _entry(series_id: str, name: str, serial: int, kind: str, refers_to: str, at: datetime) -> Entry:
    return Entry(f"{series_id}.{serial}", series_id, name, serial, "number", kind, refers_to, at)


async def skip_lost(unit: Unit, name: str, last: int, reason: str) -> LostNumbers | None:
    """The series *name* moved past its *last* number that the outside has; None where it is past it already.

    The numbers between are given to no document. Each has its row in the ledger, with the *reason*.
    """
    series = await _series(unit, name)
    if last < series.next:
        return None
    lost = LostNumbers(name, series.next, last, reason, unit.now)
    unit[SERIES].record(series, NumbersLost(lost))
    unit.post(LEDGER, lost_entries(lost))
    return lost


def lost_entries(lost: LostNumbers) -> list[Entry]:
    """The rows of the ledger that say why no document has these numbers."""
    id = f"ser_{lost.series}"
    return [_entry(id, lost.series, serial, "lost", lost.reason, lost.at) for serial in lost.serials]


async def last_known(unit: Unit, numbers: Iterable[str]) -> Mapping[str, int]:
    """The highest serial in each series, of *numbers* as they are printed.

    Raises:
        InvalidInput: text that is no number of a series that this shop has or may have begun by now, or one so far
            ahead that it must be a slip.
    """
    settings, today = await unit.settings(), await unit.today()
    own = {
        series_name(prefix, today.replace(year=year, day=1))
        for prefix in (settings.invoice_prefix, settings.credit_note_prefix)
        for year in (today.year - 1, today.year)
    }
    found: dict[str, int] = {}
    faults: list[Fault] = []
    for at, text in enumerate(numbers):
        read = _PRINTED.fullmatch(text) if isinstance(cast(object, text), str) else None
        name, serial = (read[1], int(read[2])) if read else ("", 0)
        series = await unit[SERIES].find(f"ser_{name}") if read else None
        if not serial or (series is None and name not in own):
            message = f"must be the number of a document, such as {printed(min(own), 1042)}"
            faults.append(Fault(f"last_numbers[{at}]", "documents.unknown_number", message, shown(text)))
        elif serial - (series.next if series else 1) >= MOST_LOST:
            message = f"is {MOST_LOST} or more ahead of the books"
            faults.append(Fault(f"last_numbers[{at}]", "documents.number_too_far", message, shown(text)))
        found[name] = max(found.get(name, 0), serial)
    if faults:
        raise InvalidInput(tuple(faults))
    return found
