"""An order as it was: at every instant of its life, the very order that was stored then."""

from datetime import timedelta

import pytest

from tokolib.kernel.errors import NaiveDatetime, NotFound
from tokolib.orders.errors import NotYetOrdered


def test_an_order_is_known_as_it_was_at_each_instant(play):
    """After each step of its life it is looked at; asked later for that instant, it is the same to the letter."""

    async def body(toko):
        def later():
            toko.clock.forward(minutes=1)

        order = await toko.given.order({"KOPI-250": 2}, tender="bank_transfer")
        seen = [(toko.clock.now(), order)]
        later()
        await toko.payments.received(order, order.total, reference="m-1")
        seen.append((toko.clock.now(), await toko.orders.get(order.id)))
        later()
        shipment = await toko.shipments.hand_over(order, {"KOPI-250": 1})
        seen.append((toko.clock.now(), await toko.orders.get(order.id)))
        later()
        await toko.shipments.delivered(shipment)
        await toko.returns.accept(order, {"KOPI-250": 1}, reason="dented")
        seen.append((toko.clock.now(), await toko.orders.get(order.id)))

        for at, was in seen:
            assert was == await toko.orders.as_of(order, at)
            assert was == await toko.orders.as_of(order.id, at + timedelta(seconds=59))

    play(body)


def test_what_was_not_there_yet_is_refused(play):
    """Before it was made, of an order that never was, and at an instant without a zone."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="cod")

        with pytest.raises(NotYetOrdered) as early:
            await toko.orders.as_of(order, order.requested_at - timedelta(microseconds=1))
        assert order.requested_at.isoformat() == early.value.requested_at
        with pytest.raises(NotFound):
            await toko.orders.as_of("ord_none", order.requested_at)
        with pytest.raises(NaiveDatetime):
            await toko.orders.as_of(order, order.requested_at.replace(tzinfo=None))

    play(body)


def test_a_clock_that_was_set_back_hides_what_came_after(play):
    """An event that is told after a later one follows from it, and is not known before it."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="cod")
        toko.clock.forward(hours=2)
        await toko.orders.block(order, "address", reason="which door?")
        toko.clock.forward(hours=-1)
        await toko.orders.unblock(order, "address")

        then = await toko.orders.as_of(order, toko.clock.now())

        assert order == then

    play(body)
