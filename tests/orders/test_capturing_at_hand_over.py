"""Money is reserved while an order is placed, and captured as its goods leave: no more, no less, and never twice."""

import pytest

from tokolib import IDR, OrderState, Policies
from tokolib.effects.model import EffectKind, EffectState
from tokolib.orders.errors import CapturedOnce, NotShippable
from tokolib.orders.model import PaymentStatus
from tokolib.orders.shares import worths
from tokolib.payments.errors import CannotAuthorise
from tokolib.payments.next_action import ActionKind
from tokolib.payments.ports import Can
from tokolib.payments.states import IntentState

NOTHING = IDR(0)


async def reserving(toko, *, instant=True):
    """A shop that captures at hand-over, and a provider that reserves at once."""
    await toko.settings.change(policies=Policies(capture="at_hand_over"))
    toko.world.instant = instant


async def reserved(toko, quantity=3, **quote):
    """An order whose money is reserved: three cups at an odd price, with delivery."""
    return await toko.given.order({"CANGKIR": quantity}, tender="fake", delivery="jne:reg", **quote)


async def pay_all(toko, order):
    """The order after everything that waits was asked about."""
    for _ in range(4):
        await toko.deliver_webhooks()
        toko.clock.forward(minutes=20)
        assert (await toko.tick()).failures == ()
    return await toko.orders.get(order.id)


def captures(toko):
    """What the provider has captured, in the order in which it did."""
    return [each.amount for each in toko.world.entries if each.kind is EffectKind.CAPTURE]


def test_an_order_is_placed_when_its_money_is_reserved(play):
    """Nothing is paid yet, and goods may leave."""

    async def body(toko):
        await reserving(toko)
        order = await reserved(toko)
        assert (order.state, order.payment, order.reserved) == (OrderState.PLACED, PaymentStatus.AUTHORISED, 117_999)
        assert (order.paid, order.due, order.shippable) == (NOTHING, order.total, True)
        intent = await toko.payments.intent(order)
        assert (intent.state, intent.reserved, intent.outstanding) == (IntentState.AUTHORISED, order.total, NOTHING)
        assert (await toko.payments.next_action(order)).kind is ActionKind.NONE
        assert (toko.world.balance(NOTHING), toko.world.reserved) == (NOTHING, 117_999)

    play(body)


def test_a_customer_may_have_to_confirm_the_reservation(play):
    """It waits like a charge does, and the webhook places the order."""

    async def body(toko):
        await reserving(toko, instant=False)
        order = await reserved(toko)
        assert order.state is OrderState.PENDING_PAYMENT
        assert (await toko.payments.next_action(order)).kind is ActionKind.VA
        toko.world.pay(toko.world.charges[0].key)
        await toko.deliver_webhooks()
        assert (await toko.orders.get(order.id)).payment is PaymentStatus.AUTHORISED

    play(body)


def test_each_shipment_captures_the_shares_of_its_units(play):
    """Goods and delivery by their shares, to the rupiah; the last shipment closes the total and releases the rest."""

    async def body(toko):
        await reserving(toko)
        order = await reserved(toko)
        expected = []
        for _ in range(3):
            shipment = await toko.ship(order, {"CANGKIR": 1})
            expected.append(IDR(sum(each.total for each in worths(order, shipment.runs, charges=True, kept=True))))
            assert captures(toko) == expected
        order = await toko.orders.get(order.id)
        assert (order.state, order.payment, order.paid) == (OrderState.COMPLETED, PaymentStatus.PAID, order.total)
        assert (sum(each.minor_units for each in expected), order.reserved) == (117_999, 0)
        assert (toko.world.balance(NOTHING), toko.world.reserved) == (order.total, 0)
        intent = await toko.payments.intent(order)
        assert [each.reason for each in intent.operations] == ["", "", "", "payments.final"]

    play(body)


def test_all_at_once_is_one_capture(play):
    """A gateway that captures once, and only the whole, does for goods that leave together."""

    async def body(toko):
        await reserving(toko)
        toko.world.can -= {Can.PARTIAL_CAPTURE, Can.MULTIPLE_CAPTURE}
        order = await reserved(toko)
        with pytest.raises(CapturedOnce) as refused:
            await toko.shipments.hand_over(order, {"CANGKIR": 1})
        assert "fake" in str(refused.value)
        assert (await toko.orders.get(order.id)) == order
        await toko.ship(order)
        assert captures(toko) == [order.total]
        assert (await toko.orders.get(order.id)).state is OrderState.COMPLETED

    play(body)


def test_a_whole_capture_of_a_smaller_debt_gives_the_rest_back(play):
    """An allowance before the goods leave, and a gateway that can't capture a part."""

    async def body(toko):
        await reserving(toko)
        toko.world.can -= {Can.PARTIAL_CAPTURE, Can.MULTIPLE_CAPTURE}
        order = await toko.orders.grant_allowance(await reserved(toko), IDR(7_999), reason="dented", key="a")
        await toko.ship(order)
        order = await pay_all(toko, order)
        assert (captures(toko), toko.world.balance(NOTHING)) == ([order.total], IDR(110_000))
        assert (order.state, order.due) == (OrderState.COMPLETED, NOTHING)

    play(body)


def test_an_allowance_is_not_captured(play):
    """What is taken off between two shipments is released with the last one."""

    async def body(toko):
        await reserving(toko)
        order = await reserved(toko)
        await toko.ship(order, {"CANGKIR": 2})
        await toko.orders.grant_allowance(order, IDR(7_999), reason="dented", key="a")
        await toko.ship(order)
        order = await toko.orders.get(order.id)
        assert (order.state, order.paid, toko.world.balance(NOTHING)) == (
            OrderState.COMPLETED,
            IDR(110_000),
            IDR(110_000),
        )
        assert toko.world.reserved == 0

    play(body)


def test_a_cancelled_order_releases_what_was_reserved(play):
    """No money moved, and none is held any more."""

    async def body(toko):
        await reserving(toko)
        order = await toko.orders.cancel(await reserved(toko), reason="changed mind")
        assert (order.state, order.payment, order.reserved) == (OrderState.CANCELLED, PaymentStatus.VOIDED, 0)
        assert (toko.world.balance(NOTHING), toko.world.reserved) == (NOTHING, 0)
        assert (await toko.stock.available("CANGKIR")).steps == 20

    play(body)


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_reservation_that_is_open_can_be_cancelled(play, confirmed):
    """The wish is kept; what is reserved all the same is released again."""

    async def body(toko):
        await reserving(toko, instant=False)
        order = await reserved(toko)
        toko.world.switches.time_out_before = 1
        order = await toko.orders.cancel(order, reason="changed mind")
        assert order.cancel_requested is not None
        key = toko.world.charges[0].key
        (toko.world.pay if confirmed else toko.world.expire)(key)
        order = await pay_all(toko, order)
        assert (order.state, order.reserved, toko.world.reserved) == (OrderState.CANCELLED, 0, 0)

    play(body)


def test_money_that_is_reserved_too_late_is_released(play):
    """The order has expired and its goods are gone: nobody keeps the customer's money waiting."""

    async def body(toko):
        await reserving(toko, instant=False)
        order = await reserved(toko, 20)
        toko.clock.forward(hours=2)
        await toko.tick()
        await toko.given.order({"CANGKIR": 1}, delivery="jne:reg")
        toko.world.pay(toko.world.charges[0].key)
        order = await pay_all(toko, order)
        assert (order.state, order.payment, toko.world.reserved) == (OrderState.EXPIRED, PaymentStatus.VOIDED, 0)

    play(body)


def test_a_reservation_that_ends_stops_the_goods(play):
    """It ran out at the bank before the goods left: a block, no shipment, and another try lifts it."""

    async def body(toko):
        await reserving(toko)
        order = await reserved(toko)
        await toko.ship(order, {"CANGKIR": 1})
        toko.world.take_back(toko.world.charges[0].key)
        await toko.deliver_webhooks()
        order = await toko.orders.get(order.id)
        assert [each.code for each in order.blocks] == ["payment"]
        assert order.payment is PaymentStatus.PARTIALLY_PAID
        with pytest.raises(NotShippable):
            await toko.shipments.hand_over(order)
        await toko.payments.charge(order)
        order = await toko.orders.get(order.id)
        assert (order.blocks, order.payment) == ((), PaymentStatus.AUTHORISED)
        await toko.ship(order)
        order = await toko.orders.get(order.id)
        assert (order.state, toko.world.balance(NOTHING)) == (OrderState.COMPLETED, order.total)

    play(body)


def test_a_capture_that_is_refused_is_never_silent(play):
    """The goods have left: the order is blocked, a person looks, and asks again."""

    async def body(toko):
        await reserving(toko)
        order = await reserved(toko)
        toko.world.switches.decline = 1
        await toko.ship(order, {"CANGKIR": 1})
        order = await toko.orders.get(order.id)
        assert [(each.code, each.reason) for each in order.blocks] == [
            ("payment", "goods have left whose money was not captured")
        ]
        assert [each.reason for each in (await toko.payments.intent(order)).reviews] == ["payments.capture_failed"]
        order = await toko.orders.capture(order)
        assert (order.blocks, len(captures(toko))) == ((), 1)
        assert await toko.orders.capture(order) == order, "nothing is missing any more"
        await toko.ship(order)
        assert (await toko.orders.get(order.id)).paid == order.total

    play(body)


@pytest.mark.parametrize("switch", ["time_out_before", "time_out_after", "unreachable"])
def test_a_capture_without_an_answer_is_looked_up(play, switch):
    """It counts as asked for, so nothing is captured twice, and the last capture waits for it."""

    async def body(toko):
        await reserving(toko)
        order = await reserved(toko)
        setattr(toko.world.switches, switch, 1)
        await toko.ship(order, {"CANGKIR": 1})
        order = await toko.orders.get(order.id)
        assert (order.paid, order.reserved, order.shippable) == (NOTHING, 117_999, True)
        await toko.ship(order)
        last = (await toko.payments.intent(order)).operations[-1]
        assert (last.reason, last.tries) == ("payments.final", 0)
        order = await pay_all(toko, order)
        assert (order.state, order.paid, len(captures(toko))) == (OrderState.COMPLETED, order.total, 2)

    play(body)


def test_returns_and_refunds_go_back_to_what_was_captured(play):
    """Two captures of one reservation; the return of all goods empties both."""

    async def body(toko):
        await reserving(toko)
        order = await reserved(toko)
        await toko.ship(order, {"CANGKIR": 2})
        await toko.ship(order)
        await toko.returns.accept(order, {"CANGKIR": 3}, key="r")
        order = await pay_all(toko, order)
        assert (order.refunded, toko.world.balance(NOTHING)) == (99_999, IDR(18_000))
        refunds = [each for each in toko.world.entries if each.kind is EffectKind.REFUND]
        assert {each.about for each in refunds} == {toko.world.charges[0].key}

    play(body)


def test_a_return_between_shipments_leaves_the_rest_to_be_captured(play):
    """What came back is neither captured again nor deducted from what leaves later."""

    async def body(toko):
        await reserving(toko)
        order = await reserved(toko)
        await toko.ship(order, {"CANGKIR": 1})
        await toko.returns.accept(order, {"CANGKIR": 1}, key="r")
        await toko.ship(order)
        order = await pay_all(toko, order)
        assert (order.due, toko.world.reserved) == (NOTHING, 0)
        assert toko.world.balance(NOTHING) == IDR(117_999 - 33_333)

    play(body)


def test_money_from_elsewhere_leaves_the_reservation_to_be_released(play):
    """Paid at the counter after all: nothing is captured."""

    async def body(toko):
        await reserving(toko)
        order = await reserved(toko)
        await toko.payments.received(order, order.total, method="cash")
        await toko.ship(order)
        order = await pay_all(toko, order)
        assert (order.state, order.paid, toko.world.balance(NOTHING)) == (OrderState.COMPLETED, order.total, NOTHING)
        assert (order.reserved, toko.world.reserved) == (0, 0)

    play(body)


def test_what_staff_captures_at_the_provider_is_booked(play):
    """A capture in the provider's dashboard is money all the same."""

    async def body(toko):
        await reserving(toko)
        order = await reserved(toko)
        toko.world.capture_by_hand(toko.world.charges[0].key, IDR(17_999))
        await toko.deliver_webhooks()
        order = await toko.orders.get(order.id)
        assert (order.paid, order.reserved) == (IDR(17_999), 100_000)
        await toko.ship(order)
        order = await toko.orders.get(order.id)
        assert (order.state, toko.world.balance(NOTHING)) == (OrderState.COMPLETED, order.total)

    play(body)


def test_a_gateway_that_can_not_reserve_is_refused_at_the_till(play):
    """Before anything is stored, with a way out; other tenders go on as ever."""

    async def body(toko):
        await reserving(toko)
        toko.world.can = frozenset({Can.REFUND})
        quote = await toko.given.quote({"CANGKIR": 1}, delivery="jne:reg")
        with pytest.raises(CannotAuthorise) as refused:
            await toko.orders.place(quote, tender="fake", key="k")
        assert "at_order" in refused.value.hint and "fake" in str(refused.value)
        order = await toko.orders.place(quote, tender="cash", key="k2")
        assert order.payment is PaymentStatus.PAID
        cod = await toko.given.order({"CANGKIR": 1}, tender="cod", delivery="jne:reg")
        with pytest.raises(CannotAuthorise):
            await toko.payments.charge(cod, gateway="fake")

    play(body)


def test_a_declined_reservation_is_a_declined_payment(play):
    """The goods are free, and the order is over."""

    async def body(toko):
        await reserving(toko)
        toko.world.switches.decline = 1
        with pytest.raises(Exception, match="insufficient_funds"):
            await reserved(toko)
        assert (await toko.stock.available("CANGKIR")).steps == 20
        assert toko.world.charges == ()

    play(body)


def test_a_release_that_was_lost_is_asked_again(play):
    """The void is an effect like any other: unknown until somebody tells."""

    async def body(toko):
        await reserving(toko)
        order = await reserved(toko)
        toko.world.switches.time_out_after = 1
        order = await toko.orders.cancel(order, reason="x")
        void = (await toko.payments.intent(order)).operations[-1]
        assert (void.kind, void.state) == (EffectKind.VOID, EffectState.UNKNOWN)
        order = await pay_all(toko, order)
        assert (order.reserved, (await toko.payments.intent(order)).operations[-1].state) == (0, EffectState.SUCCEEDED)

    play(body)


def test_a_gateway_that_can_not_reserve_is_not_offered(play):
    """It stands among the options with the reason, in both languages, as placing would refuse it."""

    async def body(toko):
        toko.world.can -= {Can.AUTHORISE, Can.PARTIAL_CAPTURE, Can.MULTIPLE_CAPTURE}
        cart = await toko.carts.start({"KOPI-250": 1})

        async def fake():
            found = (await toko.carts.options(cart)).tenders
            return next(each for each in found if each.tender == "fake")

        assert (await fake()).allowed
        await toko.settings.change(policies=Policies(capture="at_hand_over"))
        option = await fake()
        assert (False, None, "payments.tender_cannot_reserve") == (option.allowed, option.total, option.reason.code)
        assert "fake can't reserve money until the goods are handed over" == option.explain()
        assert "fake tidak bisa menahan dana sampai barang diserahkan" == option.explain("id")
        with pytest.raises(CannotAuthorise):
            await toko.orders.place(await toko.carts.quote(cart), tender="fake", key="k-1")

    play(body)
