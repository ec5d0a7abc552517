"""What really came of an order in dollars, beside the rate that it froze: from a report, or by a person's word."""

from collections import Counter
from datetime import date
from fractions import Fraction

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tokolib
from tokolib import IDR, USD
from tokolib.kernel import BookRate, Money
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.hosting import drive, resolved
from tokolib.kernel.money import currency
from tokolib.reconciliation import (
    BankLine,
    NotExchangeable,
    ReportFormat,
    RowKind,
    SettlementState,
    Signs,
    Why,
    read_report,
    reconcile,
)
from tokolib.testing import FakeGateway, FakeWorld, Given, ManualClock

MARCH = date(2026, 3, 1)
RATE = BookRate("USD", "IDR", Fraction(16_000), "Bank Indonesia", MARCH)


async def in_dollars(toko, tender, key="usd"):
    """Two bags of coffee for $10.00, of a shop whose books are in rupiah."""
    await toko.settings.change(currencies=("USD",), book_rates=(RATE,))
    await toko.prices.put("KOPI-250", USD("5.00"))
    cart = await toko.carts.start({"KOPI-250": 2}, currency="USD")
    return await toko.orders.place(await toko.carts.quote(cart), tender=tender, key=key)


async def paid(toko):
    """The same, paid through the gateway; and the key of its charge."""
    order = await in_dollars(toko, "fake")
    key = toko.world.charges[-1].key
    toko.world.pay(key)
    await toko.deliver_webhooks()
    return order, key


async def held(toko, ledger="book_money"):
    """What stands on each account of a ledger, in rupiah."""
    return await toko.shop._subject._work.read(reading(ledger))


def reading(ledger):
    from tokolib.kernel.rows import Kind

    async def step(unit):
        balances = Counter()
        page = await resolved(unit.work.scan(Kind.LEDGER, name=ledger, limit=1000))
        for entry in page.items:
            if entry.unit == "IDR":
                balances[entry.account] += entry.amount
        return {account: units for account, units in balances.items() if units}

    return step


def test_a_report_tells_what_the_gateway_made_of_dollars(play, make):
    """The fee goes by the frozen rate; what the exchange brought more is a gain, told in both languages."""

    async def body(toko):
        order, key = await paid(toko)
        report = (
            "row,kind,on,gross,fee,net,currency,key,payout,exchanged,exchanged_into\n"
            f"T-1,charge,2026-03-02,10.00,0.50,9.50,USD,{key},PAY-1,155000,IDR\n"
        )
        rows = read_report(report, provider="fake", batch="B1")

        taken = await toko.settlements.take_in(rows)

        assert (1, ()) == (len(taken.posted), taken.review)
        assert {
            "sales": -160_000,
            "fee:fake": 8_000,
            "exchanged:fake": 155_000,
            "exchange": -3_000,
        } == await held(toko)
        assert {"payout:fake": 155_000, "exchanged:fake": -155_000} == await held(toko, "money")
        told = await toko.settlements.exchange(order)
        assert (IDR(160_000), IDR(3_000)) == (told.worth, told.gain)
        assert [(USD("9.50"), IDR(152_000), IDR(155_000))] == [(e.net, e.frozen, e.real) for e in told.rows]
        assert "Exchange gain (1 rows); below zero it is a loss" in told.explain("en")
        assert "$10.00 in the books at 1 USD = 16000 IDR, Bank Indonesia, 1 Mar 2026" in told.explain("en")
        assert "Laba selisih kurs (1 baris)" in told.explain("id")
        assert await toko.verify()

        line = BankLine(id="1", on=date(2026, 3, 3), amount=IDR(155_000), description="PAY-1")
        made = await toko.settlements.reconcile("fake", [line], since=MARCH)
        assert made.is_clean
        assert (USD("9.50"), IDR(-155_000)) == tuple(made.account(c).because(Why.EXCHANGED) for c in (USD_, IDR_))

    play(body)


USD_, IDR_ = currency("USD"), currency("IDR")


def test_a_refund_goes_back_in_dollars_at_the_frozen_rate(play):
    """The dollar has risen meanwhile: the customer gets the cents that were paid, and the shop bears the difference."""

    async def body(toko):
        order = await in_dollars(toko, "bank_transfer")
        await toko.payments.received(order, order.total, reference="m-1")
        await toko.settings.change(book_rates=(attrs.evolve(RATE, value=Fraction(17_000)),))
        await toko.ship(order)
        goods = await toko.returns.accept(order, {"KOPI-250": 1}, refund_to="bank_transfer")
        waiting = (await toko.payments.intent(order)).payouts[0]
        await toko.payments.paid_out(waiting.id, reference="m-2")
        charge = next(each for each in (await toko.payments.intent(order)).operations if each.id != waiting.id)

        await toko.settlements.exchanged(charge, IDR(161_000), on=date(2026, 3, 2))
        await toko.settlements.exchanged(waiting.id, IDR(85_000))
        again = await toko.settlements.exchanged(charge.id, IDR(161_000), on=date(2026, 3, 2))

        assert (USD("5.00"), SettlementState.POSTED) == (goods.refund.amount, again.standing)
        told = await toko.settlements.exchange(order)
        assert {IDR(1_000), IDR(-5_000)} == {each.gain for each in told.rows}
        assert IDR(-4_000) == told.gain
        assert {"sales": -80_000, "exchanged:bank_transfer": 76_000, "exchange": 4_000} == await held(toko)
        assert {"payout:bank_transfer": 76_000, "exchanged:bank_transfer": -76_000} == await held(toko, "money")
        assert await toko.verify()

    play(body)


def test_what_can_not_be_stated_is_refused(play):
    """Each refusal names why, and nothing is recorded."""

    async def body(toko):
        order = await in_dollars(toko, "bank_transfer")
        await toko.payments.received(order, USD("4.00"), reference="m-1")
        charge = (await toko.payments.intent(order)).operations[0]
        rupiah = await toko.given.order({"KOPI-250": 1})
        cash = (await toko.payments.intent(rupiah)).operations[0]
        waiting = await in_dollars(toko, "fake", "open")
        asked = (await toko.payments.intent(waiting)).operations[0]
        await toko.settlements.exchanged(charge, IDR(64_000))

        for operation, into, why in (
            (charge, IDR(65_000), "settled_before"),
            (charge, USD(4), "other_currency"),
            (cash, IDR(75_000), "no_frozen_rate"),
            (asked, IDR(160_000), "moved_no_money"),
        ):
            with pytest.raises(NotExchangeable) as caught:
                await toko.settlements.exchanged(operation, into)
            assert (why, operation.id) == (caught.value.because, caught.value.operation_id)
        with pytest.raises(tokolib.NotFound):
            await toko.settlements.exchanged("int_nobody.1", IDR(1))
        assert IDR(0) == (await toko.settlements.exchange(order)).gain
        assert await toko.settlements.exchange(rupiah) is None
        assert await toko.verify()

    play(body)


def test_a_gateway_that_makes_euros_of_dollars_waits(play_in_memory, make):
    """The books are in rupiah: nobody knows what the order became in them."""

    async def body(toko):
        _, key = await paid(toko)
        row = make.row("1", USD(10), key=key, provider="fake", exchanged=currency("EUR")(9))

        taken = await toko.settlements.take_in([row])

        assert [Why.OTHER_CURRENCY] == [each.why for each in taken.review]
        assert await toko.verify()

    play_in_memory(body)


@pytest.mark.parametrize("exchanged", [USD(9), IDR(-9), 9])
def test_an_exchange_that_cannot_be_is_no_row(make, exchanged):
    """Into the same currency, from a plus into a minus, or no money at all."""
    with pytest.raises(InvalidInput) as caught:
        make.row("1", USD(10), exchanged=exchanged)

    assert ["exchanged"] == [fault.path for fault in caught.value.faults]


def test_a_copy_of_an_exchanged_row_is_explained_in_both_currencies(make):
    """What a doubled row adds to each side has its reason there, and books less bank is the sum of them."""
    row = make.row("1", USD(10), fee=USD(1), key="k", provider="fake", exchanged=IDR(150_000))

    made = reconcile([], [row, row], [], as_of=MARCH)

    for account in made.accounts:
        assert account.difference.minor_units == sum(item.weight for item in account.items)


@attrs.frozen
class Abroad:
    """A shop with a paid order in dollars, some of it given back and some charged back, all by its gateway."""

    shop: object
    order: object

    def operations(self):
        return [each for each in self.shop.payments.intent(self.order).operations if each.succeeded]

    def held(self, ledger):
        return drive(self.shop._work.read(reading(ledger)))


def abroad(value, refunds, *, chargeback):
    clock = ManualClock()
    world = FakeWorld(clock)
    shop = tokolib.open("memory://", country="ID", clock=clock, gateways=[FakeGateway(world)])
    Given(shop).goods({"KOPI-250": 75_000}, stock=100)
    shop.settings.change(currencies=("USD",), book_rates=(attrs.evolve(RATE, value=value),))
    shop.prices.put("KOPI-250", USD("5.33"))
    cart = shop.carts.start({"KOPI-250": 3}, currency="USD")
    order = shop.orders.place(shop.carts.quote(cart), tender="fake", key="usd")
    world.pay(world.charges[-1].key)
    for message in world.webhooks():
        shop.webhooks.receive("fake", *message)
    for at, units in enumerate(refunds):
        shop.payments.refund(order, Money(units, USD_), reason="late", key=f"r{at}")
    if chargeback:
        world.dispute(world.charges[-1].key, Money(order.total.minor_units - sum(refunds), USD_))
    for message in world.webhooks():
        shop.webhooks.receive("fake", *message)
    return Abroad(shop, order)


@given(
    st.fractions(Fraction(1, 10), 20_000, max_denominator=1000),
    st.lists(st.integers(1, 500), max_size=3),
    st.booleans(),
    st.integers(0, 50),
    st.data(),
)
@settings(max_examples=25)
def test_the_exchange_account_is_what_came_beside_the_frozen_rate(make, value, refunds, chargeback, fee, data):
    """Any refunds and chargeback at any rate, settled in any order, with any exchange: real less frozen, and no drift.

    Clearing is even in dollars and in rupiah, and so is what the customer owes where all of it went back.
    """
    toko = abroad(value, refunds, chargeback=chargeback)
    try:
        rate = toko.shop.orders.get(toko.order.id).book_rate
        rows, real, frozen = [], 0, 0
        for operation in data.draw(st.permutations(toko.operations())):
            back = operation.kind.value != "charge"
            gross = -operation.amount if back else operation.amount
            into = data.draw(st.integers(0, 400_000))
            kind = RowKind(operation.kind.value)
            row = make.row(
                operation.id,
                gross,
                kind,
                fee=0 if back else min(fee, gross.minor_units),
                key=operation.key,
                reference=operation.reference,
                provider="fake",
                exchanged=IDR(-into if back else into),
            )
            if row.net.minor_units == 0:
                row = attrs.evolve(row, exchanged=IDR(0))
            rows.append(row)
            real += row.exchanged.minor_units
        gross = sum(row.gross.minor_units for row in rows)
        frozen = rate.units(gross) - sum(rate.units(row.fee.minor_units) for row in rows)
        for row in rows if data.draw(st.booleans()) else [rows]:
            toko.shop.settlements.take_in(row if isinstance(row, list) else [row])

        stated = toko.held("book_money")
        assert real - frozen == -stated.get("exchange", 0)
        assert IDR(real - frozen) == toko.shop.settlements.exchange(toko.order.id).gain
        assert 0 == stated.get("money:fake", 0)
        assert 0 == toko.held("money").get("payout:fake", 0) - real
        if gross == 0:
            assert (
                0 == stated.get("receivable", 0) + rate.units(toko.shop.orders.get(toko.order.id).due.minor_units) * -1
            )
        report = toko.shop.verify()
        assert report, [str(each) for each in report.violations]
    finally:
        toko.shop.close()


def test_a_report_says_its_currency_for_all_rows(make):
    """Where it has no column for what the gateway exchanges into, the format names it."""
    report = (
        "row,kind,on,gross,net,exchanged\n1,refund,2026-03-02,10.00,10.00,160000\n2,charge,2026-03-02,10.00,10.00,\n"
    )

    form = ReportFormat(currency="USD", exchanged_into="IDR", signs=Signs.BY_KIND)
    rows = read_report(report, provider="fake", batch="B", format=form)

    assert [IDR(-160_000), None] == [row.exchanged for row in rows]
    assert [IDR(-160_000), USD(10)] == [row.paid_out for row in rows]
