"""A part of an order is cancelled: money, stock and papers follow the units, and the bargain stands for the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib import IDR, Basket, OrderState, Policies
from tokolib.checkout.model import ChargeWish
from tokolib.kernel.errors import InvalidInput, KeyReused, TokolibError
from tokolib.kernel.hosting import drive
from tokolib.orders.errors import AlreadyShipped, IllegalOrderTransition
from tokolib.orders.model import FulfilmentStatus, PaymentStatus
from tokolib.orders.shares import worths
from tokolib.orders.unit_errors import NothingToCancel, TooManyUnits, UnknownLine
from tokolib.pricing.model import ChargeKind

NOTHING = IDR(0)


async def shelf(toko, sku="CANGKIR"):
    """Units of *sku* that anybody may buy."""
    return (await toko.stock.available(sku)).steps


def worth_of(order, units):
    """What the last *units* of an order of one line are worth, with their shares of the charges."""
    [line] = order.lines
    return sum(each.total for each in worths(order, line.runs(line.open.last(units)), charges=True))


@pytest.mark.parametrize("taken", ["at_shipment", "at_order"])
def test_units_that_are_cancelled_are_credited_refunded_and_on_the_shelf_again(play, taken):
    """Their shares, no more: of goods and delivery; the rest ships, and the order completes."""

    async def body(toko):
        await toko.settings.change(policies=Policies(stock_taken=taken))
        before = await shelf(toko)
        order = await toko.given.order({"CANGKIR": 3}, delivery="jne:reg")
        worth = worth_of(order, 2)
        order = await toko.orders.cancel(order, {"CANGKIR": 2}, reason="too many")
        [gone] = order.cancellations
        assert (gone.credited, gone.reason, gone.at) == (worth, "too many", toko.clock.now())
        assert (order.credited, order.due, order.payment) == (worth, NOTHING, PaymentStatus.PARTIALLY_REFUNDED)
        assert (order.state, len(order.lines[0].open), await shelf(toko)) == (OrderState.PLACED, 1, before - 1)
        await toko.ship(order)
        order = await toko.orders.get(order.id)
        assert (order.state, order.fulfilment) == (OrderState.COMPLETED, FulfilmentStatus.DELIVERED)
        assert (await toko.payments.intent(order)).amount == order.paid
        assert await shelf(toko) == before - 1

    play(body)


def test_the_rest_of_an_order_that_has_shipped_in_part_is_cancelled(play):
    """As a whole it can't be any more; what is left can, and then nothing is owed."""

    async def body(toko):
        order = await toko.given.order({"CANGKIR": 3})
        await toko.shipments.delivered(await toko.shipments.hand_over(order, {"CANGKIR": 1}))
        with pytest.raises(AlreadyShipped) as refused:
            await toko.orders.cancel(order, reason="changed mind")
        assert "shop.orders.cancel(order, {sku: quantity}" in refused.value.hint
        order = await toko.orders.cancel(order, {"CANGKIR": 2}, reason="changed mind")
        assert (order.state, order.fulfilment) == (OrderState.COMPLETED, FulfilmentStatus.DELIVERED)
        assert (order.due, order.holds) == (NOTHING, ())

    play(body)


def test_cancelling_all_that_is_left_of_what_never_shipped_ends_the_order(play):
    """In whatever parts, it is one cancelled order that keeps no money; the parts are its cancellations."""

    async def body(toko):
        before = await shelf(toko)
        order = await toko.given.order({"CANGKIR": 3}, delivery="jne:reg")
        for _ in range(3):
            order = await toko.orders.cancel(order, {"cangkir": 1}, reason="one less")
        assert (order.state, order.paid, order.due) == (OrderState.CANCELLED, NOTHING, NOTHING)
        assert sum(each.credited for each in order.cancellations) == order.total.minor_units
        assert [[run.first for run in each.runs] for each in order.cancellations] == [[2], [1], [0]]
        assert await shelf(toko) == before

    play(body)


def test_what_is_only_reserved_is_captured_for_the_goods_that_leave_and_released_for_the_rest(play):
    """Cancelled before the hand-over it is never captured; after it, what is left of the reservation is released."""

    async def body(toko):
        await toko.settings.change(policies=Policies(capture="at_hand_over"))
        toko.world.instant = True
        order = await toko.given.order({"CANGKIR": 3}, tender="fake", delivery="jne:reg")
        order = await toko.orders.cancel(order, {"CANGKIR": 1}, reason="one less")
        assert (order.reserved, order.payment) == (order.total.minor_units, PaymentStatus.AUTHORISED)
        await toko.shipments.delivered(await toko.shipments.hand_over(order, {"CANGKIR": 1}))
        order = await toko.orders.cancel(order, {"CANGKIR": 1}, reason="one less")
        assert (order.state, order.due, order.reserved) == (OrderState.COMPLETED, NOTHING, 0)
        assert (toko.world.balance(NOTHING), toko.world.reserved) == (order.paid, 0)

    play(body)


def test_a_courier_collects_less_for_what_was_cancelled(play):
    """Cash on delivery is asked for the rest alone."""

    async def body(toko):
        order = await toko.given.order({"CANGKIR": 2}, tender="cod", delivery="jne:reg")
        order = await toko.orders.cancel(order, {"CANGKIR": 1}, reason="one less")
        assert (await toko.payments.intent(order)).outstanding == order.due
        assert order.due == order.total - IDR(order.credited)

    play(body)


def test_an_allowance_goes_with_the_units_that_it_was_for(play):
    """What it had given of them isn't given twice: all that was paid for the rest stays."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2})
        order = await toko.orders.grant_allowance(order, IDR(10_000), reason="late", key="late")
        order = await toko.orders.cancel(order, {"KOPI-250": 1}, reason="one less")
        assert (order.allowed, order.credited, order.paid) == (5_000, 80_000, IDR(70_000))
        order = await toko.orders.cancel(order, {"KOPI-250": 1}, reason="none")
        assert (order.state, order.allowed, order.paid) == (OrderState.CANCELLED, 0, NOTHING)

    play(body)


def test_each_cancellation_of_an_invoiced_order_has_its_credit_note(play):
    """The notes of all of them together are the invoice; asked once more, the last one answers again."""

    async def body(toko):
        order = await toko.given.order({"CANGKIR": 3}, delivery="jne:reg")
        invoice = await toko.invoices.issue(order)
        for units in (1, 1):
            order = await toko.orders.cancel(order, {"CANGKIR": units}, reason="one less")
        first, second = [await toko.invoices.credit(order) for _ in range(2)]
        assert [first.cause, second.cause] == [each.id for each in order.cancellations]
        assert await toko.invoices.credit(order) == second
        order = await toko.orders.cancel(order, reason="none")
        third = await toko.invoices.credit(order)
        assert first.total + second.total + third.total == invoice.total

    play(body)


def test_goods_that_never_leave_take_their_share_of_every_charge_along(play):
    """A charge that returned goods don't bring back is none that a cancelled order pays."""

    async def body(toko):
        await toko.given.goods({"TAS": 10_000})
        fee = ChargeWish(ChargeKind.FEE, "Engraving", IDR(1_001), "his name", refundable=False)
        order = await toko.orders.place(Basket({"TAS": 3}, charges=[fee]), tender="cash", key="fee")
        order = await toko.orders.cancel(order, {"TAS": 1}, reason="one less")
        assert order.credited == 10_000 + 334
        order = await toko.orders.cancel(order, reason="none")
        assert (order.credited, order.paid) == (order.total.minor_units, NOTHING)

    play(body)


def test_what_is_not_open_is_refused_and_nothing_changes(play):
    """Not in the order, more than is left, nothing at all, not placed yet, or over; each is told by its name."""

    async def body(toko):
        order = await toko.given.order({"CANGKIR": 2, "KOPI-250": 1})
        waiting = await toko.given.order({"CANGKIR": 2}, tender="bank_transfer")
        over = await toko.orders.cancel(await toko.given.order({"CANGKIR": 2}), reason="x")
        for subject, goods, refusal in (
            (order, {"TEH-50": 1}, UnknownLine),
            (order, {"CANGKIR": 3}, TooManyUnits),
            (order, {"CANGKIR": 0}, TokolibError),
            (order, {}, NothingToCancel),
            (order, {"CANGKIR": "1.5"}, TokolibError),
            (waiting, {"CANGKIR": 1}, IllegalOrderTransition),
            (over, {"CANGKIR": 1}, IllegalOrderTransition),
        ):
            with pytest.raises(refusal):
                await toko.orders.cancel(subject, goods, reason="x")
            assert await toko.orders.get(subject.id) == subject
        with pytest.raises(InvalidInput):
            await toko.orders.cancel(order, {"CANGKIR": 1}, reason=" ")
        ended = await toko.orders.cancel(waiting, {"CANGKIR": 2}, reason="x")
        assert ended.state is OrderState.CANCELLED

    play(body)


def test_said_twice_under_a_key_it_counts_once(play):
    """Other goods under the same key are another request."""

    async def body(toko):
        order = await toko.given.order({"CANGKIR": 3})
        for _ in range(2):
            order = await toko.orders.cancel(order, {"CANGKIR": "1.0"}, reason="one less", key="c-1")
        assert len(order.cancellations) == 1
        with pytest.raises(KeyReused):
            await toko.orders.cancel(order, {"CANGKIR": 2}, reason="one less", key="c-1")

    play(body)


steps = st.lists(st.sampled_from(["cancel", "ship", "return", "allow"]), max_size=8)


@given(st.integers(1, 6), st.sampled_from(["at_shipment", "at_order"]), steps)
def test_no_rupiah_and_no_unit_is_left_over(raise_stage, units, taken, happenings):
    """Whatever ships, comes back or is cancelled in whatever order, what is left over is nothing."""

    async def body():
        toko, close = await raise_stage(None, "memory", {"country": "ID"}, furnished=False)
        await toko.settings.change(policies=Policies(stock_taken=taken))
        order = await toko.given.order({"KOPI-250": units}, delivery="jne:reg")
        before = await shelf(toko, "KOPI-250") + units
        for number, what in enumerate([*happenings, "cancel_rest", "return_rest"]):
            try:
                match what:
                    case "cancel":
                        await toko.orders.cancel(order, {"KOPI-250": 1}, reason="one less")
                    case "ship":
                        await toko.shipments.delivered(await toko.shipments.hand_over(order, {"KOPI-250": 1}))
                    case "return":
                        await toko.returns.accept(order, {"KOPI-250": 1}, reason="dislikes")
                    case "allow":
                        await toko.orders.grant_allowance(order, IDR(1_111), reason="late", key=str(number))
                    case "cancel_rest":
                        left = len((await toko.orders.get(order.id)).lines[0].open)
                        await toko.orders.cancel(order, {"KOPI-250": left}, reason="all")
                    case "return_rest":
                        kept = len((await toko.orders.get(order.id)).lines[0].kept)
                        await toko.returns.accept(order, {"KOPI-250": kept}, reason="all")
            except TokolibError:
                pass  # nothing of that is left
        order = await toko.orders.get(order.id)
        assert order.due == NOTHING
        assert order.paid == order.total - IDR(order.credited)
        assert await shelf(toko, "KOPI-250") == before
        assert await toko.verify()
        await close()

    drive(body())
