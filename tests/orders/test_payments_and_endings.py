"""Money that comes early, late, twice or never, and what becomes of the order."""

import pytest

from tokolib import IDR, OrderState
from tokolib.cart.model import CartStatus
from tokolib.effects.model import EffectKind, EffectState
from tokolib.kernel.errors import TokolibError
from tokolib.orders.errors import PaymentDeclined
from tokolib.orders.events import OrderReinstated
from tokolib.orders.model import PaymentStatus
from tokolib.payments.states import IntentState
from tokolib.testing import FakeGateway

PRICE = IDR(75_000)


async def transfer(toko, sku="KOPI-250", quantity=1, **quote):
    """An order that waits for a bank transfer."""
    return await toko.given.order({sku: quantity}, tender="bank_transfer", **quote)


async def charged(toko, quantity=1, **quote):
    """An order that waits for a virtual account to be paid."""
    return await toko.given.order({"KOPI-250": quantity}, tender="fake", **quote)


def key_of(toko, n=-1):
    """Our key of the provider's last charge."""
    return toko.world.charges[n].key


def test_cash_is_paid_and_placed_at_once(play):
    """Over the counter: one call."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2, "GULA": "0.35"})
        assert (order.state, order.payment, order.total) == (OrderState.PLACED, PaymentStatus.PAID, IDR(155_075))
        assert (await toko.payments.intent(order)).state is IntentState.CAPTURED
        assert str(await toko.stock.available("GULA")) == "49.65 kg"

    play(body)


def test_a_transfer_places_the_order_when_it_arrives(play):
    """The goods are leased until then; the cashier's word makes the order."""

    async def body(toko):
        order = await transfer(toko)
        assert (order.state, order.payment) == (OrderState.PENDING_PAYMENT, PaymentStatus.UNPAID)
        assert (await toko.stock.available("KOPI-250")).steps == 19
        await toko.payments.received(order, IDR(25_000), reference="m-1")
        order = await toko.orders.get(order.id)
        assert (order.state, order.payment) == (OrderState.PENDING_PAYMENT, PaymentStatus.PARTIALLY_PAID)
        await toko.payments.received(order, IDR(25_000), reference="m-1")
        await toko.payments.received(order, IDR(50_000), reference="m-2")
        order = await toko.orders.get(order.id)
        assert (order.state, order.payment, order.due_until) == (OrderState.PLACED, PaymentStatus.PAID, None)

    play(body)


def test_an_unpaid_order_expires(play):
    """Its goods and its coupon are free again; what was paid of it goes back."""

    async def body(toko):
        await toko.promotions.percent("HEMAT", 10, coupon="HEMAT10", usage_limit=1)
        order = await transfer(toko, coupons=["HEMAT10"])
        await toko.payments.received(order, IDR(20_000), reference="m-1")
        toko.clock.forward(hours=23)
        assert (await toko.tick()).expired_orders == 0
        toko.clock.forward(hours=2)
        assert (await toko.tick()).expired_orders == 1
        order = await toko.orders.get(order.id)
        assert (order.state, order.payment, order.due) == (OrderState.EXPIRED, PaymentStatus.REFUND_DUE, IDR(-20_000))
        assert (await toko.stock.available("KOPI-250")).steps == 20
        assert (await toko.given.quote({"KOPI-250": 1}, coupons=["HEMAT10"])).total == IDR(67_500)
        waiting = (await toko.payments.intent(order)).payouts
        assert [each.amount for each in waiting] == [IDR(20_000)]
        await toko.payments.paid_out(waiting[0].id)
        order = await toko.orders.get(order.id)
        assert (order.payment, order.due) == (PaymentStatus.REFUNDED, IDR(0))
        assert (await toko.tick()).expired_orders == 0

    play(body)


def test_late_money_finds_its_order_again(play):
    """Paid after it expired: held again, reinstated; the coupon's use is taken again."""

    async def body(toko):
        await toko.promotions.percent("HEMAT", 10, coupon="HEMAT10", usage_limit=1)
        order = await transfer(toko, coupons=["HEMAT10"])
        toko.clock.forward(hours=25)
        await toko.tick()
        await toko.payments.received(order, IDR(67_500), reference="late")
        order = await toko.orders.get(order.id)
        assert (order.state, order.payment) == (OrderState.PLACED, PaymentStatus.PAID)
        assert isinstance((await toko.orders.history(order))[-1].event, OrderReinstated)
        with pytest.raises(TokolibError):
            await toko.given.quote({"KOPI-250": 1}, coupons=["HEMAT10"])
        await toko.ship(order)
        assert (await toko.orders.get(order.id)).state is OrderState.COMPLETED

    play(body)


def test_money_that_comes_before_the_tick_finds_its_goods_again(play):
    """The lease ran out and nobody has ticked: the goods are held anew if they are there."""

    async def body(toko):
        order = await transfer(toko)
        toko.clock.forward(hours=25)
        other = await toko.given.order({"KOPI-250": 5})
        await toko.payments.received(order, PRICE)
        order = await toko.orders.get(order.id)
        assert order.state is OrderState.PLACED and len(order.holds) == 1
        await toko.ship(order)
        await toko.ship(other)

    play(body)


@pytest.mark.parametrize("left", [20, 0])
def test_what_a_fast_clock_ended_is_held_anew_and_the_rest_stays(play, left):
    """Another machine's clock ends one lease of two; the other is kept as it is, or, when all fails, given back."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1, "Teh-100": 1}, tender="bank_transfer")
        now = toko.clock.now()
        toko.clock.forward(hours=25)
        await toko.stock.write_off("KOPI-250", 20, reason="a flood")  # ends the lease
        await toko.stock.receive("KOPI-250", left) if left else None
        toko.clock.instant = now
        await toko.payments.received(order, order.total)
        paid = await toko.orders.get(order.id)
        tea = order.holds[1]
        if left:
            assert paid.state is OrderState.PLACED and tea in paid.holds and order.holds[0] not in paid.holds
            await toko.ship(paid)
        else:
            assert (paid.state, paid.holds) == (OrderState.EXPIRED, ())
            assert (await toko.stock.level("Teh-100")).held.steps == 0

    play(body)


@pytest.mark.parametrize("ticked", [True, False])
def test_late_money_for_goods_that_are_gone_goes_back(play, ticked):
    """Somebody else has bought them meanwhile: the order stays dead, the money is to be refunded."""

    async def body(toko):
        order = await transfer(toko, quantity=20)
        toko.clock.forward(hours=25)
        if ticked:
            await toko.tick()
        await toko.given.order({"KOPI-250": 1})
        await toko.payments.received(order, IDR(1_500_000), reference="late")
        order = await toko.orders.get(order.id)
        assert (order.state, order.due) == (OrderState.EXPIRED, IDR(-1_500_000))
        payout = (await toko.payments.intent(order)).payouts[0]
        await toko.payments.paid_out(payout.id)
        assert (await toko.orders.get(order.id)).payment is PaymentStatus.REFUNDED

    play(body)


def test_late_money_whose_coupon_is_used_up_goes_back(play):
    """The goods are there, the coupon isn't: the bargain can't be made any more."""

    async def body(toko):
        await toko.promotions.percent("HEMAT", 10, coupon="HEMAT10", usage_limit=1)
        order = await transfer(toko, coupons=["HEMAT10"])
        toko.clock.forward(hours=25)
        await toko.tick()
        await toko.given.order({"KOPI-250": 1}, coupons=["HEMAT10"])
        await toko.payments.received(order, IDR(67_500), reference="late")
        order = await toko.orders.get(order.id)
        assert (order.state, order.due) == (OrderState.EXPIRED, IDR(-67_500))
        assert (await toko.stock.available("KOPI-250")).steps == 19

    play(body)


def test_too_much_is_kept_with_a_refund_to_hand_over(play):
    """An overpayment places the order, and its surplus waits to go back."""

    async def body(toko):
        order = await transfer(toko)
        await toko.payments.received(order, IDR(100_000), reference="m")
        order = await toko.orders.get(order.id)
        assert (order.state, order.payment) == (OrderState.PLACED, PaymentStatus.OVERPAID)
        surplus = (await toko.payments.intent(order)).payouts[0]
        assert surplus.amount == IDR(25_000)
        await toko.payments.payout_failed(surplus.id, reason="account closed")
        surplus = (await toko.payments.intent(order)).payouts[0]
        await toko.payments.paid_out(surplus.id)
        order = await toko.orders.get(order.id)
        assert (order.payment, order.due) == (PaymentStatus.PAID, IDR(0))
        await toko.ship(order)
        assert (await toko.orders.get(order.id)).state is OrderState.COMPLETED

    play(body)


def test_a_cancelled_order_gives_everything_back(play):
    """Paid in cash: cash back at once. Paid by transfer: a transfer to make. Unpaid: nothing."""

    async def body(toko):
        cash = await toko.orders.cancel(await toko.given.order({"KOPI-250": 1}), reason="changed mind")
        assert (cash.state, cash.payment, cash.due) == (OrderState.CANCELLED, PaymentStatus.REFUNDED, IDR(0))
        paid = await transfer(toko, delivery="jne:reg")
        await toko.payments.received(paid, IDR(93_000))
        paid = await toko.orders.cancel(paid, reason="changed mind")
        assert (paid.payment, paid.due) == (PaymentStatus.REFUND_DUE, IDR(-93_000))
        await toko.payments.paid_out((await toko.payments.intent(paid)).payouts[0].id)
        unpaid = await toko.orders.cancel((await transfer(toko)).id, reason="changed mind")
        assert (unpaid.payment, unpaid.due) == (PaymentStatus.VOIDED, IDR(0))
        cod = await toko.given.order({"KOPI-250": 1}, tender="cod", delivery="jne:reg")
        assert (await toko.orders.cancel(cod, reason="x")).due == IDR(0)
        assert (await toko.stock.available("KOPI-250")).steps == 20

    play(body)


def test_money_for_a_cancelled_order_goes_back(play):
    """The customer transfers all the same."""

    async def body(toko):
        order = await toko.orders.cancel(await transfer(toko), reason="changed mind")
        await toko.payments.received(order, PRICE, reference="m")
        order = await toko.orders.get(order.id)
        assert (order.state, order.due) == (OrderState.CANCELLED, -PRICE)
        assert (await toko.payments.intent(order)).payouts[0].amount == PRICE

    play(body)


# Gateways


def test_a_gateway_charge_is_paid_by_webhook(play):
    """The customer pays the virtual account; the webhook places the order, twice delivered or not."""

    async def body(toko):
        order = await charged(toko, delivery="jne:reg")
        assert order.state is OrderState.PENDING_PAYMENT
        assert (await toko.payments.next_action(order)).code.startswith("8808")
        toko.world.pay(key_of(toko))
        toko.world.switches.webhooks_twice = toko.world.switches.out_of_order = True
        toko.world.switches.late = 1
        assert await toko.deliver_webhooks() == []
        receipts = await toko.deliver_webhooks()
        assert [each.subjects for each in receipts if each.subjects] == [(order.id,)] * 2
        order = await toko.orders.get(order.id)
        assert (order.state, order.payment) == (OrderState.PLACED, PaymentStatus.PAID)
        assert toko.world.charges_of(key_of(toko)) == 1

    play(body)


def test_a_card_is_charged_while_the_order_is_placed(play):
    """An instant success places at once; the refund of a cancellation goes the way it came."""

    async def body(toko):
        toko.world.instant = True
        order = await charged(toko, 2)
        assert (order.state, order.payment) == (OrderState.PLACED, PaymentStatus.PAID)
        order = await toko.orders.cancel(order, reason="changed mind")
        assert (order.payment, toko.world.balance(PRICE)) == (PaymentStatus.REFUNDED, IDR(0))

    play(body)


def test_a_declined_payment_frees_goods_coupon_and_cart(play):
    """The buyer hears why, and buys again with another tender."""

    async def body(toko):
        await toko.promotions.percent("HEMAT", 10, coupon="HEMAT10", usage_limit=1)
        toko.world.switches.decline = 1
        quote = await toko.given.quote({"KOPI-250": 1}, coupons=["HEMAT10"])
        for _ in range(2):
            with pytest.raises(PaymentDeclined) as declined:
                await toko.orders.place(quote, tender="fake", key="k")
            assert declined.value.problem()["status"] == 402 and "insufficient_funds" in declined.value.reason
        order = await toko.orders.get(declined.value.order_id)
        assert (order.state, order.payment, order.declined) == (OrderState.CANCELLED, PaymentStatus.VOIDED, True)
        assert (await toko.carts.get(quote.cart_id)).status is CartStatus.OPEN
        again = await toko.carts.quote(quote.cart_id)
        assert (await toko.orders.place(again, tender="cash", key="k2")).total == IDR(67_500)

    play(body)


def test_a_charge_that_runs_out_at_the_provider_ends_the_order(play):
    """The webhook says failed; the customer pays all the same, and gets it back."""

    async def body(toko):
        order = await charged(toko)
        toko.world.expire(key_of(toko))
        await toko.deliver_webhooks()
        assert (await toko.orders.get(order.id)).state is OrderState.CANCELLED
        toko.world.pay(key_of(toko))
        await toko.deliver_webhooks()
        await toko.payments.advance(order)
        order = await toko.orders.get(order.id)
        assert (order.payment, toko.world.balance(PRICE)) == (PaymentStatus.REFUNDED, IDR(0))

    play(body)


@pytest.mark.parametrize("taken", [True, False])
def test_a_time_out_is_asked_about_later(play, taken):
    """Nobody knows whether it was charged: the order waits, the goods are held, and a tick finds out."""

    async def body(toko):
        toko.world.instant = True
        setattr(toko.world.switches, "time_out_after" if taken else "time_out_before", 1)
        order = await charged(toko)
        assert (order.state, (await toko.stock.available("KOPI-250")).steps) == (OrderState.PENDING_PAYMENT, 19)
        for _ in range(3):
            toko.clock.forward(minutes=10)
            await toko.tick()
        order = await toko.orders.get(order.id)
        assert (order.state, order.payment) == (OrderState.PLACED, PaymentStatus.PAID)
        assert toko.world.charges_of(key_of(toko)) == 1

    play(body)


def test_an_order_can_expire_while_its_charge_is_open(play):
    """The customer pays too late: reinstated while the goods are there."""

    async def body(toko):
        order = await charged(toko)
        toko.clock.forward(hours=2)
        ticked = await toko.tick()
        assert (ticked.expired_orders, ticked.failures) == (1, ())
        toko.world.pay(key_of(toko))
        await toko.deliver_webhooks()
        assert (await toko.orders.get(order.id)).state is OrderState.PLACED
        assert toko.world.balance(PRICE) == PRICE

    play(body)


def test_money_that_the_bank_takes_back_stops_the_goods(play):
    """A settled payment is reversed: the order owes it again, and doesn't ship."""

    async def body(toko):
        order = await charged(toko)
        toko.world.pay(key_of(toko))
        await toko.deliver_webhooks()
        toko.world.take_back(key_of(toko))
        await toko.deliver_webhooks()
        order = await toko.orders.get(order.id)
        assert (order.state, order.payment, order.due) == (OrderState.PLACED, PaymentStatus.UNPAID, PRICE)
        assert not order.shippable

    play(body)


def test_a_dispute_and_a_refund_by_hand_are_booked(play):
    """What the bank or the provider's staff does is in the books as it is in theirs."""

    async def body(toko):
        first = await charged(toko)
        toko.world.pay(key_of(toko, 0))
        toko.world.refund_by_hand(key_of(toko, 0), IDR(5_000))
        second = await charged(toko)
        toko.world.pay(key_of(toko, 1))
        toko.world.dispute(key_of(toko, 1))
        await toko.deliver_webhooks()
        first, second = await toko.orders.get(first.id), await toko.orders.get(second.id)
        assert (first.payment, first.due) == (PaymentStatus.PARTIALLY_REFUNDED, IDR(5_000))
        assert (second.payment, second.due) == (PaymentStatus.DISPUTED, PRICE)
        assert toko.world.balance(PRICE) == first.paid + second.paid

    play(body)


def test_a_tick_does_not_stumble_over_one_payment(play_on_file):
    """A gateway that is no longer there holds up its own orders only."""

    async def body(toko):
        import tokolib
        from tokolib.adapters.sqlite import SqliteStorage
        from tokolib.records.collections import COLLECTIONS

        toko.world.switches.time_out_before = 1
        await charged(toko)
        unpaid = await transfer(toko)
        toko.clock.forward(hours=25)
        with tokolib.open(SqliteStorage(toko.path, COLLECTIONS), clock=toko.clock) as shop:
            ticked = shop.tick()
            assert (ticked.expired_orders, ticked.asked_payments) == (2, 0)
            assert len(ticked.failures) == 1 and "fake" in ticked.failures[0]
            assert shop.orders.get(unpaid.id).state is OrderState.EXPIRED

    play_on_file(body)


def test_carts_that_nobody_touches_are_given_up(play_in_memory):
    """Abandoned after a day, over after a month."""

    async def body(toko):
        await toko.carts.start({"KOPI-250": 1})
        toko.clock.forward(hours=25)
        assert (await toko.tick()).abandoned_carts == 1
        toko.clock.forward(days=31)
        assert (await toko.tick()).expired_carts == 1

    play_in_memory(body)


def test_what_a_gateway_refuses_to_give_back_is_handed_over_by_a_person(play):
    """It is not asked of it again at every tick: one payout waits, and ends the matter."""

    async def body(toko):
        toko.world.instant = True
        order = await toko.given.order({"KOPI-250": 1}, tender="fake")
        toko.world.switches.decline = 99
        await toko.orders.cancel(order, reason="changed mind")
        for _ in range(5):
            toko.clock.forward(hours=2)
            await toko.tick()

        refused, payout = [
            each for each in (await toko.payments.intent(order)).operations if each.kind is EffectKind.REFUND
        ]
        assert ("fake", EffectState.FAILED) == (refused.provider, refused.standing)
        assert ("bank_transfer", EffectState.REQUESTED) == (payout.provider, payout.standing)
        await toko.payments.paid_out(payout.id)
        assert PaymentStatus.REFUNDED is (await toko.orders.get(order.id)).payment

    play(body)


def test_an_adapter_s_mistake_stops_no_other_payment(play_in_memory, monkeypatch):
    """The tick names the payment and the error, and moves the others on."""

    async def body(toko):
        first, second = [await toko.given.order({"KOPI-250": 1}, tender="fake") for _ in range(2)]
        toko.clock.forward(minutes=5)
        query = FakeGateway.query

        def clumsy(self, asked):
            if asked.key.startswith(first.intent_id):
                raise KeyError("status")
            return query(self, asked)

        monkeypatch.setattr(FakeGateway, "query", clumsy)
        ticked = await toko.tick()
        (told,) = ticked.failures
        assert told.startswith(f"payment {first.intent_id}: fake gave no usable answer to query {first.intent_id}.1.1")
        assert told.endswith("it raised KeyError: 'status'")
        assert 1 == ticked.asked_payments
        assert OrderState.PENDING_PAYMENT is (await toko.orders.get(second.id)).state

    play_in_memory(body)
