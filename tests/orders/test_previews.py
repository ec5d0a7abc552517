"""What a command would do is shown before it is done, and then done as it was shown, or refused with the difference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib import IDR, OrderState, Policies
from tokolib.kernel.hosting import drive
from tokolib.kernel.preview import PreviewStale
from tokolib.orders.errors import AlreadyShipped
from tokolib.orders.unit_errors import TooManyUnits
from tokolib.payments.errors import RefundTooLarge

NOTHING = IDR(0)


def test_a_cancellation_in_part_is_shown_and_then_done_as_shown(play):
    """Money by tender and account, stock by place, units by story; and looking changes nothing."""

    async def body(toko):
        order = await toko.given.order({"CANGKIR": 3}, delivery="jne:reg")
        shown = await toko.orders.preview_cancel(order, {"CANGKIR": 2})
        assert await toko.orders.get(order.id) == order
        assert (shown.before.paid, shown.after.paid) == (order.total, order.total - shown.after.credited)
        assert [(each.tender, each.amount) for each in shown.moves] == [("cash", shown.after.credited)]
        [stock] = shown.stock
        assert (stock.sku_key, stock.location, stock.state, stock.on_hand, stock.held) == (
            "cangkir", "main", "sellable", 0, -2,
        )  # fmt: skip
        [line] = shown.units
        assert (line.sku, line.open, line.cancelled, line.shipped) == ("CANGKIR", 1, 2, 0)
        assert all_postings(shown) == NOTHING
        done = await toko.orders.cancel(order, {"CANGKIR": 2}, reason="too many", preview=shown.hash)
        assert (done.state, done.payment, done.total, done.paid, done.due) == (
            shown.after.state, shown.after.payment, shown.after.total, shown.after.paid, shown.after.due,
        )  # fmt: skip
        assert done.credited == shown.after.credited.minor_units

    play(body)


def all_postings(shown):
    """What all postings of a preview come to."""
    return sum((each.amount for each in shown.accounts), NOTHING)


def test_a_stale_preview_is_refused_with_what_is_different(play):
    """Goods left, or money came meanwhile: nothing is done, and each figure that is another is told."""

    async def body(toko):
        order = await toko.given.order({"CANGKIR": 3})
        shown = await toko.orders.preview_cancel(order, {"CANGKIR": 1})
        await toko.shipments.hand_over(order, {"CANGKIR": 1})
        before = await toko.orders.get(order.id)
        with pytest.raises(PreviewStale) as refused:
            await toko.orders.cancel(order, {"CANGKIR": 1}, reason="one less", preview=shown)
        assert refused.value.differences == ("units[CANGKIR].open: 2 → 1", "units[CANGKIR].shipped: 0 → 1")
        assert await toko.orders.get(order.id) == before
        with pytest.raises(PreviewStale) as refused:
            await toko.orders.cancel(order, {"CANGKIR": 1}, reason="one less", preview=shown.hash)
        assert "units[CANGKIR].open is 1" in refused.value.differences

    play(body)


def test_what_changes_no_figure_refuses_nobody(play):
    """A note of a courier, or a block, is no reason to look again."""

    async def body(toko):
        order = await toko.given.order({"CANGKIR": 3})
        shipment = await toko.shipments.hand_over(order, {"CANGKIR": 1})
        shown = await toko.orders.preview_cancel(order, {"CANGKIR": 1})
        await toko.shipments.track(shipment, "JNE1")
        await toko.orders.block(order, "address", reason="no such street")
        done = await toko.orders.cancel(order, {"CANGKIR": 1}, reason="one less", preview=shown, key="k")
        assert len(done.cancellations) == 1
        again = await toko.orders.cancel(order, {"CANGKIR": 1}, reason="one less", preview=shown, key="k")
        assert again == done

    play(body)


@pytest.mark.parametrize("taken", ["at_shipment", "at_order"])
def test_the_end_of_an_order_is_shown(play, taken):
    """All of it goes back, and its goods are on the shelf: on hand where they were taken, held no longer otherwise."""

    async def body(toko):
        await toko.settings.change(policies=Policies(stock_taken=taken))
        order = await toko.given.order({"CANGKIR": 2})
        shown = await toko.orders.preview_cancel(order)
        assert (shown.after.state, shown.after.paid) == (OrderState.CANCELLED, NOTHING)
        [stock] = shown.stock
        assert (stock.on_hand, stock.held) == ((0, -2) if taken == "at_shipment" else (2, 0))
        assert (await toko.orders.cancel(order, reason="x", preview=shown)).state is OrderState.CANCELLED

    play(body)


def test_what_would_be_refused_is_refused_when_it_is_looked_at(play):
    """By the same error that the command has."""

    async def body(toko):
        order = await toko.given.order({"CANGKIR": 2})
        with pytest.raises(TooManyUnits):
            await toko.orders.preview_cancel(order, {"CANGKIR": 3})
        with pytest.raises(RefundTooLarge):
            await toko.payments.preview_refund(order, order.total + IDR(1))
        await toko.shipments.hand_over(order, {"CANGKIR": 1})
        with pytest.raises(AlreadyShipped):
            await toko.orders.preview_cancel(order)

    play(body)


def test_a_refund_is_shown_by_tender_and_done_as_shown(play):
    """A second refund meanwhile makes it stale; under its key it is the same refund ever after."""

    async def body(toko):
        order = await toko.given.order({"CANGKIR": 2})
        shown = await toko.payments.preview_refund(order, IDR(500))
        assert [(each.tender, each.amount) for each in shown.moves] == [("cash", IDR(500))]
        assert (shown.before.refunded, shown.after.refunded) == (NOTHING, IDR(500))
        assert (await toko.payments.intent(order)).totals.refunded == 0
        done = await toko.payments.refund(order, IDR(500), reason="late", key="r-1", preview=shown)
        assert await toko.payments.refund(order, IDR(500), reason="late", key="r-1", preview=shown) == done
        with pytest.raises(PreviewStale) as refused:
            await toko.payments.refund(order, IDR(500), reason="late", key="r-2", preview=shown)
        assert "after.refunded: IDR 500 → IDR 1000" in refused.value.differences

    play(body)


@given(st.integers(1, 5), st.data())
def test_whatever_is_cancelled_is_what_was_shown(raise_stage, units, data):
    """In any parts and after any shipments: the order after the command is the order that the preview told of."""

    async def body():
        toko, close = await raise_stage(None, "memory", {"country": "ID"}, furnished=False)
        order = await toko.given.order({"KOPI-250": units}, delivery="jne:reg", tender="bank_transfer")
        await toko.payments.received(order, order.total)
        left = units
        while left:
            if data.draw(st.booleans()):
                await toko.shipments.hand_over(order, {"KOPI-250": 1})
                left -= 1
                continue
            part = data.draw(st.integers(1, left))
            shown = await toko.orders.preview_cancel(order, {"KOPI-250": part})
            done = await toko.orders.cancel(order, {"KOPI-250": part}, reason="less", preview=shown)
            assert (done.state, done.credited, done.paid, done.due, len(done.lines[0].open)) == (
                shown.after.state,
                shown.after.credited.minor_units,
                shown.after.paid,
                shown.after.due,
                shown.units[0].open,
            )
            left -= part
        await close()

    drive(body())
