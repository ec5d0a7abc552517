"""Goods leave, in parts if need be, and arrive."""

from datetime import UTC, datetime, timedelta

import pytest

from tokolib import IDR, InvalidInput, NotFound, OrderState
from tokolib.fulfilment.errors import IllegalShipmentTransition, ImpossibleArrival, NothingToShip
from tokolib.fulfilment.model import ShipmentState
from tokolib.kernel.errors import KeyReused, NaiveDatetime
from tokolib.kernel.numbers import NotExact
from tokolib.kernel.quantity import KILOGRAM, InvalidQuantity, Quantity
from tokolib.kernel.unit_set import NO_UNITS, UnitSet
from tokolib.orders.errors import IllegalOrderTransition, NotShippable
from tokolib.orders.model import FulfilmentStatus
from tokolib.orders.unit_errors import NamedTwice, TooManyUnits, UnknownLine


def test_an_order_leaves_in_parts(play):
    """Each shipment takes the next units; stock and holds follow; the order is complete when all has arrived."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 5, "GULA": "1.25"})
        first = await toko.shipments.hand_over(order, {"kopi-250": 2, "GULA": "0.5"}, tracking="JNE1")
        assert (first.number, [run.units for run in first.runs]) == (1, [2, 500])
        order = await toko.orders.get(order.id)
        assert (order.fulfilment, order.lines[0].on_the_way) == (FulfilmentStatus.PARTIALLY_SHIPPED, UnitSet.whole(2))
        await toko.shipments.hand_over(order, {order.lines[0].id: 1})
        last = await toko.shipments.hand_over(order)
        assert (last.number, [run.units for run in last.runs]) == (3, [2, 750])
        level = await toko.stock.level("KOPI-250")
        assert (level.on_hand.steps, level.held.steps) == (15, 0)
        for shipment in await toko.shipments.of(order):
            await toko.shipments.delivered(shipment.id, received_by="tetangga")
        order = await toko.orders.get(order.id)
        assert (order.fulfilment, order.state) == (FulfilmentStatus.DELIVERED, OrderState.COMPLETED)
        assert (await toko.shipments.get(first.id)).received_by == "tetangga"

    play(body)


def test_a_bundle_leaves_as_its_parts(play):
    """Components are held, shipped and returned; the bundle itself has no stock."""

    async def body(toko):
        order = await toko.given.order({"PAKET": 3, "Teh-100": 1})
        assert (await toko.stock.level("Teh-100")).held.steps == 7
        await toko.shipments.hand_over(order, {"PAKET": 1})
        assert (await toko.stock.level("Teh-100")).on_hand.steps == 18
        await toko.ship(order)
        assert (await toko.stock.level("KOPI-250")).on_hand.steps == 17
        await toko.returns.accept(order, {"PAKET": 2}, refund_to="cash")
        assert (await toko.stock.level("KOPI-250")).on_hand.steps == 19
        assert (await toko.stock.level("Teh-100")).on_hand.steps == 17

    play(body)


def test_what_may_not_leave_stays(play):
    """Unpaid, not open, not in the order, not countable: refused, and nothing has moved."""

    async def body(toko):
        unpaid = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer")
        with pytest.raises(IllegalOrderTransition):
            await toko.shipments.hand_over(unpaid)
        toko.world.instant = True
        charged = await toko.given.order({"KOPI-250": 1}, tender="fake")
        toko.world.take_back(toko.world.charges[-1].key)
        await toko.deliver_webhooks()
        with pytest.raises(NotShippable) as refused:
            await toko.shipments.hand_over(charged)
        assert "received" in refused.value.hint
        order = await toko.given.order({"KOPI-250": 2, "GULA": 1})
        for goods, error in (
            ({"KOPI-250": 3}, TooManyUnits),
            ({"Teh-100": 1}, UnknownLine),
            ({"KOPI-250": 1, "kopi-250": 1}, NamedTwice),
            ({"KOPI-250": 1, order.lines[0].id: 1}, NamedTwice),
            ({"KOPI-250": 0}, InvalidQuantity),
            ({"GULA": "0.0001"}, InvalidQuantity),
            ({"GULA": 0.5}, NotExact),
            ({"GULA": 10**5_000}, NotExact),
            ({"GULA": Quantity(10**24, KILOGRAM)}, NotExact),
            ({}, NothingToShip),
        ):
            with pytest.raises(error):
                await toko.shipments.hand_over(order, goods)
        await toko.ship(order)
        with pytest.raises(IllegalOrderTransition):
            await toko.shipments.hand_over(order)
        assert (await toko.stock.level("KOPI-250")).on_hand.steps == 18
        with pytest.raises(NotFound):
            await toko.shipments.get("shp_nothing")

    play(body)


@pytest.mark.parametrize("text", ["x" * 301, "a\0b"])
def test_what_a_courier_says_is_one_printable_line(play_in_memory, text):
    """A number, a method or a name that can't be kept is refused by name, and nothing has moved."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2})
        shipment = await toko.shipments.hand_over(order, {"KOPI-250": 1}, tracking=" JNE1 ")
        refused = (
            ("tracking", lambda: toko.shipments.hand_over(order, tracking=text)),
            ("method", lambda: toko.shipments.hand_over(order, method=text)),
            ("tracking", lambda: toko.shipments.track(shipment, text)),
            ("received_by", lambda: toko.shipments.delivered(shipment, received_by=text)),
        )
        for path, call in refused:
            with pytest.raises(InvalidInput) as error:
                await call()
            assert [path] == [fault.path for fault in error.value.faults]
        assert "JNE1" == shipment.tracking
        assert (shipment,) == await toko.shipments.of(order)

    play_in_memory(body)


def test_a_shipment_with_nothing_left_is_refused(play_in_memory):
    """Everything is on its way: nothing more can leave."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1})
        await toko.shipments.hand_over(order)
        with pytest.raises(NothingToShip):
            await toko.shipments.hand_over(order)

    play_in_memory(body)


def test_hand_over_is_safe_to_repeat(play):
    """The same key and request is one shipment; delivered said twice is heard once."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2})
        shipment = await toko.shipments.hand_over(order, {"KOPI-250": 1}, key="door")
        assert await toko.shipments.hand_over(order, {"KOPI-250": 1}, key="door") == shipment
        assert await toko.shipments.hand_over(order, {"KOPI-250": "1.0"}, key="door") == shipment
        with pytest.raises(KeyReused):
            await toko.shipments.hand_over(order, key="door")
        tracked = await toko.shipments.track(shipment, "JNE7")
        assert await toko.shipments.track(shipment.id, "JNE7") == tracked
        arrived = await toko.shipments.delivered(shipment)
        assert await toko.shipments.delivered(shipment) == arrived
        assert arrived.state is ShipmentState.DELIVERED and arrived.version == 3
        with pytest.raises(IllegalShipmentTransition):
            await toko.shipments.track(shipment, "JNE8")

    play(body)


def test_the_moment_of_arrival_has_a_zone(play_in_memory):
    """A naive instant could be two moments."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1})
        shipment = await toko.shipments.hand_over(order)
        with pytest.raises(NaiveDatetime):
            await toko.shipments.delivered(shipment, at=datetime(2026, 3, 2, 9, 0))  # noqa: DTZ001
        when = toko.clock.now()
        toko.clock.forward(hours=5)
        assert (await toko.shipments.delivered(shipment, at=when)).delivered_at == when

    play_in_memory(body)


def test_goods_arrive_after_they_left_and_not_in_the_future(play):
    """An instant before the hand-over, or more than a day ahead, is refused with what could be."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1})
        shipment = await toko.shipments.hand_over(order)
        left = toko.clock.now()
        toko.clock.forward(hours=5)
        latest = toko.clock.now() + timedelta(days=1)
        for at in (left - timedelta(seconds=1), latest + timedelta(seconds=1), datetime(9999, 12, 30, tzinfo=UTC)):
            with pytest.raises(ImpossibleArrival) as error:
                await toko.shipments.delivered(shipment, at=at)
            instants = (error.value.at, error.value.earliest, error.value.latest)
            assert instants == (at.isoformat(), left.isoformat(), latest.isoformat())
        assert await toko.shipments.get(shipment.id) == shipment
        assert (await toko.shipments.delivered(shipment, at=latest)).delivered_at == latest

    play(body)


def test_several_lines_of_one_sku_are_filled_in_order(play_in_memory):
    """A quantity by SKU runs over its lines; by line id it stays within one."""

    async def body(toko):
        import tokolib

        lines = [tokolib.LineWish("KOPI-250", 2), tokolib.LineWish("KOPI-250", 3, price=IDR(1), reason="old stock")]
        order = await toko.given.order(lines)
        shipment = await toko.shipments.hand_over(order, {"KOPI-250": 3})
        assert [run.units for run in shipment.runs] == [2, 1]
        with pytest.raises(TooManyUnits):
            await toko.shipments.hand_over(order, {order.lines[0].id: 1})
        with pytest.raises(NamedTwice):
            await toko.shipments.hand_over(order, {"KOPI-250": 1, order.lines[1].id: 1})
        last = await toko.shipments.hand_over(order, {"KOPI-250": 2})
        assert [(run.first, run.beyond) for run in last.runs] == [(1, 3)]

    play_in_memory(body)


def test_what_comes_back_undelivered_completes_its_order(play):
    """The first parcel arrived, the second came back to the sender: nothing is on the way, nothing is owed."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 3})
        await toko.shipments.hand_over(order, {"KOPI-250": 1})
        arrived = await toko.shipments.hand_over(order, {"KOPI-250": 2})
        await toko.shipments.delivered(arrived)
        back = await toko.returns.accept(order, {"KOPI-250": 1}, reason="nobody home", refund_to="cash")
        assert back.lines[0].run.first == 0
        order = await toko.orders.get(order.id)
        assert (order.state, order.lines[0].on_the_way) == (OrderState.COMPLETED, NO_UNITS)
        await toko.shipments.delivered((await toko.shipments.of(order))[0])

    play(body)
