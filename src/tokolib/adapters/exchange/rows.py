"""Published rates as CSV: read whole, judged whole. Every fault is named by line and column.

Columns by their header, in any order: `date, base, quote, kind, rate, source`; a kind may be empty.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Final

from tokolib.catalog.errors import ImportRefused, RowFault
from tokolib.catalog.sheet import Record, Sheet, Source
from tokolib.kernel.errors import Fault, TokolibError, shown
from tokolib.kernel.limits import Limits
from tokolib.kernel.numbers import exact
from tokolib.pricing.exchange.model import Quotation, RateKind

COLUMNS: Final = ("date", "base", "quote", "kind", "rate", "source")


def read_quotations(source: Source, limits: Limits) -> tuple[dict[str, Quotation], list[Fault]]:
    """The rows of *source* by their lines, as far as they can be read, and the faults of all others.

    Raises:
        InvalidInput: the source is none of what can be read.
    """
    rows: dict[str, Quotation] = {}
    faults: list[Fault] = []
    try:
        for place, cells in _cells(Sheet(source, delimiter=None, limits=limits), faults):
            found = _quotation(place, cells)
            if isinstance(found, Quotation):
                rows[place] = found
            else:
                faults += found
    except ImportRefused as refused:
        faults += map(_told, refused.faults)
    return rows, faults


def no_kind(path: str, kind: object) -> Fault:
    """What is wrong with a kind of rate that is none."""
    return Fault(path, "kernel.unknown_choice", f"must be one of {', '.join(RateKind)}", shown(kind))


def _cells(sheet: Sheet, faults: list[Fault]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Each row's cells by column; lines and columns that aren't as they should be go to *faults*."""
    records = sheet.records()
    first = next(records, Record(1, ()))
    header = [cell.strip().casefold() for cell in first.cells]
    if first.fault is not None:
        faults.append(_told(first.fault))
    if missing := [name for name in COLUMNS if name not in header]:
        faults += [Fault(f"line {first.line}", "pricing.no_column", f"no column {name}", "") for name in missing]
        return
    for record in records:
        place, cells = f"line {record.line}", [cell.strip() for cell in record.cells]
        if record.fault is not None:
            faults.append(_told(record.fault))
        elif len(cells) == len(header):
            yield place, dict(zip(header, cells, strict=True))
        elif any(cells):
            faults.append(Fault(place, "pricing.wrong_cells", f"has {len(cells)} cells for {len(header)} columns", ""))


def _told(fault: RowFault) -> Fault:
    return Fault(f"line {fault.line}", fault.code, fault.message, fault.value)


def _quotation(place: str, cells: Mapping[str, str]) -> Quotation | list[Fault]:
    faults: list[Fault] = []
    on, value, kind = date.min, Fraction(0), RateKind.MID
    try:
        on = date.fromisoformat(cells["date"])
    except ValueError:
        faults.append(Fault(f"{place}.date", "pricing.not_a_day", "must be as 2026-03-14", cells["date"][:40]))
    try:
        value = Fraction(exact(cells["rate"], "rate"))
    except TokolibError as error:
        faults.append(Fault(f"{place}.rate", error.code, str(error), cells["rate"][:40]))
    try:
        kind = RateKind(cells["kind"].casefold() or RateKind.MID)
    except ValueError:
        faults.append(no_kind(f"{place}.kind", cells["kind"]))
    return faults or Quotation(on, cells["base"].upper(), cells["quote"].upper(), kind, value, cells["source"])
