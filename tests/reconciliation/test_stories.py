"""A shop takes in what its gateway and its courier have settled, and holds it against the bank.

The figures have the shape of real reports. QRIS costs a merchant 0.7 % (Bank Indonesia, from 1 July 2023), a virtual
account a fixed Rp4,000, both with 11 % PPN (12 % on 11/12, PMK 131/2024), a COD collection 4 % and at least Rp3,500.
"""

from datetime import date

import pytest

from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.hosting import resolved
from tokolib.kernel.money import IDR, USD
from tokolib.reconciliation import BankLine, NotInReview, RowKind, SettlementState, Why, read_report

MARCH = date(2026, 3, 1)


async def paid(toko, goods, **order):
    """An order that was paid through the gateway, and the key of its charge."""
    order = await toko.given.order(goods, tender="fake", **order)
    key = toko.world.charges[-1].key
    toko.world.pay(key)
    await toko.deliver_webhooks()
    return order, key


def fees(make, gross):
    fee, tax = make.qris(gross)
    return {"fee": fee, "fee_tax": tax}


async def balance(toko, account):
    """What an account of the books holds."""

    async def step(unit):
        page = await resolved(unit.work.ledger("money", account=account))
        return sum(entry.amount for entry in page.items)

    return await toko.shop._subject._work.read(step)


def only(account, why):
    """The items of one reason."""
    return [(each.what, each.weight) for each in account.items if each.why is why]


def test_a_day_of_payments_is_settled_to_the_last_rupiah(play, make):
    """Fee and PPN are booked, clearing returns to zero, and only the costs stand between books and bank."""

    async def body(toko):
        _, qris = await paid(toko, {"KOPI-250": 2})
        order, va = await paid(toko, {"CANGKIR": 3})
        report = (
            "Transaction ID,Type,Order ID,Amount,MDR,PPN,Net,Settled,Payout\n"
            f"T-1,Settlement,{qris},150000.00,1050.00,115.50,148834.50,2026-03-02 14:03:11,PAY-881\n"
            f"T-2,Settlement,{va},99999.00,4000.00,440.00,95559.00,2026-03-02 15:10:00,PAY-881\n"
        )
        rows = read_report(report, provider="fake", batch="2026-03-02", format=make.gateway_format())

        taken = await toko.settlements.take_in(rows, terms=make.patient())

        assert (2, (), 0, ()) == (len(taken.posted), taken.review, taken.known, taken.learned)
        accounts = ("money:fake", "payout:fake", "fee:fake", "fee_tax:fake", "rounding:fake")
        assert [0, 148_835 + 95_559, 5_050, 556, -1] == [await balance(toko, each) for each in accounts]
        (settled,) = await toko.settlements.of_order(order)
        assert (SettlementState.POSTED, IDR(95_559)) == (settled.standing, settled.row.net)

        line = BankLine(id="1", on=date(2026, 3, 3), amount=IDR(244_394), description="TRSF E-BANKING CR PAY-881")
        made = await toko.settlements.reconcile("fake", [line], since=MARCH, terms=make.patient())
        assert made.is_clean
        assert IDR(5_605) == made.account(IDR).difference
        assert (IDR(5_050), IDR(556)) == (made.account(IDR).because(Why.FEE), made.account(IDR).because(Why.FEE_TAX))
        assert IDR(-1) == made.account(IDR).because(Why.ROUNDING)

    play(body)


def test_a_report_twice_changes_nothing(play, make):
    """The same rows again, in another order, are known; nothing is posted a second time."""

    async def body(toko):
        _, key = await paid(toko, {"KOPI-250": 2})
        rows = [
            make.row("1", 150_000, key=key, provider="fake"),
            make.row("2", -99, RowKind.ADJUSTMENT, provider="fake"),
        ]
        await toko.settlements.take_in(rows)
        before = await balance(toko, "payout:fake")

        again = await toko.settlements.take_in(rows[::-1])

        assert ((), (), 2) == (again.posted, again.review, again.known)
        assert before == await balance(toko, "payout:fake") == 149_901

    play(body)


def test_a_payment_that_the_books_missed_is_learned(play, make):
    """The webhook was lost; the report tells of the money, and the order is placed by it."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2}, tender="fake")
        key = toko.world.charges[-1].key

        taken = await toko.settlements.take_in(
            [make.row("1", 150_000, key=key, provider="fake", **fees(make, 150_000))]
        )

        after = await toko.orders.get(order.id)
        assert (order.id,) == taken.learned
        assert ("placed", "paid") == (after.state, after.payment)
        assert 0 == await balance(toko, "money:fake")
        toko.world.pay(key)
        assert {"duplicate", "applied"} == {each.verdict for each in await toko.deliver_webhooks()}
        assert IDR(150_000) == (await toko.payments.intent(order)).captured

    play(body)


def test_what_contradicts_the_books_moves_nothing(play, make):
    """Other amount, other currency, unknown reference, figures that don't add up, told twice: all wait, named."""

    async def body(toko):
        _, first = await paid(toko, {"KOPI-250": 2})
        _, second = await paid(toko, {"KOPI-250": 1})
        _, third = await paid(toko, {"Teh-100": 1})
        held = await balance(toko, "money:fake")
        rows = [
            make.row("1", 149_000, key=first, provider="fake"),
            make.row("2", USD("75.00"), key=second, provider="fake"),
            make.row("3", 20_000, key="int_nobody.1.1", provider="fake"),
            make.row("4", 20_000, key=third, provider="fake", net=12_345),
        ]

        taken = await toko.settlements.take_in(rows)

        assert () == taken.posted
        whys = {each.row.row: each.why for each in taken.review}
        assert {"1": "other_amount", "2": "other_currency", "3": "unknown_reference", "4": "does_not_add_up"} == whys
        assert held == await balance(toko, "money:fake") == 245_000

        corrected = make.row("5", 20_000, key=third, provider="fake")
        doubled = make.row("6", 20_000, key=third, provider="fake")
        later = await toko.settlements.take_in([corrected, doubled])
        assert ["5"] == [each.row.row for each in later.posted]
        assert ["double_row"] == [each.why for each in later.review]
        waiting = (await toko.settlements.in_review(limit=10)).items
        assert {"1", "2", "3", "4", "6"} == {each.row.row for each in waiting}
        again = await toko.settlements.take_in(rows)
        assert (4, 0) == (len(again.review), again.known)

    play(body)


def test_a_row_that_says_something_else_later_is_kept_beside_the_first(play, make):
    """What was posted stays; the contradiction waits, once."""

    async def body(toko):
        _, key = await paid(toko, {"KOPI-250": 2})
        await toko.settlements.take_in([make.row("1", 150_000, key=key, provider="fake")])
        other = make.row("1", 150_000, key=key, fee=900, provider="fake")

        for _ in range(2):
            taken = await toko.settlements.take_in([other])
            assert ["row_changed"] == [each.why for each in taken.review]

        assert 150_000 == await balance(toko, "payout:fake")
        assert 1 == len((await toko.settlements.in_review()).items)

    play(body)


def test_refunds_disputes_and_reserves_are_settled_too(play, make):
    """Money that goes clears as money that comes does; what is held back has an account of its own."""

    async def body(toko):
        order, key = await paid(toko, {"KOPI-250": 2})
        await toko.payments.refund(order, IDR(50_000), reason="stale", key="r-1")
        toko.world.dispute((await paid(toko, {"KOPI-250": 1}))[1])
        await toko.deliver_webhooks()
        disputed = toko.world.charges[-1].key
        rows = [
            make.row("1", 150_000, key=key, provider="fake"),
            make.row("2", -50_000, RowKind.REFUND, key=key, provider="fake"),
            make.row("3", 75_000, key=disputed, provider="fake"),
            make.row("4", -75_000, RowKind.CHARGEBACK, key=disputed, provider="fake"),
            make.row("5", -20_000, RowKind.RESERVE, provider="fake"),
            make.row("6", -15_000, RowKind.ADJUSTMENT, provider="fake"),
        ]

        taken = await toko.settlements.take_in(rows)

        assert [] == [each.why for each in taken.review]
        accounts = ("money:fake", "payout:fake", "reserve:fake", "adjustment:fake")
        assert [0, 65_000, 20_000, 15_000] == [await balance(toko, each) for each in accounts]
        line = make.line("1", 65_000, reference="PAY-881")
        account = (await toko.settlements.reconcile("fake", [line], since=MARCH)).account(IDR)
        assert {Why.RESERVE, Why.ADJUSTMENT} == {each.why for each in account.items}
        assert IDR(35_000) == account.difference

    play(body)


def test_an_order_is_learned_once_by_all_its_rows(play, make):
    """Its charge and its refund are both news: the order is named once."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2}, tender="fake")
        key = toko.world.charges[-1].key
        rows = [
            make.row("1", 150_000, key=key, provider="fake"),
            make.row("2", -30_000, RowKind.REFUND, key=key, reference="DASH-1", provider="fake"),
        ]

        taken = await toko.settlements.take_in(rows)

        assert (2, (order.id,)) == (len(taken.posted), taken.learned)

    play(body)


def test_a_refund_made_in_the_dashboard_is_learned_from_the_report(play, make):
    """Nobody here asked for it: the report's row is the first that the books hear of it."""

    async def body(toko):
        order, key = await paid(toko, {"KOPI-250": 2})
        rows = [
            make.row("1", 150_000, key=key, provider="fake"),
            make.row("2", -30_000, RowKind.REFUND, key=key, reference="DASH-1", provider="fake"),
        ]

        taken = await toko.settlements.take_in(rows)

        assert ((order.id,), ()) == (taken.learned, taken.review)
        assert IDR(30_000) == (await toko.payments.intent(order)).refunded
        assert 0 == await balance(toko, "money:fake")

    play(body)


def test_a_payment_taken_back_after_it_was_settled_empties_what_it_left(play, make):
    """Some banks take a settled payment back; the reversal's row clears what that leaves, once."""

    async def body(toko):
        _, key = await paid(toko, {"KOPI-250": 2})
        await toko.settlements.take_in([make.row("1", 150_000, key=key, provider="fake")])
        toko.world.take_back(key)
        await toko.deliver_webhooks()
        assert -150_000 == await balance(toko, "money:fake")

        back = [make.row(row, -150_000, RowKind.REVERSAL, key=key, provider="fake") for row in ("2", "3")]
        taken = await toko.settlements.take_in(back)

        assert (["2"], ["double_row"]) == ([each.row.row for each in taken.posted], [each.why for each in taken.review])
        assert [0, 0] == [await balance(toko, each) for each in ("money:fake", "payout:fake")]

    play(body)


def test_money_of_nobody_is_booked_apart_by_a_person(play, make):
    """The way out of review: the money is in the bank, so it is booked, against suspense."""

    async def body(toko):
        (stray,) = (await toko.settlements.take_in([make.row("1", 20_000, key="int_x.1.1", provider="fake")])).review

        for _ in range(2):
            apart = await toko.settlements.book_apart(stray, reason="old terminal")

        assert (SettlementState.APART, "old terminal") == (apart.standing, apart.why)
        assert [20_000, -20_000] == [await balance(toko, each) for each in ("payout:fake", "suspense:fake")]
        _, key = await paid(toko, {"Teh-100": 1})
        (posted,) = (await toko.settlements.take_in([make.row("2", 20_000, key=key, provider="fake")])).posted
        with pytest.raises(NotInReview, match="is posted, not in review"):
            await toko.settlements.book_apart(posted, reason="x")
        with pytest.raises(InvalidInput):
            await toko.settlements.book_apart(stray, reason=" ")

    play(body)


def test_a_couriers_remittance_is_a_settlement(play, make):
    """By order: what was collected, the COD fee, and the shortfall; what is not remitted stays the courier's debt."""

    async def body(toko):
        orders = [await toko.given.order({"KOPI-250": 2}, tender="cod", delivery="jne:reg") for _ in range(3)]
        for order in orders:
            await toko.ship(order)
        whole, short, waiting = orders
        toko.clock.forward(days=2)
        assert [IDR(168_000)] * 3 == [each.amount for each in await toko.settlements.owed("jne")]

        cod = {"kind": RowKind.COLLECTION, "provider": "jne", "batch": "REM-7", "payout": "REM-7"}
        taken = await toko.settlements.take_in(
            [
                make.row("1", 168_000, key=whole.reference, fee=6_720, fee_tax=739, **cod),
                make.row("2", 150_000, key=short.id, fee=6_000, fee_tax=660, **cod),
            ]
        )

        assert (whole.id, short.id) == taken.learned
        assert [(short.id, IDR(18_000))] == [(each.order_id, each.amount) for each in taken.shortfalls]
        assert "paid" == (await toko.orders.get(whole.id)).payment
        assert [0, 318_000 - 14_119] == [await balance(toko, each) for each in ("money:cod", "payout:jne")]
        owed = await toko.settlements.owed()
        assert {(short.id, IDR(18_000), 2), (waiting.id, IDR(168_000), 2)} == {
            (each.order_id, each.amount, each.days) for each in owed
        }
        assert () == await toko.settlements.owed("sicepat")

        line = make.line("1", 303_881, description="JNE REM-7")
        made = await toko.settlements.reconcile("jne", [line], since=MARCH)
        account = made.account(IDR)
        assert [18_000] == [weight for _, weight in only(account, Why.SHORTFALL)]
        assert [(waiting.id, 168_000)] == only(account, Why.NOT_YET_REMITTED)
        assert [(3, 2, IDR(186_000))] == [(a.up_to, a.items, a.amount) for a in account.aged if a.items]

    play(body)


def test_cash_that_somebody_recorded_before_the_courier_told_counts_once(play, make):
    """The bookkeeper was quicker than the advice: its row settles what was recorded."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2}, tender="cod", delivery="jne:reg")
        await toko.ship(order)
        await toko.payments.received(order, order.total, reference="JNE payout 881")
        cod = {"kind": RowKind.COLLECTION, "provider": "jne", "key": order.reference}

        taken = await toko.settlements.take_in([make.row("1", 168_000, **cod), make.row("2", 168_000, **cod)])

        assert (["1"], ["double_row"]) == ([each.row.row for each in taken.posted], [each.why for each in taken.review])
        assert () == taken.learned
        assert order.total == (await toko.payments.intent(order)).captured

    play(body)


def test_an_unknown_order_and_too_much_cash_wait(play, make):
    """A courier's word about nothing, or about more than was due, moves nothing."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2}, tender="cod", delivery="jne:reg")
        await toko.ship(order)
        cod = {"kind": RowKind.COLLECTION, "provider": "jne"}
        rows = [make.row("1", 168_000, key="K7M2-XXXXX", **cod), make.row("2", 999_000, key=order.reference, **cod)]

        taken = await toko.settlements.take_in(rows)

        assert ["unknown_reference", "other_amount"] == [each.why for each in taken.review]
        assert 0 == await balance(toko, "money:cod")

    play(body)


def test_what_is_no_row_is_refused_before_anything_is_stored(play_in_memory, make):
    """All strangers are named by their places; so are lines that are none."""

    async def body(toko):
        good = make.row("1", -5, RowKind.ADJUSTMENT, provider="fake")
        with pytest.raises(InvalidInput) as refused:
            await toko.settlements.take_in([good, {"row": "2"}, None])
        assert ["rows[1]", "rows[2]"] == [fault.path for fault in refused.value.faults]
        with pytest.raises(InvalidInput):
            await toko.settlements.reconcile("fake", [good], since=MARCH)
        assert 1 == len((await toko.settlements.take_in([good])).posted)

    play_in_memory(body)
