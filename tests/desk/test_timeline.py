"""The timeline of an order: what happened to all that belongs to it, as one story."""

from datetime import timedelta

import pytest

from tokolib import Staff
from tokolib.kernel.errors import NaiveDatetime, NotFound


def test_a_timeline_joins_all_that_belongs_to_an_order(play):
    """The order, its payment, its shipment, its return and its documents, by time, each with who did it."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="cash")
        toko.clock.forward(minutes=5)
        shipment = await toko.another(Staff("budi")).shipments.hand_over(order)
        toko.clock.forward(minutes=5)
        between = toko.clock.now() - timedelta(minutes=1)
        goods = await toko.returns.accept(order, {"KOPI-250": 1}, reason="dented")

        moments = await toko.timeline(order)

        told = [each.what for each in moments]
        assert {order.id, order.intent_id, shipment.id, goods.id} == {each.subject for each in moments}
        assert sorted(each.at for each in moments) == [each.at for each in moments]
        assert (
            told.index("orders.order_placed")
            < told.index("fulfilment.handed_over")
            < told.index("returns.return_accepted")
        )
        assert {"staff:budi"} == {each.by for each in moments if each.subject == shipment.id}
        histories = [(each.at, each.seq, each.event) for each in await toko.orders.history(order.id)]
        assert histories == [(each.at, each.seq, each.event) for each in moments if each.subject == order.id]

        before = await toko.timeline(order.id, at=between)

        assert [each for each in moments if each.at <= between] == list(before)
        assert goods.id not in {each.subject for each in before}

    play(body)


def test_a_timeline_asks_for_an_order_and_an_instant(play):
    """An order that never was has none, and an instant without a zone is none."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="cash")

        with pytest.raises(NotFound):
            await toko.timeline("ord_none")
        with pytest.raises(NaiveDatetime):
            await toko.timeline(order, at=order.requested_at.replace(tzinfo=None))

    play(body)
