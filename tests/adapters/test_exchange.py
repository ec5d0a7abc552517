"""Our own sources of exchange rates pass the kit that everybody's must pass; a table is read whole or not at all."""

import asyncio
import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from io import StringIO

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.adapters.exchange import AsyncTableExchangeRates, TableExchangeRates
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.limits import Limits
from tokolib.kernel.money_errors import UnknownCurrency
from tokolib.pricing.exchange.errors import RateNotFound
from tokolib.pricing.exchange.model import Quotation, RateKind
from tokolib.pricing.exchange.ports import ExchangeCan, ExchangeCapabilities
from tokolib.testing.exchange_rates_kit import ExchangeRatesKit, Published, figure
from tokolib.testing.storage_checks.driven import Drive

DAY = date(2026, 3, 13)
SHEET = """date,base,quote,kind,rate,source
2026-03-12,USD,IDR,mid,16250.5,JISDOR
2026-03-13,usd,idr,,16300,JISDOR
2026-03-13,USD,IDR,tax,16111,KMK 12/2026
"""


class TestTable(ExchangeRatesKit):
    @pytest.fixture
    def published(self) -> Published:
        return lambda figures: TableExchangeRates(figures, max_age_days=7, through=["USD"])


class TestTableWithoutAThirdCurrency(ExchangeRatesKit):
    @pytest.fixture
    def published(self) -> Published:
        return lambda figures: TableExchangeRates(figures, max_age_days=0)


class TestAsyncTable(ExchangeRatesKit):
    @pytest.fixture
    def published(self) -> Published:
        return lambda figures: AsyncTableExchangeRates(figures, max_age_days=30, through=["SGD", "USD"])

    @pytest.fixture
    def drive(self) -> Iterator[Drive]:
        with asyncio.Runner() as runner:
            yield runner.run


def paths(caught):
    return [fault.path for fault in caught.value.faults]


@pytest.mark.parametrize("source", [SHEET, SHEET.encode("utf-8-sig"), StringIO(SHEET), SHEET.splitlines(keepends=True)])
def test_a_table_is_read_from_csv(source):
    """Text, bytes, an open file or its lines."""
    rates = TableExchangeRates.from_csv(source, max_age_days=7)

    assert Fraction("16250.5") == rates.rate("USD", "IDR", date(2026, 3, 12)).value
    assert Fraction(16_300) == rates.rate("USD", "IDR", date(2026, 3, 15)).value
    assert "KMK 12/2026" == rates.rate("USD", "IDR", DAY, RateKind.TAX).source


def test_every_fault_of_csv_is_named():
    """By line and column; nothing is taken."""
    with pytest.raises(InvalidInput) as caught:
        TableExchangeRates.from_csv(
            SHEET + "13-03-2026,USD,IDR,daily,16.300.0,\n2026-03-13,USD,IDR\n\n", max_age_days=7
        )
    with pytest.raises(InvalidInput) as meaning:
        TableExchangeRates.from_csv(SHEET + "2026-03-13,USD,USD,mid,0,\n2026-03-13,USD,IDR,mid,1,X\n", max_age_days=7)
    with pytest.raises(InvalidInput) as header:
        TableExchangeRates.from_csv("day,base,quote,kind,rate\n", max_age_days=7)

    assert ["line 5.date", "line 5.rate", "line 5.kind", "line 6"] == paths(caught)
    assert ["line 5.quote", "line 5.value", "line 5.source", "line 6"] == paths(meaning)
    assert ["no column date", "no column source"] == [fault.message for fault in header.value.faults]
    for source in (b"\xff\xfe", 'date,"base\n', "", b"\n\n", 5):
        with pytest.raises(InvalidInput):
            TableExchangeRates.from_csv(source, max_age_days=7)


HEADER = "date,base,quote,kind,rate,source\n"


def test_a_line_that_is_broken_spoils_no_other():
    """A quote that is never closed is told, and so is what is wrong below it, by the line on which it stands."""
    with pytest.raises(InvalidInput) as caught:
        TableExchangeRates.from_csv(
            HEADER + '2026-03-12,USD,IDR,mid,1,"X\n\n2026-03-13,USD,IDR,mid,no,X\n', max_age_days=7
        )
    with pytest.raises(InvalidInput) as later:
        TableExchangeRates.from_csv(
            HEADER + '\n2026-03-12,USD,IDR,mid,1,"two\nlines"\n2026-03-13,USD,IDR,mid,0,X\n', max_age_days=7
        )

    assert [("line 2", "catalog.unclosed_quote"), ("line 4.rate", "kernel.not_exact")] == [
        (fault.path, fault.code) for fault in caught.value.faults
    ]
    assert ["line 3.source", "line 5.value"] == paths(later)


def test_no_file_is_read_beyond_its_limit():
    """A source that never ends costs no more memory than the shop allows."""
    endless = itertools.chain([HEADER], itertools.repeat("2026-03-12,USD,IDR,mid,16250,JISDOR\n"))

    with pytest.raises(InvalidInput) as caught:
        TableExchangeRates.from_csv(endless, max_age_days=7, limits=Limits(import_bytes=1_000))

    assert ["catalog.file_too_large"] == [fault.code for fault in caught.value.faults]


def test_semicolons_stand_between_cells_too():
    """As spreadsheets write them where a comma is for decimals."""
    rates = TableExchangeRates.from_csv(SHEET.replace(",", ";"), max_age_days=7)

    assert Fraction(16_300) == rates.rate("USD", "IDR", DAY).value


def test_every_fault_of_rows_is_named():
    """What no source publishes."""
    good = figure("USD", "IDR", 16_000)
    wrong = [
        (attrs.evolve(good, base="USX"), "rows[0].base"),
        (attrs.evolve(good, value=Fraction(-1)), "rows[0].value"),
        (attrs.evolve(good, value=1.5), "rows[0].value"),
        (attrs.evolve(good, on=datetime(2026, 1, 1, tzinfo=UTC)), "rows[0].on"),
        (attrs.evolve(good, kind="daily"), "rows[0].kind"),
        (attrs.evolve(good, source=" "), "rows[0].source"),
    ]
    for row, path in wrong:
        with pytest.raises(InvalidInput) as caught:
            TableExchangeRates([row], max_age_days=7)
        assert [path] == paths(caught)

    with pytest.raises(InvalidInput) as twice:
        TableExchangeRates([good, good, attrs.evolve(good, value=Fraction(1))], max_age_days=7)
    assert ["rows[2]"] == paths(twice)
    with pytest.raises(UnknownCurrency):
        TableExchangeRates([good], max_age_days=7, through=["dollar"])


def test_only_a_day_and_a_kind_are_asked_for():
    """An instant belongs to two days, by where one stands."""
    rates = TableExchangeRates([figure("USD", "IDR", 16_000, on=DAY)], max_age_days=7)

    assert 16_000 == rates.rate("USD", "IDR", DAY, "mid").value
    with pytest.raises(InvalidInput):
        rates.rate("USD", "IDR", datetime(2026, 3, 13, tzinfo=UTC))
    with pytest.raises(InvalidInput):
        rates.rate("USD", "IDR", DAY, "daily")


@pytest.mark.parametrize(
    ("capabilities", "expected"),
    [
        ({"max_age_days": -1}, ["max_age_days"]),
        ({"max_age_days": True, "lacks": ["history"]}, ["max_age_days", "lacks"]),
        ({"max_age_days": 1, "lacks": {"luck": "none", ExchangeCan.INVERT: " "}}, ["lacks", "lacks[invert]"]),
    ],
)
def test_capabilities_are_honest(capabilities, expected):
    """A whole age, and a reason for all that is lacking."""
    with pytest.raises(InvalidInput) as caught:
        ExchangeCapabilities(**capabilities)

    assert expected == paths(caught)


CODES = ("USD", "EUR", "IDR", "SGD")
figures = st.builds(
    Quotation,
    on=st.integers(1, 28).map(lambda day: date(2026, 2, day)),
    base=st.sampled_from(CODES),
    quote=st.sampled_from(CODES),
    kind=st.sampled_from(RateKind),
    value=st.fractions(Fraction(1, 10**6), 10**6),
    source=st.sampled_from(["A", "B"]),
).filter(lambda each: each.base != each.quote)
tables = st.lists(figures, max_size=12, unique_by=lambda each: (each.on, each.base, each.quote, each.kind))
days = st.integers(1, 28).map(lambda day: date(2026, 2, day))
codes = st.sampled_from(CODES)
kinds = st.sampled_from(RateKind)


def answer(rates, *asked):
    try:
        return rates.rate(*asked)
    except RateNotFound as refused:
        return refused.fields


@given(tables, st.randoms(use_true_random=False), codes, codes, days, kinds)
def test_neither_the_order_nor_later_figures_change_an_answer(rows, luck, base, quote, on, kind):
    """What is asked of a day rests on what was published by then."""
    shuffled = sorted(rows, key=lambda _: luck.random())
    by_then = [row for row in rows if row.on <= on]

    expected = answer(TableExchangeRates(rows, max_age_days=5, through=["USD", "EUR"]), base, quote, on, kind)

    for known in (shuffled, by_then):
        rates = TableExchangeRates(known, max_age_days=5, through=["USD", "EUR"])
        assert expected == answer(rates, base, quote, on, kind)


@given(tables, codes, codes, days, kinds)
def test_an_answer_rests_on_figures_that_are_not_too_old(rows, base, quote, on, kind):
    """Its value is what its legs come to, its day the oldest of theirs, within the age that is allowed."""
    found = answer(TableExchangeRates(rows, max_age_days=5, through=["USD"]), base, quote, on, kind)
    if isinstance(found, dict) or base == quote:
        return
    legs = found.legs or tuple(row for row in rows if row.on == found.as_of and row.value == found.value)
    value, at = Fraction(1), base
    for leg in legs[:2]:
        value, at = (value * leg.value, leg.quote) if leg.base == at else (value / leg.value, leg.base)

    assert (found.value, quote) == (value, at)
    assert min(leg.on for leg in legs) == found.as_of
    assert 0 <= (on - found.as_of).days <= 5


@pytest.mark.parametrize("days", [-1, 36_501, 10**30])
def test_an_age_that_no_rate_has_is_refused(days):
    """Beyond a century, too, which no calendar could count back from today."""
    with pytest.raises(InvalidInput, match="must be a whole number of days, from 0 to 36500") as caught:
        TableExchangeRates.from_csv(SHEET, max_age_days=days)

    assert ["max_age_days"] == paths(caught)
