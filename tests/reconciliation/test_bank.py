"""Report against bank: a name decides, a sum only when it leaves no choice, and doubt is told."""

from datetime import date, timedelta

import pytest

from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.money import IDR, USD
from tokolib.reconciliation import ReconcileTerms, RowKind, Why, reconcile

DAY = date(2026, 3, 2)


def open_items(made):
    return [(each.why, each.what, each.weight) for each in made.accounts[0].items if each.is_open]


def held(rows, lines, *, days=0, movements=(), **terms):
    return reconcile(movements, rows, lines, as_of=DAY + timedelta(days=days), terms=ReconcileTerms(**terms))


def adjusted(make, row, net, **more):
    """A row about no payment, so that only the bank's side can be wrong."""
    return make.row(row, net, RowKind.ADJUSTMENT, **more)


def test_one_line_pays_several_payouts_out(make):
    """Merged batches: the line's amount is the sum of two payouts that it doesn't name, in one way only."""
    rows = [adjusted(make, str(n), 10**n, payout=f"PAY-{n}") for n in range(3, 7)]

    made = held(rows, [make.line("1", 101_000), make.line("2", 1_010_000)])

    assert [] == open_items(made)
    assert (
        (("1",), ("midtrans/PAY-3", "midtrans/PAY-5")),
        (("2",), ("midtrans/PAY-4", "midtrans/PAY-6")),
    ) == made.payments


def test_two_ways_are_told_and_not_guessed(make):
    """Two payouts of one amount, one line: neither is chosen."""
    rows = [adjusted(make, str(n), 50_000, payout=f"PAY-{n}") for n in range(2)]

    made = held(rows, [make.line("1", 50_000)])

    assert [
        (Why.NOT_UNIQUE, "1", -50_000),
        (Why.NOT_UNIQUE, "midtrans/PAY-0", 50_000),
        (Why.NOT_UNIQUE, "midtrans/PAY-1", 50_000),
    ] == open_items(made)


@pytest.mark.parametrize(
    ("name", "is_found"), [("P2", True), ("p22", True), ("22", False), ("AB", False), ("P", False)]
)
def test_a_short_name_of_letters_and_digits_is_a_name(make, name, is_found):
    """`P2` stands in a description as itself; short digits or letters alone may be a day or a word."""
    rows = [adjusted(make, "row-1", 50_000, payout=name)]

    made = held(rows, [make.line("1", 49_000, description=f"TRSF {name.upper()} 22/03 AB")])

    assert is_found is bool(made.payments)


def test_a_name_decides_where_amounts_leave_a_choice(make):
    """The same two payouts, and a line that names one of them: the other waits, and is young."""
    rows = [adjusted(make, str(n), 50_000, payout=f"PAY-{n}") for n in range(2)]

    made = held(rows, [make.line("1", 50_000, description="MIDTRANS/PAY-1/IDR")])

    assert [(Why.NOT_YET_PAID_OUT, "midtrans/PAY-0", 50_000)] == open_items(made)
    assert [(Why.MISSING_IN_BANK, "midtrans/PAY-0", 50_000)] == open_items(
        held(rows, [make.line("1", 50_000, description="pay-1")], days=9)
    )


def test_a_name_is_a_whole_word(make):
    """PAY-1 is not named by PAY-11."""
    made = held([adjusted(make, "1", 50_000, payout="PAY-1")], [make.line("1", 60_000, description="TRSF PAY-11")])

    assert {Why.NOT_YET_PAID_OUT, Why.UNKNOWN_REFERENCE} == {why for why, _, _ in open_items(made)}


def test_rows_without_a_payout_are_found_as_a_batch_and_else_one_by_one(make):
    """The report names no payout: first the whole batch is tried, then sums of its rows."""
    rows = [adjusted(make, str(n), 2**n * 1_000, payout="") for n in range(8)]

    whole = held(rows, [make.line("1", 255_000)])
    assert [] == open_items(whole)
    assert ((("1",), ("midtrans/B1",)),) == whole.payments

    parts = held(rows, [make.line("1", 200_000), make.line("2", 5_000)])
    assert ((("1",), ("midtrans/B1/3", "midtrans/B1/6", "midtrans/B1/7")),) == parts.payments[:1]
    assert [(Why.NOT_YET_PAID_OUT, "midtrans/B1", 50_000)] == open_items(parts)


def test_too_many_to_try_is_not_unique(make):
    """A search that was cut short proves nothing, and says so."""
    rows = [adjusted(make, str(n), 2**n * 1_000, payout=f"PAY-{n}") for n in range(12)]

    made = held(rows, [make.line("1", 4_095_000)], most_parts=12, most_tries=3)

    assert (Why.NOT_UNIQUE, "1", -4_095_000) in open_items(made)


def test_one_payout_may_arrive_in_two_lines(make):
    """A bank's limit per transfer: both lines name the payout."""
    lines = [make.line(str(n), 25_000, reference="PAY-1") for n in range(2)]

    made = held([adjusted(make, "1", 50_000, payout="PAY-1")], lines)

    assert ([], ((("0", "1"), ("midtrans/PAY-1",)),)) == (open_items(made), made.payments)


def test_a_payout_of_another_amount_is_told_with_its_difference(make):
    """The bank took 6,500 for the transfer: named, unless the terms forgive so much."""
    rows, lines = [adjusted(make, "1", 50_000, payout="PAY-1")], [make.line("1", 43_500, reference="PAY-1")]

    assert [(Why.OTHER_AMOUNT, "midtrans/PAY-1", 6_500)] == open_items(held(rows, lines))
    assert [] == open_items(held(rows, lines, tolerance=6_500))


def test_a_line_before_its_payout_or_long_after_is_another(make):
    """Without a name, a line is the payout only within the days that the terms give it."""
    rows = [adjusted(make, "1", 50_000, payout="PAY-1")]
    for days in (-1, 4):
        made = held(rows, [make.line("1", 50_000, on=DAY + timedelta(days=days))])
        assert () == made.payments
    assert 1 == len(held(rows, [make.line("1", 50_000, on=DAY + timedelta(days=3))]).payments)


def test_a_line_told_twice_counts_once(make):
    """The same id again is the same line."""
    line = make.line("1", 50_000, reference="PAY-1")

    made = held([adjusted(make, "1", 50_000, payout="PAY-1")], [line, line])

    assert [(Why.DOUBLE_ROW, "1", -50_000)] == open_items(made)


def test_currencies_are_never_mixed(make):
    """A payment in rupiah that was settled in dollars: both are told, each in its own account."""
    known = [make.movement("int_1.1.1", 150_000)]

    made = held([make.row("1", USD(10), key="int_1.1.1")], [], movements=known)

    rupiah, dollars = made.account(IDR), made.account(USD)
    assert [(Why.OTHER_CURRENCY, "int_1.1.1", 150_000)] == [(i.why, i.what, i.weight) for i in rupiah.items]
    assert {(Why.OTHER_CURRENCY, -1_000), (Why.NOT_YET_PAID_OUT, 1_000)} == {(i.why, i.weight) for i in dollars.items}
    assert not made.is_clean


def test_young_refunds_are_in_transit_and_old_payments_missing(make):
    """What is open is judged by its age, and by what it is."""
    known = [
        make.movement("refund", -20_000, RowKind.REFUND),
        make.movement("charge", 50_000),
        make.movement("cash", 70_000, RowKind.COLLECTION),
    ]

    after = {days: [why for why, _, _ in open_items(held([], [], days=days, movements=known))] for days in (3, 7, 15)}

    assert [Why.NOT_YET_SETTLED, Why.REFUND_IN_TRANSIT, Why.NOT_YET_REMITTED] == after[3]
    assert [Why.REFUND_IN_TRANSIT, Why.NOT_YET_REMITTED, Why.MISSING_AT_PROVIDER] == after[7]
    assert [Why.MISSING_AT_PROVIDER] * 3 == after[15]


def test_a_refund_is_found_by_the_charge_that_it_is_about(make):
    """Gateways put the order's own key beside a refund: the amount tells which of its refunds is meant."""
    known = [
        make.movement("r1", -20_000, RowKind.REFUND, names=("int_1.2.1",), about=("int_1.1.1",)),
        make.movement("r2", -30_000, RowKind.REFUND, names=("int_1.3.1",), about=("int_1.1.1",)),
    ]

    made = held([make.row("1", -30_000, RowKind.REFUND, key="int_1.1.1", payout="PAY-1")], [], movements=known)

    assert (("r2", "midtrans/B1/1"),) == made.pairs
    assert (Why.REFUND_IN_TRANSIT, "r1", -20_000) in open_items(made)


def test_only_a_day_is_a_day_and_only_a_currency_of_a_side_has_an_account():
    """Arguments that can't be are refused by name."""
    with pytest.raises(InvalidInput, match="as_of"):
        reconcile([], [], [], as_of="2026-03-02")
    with pytest.raises(InvalidInput, match="no side has any of it"):
        reconcile([], [], [], as_of=DAY).account(IDR)
