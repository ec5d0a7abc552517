"""Money off after the sale: the books, the axis and the payment follow, and never more goes back than came in."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tokolib import IDR, USD, OrderState, Policies
from tokolib.kernel.errors import InvalidInput, KeyReused
from tokolib.kernel.money_errors import CurrencyMismatch, NotMoney
from tokolib.kernel.policies import ShippingRefund
from tokolib.orders.errors import AllowanceTooLarge, IllegalOrderTransition
from tokolib.orders.model import PaymentStatus
from tokolib.payments.errors import InvalidAmount
from tokolib.payments.states import IntentState

PRICE, OFF = IDR(75_000), IDR(5_000)


async def sold(toko, tender, **quote):
    """An order of one bag that is owed, and paid unless it is on delivery."""
    order = await toko.given.order({"KOPI-250": 1}, tender=tender, **quote)
    if tender == "bank_transfer":
        await toko.payments.received(order, order.total, reference="m-1")
    if tender == "fake":
        toko.world.pay(toko.world.charges[-1].key)
        await toko.deliver_webhooks()
    return await toko.orders.get(order.id)


def test_an_allowance_on_a_paid_order_goes_back_at_once(play):
    """Nothing is due again, the goods may leave, and the order completes; the same key grants once."""

    async def body(toko):
        for tender in ("cash", "fake"):
            order = await sold(toko, tender)
            for _ in range(2):
                granted = await toko.orders.grant_allowance(order, OFF, reason="dented", key=f"dent-{tender}")
            assert (granted.payment, granted.due, granted.paid) == (
                PaymentStatus.PARTIALLY_REFUNDED,
                IDR(0),
                PRICE - OFF,
            )
            intent = await toko.payments.intent(order)
            assert (intent.state, intent.amount, intent.outstanding) == (IntentState.CAPTURED, PRICE - OFF, IDR(0))
            await toko.ship(order)
            assert (await toko.orders.get(order.id)).state is OrderState.COMPLETED

    play(body)


def test_an_allowance_after_completion_reopens_the_order_until_it_is_paid_out(play):
    """By transfer somebody has to make it."""

    async def body(toko):
        order = await sold(toko, "bank_transfer")
        await toko.ship(order)
        order = await toko.orders.grant_allowance(order, OFF, reason="late", key="late-1")
        assert (order.state, order.payment, order.due) == (OrderState.PLACED, PaymentStatus.REFUND_DUE, -OFF)
        [payout] = (await toko.payments.intent(order)).payouts
        await toko.payments.payout_failed(payout.id, reason="account closed")
        [again] = (await toko.payments.intent(order)).payouts
        assert (again.amount, again.id == payout.id) == (OFF, False)
        await toko.payments.paid_out(again.id)
        order = await toko.orders.get(order.id)
        assert (order.state, order.payment, order.due) == (
            OrderState.COMPLETED,
            PaymentStatus.PARTIALLY_REFUNDED,
            IDR(0),
        )

    play(body)


def test_an_allowance_on_an_unpaid_order_is_not_collected(play):
    """The courier brings so much less; and if he brings it all, it goes back."""

    async def body(toko):
        for paid, back in ((PRICE - OFF, IDR(0)), (PRICE, OFF)):
            order = await sold(toko, "cod")
            order = await toko.orders.grant_allowance(order, OFF, reason="late", key=f"late-{paid}")
            assert (order.payment, order.due) == (PaymentStatus.UNPAID, PRICE - OFF)
            await toko.payments.received(order, paid, reference=f"payout {paid}")
            intent = await toko.payments.intent(order)
            assert (intent.pending_refund, (await toko.orders.get(order.id)).due) == (back, -back)

    play(body)


def test_goods_that_come_back_take_the_allowance_with_them(play):
    """A return, or a cancellation, gives back what is left of the payment, and the books close at zero."""

    async def body(toko):
        shipped, kept = await sold(toko, "cash"), await sold(toko, "cash")
        for order in (shipped, kept):
            await toko.orders.grant_allowance(order, OFF, reason="dented", key=f"dent-{order.id}")
        await toko.ship(shipped)
        assert (await toko.returns.accept(shipped, {"KOPI-250": 1})).refund.amount == PRICE - OFF
        await toko.orders.cancel(kept, reason="changed mind")
        for order in (shipped, kept):
            order = await toko.orders.get(order.id)
            assert (order.payment, order.due, order.credited) == (PaymentStatus.REFUNDED, IDR(0), 75_000)

    play(body)


@given(
    off=st.integers(1, 243_000),
    parts=st.sampled_from([(3,), (1, 2), (2, 1), (1, 1, 1)]),
    whole=st.booleans(),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_rupiah_goes_back_twice(play_in_memory, off, parts, whole):
    """Whatever comes back in whatever parts: the customer has what he paid, less the postage that no allowance gave."""

    async def body(toko):
        refund = ShippingRefund.WITH_GOODS if whole else ShippingRefund.KEEP
        await toko.settings.change(policies=Policies(shipping_refund=refund))
        order = await toko.given.order({"KOPI-250": 3}, tender="cash", delivery="jne:reg")
        await toko.ship(order)
        await toko.orders.grant_allowance(order, IDR(off), reason="dented", key="a")
        postage = order.total.minor_units - 225_000
        kept = off
        for units in parts:
            before = await toko.orders.get(order.id)
            worth = before.total.minor_units if whole else 225_000
            share = worth * units // 3
            made = await toko.returns.accept(order, {"KOPI-250": units}, reason="changed mind")
            assert made.refund.credit.minor_units == share
            assert 0 <= share - made.refund.amount.minor_units <= kept
            kept -= share - made.refund.amount.minor_units
        order = await toko.orders.get(order.id)
        assert order.due == IDR(0)
        assert order.paid == IDR(0 if whole else min(postage, order.total.minor_units - off))

    play_in_memory(body)


def test_an_allowance_goes_in_proportion_with_the_goods(play):
    """One bag of three takes a third of it along, and the delivery charge stays with the shop."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 3}, tender="cash", delivery="jne:reg")
        await toko.ship(order)
        await toko.orders.grant_allowance(order, IDR(10_000), reason="dented", key="a")
        back = [(await toko.returns.accept(order, {"KOPI-250": units})).refund.amount for units in (1, 2)]
        assert back == [IDR(75_000 - 3_333), IDR(150_000 - 6_667)]
        order = await toko.orders.get(order.id)
        assert (order.paid, order.due) == (order.total - IDR(225_000), IDR(0))

    play(body)


def test_allowances_that_cant_be(play_in_memory):
    """More than the order is worth, not money, no reason, another request's key, an order that isn't placed."""

    async def body(toko):
        order = await sold(toko, "cash")
        await toko.orders.grant_allowance(order, OFF, reason="x", key="k-1")
        before = await toko.orders.get(order.id)
        for amount, reason, key, error in (
            (PRICE, "x", "k-2", AllowanceTooLarge),
            (IDR(0), "x", "k-2", InvalidAmount),
            (USD(1), "x", "k-2", CurrencyMismatch),
            (OFF, "", "k-2", InvalidInput),
            (OFF, "x", "", InvalidInput),
            (IDR(1), "x", "k-1", KeyReused),
        ):
            with pytest.raises(error):
                await toko.orders.grant_allowance(order, amount, reason=reason, key=key)
        with pytest.raises(NotMoney):
            await toko.orders.grant_allowance(order, 5_000, reason="x", key="k-2")
        assert await toko.orders.get(order.id) == before
        pending = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer")
        with pytest.raises(IllegalOrderTransition):
            await toko.orders.grant_allowance(pending, OFF, reason="x", key="k-3")

    play_in_memory(body)
