"""Shipments are planned before they leave: what one has claimed no other takes, and a cancelled one gives it back."""

import pytest

from tokolib import InvalidInput, OrderState
from tokolib.fulfilment.errors import IllegalShipmentTransition, NothingToShip
from tokolib.fulfilment.model import ShipmentState
from tokolib.kernel.errors import KeyReused
from tokolib.kernel.unit_set import NO_UNITS, UnitSet
from tokolib.orders.errors import ClaimedByShipments, NotShippable
from tokolib.orders.model import FulfilmentStatus
from tokolib.orders.unit_errors import TooManyUnits


def test_a_planned_shipment_claims_its_units(play):
    """No other shipment takes them; stock stays held and here until it is handed over, by the same command."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 5})
        planned = await toko.shipments.plan(order, {"KOPI-250": 2}, method="jnt:ez")
        assert (planned.state, planned.is_here, planned.number) == (ShipmentState.PLANNED, True, 1)
        line = (await toko.orders.get(order.id)).lines[0]
        assert (line.planned, len(line.open), len(line.free)) == (UnitSet.whole(2), 5, 3)
        with pytest.raises(TooManyUnits):
            await toko.shipments.hand_over(order, {"KOPI-250": 4})
        other = await toko.shipments.hand_over(order)
        assert [(run.first, run.beyond) for run in other.runs] == [(2, 5)]
        level = await toko.stock.level("KOPI-250")
        assert (level.on_hand.steps, level.held.steps) == (17, 2)

        left = await toko.shipments.hand_over(planned, tracking="JT1")

        assert (left.id, left.state, left.tracking) == (planned.id, ShipmentState.HANDED_OVER, "JT1")
        assert (left.method, left.handed_over_at) == ("jnt:ez", toko.clock.now())
        order = await toko.orders.get(order.id)
        assert (order.fulfilment, order.lines[0].planned) == (FulfilmentStatus.SHIPPED, NO_UNITS)
        level = await toko.stock.level("KOPI-250")
        assert (level.on_hand.steps, level.held.steps) == (15, 0)
        for each in (left, other):
            await toko.shipments.delivered(each)
        assert (await toko.orders.get(order.id)).state is OrderState.COMPLETED

    play(body)


def test_a_cancelled_shipment_gives_its_units_back(play):
    """Whoever comes next may take them; said twice, it is heard once; what has left can't be cancelled."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2})
        planned = await toko.shipments.plan(order)
        with pytest.raises(NothingToShip):
            await toko.shipments.plan(order)
        with pytest.raises(ClaimedByShipments) as claimed:
            await toko.orders.cancel(order, reason="changed mind")
        assert claimed.value.claimed == ("KOPI-250",)

        gone = await toko.shipments.cancel(planned, reason="shelf is wet")

        assert (gone.state, gone.reason) == (ShipmentState.CANCELLED, "shelf is wet")
        assert await toko.shipments.cancel(planned, reason="again") == gone
        with pytest.raises(IllegalShipmentTransition) as refused:
            await toko.shipments.hand_over(gone)
        assert refused.value.allowed == ()
        left = await toko.shipments.hand_over(order)
        assert (left.number, [run.units for run in left.runs]) == (2, [2])
        with pytest.raises(IllegalShipmentTransition) as refused:
            await toko.shipments.cancel(left, reason="too late")
        assert "shipments.delivered" in refused.value.allowed
        other = await toko.given.order({"KOPI-250": 1})
        await toko.shipments.cancel(await toko.shipments.plan(other), reason="customer called")
        assert (await toko.orders.cancel(other, reason="changed mind")).state is OrderState.CANCELLED

    play(body)


def test_planning_is_safe_to_repeat_and_refuses_what_may_not_leave(play_in_memory):
    """One key is one shipment; a blocked order is planned no more, and one that is planned does not leave."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2})
        planned = await toko.shipments.plan(order, {"KOPI-250": 1}, key="p")
        assert await toko.shipments.plan(order, {"KOPI-250": "1.0"}, key="p") == planned
        with pytest.raises(KeyReused):
            await toko.shipments.plan(order, key="p")
        await toko.orders.block(order, "fraud", reason="odd")
        for call in (lambda: toko.shipments.plan(order), lambda: toko.shipments.hand_over(planned)):
            with pytest.raises(NotShippable):
                await call()
        with pytest.raises(InvalidInput):
            await toko.shipments.hand_over(planned, {"KOPI-250": 1})
        await toko.orders.unblock(order, "fraud")
        left = await toko.shipments.hand_over(planned, key="door")
        assert await toko.shipments.hand_over(planned, key="door") == left
        assert [planned.id] == [each.id for each in (await toko.shipments.in_state(ShipmentState.HANDED_OVER)).items]
        assert () == (await toko.shipments.in_state(ShipmentState.PLANNED)).items

    play_in_memory(body)


def test_what_is_planned_is_captured_as_it_leaves(play):
    """Money that is reserved stays so while goods are made ready, and is captured when they are handed over."""

    async def body(toko):
        from tokolib import Policies

        toko.world.instant = True
        await toko.settings.change(policies=Policies(capture="at_hand_over"))
        order = await toko.given.order({"KOPI-250": 2}, tender="fake")
        planned = await toko.shipments.plan(order)
        assert (await toko.orders.get(order.id)).captured == 0
        await toko.shipments.hand_over(planned)
        assert (await toko.orders.get(order.id)).captured == order.total.minor_units

    play(body)


def test_a_part_is_cancelled_only_of_what_no_shipment_has_claimed(play):
    """What is being made ready stays with its shipment; of the rest any unit may go."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 4})
        planned = await toko.shipments.plan(order, {"KOPI-250": 3})
        with pytest.raises(TooManyUnits):
            await toko.orders.cancel(order, {"KOPI-250": 2}, reason="too many")
        left = (await toko.orders.cancel(order, {"KOPI-250": 1}, reason="too many")).lines[0]
        assert (left.cancelled, left.planned) == (UnitSet(((3, 4),)), UnitSet.whole(3))
        await toko.shipments.delivered(await toko.shipments.hand_over(planned))
        assert (await toko.orders.get(order.id)).state is OrderState.COMPLETED

    play(body)


def test_a_plan_ends_its_order_when_the_goods_are_given_back(play):
    """An instalment is overdue while goods are made ready: they don't leave, and with them back the order ends."""

    async def body(toko):
        from tokolib import Basket
        from tokolib.payments import monthly

        terms = {"deposit": "0.5", "steps": monthly(1), "late": "cancel", "goods": "while_on_time"}
        await toko.plans.put("dp50", title="DP 50 %", **terms)
        order = await toko.orders.place(Basket({"KOPI-250": 2}), tender="cash", plan="dp50", key="web-1")
        one, two = [await toko.shipments.plan(order, {"KOPI-250": 1}) for _ in range(2)]
        toko.clock.forward(days=40)
        await toko.tick()
        assert (await toko.orders.get(order.id)).state is OrderState.PLACED
        with pytest.raises(NotShippable):
            await toko.shipments.hand_over(one)
        await toko.shipments.cancel(one, reason="not paid")
        assert (await toko.orders.get(order.id)).state is OrderState.PLACED
        await toko.shipments.picked((await toko.shipments.pick(two))[0], short={"KOPI-250": 1})
        assert (await toko.orders.get(order.id)).state is OrderState.CANCELLED
        assert 20 == (await toko.stock.available("KOPI-250")).steps

    play(body)
