"""Money that is too little, too much, twice or too late, under each policy of the shop: one story for each."""

from decimal import Decimal

import pytest

from tokolib import IDR, OrderState, Policies
from tokolib.kernel import Tolerance
from tokolib.orders.events import ExcessRetained, ShortfallWrittenOff, WriteOffReversed
from tokolib.orders.model import PaymentStatus
from tokolib.payments import whereabouts
from tokolib.payments.errors import NothingDue
from tokolib.payments.next_action import ActionKind
from tokolib.payments.states import IntentState

PRICE = IDR(75_000)
SHORT = {"short_tolerance": (Tolerance(IDR(1_000)),)}
OVER = {"over_tolerance": (Tolerance(IDR(1_000)),)}


async def transfer(toko, *, customer="siti", settings=None, **policies):
    """An order over 75,000 that waits for a transfer, under *policies* that change as soon as it is placed."""
    await toko.settings.change(policies=Policies(**policies), **(settings or {}))
    order = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer", customer=customer)
    await toko.settings.change(policies=Policies(), short_tolerance=(), over_tolerance=())
    return order


async def paid(toko, order, *amounts):
    """The order after transfers of *amounts*, each with a reference of its own."""
    for amount in amounts:
        await toko.payments.received(order, IDR(amount))
    return await toko.orders.get(order.id)


async def where(toko, order):
    """Where the money of the order is."""
    found = whereabouts(await toko.payments.intent(order))
    parts = ("pays", "refunded", "refunding", "credited", "retained", "disputed")
    assert found.captured == sum(getattr(found, each) for each in parts)
    return {each: amount for each in (*parts, "written_off") if (amount := getattr(found, each))}


async def credit_of(toko, customer="siti"):
    """The customer's store credit."""
    return (await toko.store_credit.statement(customer)).balance


def test_what_is_missing_within_the_tolerance_is_written_off(play):
    """A bank has kept its fee: the order is placed, the rest is an expense, and nobody asks for it."""

    async def body(toko):
        order = await paid(toko, await transfer(toko, settings=SHORT), 74_500)
        intent = await toko.payments.intent(order)

        assert (order.state, order.payment, order.due) == (OrderState.PLACED, PaymentStatus.PAID, IDR(0))
        assert (intent.state, intent.outstanding) == (IntentState.CAPTURED, IDR(0))
        assert (await toko.payments.next_action(order)).kind is ActionKind.NONE
        assert await where(toko, order) == {"pays": 74_500, "written_off": 500}
        assert ShortfallWrittenOff(500) in [each.event for each in await toko.orders.history(order)]
        with pytest.raises(NothingDue):
            await toko.payments.charge(order, gateway="fake")

    play(body)


def test_what_is_missing_beyond_the_tolerance_is_asked_for(play):
    """The next action tells how much more, where and until when; a charge of the rest is possible."""

    async def body(toko):
        order = await paid(toko, await transfer(toko, settings=SHORT), 73_999)
        action = await toko.payments.next_action(order)

        assert (order.state, order.payment) == (OrderState.PENDING_PAYMENT, PaymentStatus.PARTIALLY_PAID)
        assert (action.kind, action.amount, action.paid) == (ActionKind.TRANSFER, IDR(1_001), IDR(73_999))
        toko.world.instant = True
        await toko.payments.charge(order, gateway="fake")
        assert (await toko.orders.get(order.id)).state is OrderState.PLACED
        assert await where(toko, order) == {"pays": 75_000}

    play(body)


def test_a_part_payment_of_a_gateway_s_order_says_how_much_is_missing(play):
    """A part was paid in cash, and the virtual account ran out: the next action is to ask for the rest."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="fake")
        await toko.payments.received(order, IDR(20_000), method="cash")
        toko.world.expire(toko.world.charges[-1].key)
        await toko.deliver_webhooks()
        action = await toko.payments.next_action(order)
        assert (action.kind, action.amount, action.paid) == (ActionKind.TOP_UP, IDR(55_000), IDR(20_000))
        assert action.reason.code == "payments.top_up_until"
        toko.world.instant = True
        await toko.payments.charge(order)
        order = await toko.orders.get(order.id)
        assert (order.state, order.payment) == (OrderState.PLACED, PaymentStatus.PAID)

    play(body)


def test_the_share_bounds_the_tolerance(play):
    """A thousand at most, and no more than half a per cent: 375 of 75,000."""

    async def body(toko):
        terms = {"short_tolerance": (Tolerance(IDR(1_000), Decimal("0.005")),)}
        order = await paid(toko, await transfer(toko, settings=terms), 74_624)
        assert order.state is OrderState.PENDING_PAYMENT
        order = await paid(toko, order, 1)
        assert (order.state, order.written_off) == (OrderState.PLACED, 375)

    play(body)


def test_the_rest_that_comes_later_takes_the_write_off_back(play):
    """What came after all is no expense; what is more than that goes back, or is kept, as ever."""

    async def body(toko):
        order = await paid(toko, await transfer(toko, settings=SHORT), 74_500, 200)
        assert (order.written_off, order.due) == (300, IDR(0))
        order = await paid(toko, order, 300)
        assert (order.written_off, order.payment, order.due) == (0, PaymentStatus.PAID, IDR(0))
        assert WriteOffReversed(300) in [each.event for each in await toko.orders.history(order)]
        order = await paid(toko, order, 500)
        assert await where(toko, order) == {"pays": 75_000, "refunding": 500}

    play(body)


def test_a_written_off_rupiah_is_never_refunded(play):
    """A cancelled order gives back what came, and the write-off is taken back."""

    async def body(toko):
        order = await paid(toko, await transfer(toko, settings=SHORT), 74_500)
        order = await toko.orders.cancel(order, reason="changed mind")
        assert (order.written_off, order.due) == (0, IDR(-74_500))
        assert await where(toko, order) == {"refunding": 74_500}
        for each in (await toko.payments.intent(order)).payouts:
            await toko.payments.paid_out(each.id)
        order = await toko.orders.get(order.id)
        assert (order.payment, order.due) == (PaymentStatus.REFUNDED, IDR(0))

    play(body)


def test_a_return_is_credited_against_what_was_written_off(play):
    """Two were bought for 150,000 and 149,500 came: the first to come back gives 74,500, the second 75,000."""

    async def body(toko):
        await toko.settings.change(short_tolerance=(Tolerance(IDR(1_000)),))
        order = await toko.given.order({"KOPI-250": 2}, tender="bank_transfer")
        order = await paid(toko, order, 149_500)
        await toko.ship(order)
        first = await toko.returns.accept(order, {"KOPI-250": 1}, reason="x", refund_to="cash")
        assert (first.refund.credit, first.refund.amount) == (IDR(75_000), IDR(74_500))
        assert (await toko.orders.get(order.id)).written_off == 0
        second = await toko.returns.accept(order, {"KOPI-250": 1}, reason="x", refund_to="cash")
        assert second.refund.amount == IDR(75_000)
        order = await toko.orders.get(order.id)
        assert (order.payment, order.due) == (PaymentStatus.REFUNDED, IDR(0))
        assert await where(toko, order) == {"refunded": 149_500}

    play(body)


def test_gift_cards_that_pay_all_but_a_little_write_nothing_off(play):
    """Nothing came from outside yet: the little is the tender's to pay."""

    async def body(toko):
        from tokolib.stored_value import FromGiftCard

        await toko.settings.change(short_tolerance=(Tolerance(IDR(1_000)),))
        card = await toko.gift_cards.issue(IDR(74_500), reason="raffle", key="card")
        quote = await toko.given.quote({"KOPI-250": 1})
        order = await toko.orders.place(quote, tender="bank_transfer", key="o", credit=[FromGiftCard(card.code)])
        assert (order.state, (await toko.payments.next_action(order)).amount) == (
            OrderState.PENDING_PAYMENT,
            IDR(500),
        )
        order = await paid(toko, order, 499)
        assert (order.state, order.written_off) == (OrderState.PLACED, 1)

    play(body)


@pytest.mark.parametrize(
    ("underpayment", "customer", "expected"),
    [
        ("top_up", "siti", {"refunding": 20_000}),
        ("top_up_or_credit", "siti", {"credited": 20_000}),
        ("top_up_or_credit", None, {"refunding": 20_000}),
    ],
)
def test_a_part_payment_when_the_time_is_over(play, underpayment, customer, expected):
    """It goes back, or becomes the customer's store credit; a guest's goes back, and the explanation says why."""

    async def body(toko):
        order = await paid(toko, await transfer(toko, customer=customer, underpayment=underpayment), 20_000)
        toko.clock.forward(hours=25)
        await toko.tick()
        order = await toko.orders.get(order.id)
        assert order.state is OrderState.EXPIRED
        assert await where(toko, order) == expected
        said = await toko.orders.explain(order)
        assert ("There is no customer to have store credit" in said) is (underpayment != "top_up" and not customer)
        if "credited" in expected:
            assert await credit_of(toko) == IDR(20_000)
            assert (order.payment, order.due) == (PaymentStatus.REFUNDED, IDR(0))

    play(body)


@pytest.mark.parametrize(
    ("overpayment", "customer", "expected"),
    [
        ("refund", "siti", {"pays": 75_000, "refunding": 25_000}),
        ("credit", "siti", {"pays": 75_000, "credited": 25_000}),
        ("credit", None, {"pays": 75_000, "refunding": 25_000}),
    ],
)
def test_too_much(play, overpayment, customer, expected):
    """It goes back, or becomes the customer's store credit at once; a guest's goes back."""

    async def body(toko):
        order = await paid(toko, await transfer(toko, customer=customer, overpayment=overpayment), 100_000)
        assert order.state is OrderState.PLACED
        assert await where(toko, order) == expected
        if "credited" in expected:
            assert (await credit_of(toko), order.payment, order.due) == (IDR(25_000), PaymentStatus.PAID, IDR(0))
            assert "kelebihan bayar, menjadi saldo toko pelanggan" in await toko.orders.explain(order, "id")

    play(body)


def test_too_much_within_the_tolerance_is_kept_as_income(play):
    """Both payments together are counted: what is beyond the tolerance goes back whole."""

    async def body(toko):
        order = await paid(toko, await transfer(toko, settings=OVER), 75_600)
        intent = await toko.payments.intent(order)
        assert (order.payment, order.due, order.retained) == (PaymentStatus.PAID, IDR(0), 600)
        assert (intent.state, intent.surplus) == (IntentState.CAPTURED, IDR(0))
        assert await where(toko, order) == {"pays": 75_000, "retained": 600}
        assert ExcessRetained(600) in [each.event for each in await toko.orders.history(order)]
        assert "paid too much, kept by the shop (tolerance Rp1,000)" in await toko.payments.explain(order)
        order = await paid(toko, order, 401)
        assert await where(toko, order) == {"pays": 75_000, "refunding": 1_001}

    play(body)


@pytest.mark.parametrize("amounts", [(76_001, 500), (75_500, 1_001)])
def test_what_is_kept_does_not_depend_on_what_came_first(play, amounts):
    """1,501 are too much, and go back whole, though 500 alone would be kept."""

    async def body(toko):
        order = await paid(toko, await transfer(toko, settings=OVER), *amounts)
        assert await where(toko, order) == {"pays": 75_000, "refunding": 1_501}

    play(body)


def test_what_was_kept_goes_back_when_the_order_is_cancelled(play):
    """An order that is off has nothing to keep."""

    async def body(toko):
        order = await paid(toko, await transfer(toko, settings=OVER), 75_600)
        order = await toko.orders.cancel(order, reason="changed mind")
        assert (order.retained, order.due) == (0, IDR(-75_600))
        assert await where(toko, order) == {"refunding": 75_600}

    play(body)


def test_a_little_that_came_for_an_order_that_expires_is_not_kept(play):
    """It is less than the tolerance for too much, and yet nothing that is too much."""

    async def body(toko):
        order = await paid(toko, await transfer(toko, settings=OVER), 600)
        toko.clock.forward(hours=25)
        await toko.tick()
        order = await paid(toko, order, 200)
        assert (order.state, order.retained) == (OrderState.EXPIRED, 0)
        assert await where(toko, order) == {"refunding": 800}

    play(body)


def test_what_was_kept_stays_when_goods_come_back(play):
    """The goods' price goes back; what was paid too much for the order was settled before."""

    async def body(toko):
        order = await paid(toko, await transfer(toko, settings=OVER), 75_600)
        await toko.ship(order)
        back = await toko.returns.accept(order, {"KOPI-250": 1}, reason="x", refund_to="cash")
        assert back.refund.amount == PRICE
        assert await where(toko, order) == {"refunded": 75_000, "retained": 600}
        assert (await toko.orders.get(order.id)).due == IDR(0)

    play(body)


@pytest.mark.parametrize(
    ("duplicate", "overpayment", "amounts", "expected"),
    [
        ("refund", "credit", (75_000, 75_000), {"pays": 75_000, "refunding": 75_000}),
        ("credit", "refund", (75_000, 75_000), {"pays": 75_000, "credited": 75_000}),
        ("credit", "refund", (80_000, 75_000), {"pays": 75_000, "refunding": 5_000, "credited": 75_000}),
        ("credit", "refund", (40_000, 35_000, 35_000), {"pays": 75_000, "credited": 35_000}),
        ("credit", "refund", (75_000, 30_000), {"pays": 75_000, "refunding": 30_000}),
    ],
)
def test_paid_twice(play, duplicate, overpayment, amounts, expected):
    """A second transfer of the same amount, or of all that is due, is told from what is merely too much."""

    async def body(toko):
        order = await transfer(toko, duplicate_payment=duplicate, overpayment=overpayment)
        order = await paid(toko, order, *amounts)
        assert order.state is OrderState.PLACED
        assert await where(toko, order) == expected
        if "credited" in expected:
            assert await credit_of(toko) == IDR(expected["credited"])
            assert "paid twice, became the customer's store credit" in await toko.payments.explain(order)

    play(body)


def test_a_gateway_s_second_charge_goes_back_through_it(play):
    """Paid by QR and by transfer too: the way back is that of the later one."""

    async def body(toko):
        order = await transfer(toko)
        await toko.payments.charge(order, gateway="fake")
        order = await paid(toko, order, 75_000)
        toko.world.pay(toko.world.charges[-1].key)
        await toko.deliver_webhooks()
        await toko.payments.advance(order)
        found = await where(toko, order)
        assert found["pays"] == 75_000 and found.get("refunded", 0) + found.get("refunding", 0) == 75_000
        assert "paid twice, given back" in await toko.payments.explain(order)

    play(body)


@pytest.mark.parametrize(
    ("late_payment", "customer", "expected", "state"),
    [
        ("reinstate", "siti", {"pays": 75_000}, OrderState.PLACED),
        ("refund", "siti", {"refunding": 75_000}, OrderState.EXPIRED),
        ("credit", "siti", {"credited": 75_000}, OrderState.EXPIRED),
        ("credit", None, {"refunding": 75_000}, OrderState.EXPIRED),
    ],
)
def test_money_that_comes_after_the_order_expired(play, late_payment, customer, expected, state):
    """It brings the order back, goes back, or becomes the customer's store credit."""

    async def body(toko):
        order = await transfer(toko, customer=customer, late_payment=late_payment)
        toko.clock.forward(hours=25)
        await toko.tick()
        order = await paid(toko, order, 75_000)
        assert order.state is state
        assert await where(toko, order) == expected
        if "credited" in expected:
            assert await credit_of(toko) == PRICE

    play(body)


def test_late_money_that_is_too_much_brings_the_order_back_and_the_rest_is_credited(play):
    """The surplus of a reinstated order is disposed of like any other, in the same transaction."""

    async def body(toko):
        order = await transfer(toko, overpayment="credit", settings=OVER)
        toko.clock.forward(hours=25)
        await toko.tick()
        order = await paid(toko, order, 80_000)
        assert (order.state, order.payment, order.due) == (OrderState.PLACED, PaymentStatus.PAID, IDR(0))
        assert (await where(toko, order), await credit_of(toko)) == ({"pays": 75_000, "credited": 5_000}, IDR(5_000))

    play(body)


def test_late_money_within_the_tolerance_is_kept(play):
    """What is a little too much does not hinder the order from coming back."""

    async def body(toko):
        order = await transfer(toko, settings=OVER)
        toko.clock.forward(hours=25)
        await toko.tick()
        order = await paid(toko, order, 75_900)
        assert (order.state, order.due, order.retained) == (OrderState.PLACED, IDR(0), 900)

    play(body)


def test_late_money_has_to_pay_the_order_in_full(play):
    """A tolerance is for orders that stand: what comes late and short goes back."""

    async def body(toko):
        order = await transfer(toko, settings=SHORT)
        toko.clock.forward(hours=25)
        await toko.tick()
        order = await paid(toko, order, 74_900)
        assert (order.state, order.written_off) == (OrderState.EXPIRED, 0)
        assert await where(toko, order) == {"refunding": 74_900}

    play(body)


def test_cash_on_delivery_that_is_a_little_short_completes_the_order(play):
    """The courier's cash is 300 short: within the tolerance nothing is due any more."""

    async def body(toko):
        await toko.settings.change(short_tolerance=(Tolerance(IDR(1_000)),))
        order = await toko.given.order({"KOPI-250": 1}, tender="cod", delivery="jne:reg")
        await toko.ship(order)
        order = await paid(toko, order, 92_700)
        assert (order.state, order.payment, order.written_off) == (OrderState.COMPLETED, PaymentStatus.PAID, 300)

    play(body)


def test_money_captured_at_hand_over_may_be_a_little_short(play):
    """74,500 are reserved of 75,000: it is placed, each parcel captures its share, and nothing blocks it."""

    async def body(toko):
        await toko.settings.change(policies=Policies(capture="at_hand_over"), short_tolerance=(Tolerance(IDR(1_000)),))
        order = await toko.given.order({"Teh-100": 3}, tender="bank_transfer")
        toko.world.instant = True
        await toko.payments.charge(order, gateway="fake", amount=IDR(59_400))
        order = await toko.orders.get(order.id)
        assert (order.state, order.payment, order.written_off) == (
            OrderState.PLACED,
            PaymentStatus.AUTHORISED,
            600,
        )
        for quantity, captured in ((1, 20_000), (2, 59_400)):
            await toko.ship(order, {"Teh-100": quantity})
            await toko.payments.advance(order)
            await toko.deliver_webhooks()
            order = await toko.orders.get(order.id)
            assert (order.captured, order.blocks) == (captured, ())
        assert (order.state, order.due) == (OrderState.COMPLETED, IDR(0))

    play(body)


def test_what_a_customers_bank_takes_is_not_written_off(play):
    """A chargeback of a little is a dispute, and no payment that was a little short."""

    async def body(toko):
        await toko.settings.change(short_tolerance=(Tolerance(IDR(1_000)),))
        toko.world.instant = True
        order = await toko.given.order({"KOPI-250": 1}, tender="fake")
        toko.world.dispute(toko.world.charges[-1].key)
        await toko.deliver_webhooks()
        order = await toko.orders.get(order.id)
        assert (order.payment, order.written_off) == (PaymentStatus.DISPUTED, 0)

    play(body)


def test_a_goodwill_refund_is_not_written_off(play):
    """A shop that gives 500 back is owed them by nobody's tolerance."""

    async def body(toko):
        order = await paid(toko, await transfer(toko, settings=SHORT), 75_000)
        refund = await toko.payments.refund(order, IDR(500), reason="sorry", key="r", method="cash")
        assert refund.amount == IDR(500)
        order = await toko.orders.get(order.id)
        assert (order.written_off, order.due) == (0, IDR(500))

    play(body)


def test_an_allowance_settles_a_write_off_first(play):
    """500 never came; 2,000 off: 1,500 go back."""

    async def body(toko):
        order = await paid(toko, await transfer(toko, settings=SHORT), 74_500)
        order = await toko.orders.grant_allowance(order, IDR(2_000), reason="a dent", key="a")
        assert (order.written_off, order.due) == (0, IDR(-1_500))
        assert await where(toko, order) == {"pays": 73_000, "refunding": 1_500}

    play(body)


def test_the_invoice_of_a_short_payment_asks_for_nothing(play):
    """What was written off counts as settled, and the document says how much of that never came."""

    async def body(toko):
        order = await paid(toko, await transfer(toko, settings=SHORT), 74_500)
        invoice = await toko.invoices.issue(order)
        assert (invoice.totals.prepaid, invoice.totals.payable, invoice.written_off) == (75_000, 0, 500)

    play(body)


def test_the_explanation_tells_both_sides_of_a_write_off(play):
    """In the words of both languages, with the tolerance."""

    async def body(toko):
        order = await paid(toko, await transfer(toko, settings=SHORT), 74_500)
        english, indonesian = await toko.payments.explain(order), await toko.payments.explain(order, "id")
        assert "Missing, and written off by the shop (tolerance Rp1,000)" in english and "Rp500" in english
        assert "Kekurangan yang dihapuskan toko (toleransi Rp1.000)" in indonesian
        assert english in await toko.orders.explain(order)

    play(body)
