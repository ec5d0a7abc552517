"""Customers collect their goods with a code; what nobody collects in time is free again, and a person decides."""

from datetime import datetime, timedelta

import pytest

from tokolib import InvalidInput, NotFound
from tokolib.desk.reviews.model import ReviewKind
from tokolib.fulfilment.collecting import MOST_REFUSED
from tokolib.fulfilment.errors import (
    IllegalShipmentTransition,
    LabelsStand,
    NotForCollection,
    NothingMissed,
    WrongCode,
)
from tokolib.fulfilment.model import ShipmentState
from tokolib.fulfilment.packing import ParcelDraft
from tokolib.kernel.errors import NaiveDatetime
from tokolib.orders.errors import NotShippable
from tokolib.testing.fake_courier import FakeCourier


async def planned(toko, **options):
    """A shipment that its customer comes for."""
    order = await toko.given.order({"KOPI-250": 1}, **options)
    return await toko.shipments.plan(order)


def soon(toko, days=3):
    return toko.clock.now() + timedelta(days=days)


async def ready(toko, **options):
    shipment = await planned(toko, **options)
    return await toko.shipments.ready(shipment, collect_by=soon(toko))


def wrong(code):
    return "0" * 8 if code != "0" * 8 else "1" * 8


def test_whoever_has_the_code_is_given_the_goods(play):
    """Handed over and delivered in one; capitals, blanks and hyphens make no difference; again it is the same."""

    async def body(toko):
        shipment = await ready(toko)
        code = shipment.collection.code
        assert (shipment.state, shipment.collection.until, len(code)) == (ShipmentState.READY, soon(toko), 8)
        assert code not in repr(shipment) and code not in shipment.order_id
        assert shipment == await toko.shipments.ready(shipment, collect_by=soon(toko))

        given = await toko.shipments.collected(shipment, code=f"{code[:4]}-{code[4:]}".upper(), received_by="Siti")

        assert (given.state, given.received_by) == (ShipmentState.DELIVERED, "Siti")
        assert given.handed_over_at == given.delivered_at == toko.clock.now()
        assert given == await toko.shipments.collected(shipment, code=code)
        order = await toko.orders.get(given.order_id)
        assert [1] == [len(line.delivered) for line in order.lines]
        assert () == await toko.shipments.end_missed()

    play(body)


def test_a_wrong_code_is_counted_and_gives_nothing(play):
    """After ten of them the right one is refused too, until the customer is told a new one."""

    async def body(toko):
        shipment = await ready(toko)
        code = shipment.collection.code
        for attempt in range(1, MOST_REFUSED + 1):
            with pytest.raises(WrongCode) as refused:
                await toko.shipments.collected(shipment, code=wrong(code))
            assert (refused.value.refused, refused.value.most) == (attempt, MOST_REFUSED)
        with pytest.raises(WrongCode) as locked:
            await toko.shipments.collected(shipment, code=code)
        assert locked.value.refused == MOST_REFUSED
        assert (await toko.shipments.get(shipment.id)).state is ShipmentState.READY
        again = await toko.shipments.ready(shipment, collect_by=soon(toko))
        assert (again.collection.refused, again.collection.code != code) == (0, True)
        with pytest.raises(WrongCode):
            await toko.shipments.collected(shipment, code=code)
        assert (await toko.shipments.collected(shipment, code=again.collection.code)).delivered_at

    play(body)


def test_another_date_keeps_the_code(play_in_memory):
    """The customer asked for more time: the code that they were told is still theirs."""

    async def body(toko):
        shipment = await ready(toko)
        later = await toko.shipments.ready(shipment, collect_by=soon(toko, 9))
        assert (later.collection.code, later.collection.until) == (shipment.collection.code, soon(toko, 9))
        toko.clock.forward(days=5)
        assert () == await toko.shipments.end_missed()

    play_in_memory(body)


def test_what_nobody_collects_is_free_again_and_waits_for_a_decision(play):
    """The units are their order's once more; the review goes when somebody has said what the customer got."""

    async def body(toko):
        first, second = await ready(toko), await ready(toko)
        assert () == await toko.shipments.end_missed()
        toko.clock.forward(days=4)
        assert {first.id, second.id} == {
            *await toko.shipments.end_missed(limit=1),
            *await toko.shipments.end_missed(limit=5),
        }
        ended = await toko.shipments.get(first.id)
        order = await toko.orders.get(first.order_id)
        assert (ended.state, ended.collection, ended.missed.worth) == (ShipmentState.CANCELLED, None, order.total)
        with pytest.raises(IllegalShipmentTransition):
            await toko.shipments.collected(first, code=first.collection.code)
        items = (await toko.reviews.list([ReviewKind.UNCOLLECTED])).items
        assert {(each.order_id, each.amount) for each in items} == {
            (first.order_id, order.total),
            (second.order_id, order.total),
        }
        await toko.orders.cancel(first.order_id, reason="not collected")
        again = await toko.shipments.plan(second.order_id, method="pickup:toko")
        for each in (first, second):
            await toko.shipments.decide_missed(each, reason="money back, or another chance")
            with pytest.raises(NothingMissed):
                await toko.shipments.decide_missed(each, reason="twice")
        assert () == (await toko.reviews.list([ReviewKind.UNCOLLECTED])).items
        again = await toko.shipments.ready(again, collect_by=soon(toko))
        await toko.shipments.collected(again, code=again.collection.code)

    play(body)


def test_what_cannot_be_collected_is_refused(play_in_memory):
    """It goes by a courier, has a label, has left, no such time or shipment, an order that may not ship."""

    async def body(toko):
        sent = await toko.shipments.plan(await toko.given.order({"KOPI-250": 1}, delivery="jne:reg"))
        labelled = await toko.given.order({"KOPI-250": 1}, delivery="jne:reg")
        labelled = await toko.shipments.plan(labelled, method="pickup")
        await toko.shipments.pack(labelled, [ParcelDraft(goods={"KOPI-250": 1}, grams=300)])
        await toko.shipments.buy_labels(labelled, courier="fake-courier")
        here = await planned(toko)
        for refusal, shipment, until in (
            (NotForCollection, sent, soon(toko)),
            ((LabelsStand, IllegalShipmentTransition), labelled, soon(toko)),
            (InvalidInput, here, toko.clock.now()),
            (NaiveDatetime, here, datetime.fromisoformat("2030-01-01")),
            (NotFound, "shp_none", soon(toko)),
        ):
            with pytest.raises(refusal):
                await toko.shipments.ready(shipment, collect_by=until)
        with pytest.raises(IllegalShipmentTransition):
            await toko.shipments.collected(here, code="x")
        with pytest.raises(IllegalShipmentTransition):
            await toko.shipments.decide_missed(here, reason="x")
        shipment = await ready(toko)
        await toko.orders.block(shipment.order_id, "fraud", reason="looks odd")
        with pytest.raises(NotShippable):
            await toko.shipments.collected(shipment, code=shipment.collection.code)
        assert (await toko.shipments.get(shipment.id)).state is ShipmentState.READY
        await toko.shipments.cancel(shipment, reason="the bargain is off")
        with pytest.raises(NothingMissed):
            await toko.shipments.decide_missed(shipment, reason="x")

    play_in_memory(body, couriers=[FakeCourier()])


def test_staff_may_do_without_the_code(play_in_memory):
    """A customer has lost it: the goods are handed over by name, and the history says who has decided that."""

    async def body(toko):
        shipment = await ready(toko)
        await toko.shipments.hand_over(shipment)
        assert (await toko.shipments.delivered(shipment, received_by="Siti")).state is ShipmentState.DELIVERED

    play_in_memory(body)
