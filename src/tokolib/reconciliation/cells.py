"""Typed cells of a sheet: money, days and words, each read strictly; all that is wrong is told by line and column."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final, TypeVar, cast

import attrs

from tokolib.catalog.errors import ImportRefused, RowFault
from tokolib.catalog.sheet import Record, Sheet, Source
from tokolib.kernel.errors import Fault, InvalidInput, TokolibError, shown
from tokolib.kernel.limits import Limits
from tokolib.kernel.money import Currency, Money, currency
from tokolib.kernel.money_errors import AmbiguousAmount
from tokolib.kernel.numbers import exact
from tokolib.kernel.parse import parse_amount
from tokolib.kernel.rounding import RoundingMode, divide
from tokolib.reconciliation.errors import SheetRefused

T = TypeVar("T")
SHOWN: Final = 40
"""Characters of a cell in a fault."""

THOUSANDS: Final = 3
"""Digits behind a point that may be a separator of thousands: `75.000` is 75 to a program."""


class DateForm(StrEnum):
    """How a sheet writes days; never guessed, since 03/02 is a day in two months."""

    ISO = "iso"
    """`2026-03-02`, with or without a time behind it."""
    DAY_FIRST = "day_first"
    """`02/03/2026` or `2-3-2026`, with or without a time behind it."""


_DAYS: Final = {
    DateForm.ISO: re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?:[T ].*)?", re.ASCII),
    DateForm.DAY_FIRST: re.compile(r"(?P<d>\d{1,2})[/-](?P<m>\d{1,2})[/-](?P<y>\d{4})(?: .*)?", re.ASCII),
}


@attrs.frozen(kw_only=True)
class Notations:
    """How a sheet writes what its cells hold.

    Raises:
        InvalidInput: what is none of these.
    """

    dates: DateForm = DateForm.ISO
    amounts: str = ""
    """The locale by which amounts are written, `id` or `en`; empty for plain numbers, such as `75000.00`."""
    rounding: RoundingMode | None = None
    """How plain numbers finer than a minor unit are rounded; None refuses them."""

    def __attrs_post_init__(self) -> None:
        faults = []
        if not isinstance(cast(object, self.dates), DateForm):
            faults.append(_bad("dates", f"must be a DateForm: {', '.join(DateForm)}", self.dates))
        if not isinstance(cast(object, self.amounts), str):
            faults.append(_bad("amounts", "must be the name of a locale, or empty", self.amounts))
        if self.rounding is not None and not isinstance(cast(object, self.rounding), RoundingMode):
            faults.append(
                _bad("rounding", f"must be a RoundingMode ({', '.join(RoundingMode)}), or None", self.rounding)
            )
        if faults:
            raise InvalidInput(tuple(faults))


def format_faults(columns: object, notations: object, currencies: Mapping[str, object]) -> Iterator[Fault]:
    """What is wrong with what all formats have: columns by field, notations, codes of currencies (or nothing)."""
    if not isinstance(columns, Mapping) or not all(isinstance(each, str) for pair in columns.items() for each in pair):
        yield _bad("columns", "must be headers by field, as in {'on': 'Tanggal'}", columns)
    if not isinstance(notations, Notations):
        yield _bad("notations", "must be Notations", notations)
    for path, code in currencies.items():
        try:
            known = isinstance(code, str) and (not code or currency(code) is not None)
        except TokolibError:
            known = False
        if not known:
            yield _bad(path, "must be an ISO 4217 code", code)


def _bad(path: str, message: str, value: object) -> Fault:
    return Fault(path, "reconciliation.bad_format", message, shown(value))


@attrs.define
class Cells:
    """The cells of one row by field, read one by one; faults gather on the way."""

    line: int
    notations: Notations
    by_field: Mapping[str, str]
    headers: Mapping[str, str]
    faults: list[RowFault] = attrs.field(factory=list)

    def text(self, field: str) -> str:
        """The cell of *field*; empty where the sheet has no such column."""
        return self.by_field.get(field, "")

    def required(self, field: str) -> str:
        """The cell of *field*, which must say something."""
        if not (found := self.text(field)):
            self.fault(field, "reconciliation.required", "is required")
        return found

    def day(self, field: str) -> date:
        """The cell as a day."""
        text, form = self.text(field), self.notations.dates
        found = _DAYS[form].fullmatch(text)
        try:
            return date(*(int(found[part]) for part in "ymd")) if found else self._no_day(field, form)
        except ValueError:
            return self._no_day(field, form)

    def _no_day(self, field: str, form: DateForm) -> date:
        example = "2026-03-02" if form is DateForm.ISO else "02/03/2026"
        self.fault(field, "reconciliation.not_a_day", f"must be a day such as {example}")
        return date.min

    def currency(self, field: str, given: str) -> Currency | None:
        """The cell as a currency, or the *given* one where the sheet has no such column."""
        try:
            return currency(self.text(field).upper() or given)
        except TokolibError as error:
            self.fault(field, error.code, "must be an ISO 4217 code; or name the currency for the whole sheet")
            return None

    def money(self, field: str, kept: Currency | None, *, required: bool = False) -> int:
        """The cell in minor units of *kept*; 0 where it is empty and not *required*."""
        text = self.required(field) if required else self.text(field)
        if not text or kept is None:
            return 0
        try:
            return self._units(text, kept)
        except TokolibError as error:
            self.fault(field, error.code, str(error))
            return 0

    def _units(self, text: str, kept: Currency) -> int:
        if self.notations.amounts:
            return parse_amount(text, kept, self.notations.amounts, negative=True).minor_units
        plain, fraction = exact(text, "amount"), text.partition(".")[2]
        if len(fraction) == THOUSANDS > max(kept.digits, kept.iso_digits):
            raise AmbiguousAmount(text, kept.code, "thousands of another locale, or parts of a minor unit")
        value = Fraction(plain) * 10**kept.digits
        if value.denominator == 1 or self.notations.rounding is None:
            return kept(plain).minor_units
        return Money.minor(divide(value.numerator, value.denominator, self.notations.rounding), kept).minor_units

    def word(self, field: str, words: Mapping[str, T]) -> T | None:
        """What the cell's word means; None, with a fault, for a word that nobody has explained."""
        found = self.text(field).casefold()
        folded = {word.casefold(): meaning for word, meaning in words.items()}
        if found not in folded:
            self.fault(field, "reconciliation.unknown_word", f"must be one of {', '.join(words)}")
        return folded.get(found)

    def fault(self, field: str, code: str, message: str) -> None:
        """Note what is wrong with the cell of *field*."""
        self.faults.append(RowFault(self.line, self.headers.get(field, field), code, message, self.text(field)[:SHOWN]))


@attrs.frozen
class Columns:
    """The fields of a kind of sheet."""

    required: tuple[str, ...]
    optional: tuple[str, ...]

    def headers(self, named: Mapping[str, str]) -> dict[str, str]:
        """The header of each field: its own name, unless *named* otherwise."""
        return {field: named.get(field, field) for field in (*self.required, *self.optional)}


def read_rows(
    source: Source,
    columns: Columns,
    named: Mapping[str, str],
    notations: Notations,
    limits: Limits,
    make: Callable[[Cells], T | None],
) -> tuple[T, ...]:
    """What *make* makes of each row of *source*; what it makes nothing of, and finds no fault with, is left out.

    Raises:
        SheetRefused: every fault of the header and of all rows. InvalidInput: the source is none.
    """
    made: list[T] = []
    faults: list[RowFault] = []
    sheet = Sheet(source, delimiter=None, limits=limits)
    try:
        for count, cells in enumerate(_cells(sheet, columns, named, notations, faults), start=1):
            if count > limits.import_rows:
                message = f"the sheet has more than {limits.import_rows} rows"
                faults.append(RowFault(cells.line, "", "reconciliation.too_many_rows", message))
                break
            result = make(cells)
            faults += cells.faults
            if result is not None:
                made.append(result)
    except ImportRefused as refused:
        faults += refused.faults
    if faults:
        raise SheetRefused(tuple(faults))
    return tuple(made)


def _cells(
    sheet: Sheet, columns: Columns, named: Mapping[str, str], notations: Notations, faults: list[RowFault]
) -> Iterator[Cells]:
    records = sheet.records()
    first = next(records, Record(1, ()))
    header = [_folded(cell) for cell in first.cells]
    headers = columns.headers(named)
    faults += _header_faults(first, header, columns, named)
    if faults:
        return
    places = {field: header.index(_folded(name)) for field, name in headers.items() if _folded(name) in header}
    for record in records:
        if record.fault is not None:
            faults.append(record.fault)
        elif len(record.cells) != len(header):
            message = f"has {len(record.cells)} cells; the header has {len(header)}"
            faults.append(RowFault(record.line, "", "reconciliation.cell_count", message))
        else:
            by_field = {field: record.cells[at].strip() for field, at in places.items()}
            yield Cells(record.line, notations, by_field, headers)


def _header_faults(
    first: Record, header: Sequence[str], columns: Columns, named: Mapping[str, str]
) -> Iterator[RowFault]:
    if first.fault is not None:
        yield first.fault
        return
    known = (*columns.required, *columns.optional)
    for field, name in named.items():
        if field not in known:
            message = f"there is no field {field!r}; known: {', '.join(known)}"
            yield RowFault(first.line, name, "reconciliation.unknown_field", message, field)
        elif _folded(name) not in header:
            yield _no_column(first, name, field)
    for field in columns.required:
        if field not in named and _folded(field) not in header:
            yield _no_column(first, field, field)
    for name in sorted({name for name in header if name and header.count(name) > 1}):
        if name in {_folded(each) for each in columns.headers(named).values()}:
            yield RowFault(first.line, name[:SHOWN], "reconciliation.double_column", "stands twice in the header")


def _no_column(first: Record, name: str, field: str) -> RowFault:
    return RowFault(first.line, name, "reconciliation.no_column", f"the sheet has no column {name!r} for {field}")


def _folded(name: str) -> str:
    return name.strip().casefold()
