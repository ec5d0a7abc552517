"""A courier's scans move a shipment, whatever their order, and what contradicts them is kept."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tokolib import OrderState
from tokolib.fulfilment.errors import IllegalShipmentTransition
from tokolib.fulfilment.model import ShipmentState
from tokolib.shipping.tracking import Scan, TrackingStatus, fold

T = TrackingStatus


async def shipped(toko):
    order = await toko.given.order({"KOPI-250": 1})
    return order, await toko.shipments.hand_over(order, tracking="JNE1")


def test_scans_tell_where_a_shipment_is(play):
    """On its way nothing happens; attempts are noted with the courier's words; at the door it is delivered."""

    async def body(toko):
        order, shipment = await shipped(toko)
        left = toko.clock.now()
        toko.clock.forward(days=2)

        def scan(hours, status, text=""):
            return Scan(left + timedelta(hours=hours), status, raw_text=text)

        on_way = await toko.shipments.scanned(shipment, [scan(1, T.PICKED_UP), scan(5, T.IN_TRANSIT)])
        assert (on_way.state, on_way.journey.status) == (ShipmentState.HANDED_OVER, T.IN_TRANSIT)
        tried = await toko.shipments.scanned(shipment, [scan(20, T.ATTEMPT_FAILED, "CNEE UNKNOWN")])
        assert (tried.state, tried.attempts[0].reason) == (ShipmentState.FAILED, "CNEE UNKNOWN")
        assert await toko.shipments.scanned(shipment, [scan(20, T.ATTEMPT_FAILED, "CNEE UNKNOWN")]) == tried
        there = await toko.shipments.scanned(shipment, [scan(30, T.DELIVERED)])
        assert (there.state, there.delivered_at) == (ShipmentState.DELIVERED, left + timedelta(hours=30))
        assert (await toko.orders.get(order.id)).state is OrderState.COMPLETED

    play(body)


def test_what_needs_eyes_waits_for_a_person(play):
    """That it is back, or lost, no scan decides; a clock that is wrong moves nothing out of what can be."""

    async def body(toko):
        _, shipment = await shipped(toko)
        left = toko.clock.now()
        for status in (T.RETURNED, T.EXCEPTION):
            _, each = await shipped(toko)
            told = await toko.shipments.scanned(each, [Scan(left, status)])
            assert (told.state, told.journey.status) == (ShipmentState.HANDED_OVER, status)
        early = await toko.shipments.scanned(shipment, [Scan(left - timedelta(hours=7), T.DELIVERED)])
        assert (early.state, early.delivered_at) == (ShipmentState.DELIVERED, left)

    play(body)


def test_scans_come_before_the_hand_over_and_never_to_a_cancelled_one(play_in_memory):
    """An early one is kept; of what never left there is nothing to tell."""

    async def body(toko):
        planned = await toko.shipments.plan(await toko.given.order({"KOPI-250": 1}))
        early = await toko.shipments.scanned(planned, [Scan(toko.clock.now(), T.PICKED_UP)])
        assert (early.state, early.journey.status) == (ShipmentState.PLANNED, T.PICKED_UP)
        await toko.shipments.cancel(planned, reason="x")
        with pytest.raises(IllegalShipmentTransition):
            await toko.shipments.scanned(planned, [Scan(toko.clock.now(), T.IN_TRANSIT)])

    play_in_memory(body)


def test_what_a_person_has_said_since_stands(play_in_memory):
    """News of anything else turn no delivery back, and find no lost parcel; that the courier says it anew does."""

    async def body(toko):
        _, taken = await shipped(toko)
        _, lost = await shipped(toko)
        left = toko.clock.now()
        toko.clock.forward(days=2)

        def scan(hours, status):
            return Scan(left + timedelta(hours=hours), status)

        assert ShipmentState.RETURNING is (await toko.shipments.scanned(taken, [scan(1, T.RETURN_TO_SENDER)])).state
        await toko.shipments.delivered(taken)  # the customer took it after all
        await toko.shipments.scanned(lost, [scan(1, T.DELIVERED)])
        await toko.shipments.returning(lost, reason="was never there")
        await toko.shipments.lost(lost, reason="nobody knows")

        assert ShipmentState.DELIVERED is (await toko.shipments.scanned(taken, [scan(2, T.IN_TRANSIT)])).state
        assert ShipmentState.LOST is (await toko.shipments.scanned(lost, [scan(2, T.IN_TRANSIT)])).state
        assert ShipmentState.RETURNING is (await toko.shipments.scanned(taken, [scan(3, T.RETURN_TO_SENDER)])).state
        assert ShipmentState.DELIVERED is (await toko.shipments.scanned(lost, [scan(3, T.DELIVERED)])).state

    play_in_memory(body)


def test_an_attempt_from_the_future_is_one_attempt(play_in_memory):
    """A courier's clock may be a month ahead: what it told once is noted once, whatever is told afterwards."""

    async def body(toko):
        _, shipment = await shipped(toko)
        left = toko.clock.now()
        await toko.shipments.scanned(shipment, [Scan(left + timedelta(days=30), T.ATTEMPT_FAILED)])
        for hours in range(1, 4):
            toko.clock.forward(hours=1)
            shipment = await toko.shipments.scanned(shipment, [Scan(left + timedelta(hours=hours), T.IN_TRANSIT)])
        assert 1 == len(shipment.attempts)

    play_in_memory(body)


SAID = st.sampled_from([T.PICKED_UP, T.IN_TRANSIT, T.ATTEMPT_FAILED, T.DELIVERED, T.RETURN_TO_SENDER, T.UNKNOWN])
STATES = {
    T.DELIVERED: ShipmentState.DELIVERED,
    T.RETURN_TO_SENDER: ShipmentState.RETURNING,
}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(said=st.lists(st.tuples(st.integers(0, 40), SAID), min_size=1, max_size=8, unique=True), luck=st.randoms())
def test_the_order_in_which_scans_come_does_not_matter(play_in_memory, said, luck):
    """One by one in any order, or all at once: the journey is the same, and so is where the shipment stands."""

    async def body(toko):
        _, one = await shipped(toko)
        _, other = await shipped(toko)
        left = toko.clock.now()
        toko.clock.forward(days=3)
        scans = [Scan(left + timedelta(hours=hours), status) for hours, status in said]
        one = await toko.shipments.scanned(one, scans)
        luck.shuffle(scans)
        for each in scans:
            other = await toko.shipments.scanned(other, [each])
        assert one.journey == other.journey == fold(scans)
        if one.journey.status in STATES:
            assert STATES[one.journey.status] is one.state is other.state

    play_in_memory(body)
