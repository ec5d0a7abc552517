"""Exchange rates from a table in memory: rows, or CSV as a bank or an authority publishes it."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from io import StringIO
from itertools import islice
from typing import Final

from tokolib.kernel.errors import Fault, InvalidInput, TokolibError, shown
from tokolib.kernel.lines import line_faults
from tokolib.kernel.money import currency
from tokolib.kernel.numbers import exact
from tokolib.pricing.exchange.model import Quotation, Rate, RateKind
from tokolib.pricing.exchange.ports import ExchangeCan, ExchangeCapabilities
from tokolib.pricing.exchange.table import RateTable

COLUMNS: Final = ("date", "base", "quote", "kind", "rate", "source")
MOST_FAULTS: Final = 1_000

Csv = str | bytes | Iterable[str]
"""Text, UTF-8 bytes, or lines, such as a file that is open for reading text."""


class TableExchangeRates:
    """Rates that were handed over whole; they never change, so any number of threads may ask.

    A rate is taken as it was published, or the other way round, whichever is of the later day; where there is neither,
    it is worked out *through* the first of some currencies that has rates for both.

    Raises:
        InvalidInput: every row that can't be: an unknown currency, one in itself, a rate that is not above zero, a
            day that is none, no source, or another figure for the same day, currencies and kind.
    """

    def __init__(self, rows: Iterable[Quotation], *, max_age_days: int, through: Sequence[str] = ()) -> None:
        kept = list(rows)
        if faults := list(islice(_faults({f"rows[{at}]": row for at, row in enumerate(kept)}), MOST_FAULTS)):
            raise InvalidInput(tuple(faults))
        self._capabilities = _capabilities(max_age_days, through)
        middles = [currency(code).code for code in through]
        self._table = RateTable.of(kept, through=middles, max_age_days=max_age_days)

    @classmethod
    def from_csv(cls, source: Csv, *, max_age_days: int, through: Sequence[str] = ()) -> "TableExchangeRates":
        """Rates from CSV with the columns date, base, quote, kind, rate and source, in any order.

        Dates are as in 2026-03-14, rates plain numbers in major units of the quote: `16250`, `0.0000615`. An empty
        kind is `mid`.

        Raises:
            InvalidInput: every fault, by line and column; the source is no such file.
        """
        rows = _read(source)
        if faults := list(islice(_faults(rows), MOST_FAULTS)):
            raise InvalidInput(tuple(faults))
        return cls(rows.values(), max_age_days=max_age_days, through=through)

    @property
    def capabilities(self) -> ExchangeCapabilities:
        """What it can do, and how old a rate may be."""
        return self._capabilities

    def rate(self, base: str, quote: str, on: date, kind: RateKind = RateKind.MID) -> Rate:
        """What one unit of *base* costs in *quote* on a day.

        Raises:
            UnknownCurrency: no such code. RateNotFound: there is none that is not too old.
            InvalidInput: an instant, or another thing that is no day; a kind that is none.
        """
        if not _is_day(on):
            raise InvalidInput((Fault("on", "pricing.not_a_day", "must be a date, and no instant", shown(on)),))
        try:
            kind = RateKind(kind)
        except ValueError:
            raise InvalidInput((_no_kind("kind", kind),)) from None
        return self._table.rate(base, quote, on, kind)


class AsyncTableExchangeRates:
    """The same for `AsyncShop`: its `rate` is awaited."""

    def __init__(self, rows: Iterable[Quotation], *, max_age_days: int, through: Sequence[str] = ()) -> None:
        self._inner = TableExchangeRates(rows, max_age_days=max_age_days, through=through)

    @property
    def capabilities(self) -> ExchangeCapabilities:
        """As of `TableExchangeRates`."""
        return self._inner.capabilities

    async def rate(self, base: str, quote: str, on: date, kind: RateKind = RateKind.MID) -> Rate:
        """What one unit of *base* costs in *quote* on a day; refuses what `TableExchangeRates` does."""
        return self._inner.rate(base, quote, on, kind)


def _capabilities(max_age_days: int, through: Sequence[str]) -> ExchangeCapabilities:
    lacks = {} if through else {ExchangeCan.TRIANGULATE: "no currency to go through was named (through=)"}
    return ExchangeCapabilities(max_age_days=max_age_days, lacks=lacks)


def _faults(rows: Mapping[str, Quotation]) -> Iterator[Fault]:
    """What is wrong with *rows*, by their places."""
    seen: dict[tuple[object, ...], tuple[str, Quotation]] = {}
    for place, row in rows.items():
        yield from _row_faults(place, row)
        first = seen.setdefault((row.on, row.base, row.quote, row.kind), (place, row))
        if first[1] != row:
            wanted = f"says something else than {first[0]}: one figure for a day, a pair and a kind"
            yield Fault(place, "pricing.repeated", wanted, f"{row.value} by {row.source}")


def _row_faults(place: str, row: Quotation) -> Iterator[Fault]:
    for name in ("base", "quote"):
        try:
            currency(getattr(row, name))
        except TokolibError as error:
            yield Fault(f"{place}.{name}", "pricing.unknown", str(error), shown(getattr(row, name)))
    if row.base == row.quote:
        yield Fault(f"{place}.quote", "pricing.same_currency", "a currency in itself is 1, and needs no row", row.quote)
    if not _is_rate(row.value):
        yield Fault(f"{place}.value", "pricing.not_positive", "must be a fraction above zero", shown(row.value))
    if not _is_day(row.on):
        yield Fault(f"{place}.on", "pricing.not_a_day", "must be a date", shown(row.on))
    if row.kind not in tuple(RateKind):
        yield _no_kind(f"{place}.kind", row.kind)
    yield from line_faults(f"{place}.source", row.source.strip(), required=True)


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_rate(value: object) -> bool:
    return isinstance(value, Fraction) and value > 0


def _no_kind(path: str, kind: object) -> Fault:
    return Fault(path, "kernel.unknown_choice", f"must be one of {', '.join(RateKind)}", shown(kind))


def _read(source: Csv) -> dict[str, Quotation]:
    """The rows of CSV by their lines.

    Raises:
        InvalidInput: every cell that can't be read.
    """
    rows: dict[str, Quotation] = {}
    faults: list[Fault] = []
    try:
        for place, cells in _cells(csv.reader(_lines(source), strict=True), faults):
            found = _quotation(place, cells)
            if isinstance(found, Quotation):
                rows[place] = found
            else:
                faults += found
    except (csv.Error, UnicodeDecodeError) as error:
        faults.append(Fault("rows", "pricing.unreadable", f"is no CSV in UTF-8: {error}", ""))
    if faults:
        raise InvalidInput(tuple(faults[:MOST_FAULTS]))
    return rows


def _cells(reader: "Iterator[list[str]]", faults: list[Fault]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each line's cells by column; lines and columns that aren't as they should be go to *faults*."""
    header = [cell.strip().casefold() for cell in next(reader, [])]
    missing = [name for name in COLUMNS if name not in header]
    faults += [Fault("line 1", "pricing.no_column", f"no column {name}", "") for name in missing]
    for number, cells in enumerate(() if missing else reader, start=2):
        if len(cells) == len(header):
            yield f"line {number}", dict(zip(header, (cell.strip() for cell in cells), strict=True))
        elif any(cells):
            wanted = f"has {len(cells)} cells for {len(header)} columns"
            faults.append(Fault(f"line {number}", "pricing.wrong_cells", wanted, ""))


def _lines(source: object) -> Iterable[str]:
    match source:
        case str():
            return StringIO(source.removeprefix("\ufeff"), newline="")
        case bytes():
            return StringIO(source.decode("utf-8-sig"), newline="")
        case Iterable():
            return source
        case _:
            wanted = "must be text, bytes or lines of text (open(path, newline=''))"
            raise InvalidInput((Fault("rows", "kernel.wrong_type", wanted, shown(source)),))


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
        faults.append(_no_kind(f"{place}.kind", cells["kind"]))
    return faults or Quotation(on, cells["base"].upper(), cells["quote"].upper(), kind, value, cells["source"])
