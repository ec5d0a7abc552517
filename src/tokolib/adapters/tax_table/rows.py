"""A table of tax rates as CSV: read whole, judged whole. Every fault is named by line and column.

Columns by their header, in any order: `state, level, name, rate, since, source` are needed; `country, county, city,
postal_codes, tax_class` may be left out or empty.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from tokolib.adapters.tax_table.rates import Level, TaxRate, TaxTable
from tokolib.catalog.errors import ImportRefused
from tokolib.catalog.sheet import Record, Sheet, Source
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.limits import Limits

NEEDED: Final = ("state", "level", "name", "rate", "since", "source")
ALLOWED: Final = ("country", "county", "city", "postal_codes", "tax_class")
_POSTAL: Final = re.compile(r"(\d{3,10})(?:-(\d{3,10}))?")
_CODE: Final = re.compile(r"[A-Z0-9]{1,3}")

Cells = Mapping[str, str]


def read_tax_rates(source: Source, *, named: str = "table", limits: Limits | None = None) -> TaxTable:
    """The rates in *source*: CSV as text, UTF-8 bytes or an open file. *named* is what the evidence calls the table.

    Raises:
        InvalidInput: with every fault, by line and column; two rates of one jurisdiction for the same class and day
            in the same place are one, as are columns that nobody knows.
    """
    limits = limits or Limits()
    faults: list[Fault] = []
    rates: list[TaxRate] = []
    seen: dict[tuple[object, ...], int] = {}
    try:
        for line, cells in _cells(source, limits, faults):
            rate = _read(line, cells, faults)
            if rate is None:
                continue
            first = seen.setdefault(_key(rate), line)
            if first != line:
                message = f"line {first} has a rate of the same jurisdiction, class, place and day"
                faults.append(Fault(f"line {line}", "tax.overlapping_rules", message, str(rate.rate)))
            rates.append(rate)
    except ImportRefused as refused:
        faults += [Fault(f"line {each.line}", each.code, each.message, each.value) for each in refused.faults]
    if not rates and not faults:
        faults.append(Fault("line 1", "tax.empty_table", "there are no rates"))
    if faults:
        raise InvalidInput(tuple(faults))
    return TaxTable(tuple(rates), named)


def _key(rate: TaxRate) -> tuple[object, ...]:
    where = rate.country, rate.state, rate.county.casefold(), rate.city.casefold(), rate.postal_codes
    return (*where, rate.level, rate.name.casefold(), rate.tax_class, rate.since)


def _cells(source: Source, limits: Limits, faults: list[Fault]) -> Iterator[tuple[int, Cells]]:
    header: list[str] | None = None
    for count, record in enumerate(Sheet(source, delimiter=None, limits=limits).records()):
        cells = [cell.strip() for cell in record.cells]
        if record.fault is not None:
            faults.append(_broken(record))
        elif header is None:
            header = [cell.lower().replace(" ", "_") for cell in cells]
            if wrong := list(_header_faults(header)):
                faults += wrong
                return
        elif count > limits.import_rows:
            message = f"a table has at most {limits.import_rows} rows"
            faults.append(Fault(f"line {record.line}", "tax.too_many_rows", message))
            return
        elif len(cells) > len(header):
            message = f"has {len(cells)} cells for {len(header)} columns"
            faults.append(Fault(f"line {record.line}", "tax.extra_cells", message))
        elif any(cells):
            yield record.line, dict(zip(header, cells, strict=False))


def _broken(record: Record) -> Fault:
    fault = record.fault
    if fault is None:  # pragma: no cover - asked only where there is one
        raise ValueError(record)
    return Fault(f"line {record.line}", fault.code, fault.message, fault.value)


def _header_faults(header: list[str]) -> Iterator[Fault]:
    for name in NEEDED:
        if name not in header:
            yield Fault("line 1", "tax.missing_column", f"there is no column {name}")
    for name in header:
        if name not in (*NEEDED, *ALLOWED):
            message = f"must be one of {', '.join((*NEEDED, *ALLOWED))}"
            yield Fault("line 1", "tax.unknown_column", message, shown(name))
        elif header.count(name) > 1:
            yield Fault("line 1", "tax.unknown_column", "stands there twice", name)


def _read(line: int, cells: Cells, faults: list[Fault]) -> TaxRate | None:
    wrong = [
        Fault(f"line {line}, {column}", code, message, shown(cells.get(column, "")))
        for column, code, message in _cell_faults(cells)
    ]
    if wrong:
        faults += wrong
        return None
    return TaxRate(
        country=cells.get("country") or "US",
        state=cells["state"],
        level=Level(cells["level"].lower()),
        name=cells["name"],
        rate=Decimal(cells["rate"]),
        since=date.fromisoformat(cells["since"]),
        source=cells["source"],
        county=cells.get("county", ""),
        city=cells.get("city", ""),
        postal_codes=cells.get("postal_codes", ""),
        tax_class=cells.get("tax_class", ""),
    )


def _cell_faults(cells: Cells) -> Iterator[tuple[str, str, str]]:
    for name in ("name", "source"):
        if not cells.get(name):
            yield name, "tax.needed", "is needed"
    if not _CODE.fullmatch(cells.get("state", "")):
        yield "state", "tax.unknown_place", "must be an ISO 3166-2 code without the country, such as CA"
    if not re.fullmatch("[A-Z]{2}", cells.get("country") or "US"):
        yield "country", "kernel.unknown_country", "must be an ISO 3166-1 alpha-2 code"
    if cells.get("level", "").lower() not in tuple(Level):
        yield "level", "kernel.unknown_choice", f"must be one of {', '.join(Level)}"
    if (rate := _number(cells.get("rate", ""))) is None or not 0 <= rate <= 100:
        yield "rate", "tax.bad_rate", "must be a percentage from 0 to 100, such as 7.25"
    try:
        date.fromisoformat(cells.get("since", ""))
    except ValueError:
        yield "since", "kernel.wrong_type", "must be a day, such as 2026-01-01"
    if not _is_postal(cells.get("postal_codes", "")):
        yield "postal_codes", "tax.bad_postal_code", "must be one code, or the first and the last, equally long"


def _number(text: str) -> Decimal | None:
    if not re.fullmatch(r"\d{1,3}(\.\d{1,6})?", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:  # pragma: no cover - the pattern lets only numbers through
        return None


def _is_postal(text: str) -> bool:
    found = _POSTAL.fullmatch(text)
    if not text or found is None:
        return not text
    first, last = found[1], found[2] or found[1]
    return len(first) == len(last) and first <= last
