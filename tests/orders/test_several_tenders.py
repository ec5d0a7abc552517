"""One order, several ways to pay: part by part, and back in the order that the shop has chosen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib import IDR, OrderState, Policies
from tokolib.kernel.policies import RefundOrder
from tokolib.orders.model import PaymentStatus
from tokolib.payments.errors import ChargeInProgress, InvalidAmount
from tokolib.payments.refunds import _parts

PRICE = IDR(75_000)


async def split(toko, **policies):
    """An order of which a card pays 30 000, cash 25 000, and a transfer the rest."""
    await toko.settings.change(policies=Policies(**policies))
    toko.world.instant = True
    order = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer")
    await toko.payments.charge(order, gateway="fake", amount=IDR(30_000))
    toko.clock.forward(minutes=5)
    await toko.payments.received(order, IDR(25_000), method="cash")
    toko.clock.forward(minutes=5)
    await toko.payments.received(order, IDR(20_000), reference="m")
    return await toko.orders.get(order.id)


def test_an_order_is_paid_in_parts_by_several_tenders(play):
    """It is placed when the parts are the whole; nobody is asked for more than is left."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer")
        for wrong in (IDR(0), IDR(75_001)):
            with pytest.raises(InvalidAmount):
                await toko.payments.charge(order, gateway="fake", amount=wrong)
        await toko.payments.charge(order, gateway="fake", amount=IDR(30_000))
        with pytest.raises(ChargeInProgress):
            await toko.payments.charge(order, gateway="fake", amount=IDR(1))
        toko.world.pay(toko.world.charges[0].key)
        await toko.deliver_webhooks()
        assert (await toko.orders.get(order.id)).payment is PaymentStatus.PARTIALLY_PAID
        toko.world.switches.decline = 1
        await toko.payments.charge(order, gateway="fake", amount=IDR(10_000))
        assert (await toko.payments.next_action(order)).amount == IDR(45_000), "a refused part ends nothing"
        await toko.payments.received(order, IDR(45_000), reference="m")
        order = await toko.orders.get(order.id)
        assert (order.state, order.payment) == (OrderState.PLACED, PaymentStatus.PAID)
        assert toko.world.balance(PRICE) == IDR(30_000)

    play(body)


def test_a_refused_card_does_not_end_an_order_that_waits_for_a_transfer(play):
    """The customer may still pay as was agreed."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer")
        toko.world.switches.decline = 1
        await toko.payments.charge(order, gateway="fake")
        assert (await toko.orders.get(order.id)).state is OrderState.PENDING_PAYMENT
        await toko.payments.received(order, PRICE)
        assert (await toko.orders.get(order.id)).state is OrderState.PLACED

    play(body)


@pytest.mark.parametrize(
    ("order_of_tenders", "expected"),
    [
        ("latest_first", [("bank_transfer", 20_000), ("cash", 10_000)]),
        ("earliest_first", [("fake", 30_000)]),
        ("by_share", [("fake", 12_000), ("cash", 10_000), ("bank_transfer", 8_000)]),
    ],
)
def test_a_refund_goes_back_in_the_order_of_the_policy(play, order_of_tenders, expected):
    """The tenders that it is taken from, and how much of each; an order keeps the policy that it was made under."""

    async def body(toko):
        order = await split(toko, refund_order=order_of_tenders)
        await toko.settings.change(policies=Policies())
        await toko.orders.grant_allowance(order, IDR(30_000), reason="dented", key="a")
        intent = await toko.payments.intent(order)
        refunds = [(each.provider, each.amount.minor_units) for each in intent.operations if each.kind == "refund"]
        assert refunds == expected

    play(body)


def test_too_much_goes_back_the_way_that_it_came(play):
    """Whatever the policy: the last payment made it too much."""

    async def body(toko):
        order = await split(toko, refund_order="earliest_first")
        toko.clock.forward(minutes=5)
        await toko.payments.received(order, IDR(5_000), reference="twice")
        intent = await toko.payments.intent(order)
        assert [(each.provider, each.amount) for each in intent.payouts] == [("bank_transfer", IDR(5_000))]

    play(body)


@given(st.lists(st.integers(0, 10**9), max_size=6), st.data(), st.sampled_from(RefundOrder))
def test_parts_of_a_refund_add_up_and_none_is_more_than_is_left(left, data, order):
    """In whatever order, to the last minor unit."""
    amount = data.draw(st.integers(0, sum(left)))

    parts = _parts(amount, left, order)

    assert sum(parts) == amount
    assert all(0 <= part <= most for part, most in zip(parts, left, strict=True))
