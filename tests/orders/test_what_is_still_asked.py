"""What a payment asks for is what its order is due, whatever came back, was given back or was taken away."""

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tokolib import IDR, Policies
from tokolib.kernel.policies import CaptureMoment, ShippingRefund
from tokolib.orders.errors import AllowanceTooLarge
from tokolib.orders.model import PaymentStatus
from tokolib.payments.errors import NothingDue
from tokolib.payments.next_action import ActionKind

NOTHING, PRICE = IDR(0), IDR(75_000)


async def asked(toko, order):
    """What the payment of *order* asks for, which is what the order is due."""
    order = await toko.orders.get(order.id)
    outstanding = (await toko.payments.intent(order)).outstanding
    assert outstanding == max(order.due, NOTHING)
    return outstanding


def test_goods_that_came_back_are_not_asked_for(play):
    """The courier asks for one bag of three, and that is all that a gateway is asked for too."""

    async def body(toko):
        toko.world.instant = True
        order = await toko.given.order({"KOPI-250": 3}, tender="cod")
        await toko.ship(order)
        await toko.returns.accept(order, {"KOPI-250": 2}, reason="too many")
        assert await asked(toko, order) == PRICE
        action = await toko.payments.next_action(order)
        assert (action.kind, action.amount) == (ActionKind.PAY_IN_CASH, PRICE)
        await toko.payments.charge(order, gateway="fake")
        assert (toko.world.balance(NOTHING), await asked(toko, order)) == (PRICE, NOTHING)

    play(body)


def test_nothing_is_asked_for_when_all_of_it_came_back(play):
    """Postage and all, by policy: there is nothing to charge."""

    async def body(toko):
        await toko.settings.change(policies=Policies(shipping_refund=ShippingRefund.WITH_GOODS))
        order = await toko.given.order({"KOPI-250": 3}, tender="cod", delivery="jne:reg")
        await toko.ship(order)
        await toko.returns.accept(order, {"KOPI-250": 3}, reason="too many")
        assert (await toko.payments.next_action(order)).kind is ActionKind.NONE
        with pytest.raises(NothingDue):
            await toko.payments.charge(order, gateway="fake")

    play(body)


def test_nothing_more_is_reserved_than_is_due(play):
    """Goods that came back between two shipments are captured, refunded, and not reserved anew."""

    async def body(toko):
        toko.world.instant = True
        await toko.settings.change(policies=Policies(capture=CaptureMoment.AT_HAND_OVER))
        order = await toko.given.order({"KOPI-250": 3}, tender="fake")
        await toko.shipments.hand_over(order, {"KOPI-250": 2})
        await toko.returns.accept(order, {"KOPI-250": 2}, reason="too many")
        await toko.shipments.hand_over(order)
        with pytest.raises(NothingDue):
            await toko.payments.charge(order)
        assert (await asked(toko, order), toko.world.reserved) == (NOTHING, 0)
        assert (await toko.orders.get(order.id)).paid == PRICE

    play(body)


def test_after_a_lost_dispute_only_what_is_due_is_asked(play):
    """Two bags came back while the bank decided; the third one is to be paid again."""

    async def body(toko):
        toko.world.instant = True
        order = await toko.given.order({"KOPI-250": 3}, tender="fake")
        await toko.ship(order)
        dispute = toko.world.dispute(toko.world.charges[-1].key)
        await toko.deliver_webhooks()
        await toko.returns.accept(order, {"KOPI-250": 2}, reason="too many")
        toko.world.decide_dispute(dispute, won=False)
        await toko.deliver_webhooks()
        assert await asked(toko, order) == PRICE
        await toko.payments.charge(order)
        assert (toko.world.balance(NOTHING), await asked(toko, order)) == (PRICE, NOTHING)

    play(body)


def test_a_refund_makes_the_order_due_again(play):
    """Money that went back without a credit is asked for once more, and a lost dispute adds what it took."""

    async def body(toko):
        toko.world.instant = True
        order = await toko.given.order({"KOPI-250": 1}, tender="fake")
        await toko.payments.refund(order, IDR(50_000), reason="wrong card", key="r")
        assert await asked(toko, order) == IDR(50_000)
        action = await toko.payments.next_action(order)
        assert (action.kind, action.amount) == (ActionKind.TOP_UP, IDR(50_000))
        dispute = toko.world.dispute(toko.world.charges[-1].key)
        await toko.deliver_webhooks()
        toko.world.decide_dispute(dispute, won=False)
        await toko.deliver_webhooks()
        assert await asked(toko, order) == PRICE

    play(body)


def test_a_refund_that_the_gateway_refuses_waits_for_a_person(play):
    """What goods that came back were worth is a payout in the review queue, not a debt that nobody sees."""

    async def body(toko):
        toko.world.instant = True
        order = await toko.given.order({"KOPI-250": 2}, tender="fake")
        await toko.ship(order)
        toko.world.switches.decline = 1
        await toko.returns.accept(order, {"KOPI-250": 1}, reason="too many")
        assert (await toko.orders.get(order.id)).payment is PaymentStatus.REFUND_DUE
        (payout,) = (await toko.payments.intent(order)).payouts
        assert payout.amount == PRICE
        await toko.payments.paid_out(payout.id)
        order = await toko.orders.get(order.id)
        assert (order.due, order.paid) == (NOTHING, PRICE)

    play(body)


STEPS = st.lists(st.sampled_from(["return", "allow", "refund", "lose", "charge"]), min_size=1, max_size=6)


@given(steps=STEPS, tender=st.sampled_from(["cash", "cod", "fake"]))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_asked_is_what_is_due(play_in_memory, steps, tender):
    """The law, over whatever happens to an order whose goods have arrived."""

    async def body(toko):
        toko.world.instant = True
        order = await toko.given.order({"KOPI-250": 3}, tender=tender, delivery="jne:reg")
        await toko.ship(order)
        for number, step in enumerate(steps):
            match step:
                case "return" if (await toko.orders.get(order.id)).lines[0].kept:
                    await toko.returns.accept(order, {"KOPI-250": 1}, reason="too many")
                case "allow":
                    with contextlib.suppress(AllowanceTooLarge):
                        await toko.orders.grant_allowance(order, IDR(7_001), reason="late", key=f"a-{number}")
                case "refund" if (await toko.payments.intent(order)).refundable > IDR(10_000):
                    await toko.payments.refund(order, IDR(10_000), reason="kind", key=f"r-{number}")
                case "lose" if toko.world.charges and not await toko.payments.disputes(order):
                    dispute = toko.world.dispute(toko.world.charges[-1].key)
                    await toko.deliver_webhooks()
                    toko.world.decide_dispute(dispute, won=False)
                    await toko.deliver_webhooks()
                case "charge" if not (await asked(toko, order)).is_zero:
                    await toko.payments.charge(order, gateway="fake")
                case _:
                    pass
            await asked(toko, order)
        report = await toko.verify()
        assert report.violations == ()

    play_in_memory(body)
