"""An order is cancelled while a gateway may still charge for it: the wish is kept, and no money is."""

import pytest

from tokolib import IDR, OrderState
from tokolib.effects.model import EffectKind, EffectState
from tokolib.orders.errors import NotShippable
from tokolib.orders.events import CancelRequested, OrderCancelled
from tokolib.orders.model import PaymentStatus
from tokolib.payments.next_action import ActionKind
from tokolib.payments.ports import Can

PRICE = IDR(75_000)


async def charged(toko):
    """An order that waits for a virtual account to be paid."""
    return await toko.given.order({"KOPI-250": 1}, tender="fake")


def key_of(toko):
    """Our key of the provider's last charge."""
    return toko.world.charges[-1].key


def cannot_void(toko):
    """The provider lets nobody give a charge up."""
    toko.world.can &= {Can.REFUND, Can.PARTIAL_REFUND}


async def wanted_off(toko):
    """An order that waits to be cancelled, since its provider can't void."""
    cannot_void(toko)
    return await toko.orders.cancel(await charged(toko), reason="changed mind")


async def ended(toko, order):
    """The order as it is, once nothing waits any more."""
    for _ in range(4):
        await toko.deliver_webhooks()
        toko.clock.forward(minutes=20)
        assert (await toko.tick()).failures == ()
    order = await toko.orders.get(order.id)
    assert (order.state, order.ending, order.cancel_requested) == (OrderState.CANCELLED, "changed mind", None)
    assert (await toko.stock.available("KOPI-250")).steps == 20
    assert (toko.world.balance(PRICE), order.paid) == (IDR(0), IDR(0))
    return order


def test_an_unpaid_charge_is_voided_and_the_order_cancelled_at_once(play):
    """The virtual account is closed at the provider; nobody can pay it any more."""

    async def body(toko):
        order = await toko.orders.cancel(await charged(toko), reason="changed mind")
        assert (order.state, order.payment) == (OrderState.CANCELLED, PaymentStatus.VOIDED)
        charge, void = (await toko.payments.intent(order)).operations
        assert (charge.state, charge.failure) == (EffectState.FAILED, "payments.voided")
        assert (void.kind, void.state, void.about) == (EffectKind.VOID, EffectState.SUCCEEDED, charge.id)
        events = [type(each.event) for each in await toko.orders.history(order)]
        assert events[-2:] == [CancelRequested, OrderCancelled]
        await ended(toko, order)

    play(body)


def test_a_wish_that_waits_is_seen_and_stops_the_goods(play):
    """Who, why and when stand on the order; the customer is told not to pay; nothing ships."""

    async def body(toko):
        order = await wanted_off(toko)
        assert (order.state, order.shippable, order.hindrances) == (
            OrderState.PENDING_PAYMENT,
            False,
            ("cancel_requested",),
        )
        wish = order.cancel_requested
        assert (wish.reason, wish.by, wish.at) == ("changed mind", "system:host", toko.clock.now())
        todo = await toko.payments.next_action(order)
        assert (todo.kind, todo.reason.code) == (ActionKind.NONE, "payments.cancelling")
        assert await toko.orders.cancel(order, reason="really") == order, "said twice, it counts once"
        toko.world.expire(key_of(toko))
        assert (await ended(toko, order)).payment is PaymentStatus.VOIDED

    play(body)


def test_what_is_paid_all_the_same_goes_back_in_the_same_unit(play):
    """The webhook says paid: the order is cancelled and its refund asked for, before anybody could ship."""

    async def body(toko):
        order = await wanted_off(toko)
        toko.world.pay(key_of(toko))
        await toko.deliver_webhooks()
        order = await toko.orders.get(order.id)
        assert (order.state, order.payment) == (OrderState.CANCELLED, PaymentStatus.REFUND_DUE)
        assert (await toko.payments.intent(order)).pending_refund == PRICE
        assert (await ended(toko, order)).payment is PaymentStatus.REFUNDED

    play(body)


def test_money_from_elsewhere_waits_for_the_charge_and_goes_back_with_it(play):
    """Paid at the counter while the charge is open: the wish stands, and all of it goes back."""

    async def body(toko):
        order = await wanted_off(toko)
        await toko.payments.received(order, PRICE, method="cash")
        order = await toko.orders.get(order.id)
        assert (order.state, order.paid) == (OrderState.PENDING_PAYMENT, PRICE)
        toko.world.expire(key_of(toko))
        assert (await ended(toko, order)).payment is PaymentStatus.REFUNDED

    play(body)


def test_a_term_ends_the_waiting(play):
    """The charge never ends: at the order's term it is cancelled, not expired, and late money goes back."""

    async def body(toko):
        order = await wanted_off(toko)
        toko.clock.forward(hours=2)
        assert (await toko.tick()).expired_orders == 1
        assert (await toko.orders.get(order.id)).state is OrderState.CANCELLED
        toko.world.pay(key_of(toko))
        assert (await ended(toko, order)).payment is PaymentStatus.REFUNDED

    play(body)


@pytest.mark.parametrize("taken", [True, False])
def test_a_charge_without_an_answer_is_not_sent_again(play, taken):
    """Silence: what was taken is found and goes back; what was not is never asked for a second time."""

    async def body(toko):
        cannot_void(toko)
        toko.world.instant = True
        setattr(toko.world.switches, "time_out_after" if taken else "time_out_before", 1)
        order = await toko.orders.cancel(await charged(toko), reason="changed mind")
        assert order.cancel_requested is not None
        order = await ended(toko, order)
        assert len(toko.world.charges) == taken
        charge = (await toko.payments.intent(order)).operations[0]
        assert charge.failure == ("" if taken else "payments.never_taken")

    play(body)


@pytest.mark.parametrize("switch", ["time_out_before", "time_out_after", "unreachable", "unvoidable", "decline"])
@pytest.mark.parametrize("paid", [True, False])
def test_whatever_becomes_of_the_void_the_order_ends(play, switch, paid):
    """Lost, answered too late or refused: the charge's own end cancels the order, and nothing is kept."""

    async def body(toko):
        order = await charged(toko)
        setattr(toko.world.switches, switch, 1)
        order = await toko.orders.cancel(order, reason="changed mind")
        assert order.state is OrderState.PENDING_PAYMENT
        (toko.world.pay if paid else toko.world.expire)(key_of(toko))
        order = await ended(toko, order)
        assert all(each.is_settled for each in (await toko.payments.intent(order)).operations)

    play(body)


def test_a_void_that_was_refused_can_be_asked_for_again(play):
    """The second wish is the same wish, and asks the provider once more."""

    async def body(toko):
        order = await charged(toko)
        toko.world.switches.unvoidable = 1
        assert (await toko.orders.cancel(order, reason="changed mind")).cancel_requested is not None
        order = await toko.orders.cancel(order, reason="changed mind")
        voids = [each for each in (await toko.payments.intent(order)).operations if each.kind is EffectKind.VOID]
        assert [(each.attempt, each.state) for each in voids] == [(1, EffectState.FAILED), (2, EffectState.SUCCEEDED)]
        await ended(toko, order)

    play(body)


def test_money_that_outran_its_void_goes_back(play):
    """The provider says voided, and the bank pays all the same: money weighs more than a word."""

    async def body(toko):
        order = await toko.orders.cancel(await charged(toko), reason="changed mind")
        toko.world.pay(key_of(toko))
        assert (await ended(toko, order)).payment is PaymentStatus.REFUNDED

    play(body)


def test_a_placed_order_waits_for_its_charge_too(play):
    """Cash on delivery, charged by a gateway after all: no goods leave while it is to be cancelled."""

    async def body(toko):
        cannot_void(toko)
        order = await toko.given.order({"KOPI-250": 1}, tender="cod", delivery="jne:reg")
        await toko.payments.charge(order, gateway="fake")
        order = await toko.orders.cancel(order, reason="changed mind")
        assert order.state is OrderState.PLACED
        with pytest.raises(NotShippable) as refused:
            await toko.shipments.hand_over(order)
        assert refused.value.blocks == ("cancel_requested",) and "open charge" in refused.value.hint
        toko.world.pay(key_of(toko))
        await ended(toko, order)

    play(body)


def test_a_charge_that_nobody_can_tell_about_holds_up_no_cancellation(play):
    """After a day of silence it is a person's case: the order is cancelled, and what is found later goes back."""

    async def body(toko):
        cannot_void(toko)
        order = await toko.given.order({"KOPI-250": 1}, tender="cod")
        toko.world.instant = True
        toko.world.switches.time_out_after = 1
        await toko.payments.charge(order, gateway="fake")
        await toko.orders.cancel(order, reason="changed mind")
        toko.world.switches.unreachable = toko.world.switches.hidden = 1_000
        for _ in range(30):
            toko.clock.forward(hours=1)
            await toko.tick()
        toko.world.switches.unreachable = toko.world.switches.hidden = 0
        assert (await toko.payments.intent(order)).operations[0].state is not EffectState.SUCCEEDED
        assert (await toko.orders.get(order.id)).state is OrderState.CANCELLED
        await ended(toko, order)

    play(body)
