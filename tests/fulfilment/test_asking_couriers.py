"""Couriers are asked where parcels are: what they tell is folded as their own scans are, whatever order it has."""

from datetime import timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib import NotFound
from tokolib.effects.answers import UnusableAnswer
from tokolib.effects.outside import NotFoundOutside, Transient
from tokolib.fulfilment.couriers import NoSuchCourier, NotOffered
from tokolib.fulfilment.errors import IllegalShipmentTransition, NothingToAsk
from tokolib.fulfilment.following import EVERY, together
from tokolib.fulfilment.model import ShipmentState
from tokolib.fulfilment.packing import ParcelDraft
from tokolib.shipping.tracking import Scan, TrackingStatus
from tokolib.testing import ManualClock
from tokolib.testing.fake_courier import AsyncFakeCourier, FakeCourier

S = TrackingStatus


async def out(toko, courier="fake-courier", parcels=1):
    """A shipment that its courier has."""
    order = await toko.given.order({"KOPI-250": parcels}, delivery="jne:reg")
    drafts = [ParcelDraft(goods={"KOPI-250": 1}, grams=700) for _ in range(parcels)]
    shipment = await toko.shipments.pack(await toko.shipments.plan(order), drafts)
    await toko.shipments.buy_labels(shipment, courier=courier)
    return await toko.shipments.hand_over(shipment)


def scan(toko, status, minutes=0):
    return Scan(toko.clock.now() + timedelta(minutes=minutes), status, raw_code=status.value)


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize(
    ("told", "state"),
    [
        ((S.IN_TRANSIT,), ShipmentState.HANDED_OVER),
        ((S.IN_TRANSIT, S.ATTEMPT_FAILED), ShipmentState.FAILED),
        ((S.ATTEMPT_FAILED, S.OUT_FOR_DELIVERY, S.DELIVERED), ShipmentState.DELIVERED),
        ((S.ATTEMPT_FAILED, S.RETURN_TO_SENDER), ShipmentState.RETURNING),
        ((S.DELIVERED, S.IN_TRANSIT), ShipmentState.DELIVERED),
    ],
)
def test_what_a_courier_tells_happens(play, told, state, shuffled):
    """In whatever order, and twice: delivered, tried in vain, turned back; what contradicts is an anomaly."""
    courier = FakeCourier()

    async def body(toko):
        shipment = await out(toko)
        courier.scans(shipment.tracking, *(scan(toko, each, at) for at, each in enumerate(told)))
        courier.switches.shuffled = shuffled
        known = await toko.shipments.ask_courier(shipment)
        assert (known.state, len(known.scans)) == (state, len(told))
        assert (told == (S.DELIVERED, S.IN_TRANSIT)) is bool(known.journey.anomalies)

    play(body, couriers=[courier])


def test_news_that_come_late_are_taken_in_when_they_come(play_in_memory):
    """A scan that the courier tells later, though it was before the others, changes what has happened."""
    courier = FakeCourier()

    async def body(toko):
        shipment = await out(toko)
        courier.scans(shipment.tracking, scan(toko, S.IN_TRANSIT), scan(toko, S.DELIVERED, 5))
        courier.switches.withheld = 1
        assert (await toko.shipments.ask_courier(shipment)).state is ShipmentState.HANDED_OVER
        courier.switches.withheld = 0
        assert (await toko.shipments.ask_courier(shipment)).state is ShipmentState.DELIVERED
        with pytest.raises(IllegalShipmentTransition):
            await toko.shipments.ask_courier(shipment)

    play_in_memory(body, couriers=[courier])


def test_several_parcels_are_delivered_with_the_last(play_in_memory):
    """One at the door is no delivery while another one is on its way."""
    courier = FakeCourier()

    async def body(toko):
        shipment = await out(toko, parcels=2)
        first, second = (each.tracking for each in await toko.shipments.labels(shipment))
        courier.scans(first, scan(toko, S.DELIVERED, 1))
        courier.scans(second, scan(toko, S.IN_TRANSIT, 2))
        assert (await toko.shipments.ask_courier(shipment)).state is ShipmentState.HANDED_OVER
        courier.scans(second, scan(toko, S.DELIVERED, 3))
        toko.clock.forward(hours=1)
        known = await toko.shipments.ask_courier(shipment)
        assert (known.state, known.delivered_at) == (
            ShipmentState.DELIVERED,
            toko.clock.now() - timedelta(minutes=57),
        )

    play_in_memory(body, couriers=[courier])


def test_a_parcel_without_a_number_is_not_taken_for_delivered(play_in_memory):
    """A courier that tells one number late: the other parcel at the door is no delivery of both."""

    class Late(FakeCourier):
        def book(self, request, *, key):
            sold = super().book(request, key=key)
            return attrs.evolve(sold, tracking="") if request.parcel == 2 else sold

    courier = Late()

    async def body(toko):
        shipment = await out(toko, parcels=2)
        assert [True, False] == [bool(each.tracking) for each in shipment.labels]
        courier.scans(shipment.tracking, scan(toko, S.IN_TRANSIT), scan(toko, S.DELIVERED, 1))
        known = await toko.shipments.ask_courier(shipment)
        assert (ShipmentState.HANDED_OVER, S.IN_TRANSIT) == (known.state, known.journey.status)

    play_in_memory(body, couriers=[courier])


@pytest.mark.parametrize("told", [lambda scans: list(scans), lambda scans: (*scans, "delivered"), lambda scans: None])
def test_what_is_no_tuple_of_scans_is_no_answer(play_in_memory, told):
    """An adapter that answers with something else is named, and nothing of it is believed, nor passed over."""

    class Odd(FakeCourier):
        def track(self, tracking):
            return told(super().track(tracking))

    courier = Odd()

    async def body(toko):
        shipment = await out(toko)
        courier.scans(shipment.tracking, scan(toko, S.DELIVERED))
        with pytest.raises(UnusableAnswer, match="must be a tuple of Scans"):
            await toko.shipments.ask_courier(shipment)
        assert shipment == await toko.shipments.get(shipment.id)
        (failure,) = (await toko.shipments.ask_couriers()).failures
        assert shipment.id in failure

    play_in_memory(body, couriers=[courier])


def test_one_that_arrives_meanwhile_hinders_no_other(play_in_memory):
    """While a courier is asked about one, somebody tells that another arrived: the third is asked about too."""
    courier = FakeCourier()

    async def body(toko):
        shipments = [await out(toko) for _ in range(3)]
        asked = courier.track
        shop = toko.shop._subject

        def track(tracking):
            if tracking == shipments[0].tracking:
                shop.shipments.delivered(shipments[1].id)
            return asked(tracking)

        courier.track = track
        done = await toko.shipments.ask_couriers()
        assert {shipments[0].id, shipments[2].id} == set(done.shipments)
        assert [shipments[1].id in each for each in done.failures] == [True]

    play_in_memory(body, couriers=[courier])


STATUSES = st.lists(st.sampled_from([S.IN_TRANSIT, S.ATTEMPT_FAILED, S.DELIVERED]), max_size=3)


@given(parcels=st.lists(STATUSES, min_size=2, max_size=4))
def test_a_shipment_is_delivered_just_when_all_of_its_parcels_are(parcels):
    """Of several parcels no scan says "delivered" before each of them has one; then the last one does, alone."""
    now = ManualClock().now()
    told = [
        tuple(Scan(now + timedelta(hours=at, minutes=number), each) for at, each in enumerate(parcel))
        for number, parcel in enumerate(parcels)
    ]
    delivered = [each for each in together(told) if each.status is S.DELIVERED]
    every = [each.at for parcel in told for each in parcel if each.status is S.DELIVERED]
    assert delivered == [] or max(every) == delivered[0].at
    assert len(delivered) == all(S.DELIVERED in parcel for parcel in parcels)
    others = [each for parcel in told for each in parcel if each.status is not S.DELIVERED]
    assert others == [each for each in together(told) if each.status is not S.DELIVERED]


def test_all_that_is_out_is_asked_about_in_turn(play):
    """The longest waiting first and at most so many; one without an answer hinders no other, and is asked again."""
    courier, silent = FakeCourier(), FakeCourier("silent", tracks=False)

    async def body(toko):
        shipments = [await out(toko) for _ in range(3)]
        mute = await out(toko, "silent")
        courier.scans(shipments[1].tracking, scan(toko, S.DELIVERED))
        courier.switches.unreachable = 1

        first = await toko.shipments.ask_couriers(limit=2)
        second = await toko.shipments.ask_couriers(limit=5)

        assert {each.id for each in shipments} > set(first.shipments) and len(first.failures) == 1
        assert len({*first.shipments, *second.shipments}) == 2
        assert [True] == ["telephone" in each for each in second.failures if mute.id in each]
        assert ((), ()) == attributes(await toko.shipments.ask_couriers())
        toko.clock.forward(hours=EVERY.total_seconds() / 3600)
        third = await toko.shipments.ask_couriers()
        assert mute.id not in third.shipments and shipments[1].id not in third.shipments
        assert 2 == len(third.shipments) and () == third.failures
        assert (await toko.shipments.get(shipments[1].id)).state is ShipmentState.DELIVERED

    play(body, couriers=[courier, silent])


def attributes(asked):
    return asked.shipments, asked.failures


def test_a_lost_parcel_is_for_a_person_to_give_up(play_in_memory):
    """The courier knows it no more: it is told, and nothing about the shipment changes."""
    courier = FakeCourier()

    async def body(toko):
        shipment = await out(toko)
        courier.switches.lost = True
        with pytest.raises(NotFoundOutside):
            await toko.shipments.ask_courier(shipment)
        assert shipment == await toko.shipments.get(shipment.id)
        (failure,) = (await toko.shipments.ask_couriers()).failures
        assert shipment.id in failure
        assert (await toko.shipments.get(shipment.id)).state is ShipmentState.HANDED_OVER

    play_in_memory(body, couriers=[courier])


def test_what_nobody_can_be_asked_about_is_refused(play_in_memory):
    """Not out, no number, no account, one that can't be asked, one that doesn't answer: nothing is changed."""
    courier = FakeCourier()

    async def body(toko):
        planned = await toko.shipments.plan(await toko.given.order({"KOPI-250": 1}, delivery="jne:reg"))
        with pytest.raises(IllegalShipmentTransition):
            await toko.shipments.ask_courier(planned)
        bare = await toko.shipments.hand_over(planned)
        with pytest.raises(NothingToAsk):
            await toko.shipments.ask_courier(bare, courier="fake-courier")
        bare = await toko.shipments.track(bare, "JNE1")
        with pytest.raises(NothingToAsk):
            await toko.shipments.ask_courier(bare)
        with pytest.raises(NoSuchCourier):
            await toko.shipments.ask_courier(bare, courier="jne")
        courier.scans("JNE1", scan(toko, S.DELIVERED))
        courier.switches.unreachable = 1
        with pytest.raises(Transient):
            await toko.shipments.ask_courier(bare, courier="fake-courier")
        assert (await toko.shipments.ask_courier(bare, courier="fake-courier")).state is ShipmentState.DELIVERED
        with pytest.raises(NotOffered):
            await toko.shipments.ask_courier(await out(toko, "silent"))
        with pytest.raises(NotFound):
            await toko.shipments.ask_courier("shp_none")

    play_in_memory(body, couriers=[courier, FakeCourier("silent", tracks=False)])


def test_a_courier_that_is_asked_may_be_awaited(play):
    """In a shop that is awaited."""
    from tokolib.kernel.errors import HostMismatch

    courier = AsyncFakeCourier()

    async def body(toko):
        shipment = await out(toko)
        courier.scans(shipment.tracking, scan(toko, S.DELIVERED))
        assert (await toko.shipments.ask_courier(shipment)).state is ShipmentState.DELIVERED

    try:
        play(body, couriers=[courier])
    except HostMismatch as refused:
        assert "fake-courier" in str(refused)
