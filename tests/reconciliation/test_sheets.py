"""Reports and statements as CSV: typed, strict, and every fault at once by line and column."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.kernel.errors import InvalidInput, TokolibError
from tokolib.kernel.limits import Limits
from tokolib.kernel.money import IDR, USD
from tokolib.kernel.money_errors import CurrencyMismatch
from tokolib.reconciliation import (
    BankLine,
    DateForm,
    Notations,
    ReconcileTerms,
    ReportFormat,
    RowKind,
    SheetRefused,
    Signs,
    StatementFormat,
    read_report,
    read_statement,
)

REPORT = """row,kind,on,gross,fee,fee_tax,withheld,net,currency,key,reference,payout
1,charge,2026-03-02,75000,525,57,0,74418,IDR,int_1.1.1,T-1,PAY-881
2,refund,2026-03-02T10:00:00,-20000,0,0,0,-20000,IDR,int_1.2.1,T-2,PAY-881
3,charge,2026-03-02,12.50,0.30,,,12.20,usd,int_2.1.1,T-3,
"""


def faults(refused):
    return [(each.line, each.column, each.code) for each in refused.value.faults]


def test_a_report_becomes_typed_rows():
    """Amounts in their own currency, absent ones zero, days without their times."""
    first, refund, foreign = read_report(REPORT, provider="midtrans", batch="2026-03-02")

    assert "midtrans/2026-03-02/1" == first.name
    assert (IDR(75_000), IDR(525), IDR(57), IDR(74_418)) == (first.gross, first.fee, first.fee_tax, first.net)
    assert (RowKind.REFUND, date(2026, 3, 2), IDR(-20_000)) == (refund.kind, refund.on, refund.gross)
    assert (USD("12.50"), USD(0), "2026-03-02") == (foreign.gross, foreign.fee_tax, foreign.paid_with)
    assert [0, 0, 0] == [row.left_over for row in (first, refund, foreign)]


def test_every_fault_is_told_at_once():
    """One bad report, all of its faults, each with the line and the column by the report's own name."""
    text = """ID,Type,Settled,Amount,Net
1,Settlement,02/03/2026,75000,74418
2,Cashback,2026-03-02,75000,74418
3,Settlement,2026-03-02,"75.000",74418
4,Settlement,2026-03-02,1e3,
,Settlement,2026-03-02,75000.50,75000
6,Refund,2026-03-02,75000,75000
7,Settlement
8,"Settlement
"""
    headers = {"row": "ID", "kind": "Type", "on": "Settled", "gross": "Amount", "net": "Net"}
    form = ReportFormat(columns=headers, kinds={"Settlement": RowKind.CHARGE, "Refund": RowKind.REFUND})

    with pytest.raises(SheetRefused) as refused:
        read_report(text, provider="midtrans", batch="B1", format=form)

    assert [
        (2, "Settled", "reconciliation.not_a_day"),
        (3, "Type", "reconciliation.unknown_word"),
        (4, "Amount", "kernel.ambiguous_amount"),
        (5, "Amount", "kernel.not_exact"),
        (5, "Net", "reconciliation.required"),
        (6, "ID", "reconciliation.required"),
        (6, "Amount", "kernel.amount_out_of_range"),
        (7, "Amount", "reconciliation.bad_row"),
        (8, "", "reconciliation.cell_count"),
        (9, "", "catalog.unclosed_quote"),
    ] == faults(refused)
    assert "line 2, Settled: must be a day such as 2026-03-02" in str(refused.value)


def test_a_report_without_its_columns_is_refused_whole():
    """What is missing, unknown or doubled in the header is told before any row is read."""
    with pytest.raises(SheetRefused) as refused:
        read_report(
            "kind,on,gross,gross,Betrag\n",
            provider="p",
            batch="B1",
            format=ReportFormat(columns={"net": "Netto", "colour": "Betrag"}),
        )

    assert [
        (1, "Netto", "reconciliation.no_column"),
        (1, "Betrag", "reconciliation.unknown_field"),
        (1, "row", "reconciliation.no_column"),
        (1, "gross", "reconciliation.double_column"),
    ] == faults(refused)


def test_sen_are_rounded_only_when_told_to(make):
    """A shop that keeps no sen says how those of the gateway are rounded; rows of other words are left out."""
    text = (
        "Transaction ID,Type,Order ID,Amount,MDR,PPN,Net,Settled,Payout\n"
        "T-1,settlement,int_1.1.1,75001.00,525.01,57.75,74418.24,2026-03-02,P\n"
        "T-2,Failed,int_2.1.1,1.00,0.00,0.00,1.00,2026-03-02,P\n"
        "T-3,Refund,int_1.2.1,500.00,0.00,0.00,500.00,2026-03-02,P\n"
    )

    charge, refund = read_report(text, provider="fake", batch="B1", format=make.gateway_format())

    assert (IDR(525), IDR(58), IDR(74_418), 0) == (charge.fee, charge.fee_tax, charge.net, charge.left_over)
    assert (IDR(-500), IDR(-500)) == (refund.gross, refund.net)


def test_a_remittance_of_a_courier_may_be_written_for_people():
    """Amounts by locale, the day first."""
    text = "resi;jenis;tanggal;nilai;biaya;diterima\nK7M2-QX4T9;COD;2/3/2026;Rp168.000;6.720;161.280\n"
    headers = {"row": "resi", "key": "resi", "kind": "jenis", "on": "tanggal", "gross": "nilai", "fee": "biaya"}
    form = ReportFormat(
        columns=headers | {"net": "diterima"},
        kinds={"COD": RowKind.COLLECTION},
        notations=Notations(dates=DateForm.DAY_FIRST, amounts="id"),
    )

    (row,) = read_report(text, provider="jne", batch="REM-7", format=form)

    assert (IDR(168_000), IDR(6_720), IDR(161_280)) == (row.gross, row.fee, row.net)
    assert (date(2026, 3, 2), "K7M2-QX4T9") == (row.on, row.key)


def test_a_statement_has_its_amounts_in_one_column_or_in_two():
    """CR and DB beside the amount, or credit and debit apart."""
    one = (
        'Tanggal,Keterangan,Jumlah,D/K\n03/03/2026,TRSF PAY-881,"244,394.00",CR\n04/03/2026,BIAYA ADM,"12,500.00",DB\n'
    )
    headers = {"on": "Tanggal", "description": "Keterangan", "amount": "Jumlah", "side": "D/K"}
    notations = Notations(dates=DateForm.DAY_FIRST, amounts="en")
    two = "on,description,credit,debit,id\n2026-03-03,TRSF PAY-881,244394,,a\n2026-03-04,BIAYA ADM,,12500,b\n"

    first = read_statement(one, format=StatementFormat(columns=headers, notations=notations))
    second = read_statement(two)

    assert [("line 2", IDR(244_394)), ("line 3", IDR(-12_500))] == [(each.id, each.amount) for each in first]
    assert [("a", IDR(244_394)), ("b", IDR(-12_500))] == [(each.id, each.amount) for each in second]
    assert [each.on for each in first] == [each.on for each in second]


def test_a_statement_tells_all_its_faults():
    """Days, sides and amounts."""
    with pytest.raises(SheetRefused) as refused:
        read_statement("on,amount,side\n2026-02-30,5,CR\n2026-03-01,5,??\n2026-03-01,,CR\n")

    assert [
        (2, "on", "reconciliation.not_a_day"),
        (3, "side", "reconciliation.unknown_word"),
        (4, "amount", "reconciliation.required"),
    ] == faults(refused)


def test_a_sheet_has_no_more_rows_than_the_shop_takes():
    """A bound on the input, told by name."""
    with pytest.raises(SheetRefused) as refused:
        read_statement("on,amount\n" + "2026-03-01,5\n" * 3, limits=Limits(import_rows=2))

    assert [(4, "", "reconciliation.too_many_rows")] == faults(refused)


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_whatever_is_handed_over_is_read_or_refused_by_name(source):
    """No text and no bytes make it raise anything but an error of its own."""
    for read in (lambda: read_report(source, provider="p", batch="B"), lambda: read_statement(source)):
        try:
            read()
        except TokolibError as error:
            assert error.code


cells = st.sampled_from(
    ["", "1", "-1", "1.5", "x", "charge", "refund", "2026-03-02", "IDR", "99999999999999999", "é" * 400]
)


@given(st.lists(st.lists(cells, min_size=6, max_size=6), max_size=4))
def test_whatever_stands_in_the_cells_is_read_or_refused_by_name(lines):
    """Rows of any cells are typed rows, or faults with their lines."""
    text = "row,kind,on,gross,net,currency\n" + "".join(",".join(line) + "\n" for line in lines)
    try:
        rows = read_report(text, provider="p", batch="B", format=ReportFormat(signs=Signs.BY_KIND))
    except SheetRefused as refused:
        assert {each.line for each in refused.faults} <= set(range(2, len(lines) + 2))
    else:
        assert all(row.currency == IDR for row in rows)


def test_a_row_refuses_what_no_row_can_be(make):
    """Signs by kind, one currency, names that can be kept, days that are days."""
    with pytest.raises(InvalidInput, match="below zero for a refund"):
        make.row("1", 5, RowKind.REFUND)
    with pytest.raises(InvalidInput, match="above zero for a charge"):
        make.row("1", -5)
    with pytest.raises(CurrencyMismatch):
        make.row("1", 5, fee=USD(1), net=5)
    with pytest.raises(InvalidInput) as refused:
        make.row("", 5, batch="x" * 400, on="2026-03-02")
    assert ["on", "batch", "row"] == [fault.path for fault in refused.value.faults]
    with pytest.raises(InvalidInput):
        BankLine(id="", on=None, amount=IDR(1))


def test_terms_refuse_what_is_no_bound():
    """Every bad number is named."""
    with pytest.raises(InvalidInput) as refused:
        ReconcileTerms(tolerance=-1, most_parts=0, ages=(3, 1))

    assert ["tolerance", "most_parts", "ages"] == [fault.path for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("amount", "side", "wrong"),
    [
        ("-1000", "DB", ("amount", "reconciliation.two_signs", "-1000")),
        ("-1000", "CR", ("amount", "reconciliation.two_signs", "-1000")),
        ("1000", "", ("side", "reconciliation.unknown_word", "")),
        ("1000", "X", ("side", "reconciliation.unknown_word", "X")),
    ],
)
def test_only_its_side_says_whether_a_line_came_or_went(amount, side, wrong):
    """A sign beside a side could mean either, and no side means nothing: one fault, with the line and the value."""
    text = f"on,amount,side\n2026-03-03,1000,DB\n2026-03-03,{amount},{side}\n"

    with pytest.raises(SheetRefused) as refused:
        read_statement(text)

    assert [(3, *wrong)] == [(each.line, each.column, each.code, each.value) for each in refused.value.faults]


def test_an_amount_that_sums_could_not_hold_is_refused_by_line_and_column():
    """One such row would stop every later account of the provider; the largest that is taken still adds up."""
    report = "row,kind,on,gross,net\n1,charge,2026-03-02,{0},{0}\n"
    statement = "on,amount\n2026-03-02,{0}\n"

    with pytest.raises(SheetRefused) as row:
        read_report(report.format(10**12 + 1), provider="fake", batch="b")
    with pytest.raises(SheetRefused) as line:
        read_statement(statement.format(-(10**12) - 1))

    assert [(2, "gross", "reconciliation.too_large"), (2, "net", "reconciliation.too_large")] == faults(row)
    assert [(2, "amount", "reconciliation.too_large")] == faults(line)
    assert [IDR(10**12)] == [each.gross for each in read_report(report.format(10**12), provider="fake", batch="b")]
    assert [IDR(-(10**12))] == [each.amount for each in read_statement(statement.format(-(10**12)))]


@pytest.mark.parametrize(
    ("form", "wrong", "fields"),
    [
        (Notations, {"dates": "x", "rounding": "x", "amounts": 5}, ["dates", "amounts", "rounding"]),
        (ReportFormat, {"columns": None, "kinds": None, "notations": "x"}, ["columns", "notations", "kinds"]),
        (ReportFormat, {"columns": {"row": 5}, "kinds": {"Sale": "charge"}, "signs": 1}, ["columns", "kinds", "signs"]),
        (StatementFormat, {"columns": {5: "on"}, "currency": "rupiah"}, ["columns", "currency"]),
    ],
)
def test_a_format_is_checked_when_it_is_made(form, wrong, fields):
    """Long before a sheet is read with it, and every fault at once."""
    with pytest.raises(InvalidInput) as refused:
        form(**wrong)

    assert fields == [each.path for each in refused.value.faults]
