"""Rate tables as CSV: read whole, judged whole. Every fault is named by line and column before anything is stored.

Columns are found by their header, in Indonesian or English, in any order; *columns* maps headers of another make.
A row needs a price (`price`, `per_kg`, or both) and may name its area as exactly as it likes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import chain, islice
from typing import Final, TypeVar

import attrs

from tokolib.catalog.errors import ImportRefused, RowFault
from tokolib.catalog.sheet import Lines, Record, Sheet
from tokolib.kernel.annotations import unkept
from tokolib.kernel.errors import Fault, InvalidInput, TokolibError, shown
from tokolib.kernel.limits import Limits
from tokolib.kernel.money import LARGEST, Currency
from tokolib.kernel.notation import UnknownLocale
from tokolib.kernel.numbers import exact, shifted
from tokolib.kernel.parse import parse_amount
from tokolib.shipping.errors import InvalidMethod, TableRejected
from tokolib.shipping.places import Area, is_province, place_key
from tokolib.shipping.table import RateRow, days

T = TypeVar("T")
Cell = str | int | Decimal | None
Source = str | bytes | bytearray | Lines | Iterable[Mapping[str, Cell]]
"""CSV as text, bytes or an open file, or rows by header as `csv.DictReader` or a database gives them; None is an
empty cell."""
_SHOWN: Final = 1000
_LONGEST: Final = 200

HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "country": ("country", "negara"),
    "province": ("province", "provinsi", "propinsi"),
    "city": ("city", "kota", "kabupaten", "kota kabupaten", "kabupaten kota", "regency"),
    "district": ("district", "kecamatan"),
    "postal_prefix": ("postal prefix", "postal code", "kode pos", "zip"),
    "price": ("price", "rate", "harga", "tarif", "ongkir"),
    "per_kg": ("per kg", "harga per kg", "tarif per kg", "price per kg"),
    "included_kg": ("included kg", "first kg", "kg pertama", "berat awal"),
    "upto_kg": ("upto kg", "up to kg", "max kg", "maks kg", "berat maks", "sampai kg"),
    "zone": ("zone", "zona"),
    "etd": ("etd", "estimasi", "days", "hari", "lead time"),
}
"""What each column may be called, besides its own name; compared without case and punctuation."""


@attrs.frozen
class _Line:
    """One row of the source: where it stood, and its cells by our column names."""

    number: int
    cells: Mapping[str, str]


def read_rates(
    source: Source,
    currency: Currency,
    *,
    country: str,
    columns: Mapping[str, str] | None = None,
    locale: str | None = None,
    limits: Limits | None = None,
) -> tuple[RateRow, ...]:
    """The rates in *source*: CSV as text, UTF-8 bytes or an open file, or rows by header. Nothing is stored here.

    *country* is for rows that name none. Amounts are plain numbers in major units (`18000`), or what people type
    if *locale* is given (`Rp18.000`); `18.000` without a locale is refused. *columns* maps our column names to the
    source's headers.

    Raises:
        TableRejected: with every fault, by line and column.
        InvalidInput: the source is none of these.
    """
    book = _Faults()
    try:
        rows = _read(source, currency, country, columns or {}, locale, limits or Limits(), book)
    except ImportRefused as error:
        for fault in error.faults:
            book.add(fault.line, fault.column, fault.code, fault.message, fault.value)
    if book.total:
        raise TableRejected(tuple(book.kept), book.total)
    return tuple(rows)


def _read(
    source: Source,
    currency: Currency,
    country: str,
    columns: Mapping[str, str],
    locale: str | None,
    limits: Limits,
    book: "_Faults",
) -> list[RateRow]:
    seen: dict[tuple[Area, int | None], int] = {}
    rows: list[RateRow] = []
    for line in _lines(source, columns, limits, book):
        row = _row(line, currency, country, locale, book)
        if row is None:
            continue
        first = seen.setdefault((row.area, row.upto_grams), line.number)
        if first == line.number:
            rows.append(row)
        else:
            book.add(line.number, "", "shipping.duplicate_row", f"same area and weight as line {first}", str(row.area))
    if not rows and not book.total:
        book.add(1, "", "shipping.empty_table", "there are no rates", "")
    return rows


class _Faults:
    """All faults counted, the first thousand kept."""

    def __init__(self) -> None:
        self.kept: list[Fault] = []
        self.total = 0

    def add(self, line: int, column: str, code: str, message: str, value: str) -> None:
        self.total += 1
        if len(self.kept) < _SHOWN:
            path = f"line {line}, {column}" if column else f"line {line}"
            self.kept.append(Fault(_readable(path), code, _readable(message), _readable(value[:100])))


def _readable(text: str) -> str:
    """*text* as any log can write it, half of a surrogate pair spelt out."""
    return text.encode(errors="backslashreplace").decode()


def _lines(source: Source, columns: Mapping[str, str], limits: Limits, book: _Faults) -> Iterator[_Line]:
    named: Mapping[int, str] | None = None
    for count, record in enumerate(_records(source, limits)):
        number, cells = record.line, [cell.strip() for cell in record.cells]
        if record.fault is not None:
            fault = record.fault
            book.add(number, fault.column, fault.code, fault.message, fault.value)
        if named is None:
            named = _header(number, cells, columns, book)
            if book.total:
                return
        elif count > limits.import_rows:
            book.add(number, "", "shipping.too_many_rows", f"a table has at most {limits.import_rows} rows", "")
            return
        elif record.fault is None and any(cells[len(named) :]):
            book.add(number, "", "shipping.extra_cells", f"has {len(cells)} cells for {len(named)} columns", "")
        elif record.fault is None and any(cells):
            yield _Line(number, {name: cells[at] for at, name in named.items() if name and at < len(cells)})


def _records(source: object, limits: Limits) -> Iterator[Record]:
    if isinstance(source, str | bytes | bytearray | Lines):
        return Sheet(source, delimiter=None, limits=limits).records()
    if isinstance(source, Iterable) and not isinstance(source, Mapping):
        rows = iter(source)
        first = list(islice(rows, 1))
        if all(isinstance(row, Mapping) for row in first):
            return _mappings(chain(first, rows))
    message = "must be text, bytes, a file that is open (open(path, 'rb')), or mappings of cells by header"
    raise InvalidInput((Fault("rows", "kernel.wrong_type", message, shown(source)),))


def _mappings(source: Iterable[object]) -> Iterator[Record]:
    """Rows by header: line 1 stands for the header, which is the first row's; the first row is line 2."""
    names: tuple[str, ...] = ()
    for number, row in enumerate(source, start=2):
        if not isinstance(row, Mapping):
            yield _refused(number, "", "kernel.wrong_type", "must be a mapping of cells by header", row)
            continue
        if not names:
            names = tuple(name for name in row if isinstance(name, str))
            yield Record(1, names)
        yield _mapped(number, names, row)


def _mapped(number: int, names: tuple[str, ...], row: Mapping[object, object]) -> Record:
    for name, cell in row.items():
        if name not in names:
            return _refused(number, str(name), "shipping.extra_cells", "the first row has no such column", cell)
        if isinstance(cell, bool) or not isinstance(cell, str | int | Decimal | None):
            return _refused(number, str(name), "kernel.wrong_type", "must be text or an exact number", cell)
        if isinstance(cell, int) and abs(cell) > LARGEST:
            return _refused(number, str(name), "kernel.amount_out_of_range", f"must be at most {LARGEST:,}", cell)
        for fault in (*unkept(name, name), *unkept(name, cell)):
            return _refused(number, fault.path, fault.code, fault.message, cell)
    cells = (row.get(name) for name in names)
    return Record(number, tuple("" if cell is None else _written(cell) for cell in cells))


def _written(cell: object) -> str:
    """A cell as CSV would have it; a `Decimal` without the zeros that its column in a database gave it."""
    text = str(cell)
    return text.rstrip("0").rstrip(".") if isinstance(cell, Decimal) and "." in text and "E" not in text else text


def _refused(number: int, column: str, code: str, message: str, value: object) -> Record:
    return Record(number, (), RowFault(number, column, code, message, shown(value)))


def _header(number: int, cells: list[str], columns: Mapping[str, str], book: _Faults) -> Mapping[int, str]:
    ours = {place_key(alias): name for name, aliases in HEADERS.items() for alias in (*aliases, name.replace("_", " "))}
    ours |= {place_key(theirs): name for name, theirs in columns.items()}
    found = {at: ours.get(place_key(cell.replace("_", " ")), "") for at, cell in enumerate(cells)}
    names = [name for name in found.values() if name]
    for name in sorted({name for name in names if names.count(name) > 1}):
        book.add(number, name, "shipping.column_twice", "two columns have this meaning", "")
    for at, name in found.items():
        if not name and cells[at].strip():
            known = ", ".join(HEADERS)
            message = f"unknown column; known: {known}. Map it by columns=, or leave it out"
            book.add(number, cells[at], "shipping.unknown_column", message, "")
    for name in sorted(set(columns) - set(names)):
        known = ", ".join(cells)
        book.add(number, name, "shipping.no_column", f"no column {columns[name]!r}; there are: {known}", "")
    if not {"price", "per_kg"} & set(names):
        book.add(number, "price", "shipping.no_column", "a table needs a column price or per_kg", ", ".join(cells))
    return found


def _row(line: _Line, currency: Currency, country: str, locale: str | None, book: _Faults) -> RateRow | None:
    before = book.total

    def read(column: str, parse: Callable[[str], T], missing: T) -> T:
        text = line.cells.get(column, "")
        try:
            return parse(text) if text else missing
        except UnknownLocale:
            raise
        except TokolibError as error:
            book.add(line.number, column, error.code, str(error), text)
            return missing

    def amount(text: str) -> int | None:
        return _amount(text, currency, locale)

    for column, text in line.cells.items():
        if len(text) > _LONGEST:
            book.add(line.number, column, "shipping.too_long", f"has more than {_LONGEST} characters", text)
    price, per_kg = read("price", amount, None), read("per_kg", amount, None)
    included, upto = read("included_kg", _grams, 1000), read("upto_kg", _grams, None)
    area = read("country", lambda text: Area(text.upper()), Area(country))
    province = line.cells.get("province", "")
    if province and not is_province(area.country, province):
        message = "is no province of Indonesia; a city stands in the column city"
        book.add(line.number, "province", "shipping.unknown_province", message, province)
    if (etd := line.cells.get("etd", "")) and days(etd) is None:
        message = "names no days, such as '2 hari', or '2-3 hari' with the sooner first"
        book.add(line.number, "etd", "shipping.unreadable_days", message, etd)
    if price is None and per_kg is None and book.total == before:
        book.add(line.number, "price", "shipping.no_price", "needs a price, or a price per kg", "")
    if book.total > before:
        return None
    names = {name: line.cells.get(name, "") for name in ("province", "city", "district", "postal_prefix")}
    if price is None:
        price = (per_kg or 0) * -(-included // 1000)
    return RateRow(attrs.evolve(area, **names), price, per_kg or 0, included, upto, line.cells.get("zone", ""), etd)


def _amount(text: str, currency: Currency, locale: str | None) -> int:
    amount = currency(text) if locale is None else parse_amount(text, currency, locale)
    if amount.minor_units < 0:
        raise InvalidMethod("amount", text, "is never negative")
    return amount.minor_units


def _grams(text: str) -> int:
    grams = shifted(exact(text, "kilograms"), 3)
    if grams != int(grams) or not 0 < grams <= 10**9:
        raise InvalidMethod("kilograms", text, "must be more than zero, in whole grams")
    return int(grams)
