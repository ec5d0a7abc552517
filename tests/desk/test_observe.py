"""The one door for what the outside says about money: what the shop keeps is what its order is worth."""

from tokolib import IDR
from tokolib.orders.model import PaymentStatus
from tokolib.payments.states import IntentState

PRICE = IDR(75_000)


async def money(toko, order):
    """What the order is due, what waits to go back, and how both rooms call that."""
    order, intent = await toko.orders.get(order.id), await toko.payments.intent(order)
    return order.due, intent.pending_refund, order.payment, intent.state


def test_who_pays_again_after_a_dispute_has_paid_once(play):
    """What the customer's bank has taken is gone: the order is due again, and the second payment is kept."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="fake")
        toko.world.pay(toko.world.charges[-1].key)
        await toko.deliver_webhooks()
        toko.world.dispute(toko.world.charges[-1].key)
        await toko.deliver_webhooks()
        assert await money(toko, order) == (PRICE, IDR(0), PaymentStatus.DISPUTED, IntentState.FAILED)
        assert (await toko.payments.intent(order)).outstanding == PRICE

        await toko.payments.received(order, PRICE, method="bank_transfer", reference="again")
        assert await money(toko, order) == (IDR(0), IDR(0), PaymentStatus.DISPUTED, IntentState.CAPTURED)
        assert (await toko.orders.get(order.id)).shippable, "it is paid, whatever the bank decides"

    play(body)


def test_who_is_refunded_and_pays_again_has_paid_once(play):
    """A part that was sent back, being wrong, is not sent back a second time when the whole arrives."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer")
        await toko.payments.received(order, IDR(30_000), reference="wrong")
        await toko.payments.refund(order, IDR(30_000), reason="not his", key="k-1", method="cash")
        await toko.payments.received(order, PRICE, reference="right")
        assert await money(toko, order) == (IDR(0), IDR(0), PaymentStatus.PAID, IntentState.CAPTURED)

    play(body)


def test_who_pays_for_what_came_back_already_is_refunded(play):
    """The courier collects the whole of an order of which a part was returned at the door: the part goes back."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2}, tender="cod", delivery="jne:reg")
        await toko.ship(order)
        assert (await toko.returns.accept(order, {"KOPI-250": 1})).refund.amount == IDR(0)
        await toko.payments.received(order, order.total, reference="payout")
        assert await money(toko, order) == (-PRICE, PRICE, PaymentStatus.REFUND_DUE, IntentState.OVERPAID)

        intent = await toko.payments.intent(order)
        await toko.payments.paid_out(intent.payouts[0].id)
        assert (await toko.orders.get(order.id)).payment is PaymentStatus.PARTIALLY_REFUNDED

    play(body)


def test_who_pays_a_returned_order_twice_is_refunded_twice(play):
    """Once for the goods that came back, once for the money that was never due."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="cash")
        await toko.ship(order)
        await toko.returns.accept(order, {"KOPI-250": 1})
        await toko.payments.received(order, PRICE, method="bank_transfer", reference="again")
        assert await money(toko, order) == (-PRICE, PRICE, PaymentStatus.REFUND_DUE, IntentState.OVERPAID)

    play(body)


def test_a_dispute_that_was_won_may_be_told_backwards(play):
    """The bank gives back what it has not been heard to take: that is no payment, and nothing is sent back for it."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="fake")
        toko.world.pay(toko.world.charges[-1].key)
        await toko.deliver_webhooks()
        charge = toko.world.charges[-1]
        won = {"kind": "chargeback_reversal", "reference": "won", "key": "", "about": charge.key}
        await toko.shop.webhooks.receive("fake", *toko.world.forge(charge, **won))
        assert await money(toko, order) == (IDR(0), IDR(0), PaymentStatus.PAID, IntentState.CAPTURED)

        toko.world.dispute(charge.key)
        await toko.deliver_webhooks()
        assert await money(toko, order) == (IDR(0), IDR(0), PaymentStatus.PAID, IntentState.CAPTURED)

    play(body)
