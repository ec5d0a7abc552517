"""A courier fetches labelled parcels once, whatever is lost on the way; a shipment waits for one driver at most."""

import contextlib
from datetime import UTC, datetime, timedelta

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tokolib import IDR, Address, InvalidInput, NotFound
from tokolib.desk.reviews.model import ReviewKind
from tokolib.fulfilment.bookings.costs import LEDGER
from tokolib.fulfilment.couriers import BookedPickup, NoSuchCourier, NotOffered, PickupWindow
from tokolib.fulfilment.errors import IllegalShipmentTransition, LabelAwaited
from tokolib.fulfilment.model import ShipmentState
from tokolib.fulfilment.packing import ParcelDraft
from tokolib.fulfilment.pickups import LabelledElsewhere, PickupMade, PickupNotOpen, PickupStands, PickupState
from tokolib.fulfilment.together import NotTogether
from tokolib.kernel.errors import NaiveDatetime, TokolibError
from tokolib.testing.fake_courier import AsyncFakeCourier, FakeCourier

GUDANG = Address("Kedai Kopi", "Jl. Kaliurang 5", city="Sleman", postal_code="55281", country="ID")


async def labelled(toko, courier="fake-courier", parcels=1, **options):
    """A shipment whose parcels have their labels."""
    order = await toko.given.order({"KOPI-250": parcels}, delivery="jne:reg", **options)
    drafts = [ParcelDraft(goods={"KOPI-250": 1}, grams=700) for _ in range(parcels)]
    shipment = await toko.shipments.pack(await toko.shipments.plan(order), drafts)
    await toko.shipments.buy_labels(shipment, courier=courier)
    return await toko.shipments.get(shipment.id)


def window(toko, hours=6):
    now = toko.clock.now()
    return now + timedelta(hours=2), now + timedelta(hours=2 + hours)


async def fetch(toko, shipments, courier="fake-courier", **options):
    return await toko.pickups.book(shipments, courier=courier, **{"window": window(toko)} | options)


async def later(toko, hours=1):
    toko.clock.forward(hours=hours)
    return await toko.shop.tick()


def coming(courier):
    """The drivers that will come."""
    return [each for each in courier.pickups if not each.void]


def test_labelled_parcels_are_fetched_together(play):
    """The courier is told of all parcels by value; the same request again answers the same pickup."""
    courier = FakeCourier(price_per_pickup=5_000)

    async def body(toko):
        one, two = await labelled(toko, parcels=2), await labelled(toko)
        when = window(toko)

        pickup = await fetch(toko, [two, one], window=when, address=GUDANG)

        assert (pickup.state, pickup.account, pickup.price) == (PickupState.BOOKED, "fake-courier", IDR(5_000))
        assert (pickup.shipments, pickup.window) == (
            (one.id, two.id),
            PickupWindow(since=when[0], until=when[1]),
        )
        assert {pickup.id} == {(await toko.shipments.get(each.id)).pickup_id for each in (one, two)}
        assert pickup == await fetch(toko, [one.id, two.id], window=when, address=GUDANG)
        (told,) = courier.told_of_pickups
        assert (told.address, told.grams, len(told.parcels)) == (GUDANG, 2_100, 3)
        assert {each.tracking for each in told.parcels} == {each.tracking for each in courier.sold}
        assert (pickup,) == (await toko.pickups.in_state(PickupState.BOOKED)).items
        assert (one.id, two.id) == tuple(each.id for each in await toko.pickups.not_fetched(pickup))
        await toko.shipments.hand_over(one)
        assert [two.id] == [each.id for each in await toko.pickups.not_fetched(pickup.id)]
        cost = [each.amount for each in await posted(toko) if each.kind == "pickup"]
        assert [5_000, -5_000] == cost

    play(body, couriers=[courier])


async def posted(toko):
    """The entries of the cost ledger."""
    from tokolib.kernel.hosting import resolved

    storage = toko.shop._subject._work.storage
    work = await resolved(storage.begin("default", read_only=True))
    page = await resolved(work.ledger(LEDGER))
    await resolved(work.rollback())
    return page.items


@pytest.mark.parametrize("lost", ["time_out_before", "time_out_after", "unreachable"])
@pytest.mark.parametrize(("dedupes", "looks_up"), [(True, True), (True, False), (False, True)])
def test_a_lost_answer_sends_no_second_driver(play, lost, dedupes, looks_up):
    """It is looked up before it is sent again, or sent under the key that the courier knows."""
    courier = FakeCourier(dedupes=dedupes, looks_up=looks_up)

    async def body(toko):
        shipment = await labelled(toko)
        setattr(courier.switches, lost, 1)
        when = window(toko)
        pickup = await fetch(toko, shipment, window=when)
        assert (pickup.state, pickup.price) == (PickupState.WAITING, None)
        assert pickup == await fetch(toko, shipment, window=when)
        with pytest.raises(PickupNotOpen):
            await toko.pickups.cancel(pickup)
        with pytest.raises(PickupStands) as refused:
            await fetch(toko, shipment, window=window(toko, 7))
        assert (refused.value.pickup_id, refused.value.state) == (pickup.id, "waiting")

        assert 1 == (await later(toko)).asked_pickups

        assert (await toko.pickups.get(pickup.id)).state is PickupState.BOOKED
        assert 1 == len(courier.pickups)

    play(body, couriers=[courier])


@pytest.mark.parametrize("lost", ["time_out_before", "time_out_after"])
def test_what_nobody_can_know_a_person_asks(play, lost):
    """Where a courier neither recognises a repeated request nor can be asked, nothing is sent again."""
    courier = FakeCourier(dedupes=False, looks_up=False)

    async def body(toko):
        shipment = await labelled(toko)
        setattr(courier.switches, lost, 1)
        pickup = await fetch(toko, shipment)
        for _ in range(3):
            await later(toko)

        assert ["book", "book_pickup"] == courier.calls
        (item,) = (await toko.reviews.list([ReviewKind.PICKUP])).items
        assert (item.id, item.why, item.provider) == (pickup.id, "effects.cannot_resend", "fake-courier")
        assert ("pickups.resolve",) == tuple(way.command for way in item.ways)
        if courier.pickups:
            said = await toko.pickups.resolve(pickup, courier.pickups[0], reason="they confirmed it by phone")
            assert said.state is PickupState.BOOKED
        else:
            said = await toko.pickups.resolve(pickup, failure="not there", reason="asked them")
            assert (said.state, (await toko.shipments.get(shipment.id)).pickup_id) == (PickupState.REFUSED, "")
            await fetch(toko, shipment)
        assert () == (await toko.reviews.list([ReviewKind.PICKUP])).items
        assert 1 == len(coming(courier))
        with pytest.raises(PickupNotOpen):
            await toko.pickups.resolve(pickup, failure="no", reason="again")

    play(body, couriers=[courier])


@pytest.mark.parametrize("lost", ["", "time_out_before", "time_out_after"])
def test_a_cancelled_pickup_is_booked_anew(play, lost):
    """At its own account and once; then it costs nothing, and its shipments may be fetched otherwise."""
    courier = FakeCourier(price_per_pickup=5_000)

    async def body(toko):
        shipment = await labelled(toko)
        pickup = await fetch(toko, shipment)
        if lost:
            setattr(courier.switches, lost, 1)
        gone = await toko.pickups.cancel(pickup)
        if lost:
            assert gone.state is PickupState.WAITING
            await later(toko)
        gone = await toko.pickups.get(pickup.id)
        assert (gone.state, gone.price) == (PickupState.CANCELLED, IDR(0))
        assert gone == await toko.pickups.cancel(pickup)
        assert [] == coming(courier)
        again = await fetch(toko, shipment)
        assert (again.state, again.id != pickup.id, len(coming(courier))) == (PickupState.BOOKED, True, 1)
        assert sum(each.amount for each in await posted(toko) if each.account == "cost:fake-courier") == 14_000

    play(body, couriers=[courier])


def test_a_driver_on_the_way_is_not_called_back(play_in_memory):
    """The courier refuses: the pickup stands, and cancelling it may be tried again under another key."""
    courier = FakeCourier()

    async def body(toko):
        pickup = await fetch(toko, await labelled(toko))
        courier.switches.fetched = True
        assert (await toko.pickups.cancel(pickup)).state is PickupState.BOOKED
        courier.switches.fetched = False
        gone = await toko.pickups.cancel(pickup)
        assert (gone.state, [each.attempt for each in gone.operations]) == (PickupState.CANCELLED, [1, 1, 2])

    play_in_memory(body, couriers=[courier])


def test_a_driver_who_has_been_there_is_not_called_off(play_in_memory):
    """All that was to be fetched is on a manifest; as long as a parcel is here, somebody may still call it off."""

    async def body(toko):
        one, two = await labelled(toko, key="web-1"), await labelled(toko, key="web-2")
        pickup = await fetch(toko, [one, two])
        first = await toko.manifests.close([one], courier="fake-courier")
        last = await toko.manifests.close([two], courier="fake-courier")

        with pytest.raises(PickupMade) as refused:
            await toko.pickups.cancel(pickup)

        assert refused.value.manifest_id in (first.id, last.id)
        assert PickupState.BOOKED is (await toko.pickups.get(pickup.id)).state

    play_in_memory(body, couriers=[FakeCourier()])


def test_what_was_not_fetched_in_time_is_booked_anew(play_in_memory):
    """When the window is over a shipment that is still here may be fetched with another pickup."""
    courier = FakeCourier()

    async def body(toko):
        shipment = await labelled(toko)
        first = await fetch(toko, shipment)
        with pytest.raises(PickupStands):
            await fetch(toko, shipment, window=window(toko, 9))
        toko.clock.forward(hours=9)
        second = await fetch(toko, shipment)
        assert (await toko.shipments.get(shipment.id)).pickup_id == second.id
        await toko.pickups.cancel(first)
        assert (await toko.shipments.get(shipment.id)).pickup_id == second.id

    play_in_memory(body, couriers=[courier])


def test_what_cannot_be_fetched_is_refused(play_in_memory):
    """No such account, one that fetches nothing, labels of another, two locations, not labelled, no such time."""
    couriers = [FakeCourier(), FakeCourier("other"), FakeCourier("counter", fetches=False)]

    async def body(toko):
        shipment, elsewhere = await labelled(toko), await labelled(toko, "other")
        packed = await toko.given.order({"KOPI-250": 1}, delivery="jne:reg")
        packed = await toko.shipments.plan(packed)
        for refusal, shipments, options in (
            (NoSuchCourier, shipment, {"courier": "jne"}),
            (NotOffered, shipment, {"courier": "counter"}),
            (LabelledElsewhere, [shipment, elsewhere], {}),
            (IllegalShipmentTransition, packed, {}),
            (InvalidInput, [], {}),
            (InvalidInput, shipment, {"window": window(toko, -1)}),
            (InvalidInput, shipment, {"window": tuple(each - timedelta(days=1) for each in window(toko))}),
            (InvalidInput, shipment, {"window": window(toko)[:1]}),
            (NaiveDatetime, shipment, {"window": tuple(each.replace(tzinfo=None) for each in window(toko))}),
            (NotFound, "shp_none", {}),
        ):
            with pytest.raises(refusal):
                await fetch(toko, shipments, **options)
        assert () == couriers[0].pickups + couriers[2].pickups
        assert (await toko.shipments.get(shipment.id)).pickup_id == ""
        pickup = await fetch(toko, shipment)
        for said in ({}, {"found": couriers[0].pickups[0], "failure": "x"}):
            with pytest.raises(InvalidInput):
                await toko.pickups.resolve(pickup, reason="x", **said)
        with pytest.raises(NotFound):
            await toko.pickups.advance("pkp_none")

    play_in_memory(body, couriers=couriers)


def test_shipments_of_two_locations_are_two_pickups():
    """A driver is at one location at a time."""
    from tokolib.fulfilment.model import Shipment
    from tokolib.fulfilment.together import one_location

    here = Shipment(
        id="shp_1", version=1, order_id="ord_1", number=1, location="main", runs=(), method="jne:reg",
        state=ShipmentState.LABELLED, made_at=datetime(2027, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    with pytest.raises(NotTogether) as refused:
        one_location([here, attrs.evolve(here, location="toko")])
    assert ("main", "toko") == refused.value.locations


def test_a_label_that_is_given_back_is_not_fetched(play_in_memory):
    """While its courier has not answered nobody knows whether there is a parcel to fetch."""
    courier = FakeCourier()

    async def body(toko):
        shipment = await labelled(toko)
        courier.switches.time_out_after = 1
        (label,) = await toko.shipments.labels(shipment)
        await toko.shipments.void_label(label)
        with pytest.raises(LabelAwaited):
            await fetch(toko, shipment)

    play_in_memory(body, couriers=[courier])


def test_a_courier_says_when_it_comes(play_in_memory):
    """Within the window that it was asked for: its word stands on the pickup."""

    class Punctual(FakeCourier):
        def book_pickup(self, request, *, key):
            at = request.window.since + timedelta(hours=1)
            made = super().book_pickup(request, key=key)
            return attrs.evolve(made, window=PickupWindow(since=at, until=at + timedelta(hours=1)))

    async def body(toko):
        when = window(toko)
        pickup = await fetch(toko, await labelled(toko), window=when)
        assert (pickup.window.since, pickup.window.until) == (
            when[0] + timedelta(hours=1),
            when[0] + timedelta(hours=2),
        )

    play_in_memory(body, couriers=[Punctual()])


@pytest.mark.parametrize("told", ["nothing", BookedPickup], ids=["text", "void"])
def test_an_answer_that_is_none_is_doubtful(play_in_memory, told):
    """What is no pickup, or is void at once, is not believed: a person looks."""

    class Odd(FakeCourier):
        def book_pickup(self, request, *, key):
            made = super().book_pickup(request, key=key)
            return attrs.evolve(made, void=True) if told is BookedPickup else told

    async def body(toko):
        pickup = await fetch(toko, await labelled(toko))
        assert pickup.state is PickupState.REVIEW
        assert ({"fulfilment.no_pickup", "fulfilment.void_outside"} & set(pickup.buying.reviews)) != set()

    play_in_memory(body, couriers=[Odd()])


def test_a_courier_that_fetches_may_be_awaited(play):
    """In a shop that is awaited."""
    from tokolib.kernel.errors import HostMismatch

    courier = AsyncFakeCourier()

    async def body(toko):
        pickup = await fetch(toko, await labelled(toko))
        assert (await toko.pickups.cancel(pickup)).state is PickupState.CANCELLED

    with contextlib.suppress(HostMismatch):
        play(body, couriers=[courier])


def test_after_a_restore_a_pickup_is_looked_up_first(play_in_memory):
    """One that was waited for may have been booked in the time that was lost."""
    courier = FakeCourier()

    async def body(toko):
        shipment = await labelled(toko)
        courier.switches.time_out_after = 1
        pickup = await fetch(toko, shipment)
        restored = await toko.shop.after_restore(key="r1", reason="disk")
        assert (pickup.buying.id,) == restored.presumed
        await later(toko)
        assert (await toko.pickups.get(pickup.id)).state is PickupState.BOOKED
        assert 1 == len(courier.pickups)

    play_in_memory(body, couriers=[courier])


TROUBLES = ("unreachable", "time_out_before", "time_out_after", "refusals")
ACTS = st.lists(
    st.tuples(st.sampled_from(["book", "cancel", "tick", "hand_over"]), st.sampled_from([*TROUBLES, "", ""])),
    min_size=3,
    max_size=12,
)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=ACTS, terms=st.sampled_from([(True, True), (True, False), (False, True), (False, False)]))
def test_no_trouble_sends_two_drivers(play_in_memory, acts, terms):
    """Whatever is lost: at most one driver is on the way to a shipment, and the shop knows of it or looks for it."""
    courier = FakeCourier(dedupes=terms[0], looks_up=terms[1])

    async def body(toko):
        shipment = await labelled(toko)
        when = window(toko, 1_000)
        for act, trouble in acts:
            if trouble:
                setattr(courier.switches, trouble, 1)
            with contextlib.suppress(TokolibError):
                await perform(toko, shipment, act, when)
            for each in TROUBLES:
                setattr(courier.switches, each, 0)
            toko.clock.forward(hours=2)
            assert len(coming(courier)) <= 1
            known = [each for state in PickupState for each in (await toko.pickups.in_state(state)).items]
            booked = {each.reference for each in known if each.state is PickupState.BOOKED}
            doubtful = any(each.state in (PickupState.WAITING, PickupState.REVIEW) for each in known)
            assert doubtful or booked == {each.reference for each in coming(courier)}
            assert (await toko.verify()).ok

    play_in_memory(body, couriers=[courier])


async def perform(toko, shipment, act, when):
    match act:
        case "book":
            await fetch(toko, shipment, window=when)
        case "cancel":
            await toko.pickups.cancel((await toko.shipments.get(shipment.id)).pickup_id)
        case "tick":
            await toko.shop.tick()
        case _:
            await toko.shipments.hand_over(shipment)


class Crash(BaseException):
    """The process dies here."""


class Dying(FakeCourier):
    """At its next call the shop's process dies: before the call has arrived, or after it was taken."""

    dies = ""

    def book_pickup(self, request, *, key):
        return self._dying("book_pickup", lambda: super(Dying, self).book_pickup(request, key=key))

    def cancel_pickup(self, reference, *, key):
        return self._dying("cancel_pickup", lambda: super(Dying, self).cancel_pickup(reference, key=key))

    def _dying(self, call, take):
        if self.dies == f"before {call}":
            self.dies = ""
            raise Crash
        told = take()
        if self.dies == f"after {call}":
            self.dies = ""
            raise Crash
        return told


@pytest.mark.parametrize("call", ["book_pickup", "cancel_pickup"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_process_that_dies_at_the_call_sends_no_second_driver(tmp_path, when, call):
    """The next process finds the wish that was stored, looks it up, and does what is left to do."""
    import tokolib
    from tokolib.testing import ManualClock
    from tokolib.testing.builders import Given

    courier, clock, url = Dying(), ManualClock(), f"sqlite:///{tmp_path / 'toko.db'}"
    with tokolib.open(url, country="ID", clock=clock, couriers=[courier]) as shop:
        given = Given(shop)
        given.goods({"KOPI-250": 75_000})
        given.delivery({"jne:reg": 18_000})
        shipment = shop.shipments.plan(given.order({"KOPI-250": 1}, delivery="jne:reg"))
        shop.shipments.pack(shipment, [ParcelDraft(goods={"KOPI-250": 1}, grams=300)])
        shop.shipments.buy_labels(shipment, courier="fake-courier")
        when_to_come = (clock.now() + timedelta(hours=2), clock.now() + timedelta(hours=8))
        courier.dies = f"{when} {call}"
        with pytest.raises(Crash):
            booked = shop.pickups.book(shipment, courier="fake-courier", window=when_to_come)
            shop.pickups.cancel(booked)
    clock.forward(hours=1)
    with tokolib.open(url, clock=clock, couriers=[courier]) as shop:
        shop.tick()
        pickup = shop.pickups.get(named(shop, shipment))
        expected = PickupState.BOOKED if call == "book_pickup" else PickupState.CANCELLED
        assert (pickup.state, len(courier.pickups)) == (expected, 1)
        assert (expected is PickupState.BOOKED) is bool(coming(courier))
        assert shop.verify().ok


def named(shop, shipment):
    """The only pickup that there is."""
    (pickup,) = [each for state in PickupState for each in shop.pickups.in_state(state).items]
    assert shipment.id in pickup.shipments
    return pickup.id
