"""Exchange rates from a table in memory: rows, or CSV as a bank or an authority publishes it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from itertools import islice
from typing import Final

from tokolib.adapters.exchange.rows import no_kind, read_quotations
from tokolib.catalog.sheet import Source
from tokolib.kernel.errors import Fault, InvalidInput, TokolibError, shown
from tokolib.kernel.limits import Limits
from tokolib.kernel.lines import line_faults
from tokolib.kernel.money import currency
from tokolib.pricing.exchange.model import Quotation, Rate, RateKind
from tokolib.pricing.exchange.ports import ExchangeCan, ExchangeCapabilities
from tokolib.pricing.exchange.table import RateTable

MOST_FAULTS: Final = 1_000


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
    def from_csv(
        cls, source: Source, *, max_age_days: int, through: Sequence[str] = (), limits: Limits | None = None
    ) -> "TableExchangeRates":
        """Rates from CSV with the columns date, base, quote, kind, rate and source, in any order.

        *source* is text, UTF-8 bytes, an open file or its lines, no larger than *limits* say. Dates are as in
        2026-03-14, rates plain numbers in major units of the quote: `16250`, `0.0000615`. An empty kind is `mid`.

        Raises:
            InvalidInput: every fault, by line and column; the source is no such file.
        """
        rows, faults = read_quotations(source, limits or Limits())
        if faults:
            raise InvalidInput(tuple(faults[:MOST_FAULTS]))
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
            raise InvalidInput((no_kind("kind", kind),)) from None
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
        yield no_kind(f"{place}.kind", row.kind)
    yield from line_faults(f"{place}.source", row.source.strip(), required=True)


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_rate(value: object) -> bool:
    return isinstance(value, Fraction) and value > 0
