"""The bank's lines in the books: what a provider paid out leaves it for the bank, once, at the bank's day."""

from collections import Counter
from datetime import date
from fractions import Fraction

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tokolib
from tokolib import IDR, USD
from tokolib.kernel import BookRate
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.hosting import drive, resolved
from tokolib.kernel.money import Money
from tokolib.kernel.rows import Kind
from tokolib.reconciliation import BankLineState, NotWaiting, ReconcileTerms, RowKind
from tokolib.testing import FakeGateway, FakeWorld, Given, ManualClock


async def paid(toko, goods):
    """The key of a charge that was paid through the gateway."""
    await toko.given.order(goods, tender="fake")
    key = toko.world.charges[-1].key
    toko.world.pay(key)
    await toko.deliver_webhooks()
    return key


def read(ledger):
    async def step(unit):
        return [*(await resolved(unit.work.scan(Kind.LEDGER, name=ledger, limit=1000))).items]

    return step


async def entries(toko, ledger="money"):
    return await toko.shop._subject._work.read(read(ledger))


def balances(entries):
    found = Counter()
    for entry in entries:
        found[entry.account, entry.unit] += entry.amount
    return {place: units for place, units in found.items() if units}


async def held(toko, *accounts):
    """What stands on accounts, in rupiah."""
    found = balances(await entries(toko))
    return [found.get((account, "IDR"), 0) for account in accounts]


def test_a_line_that_is_a_payout_brings_its_money_to_the_bank(play, make):
    """At the bank's day; delivered again, alone or in another statement, it counts once."""

    async def body(toko):
        rows = [
            make.row("1", 150_000, fee=1_050, key=await paid(toko, {"KOPI-250": 2}), provider="fake"),
            make.row("2", 75_000, fee=525, key=await paid(toko, {"KOPI-250": 1}), provider="fake"),
        ]
        await toko.settlements.take_in(rows)
        line = make.line("B-1", 223_425, on=date(2026, 3, 4), description="TRSF CR PAY-881")
        interest = make.line("B-2", 17, on=date(2026, 3, 4), description="BUNGA")

        taken = await toko.settlements.take_in_bank([line, interest], account="bca")

        assert [("B-1", BankLineState.MATCHED)] == [(each.line.id, each.standing) for each in taken.matched]
        assert ["B-2"] == [each.line.id for each in taken.waiting]
        assert [0, 0, 223_425] == await held(toko, "money:fake", "payout:fake", "bank:bca")
        days = {entry.at.isoformat() for entry in await entries(toko) if entry.account == "bank:bca"}
        assert {"2026-03-03T17:00:00+00:00"} == days  # the fourth of March begins in Jakarta
        for again in ([line], [interest, line], []):
            known = await toko.settlements.take_in_bank(again, account="bca")
            assert ((), len(again)) == (known.matched, known.known)
        aside = await toko.settlements.set_line_aside(known.waiting[0], reason="interest")
        assert aside == await toko.settlements.set_line_aside(aside.id, reason="interest")
        assert () == (await toko.settlements.take_in_bank([interest], account="bca")).waiting
        with pytest.raises(NotWaiting):
            await toko.settlements.set_line_aside(taken.matched[0], reason="x")
        assert await toko.verify()

    play(body)


def test_money_that_comes_before_its_report_waits_for_it(play_in_memory, make):
    """The statement was quicker: the line is looked at again, with no new lines at all."""

    async def body(toko):
        key = await paid(toko, {"KOPI-250": 2})
        line = make.line("B-1", 148_950, on=date(2026, 3, 4), description="PAY-881")
        early = await toko.settlements.take_in_bank([line], account="bca")
        await toko.settlements.take_in([make.row("1", 150_000, fee=1_050, key=key, provider="fake")])

        late = await toko.settlements.take_in_bank(account="bca")

        assert (1, 0) == (len(early.waiting), len(early.matched))
        assert (0, 1) == (len(late.waiting), len(late.matched))
        assert [0, 148_950] == await held(toko, "payout:fake", "bank:bca")
        assert await toko.verify()

    play_in_memory(body)


def test_one_payout_in_two_lines_and_a_rupiah_less(play_in_memory, make):
    """They are it together; what is missing within the tolerance is rounding."""

    async def body(toko):
        key = await paid(toko, {"KOPI-250": 2})
        await toko.settlements.take_in([make.row("1", 150_000, key=key, provider="fake")])
        lines = [
            make.line("B-1", 100_000, description="PAY-881 1/2"),
            make.line("B-2", 49_999, description="PAY-881 2/2"),
        ]

        waiting = await toko.settlements.take_in_bank(lines, account="bca")
        taken = await toko.settlements.take_in_bank(account="bca", terms=ReconcileTerms(tolerance=1))

        assert (2, 2) == (len(waiting.waiting), len(taken.matched))
        first, last = taken.matched
        assert (None, last.id) == (first.match, first.matched_with)
        assert [0, 149_999, 1] == await held(toko, "payout:fake", "bank:bca", "rounding:fake")
        assert await toko.verify()

    play_in_memory(body)


def test_nothing_is_guessed(play_in_memory, make):
    """Two payouts of one amount, and a line that names neither: it waits, and so do they."""

    async def body(toko):
        rows = [
            make.row(str(at), 75_000, key=await paid(toko, {"KOPI-250": 1}), provider="fake", payout=f"PAY-{at}")
            for at in (1, 2)
        ]
        await toko.settlements.take_in(rows)

        unsure = await toko.settlements.take_in_bank([make.line("B-1", 75_000)], account="bca")
        named = await toko.settlements.take_in_bank([make.line("B-2", 75_000, reference="PAY-2")], account="bca")

        assert (1, 0) == (len(unsure.waiting), len(unsure.matched))
        assert {"B-1", "B-2"} == {each.line.id for each in named.matched}  # with the other one named, one way is left
        assert [0, 150_000] == await held(toko, "payout:fake", "bank:bca")
        assert await toko.verify()

    play_in_memory(body)


def test_dollars_in_a_dollar_account_are_stated_at_the_frozen_rate(play_in_memory, make):
    """Nothing was exchanged: the payout leaves the provider for the bank in both currencies."""

    async def body(toko):
        rate = BookRate("USD", "IDR", Fraction(16_000), "Bank Indonesia", date(2026, 3, 1))
        await toko.settings.change(currencies=("USD",), book_rates=(rate,))
        await toko.prices.put("KOPI-250", USD("5.00"))
        cart = await toko.carts.start({"KOPI-250": 2}, currency="USD")
        await toko.orders.place(await toko.carts.quote(cart), tender="fake", key="usd")
        key = toko.world.charges[-1].key
        toko.world.pay(key)
        await toko.deliver_webhooks()
        await toko.settlements.take_in([make.row("1", USD(10), fee=USD("0.50"), key=key, provider="fake")])

        await toko.settlements.take_in_bank([make.line("B-1", USD("9.50"), reference="PAY-881")], account="usd")

        assert 950 == balances(await entries(toko))["bank:usd", "USD"]
        stated = balances(await entries(toko, "book_money"))
        assert {"sales": -160_000, "fee:fake": 8_000, "bank:usd": 152_000} == {
            name: at for (name, _), at in stated.items()
        }
        assert await toko.verify()

    play_in_memory(body)


def test_what_is_no_line_is_refused(play_in_memory, make):
    """Before anything is stored; an account needs a name."""

    async def body(toko):
        with pytest.raises(InvalidInput):
            await toko.settlements.take_in_bank(["x"], account="bca")
        with pytest.raises(InvalidInput):
            await toko.settlements.take_in_bank([make.line("B-1", 1)], account=" ")
        assert () == (await toko.settlements.take_in_bank(account="bca")).waiting

    play_in_memory(body)


plans = st.lists(
    st.tuples(
        st.sampled_from(["waits", "settled", "received", "received"]),
        st.integers(0, 2_000),
        st.integers(0, 40_000),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
)


@given(plans, st.randoms(use_true_random=False), st.booleans())
@settings(max_examples=25)
def test_every_rupiah_that_was_captured_is_somewhere(make, plan, random, early):
    """Any orders, some refunded, some disputed, some settled and some of it in the bank, told in any order: what was
    captured, less what went back or was taken, lies with the gateway, is paid out, was kept, or is in the bank.
    """
    clock = ManualClock()
    world = FakeWorld(clock)
    shop = tokolib.open("memory://", country="ID", clock=clock, gateways=[FakeGateway(world)])
    try:
        given = Given(shop)
        given.goods({"KOPI-250": 75_000}, stock=100)
        rows, lines = [], []
        orders = []
        for at, (state, fee, refund, disputed) in enumerate(plan):
            order = given.order({"KOPI-250": 1}, tender="fake")
            orders.append(order)
            key = world.charges[-1].key
            world.pay(key)
            told(shop, world)
            if refund:
                shop.payments.refund(order, IDR(refund), reason="late", key=f"r{at}")
            if disputed:
                world.dispute(key, IDR(75_000 - refund))
            told(shop, world)
            made = [row_of(make, each, fee, f"PAY-{at:04}") for each in moved(shop, order)]
            if state != "waits":
                rows += made
            if state == "received":
                amount = Money.total((row.net for row in made), made[0].currency)
                lines.append(make.line(f"B-{at}", amount, reference=f"PAY-{at:04}"))
        random.shuffle(rows)
        random.shuffle(lines)
        if early:
            shop.settlements.take_in_bank(lines, account="bca")
        shop.settlements.take_in(rows)
        for _ in range(2):
            shop.settlements.take_in_bank(lines, account="bca")

        found = balances(drive(shop._work.read(read("money"))))
        places = ("money:fake", "payout:fake", "fee:fake", "bank:bca")
        sums = [shop.payments.intent(each).totals for each in orders]
        assert sum(found.get((each, "IDR"), 0) for each in places) == sum(
            each.captured - each.refunded - each.disputed for each in sums
        )
        assert sum(line.amount.minor_units for line in lines) == found.get(("bank:bca", "IDR"), 0)
        settled = sum(row.net.minor_units for row in rows)
        assert settled - sum(line.amount.minor_units for line in lines) == found.get(("payout:fake", "IDR"), 0)
        report = shop.verify()
        assert report, [str(each) for each in report.violations]
    finally:
        shop.close()


def told(shop, world):
    for message in world.webhooks():
        shop.webhooks.receive("fake", *message)


def moved(shop, order):
    return [each for each in shop.payments.intent(order).operations if each.succeeded]


def row_of(make, operation, fee, payout):
    kind = RowKind(operation.kind.value)
    gross = operation.amount if kind is RowKind.CHARGE else -operation.amount
    return make.row(
        operation.id,
        gross,
        kind,
        fee=fee if kind is RowKind.CHARGE else 0,
        key=operation.key,
        reference=operation.reference,
        provider="fake",
        payout=payout,
    )


def test_the_same_line_of_another_account_is_another_line(play_in_memory, make):
    """Banks number their lines each for itself."""

    async def body(toko):
        line = make.line("1", 5_000)
        one = await toko.settlements.take_in_bank([line], account="bca")
        other = await toko.settlements.take_in_bank([line], account="bri")

        assert one.waiting[0].id != other.waiting[0].id
        assert attrs.evolve(one.waiting[0], id="", account="") == attrs.evolve(other.waiting[0], id="", account="")

    play_in_memory(body)
