"""Labels are bought once and given back once, whatever is lost on the way; each has its account and its price."""

import contextlib

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tokolib import IDR, USD, InvalidInput, NotFound
from tokolib.desk.reviews.model import ReviewKind
from tokolib.effects.answers import UnusableAnswer
from tokolib.fulfilment.bookings.costs import LEDGER
from tokolib.fulfilment.couriers import BoughtLabel, NoSuchCourier
from tokolib.fulfilment.errors import IllegalShipmentTransition, LabelAwaited, LabelsStand
from tokolib.fulfilment.labels import LabelNotOpen, LabelOutdated, LabelState, NoRecipient
from tokolib.fulfilment.model import ShipmentState
from tokolib.fulfilment.packing import ParcelDraft
from tokolib.kernel.errors import HostMismatch, TokolibError
from tokolib.kernel.money_errors import CurrencyMismatch
from tokolib.testing.fake_courier import AsyncFakeCourier, FakeCourier

FOUND = BoughtLabel(key="?", reference="fake-courier-1", tracking="FAKE1", price=IDR(9_000))


async def packed(toko, parcels=1, **options):
    """A shipment in so many parcels."""
    order = await toko.given.order({"KOPI-250": parcels}, **{"delivery": "jne:reg"} | options)
    drafts = [ParcelDraft(goods={"KOPI-250": 1}, grams=700) for _ in range(parcels)]
    return await toko.shipments.pack(await toko.shipments.plan(order), drafts)


async def buy(toko, shipment, courier="fake-courier"):
    return await toko.shipments.buy_labels(shipment, courier=courier)


async def later(toko, hours=1):
    toko.clock.forward(hours=hours)
    return await toko.shop.tick()


def standing(courier):
    """The labels that the courier will bill."""
    return [each for each in courier.sold if not each.void]


def test_every_parcel_gets_its_label(play):
    """Bought at one account, by value; then the shipment is labelled, and leaves under the first number."""
    courier = FakeCourier()

    async def body(toko):
        shipment = await packed(toko, 2)
        labels = await buy(toko, shipment)

        assert [LabelState.BOUGHT] * 2 == [each.state for each in labels]
        assert [(each.parcel, each.account, each.price) for each in labels] == [
            (1, "fake-courier", IDR(9_000)),
            (2, "fake-courier", IDR(9_000)),
        ]
        known = await toko.shipments.get(shipment.id)
        assert (known.state, known.tracking) == (ShipmentState.LABELLED, labels[0].tracking)
        assert labels == await buy(toko, shipment) == await toko.shipments.labels(shipment)
        assert 2 == len(courier.sold)
        told = courier.told[1]
        assert (told.parcel, told.parcels, told.service, told.grams, told.cod) == (2, 2, "reg", 700, None)
        assert told.recipient.city and [(each.sku, each.quantity.steps) for each in told.contents] == [("KOPI-250", 1)]
        left = await toko.shipments.hand_over(shipment)
        assert left.tracking == labels[0].tracking
        with pytest.raises(IllegalShipmentTransition):
            await toko.shipments.void_label(labels[0])

    play(body, couriers=[courier])


def test_parcels_of_an_order_that_is_paid_in_part_ask_for_the_rest_once(play_in_memory):
    """Two parcels and a second shipment: a part was let off before, and some is paid in between."""
    courier = FakeCourier()

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 3}, delivery="jne:reg", tender="cod")
        await toko.orders.grant_allowance(order, IDR(100_000), reason="late", key="late")
        two = [ParcelDraft(goods={"KOPI-250": 1}, grams=700) for _ in range(2)]
        first = await toko.shipments.pack(await toko.shipments.plan(order, {"KOPI-250": 2}), two)
        await buy(toko, first)
        due = (await toko.orders.get(order.id)).due
        asked = [each.cod or IDR(0) for each in courier.told]
        last = await toko.shipments.pack(await toko.shipments.plan(order), two[:1])
        await buy(toko, last)
        assert due == sum((each.cod or IDR(0) for each in courier.told), IDR(0))
        await toko.manifests.close(first, courier="fake-courier")
        owed = {each.shipment_id: each.amount for each in await toko.settlements.owed()}
        assert owed == {first.id: sum(asked, IDR(0))}
        assert () == (await toko.verify()).violations

    play_in_memory(body, couriers=[courier])


def test_a_label_that_its_order_has_overtaken_does_not_leave(play_in_memory):
    """Paid meanwhile, let off, or to another town: the label is given back, and another one is bought."""
    courier = FakeCourier()

    async def body(toko):
        paid, off, moved = [await packed(toko, tender="cod", key=f"web-{number}") for number in range(3)]
        for each in (paid, off, moved):
            await buy(toko, each)
        due = (await toko.orders.get(paid.order_id)).due
        await toko.payments.received(paid.order_id, due, method="bank_transfer", reference="b-1")
        await toko.orders.grant_allowance(off.order_id, IDR(5_000), reason="a dent", key="dent")
        there = attrs.evolve((await toko.orders.get(moved.order_id)).ship_to, city="Medan", postal_code="20111")
        await toko.orders.edit(moved.order_id, ship_to=there, reason="moved")

        for each, says in (
            (paid, f"collects {due}"),
            (off, f"by now {due - IDR(5_000)}"),
            (moved, "by now 20111 Medan"),
        ):
            with pytest.raises(LabelOutdated, match=says):
                await toko.shipments.hand_over(each)
            with pytest.raises(LabelOutdated):
                await toko.manifests.close(each, courier="fake-courier")
        (label,) = await toko.shipments.labels(moved)
        await toko.shipments.void_label(label)
        (again,) = await buy(toko, moved.id)
        await toko.manifests.close(moved, courier="fake-courier")
        assert "Medan" == again.request.recipient.city

    play_in_memory(body, couriers=[courier])


def test_the_courier_collects_what_the_parcels_are_worth(play_in_memory):
    """The shares of each parcel's units, its part of the delivery too: all of them come to what is due."""
    courier = FakeCourier()

    async def body(toko):
        shipment = await packed(toko, 3, tender="cod")
        await buy(toko, shipment)
        order = await toko.orders.get(shipment.order_id)
        assert order.due == IDR(0) + sum((each.cod for each in courier.told), IDR(0))

    play_in_memory(body, couriers=[courier])


@pytest.mark.parametrize("lost", ["time_out_before", "time_out_after", "unreachable"])
@pytest.mark.parametrize(("dedupes", "looks_up"), [(True, True), (True, False), (False, True)])
def test_a_lost_answer_buys_no_second_label(play, lost, dedupes, looks_up):
    """It is looked up before it is sent again, or sent under the key that the courier knows."""
    courier = FakeCourier(dedupes=dedupes, looks_up=looks_up)

    async def body(toko):
        shipment = await packed(toko)
        setattr(courier.switches, lost, 1)
        (label,) = await buy(toko, shipment)
        assert (label.state, label.price) == (LabelState.WAITING, None)
        assert (label,) == await buy(toko, shipment)
        for act in (
            lambda: toko.shipments.hand_over(shipment),
            lambda: toko.shipments.void_label(label),
            lambda: toko.shipments.cancel(shipment, reason="x"),
        ):
            with pytest.raises((LabelAwaited, LabelNotOpen, LabelsStand)):
                await act()

        assert 1 == (await later(toko)).asked_labels

        assert (await toko.shipments.label(label.id)).state is LabelState.BOUGHT
        assert 1 == len(courier.sold)
        assert (await toko.shipments.get(shipment.id)).state is ShipmentState.LABELLED

    play(body, couriers=[courier])


@pytest.mark.parametrize("lost", ["time_out_before", "time_out_after"])
def test_what_nobody_can_know_a_person_looks_up(play, lost):
    """Where a courier neither recognises a repeated request nor can be asked, nothing is sent again."""
    courier = FakeCourier(dedupes=False, looks_up=False)

    async def body(toko):
        shipment = await packed(toko)
        setattr(courier.switches, lost, 1)
        (label,) = await buy(toko, shipment)
        await later(toko)
        for _ in range(3):
            await later(toko, hours=12)

        assert ["book"] == courier.calls
        (item,) = (await toko.reviews.list([ReviewKind.LABEL])).items
        assert (item.id, item.why, item.provider) == (label.id, "effects.cannot_resend", "fake-courier")
        assert "shipments.resolve_label" in [way.command for way in item.ways]
        if courier.sold:
            said = await toko.shipments.resolve_label(label, courier.sold[0], reason="seen in their portal")
            assert (said.state, said.tracking, said.price) == (LabelState.BOUGHT, "FAKE00000001", IDR(9_000))
        else:
            said = await toko.shipments.resolve_label(label, failure="not there", reason="asked them")
            assert (said.state, said.price) == (LabelState.REFUSED, IDR(0))
            await buy(toko, shipment)
        assert () == (await toko.reviews.list([ReviewKind.LABEL])).items
        assert (await toko.shipments.get(shipment.id)).state is ShipmentState.LABELLED
        assert 1 == len(courier.sold)
        with pytest.raises(LabelNotOpen):
            await toko.shipments.resolve_label(label, failure="no", reason="again")

    play(body, couriers=[courier])


def test_a_refused_label_may_be_asked_for_again(play):
    """A definite no leaves the shipment packed; another wish has another key."""
    courier = FakeCourier()

    async def body(toko):
        shipment = await packed(toko)
        courier.switches.refusals = 1
        (label,) = await buy(toko, shipment)
        assert (label.state, label.wishes.buying.failure) == (LabelState.REFUSED, "not sold")
        known = await toko.shipments.get(shipment.id)
        assert (known.state, known.labels) == (ShipmentState.PACKED, ())
        (again,) = await buy(toko, shipment)
        assert (again.state, again.id != label.id) == (LabelState.BOUGHT, True)
        assert [label.id, again.id] == [each.id for each in await toko.shipments.labels(shipment)]

    play(body, couriers=[courier])


NO_ANSWERS = [
    {"reference": 123},
    {"reference": "x" * 301},
    {"tracking": None},
    {"tracking": "FAKE\n1"},
    {"document": 5},
    {"price": 9_000},
    {"price": IDR(-1)},
    {"void": "no"},
]


@pytest.mark.parametrize("wrong", NO_ANSWERS)
def test_what_is_no_label_is_no_answer(play_in_memory, wrong):
    """An adapter that answers with it is named, and none of it is believed: the label is looked up when it is due."""

    class Odd(FakeCourier):
        def book(self, request, *, key):
            return attrs.evolve(super().book(request, key=key), **wrong)

    courier = Odd()

    async def body(toko):
        shipment = await packed(toko)
        with pytest.raises(UnusableAnswer, match="InvalidInput"):
            await buy(toko, shipment)
        (label,) = await toko.shipments.labels(shipment)
        assert (LabelState.WAITING, "") == (label.state, label.reference)
        assert [] == [each async for each in posted(toko)]
        await later(toko)
        (label,) = await toko.shipments.labels(shipment)
        assert (LabelState.BOUGHT, IDR(9_000)) == (label.state, label.price)
        assert 1 == len(standing(courier))

    play_in_memory(body, couriers=[courier])


@pytest.mark.parametrize("lost", ["", "time_out_before", "time_out_after"])
def test_a_label_is_given_back_once(play, lost):
    """At its own account; then it costs nothing, and the shipment can be packed anew or cancelled."""
    courier, other = FakeCourier(), FakeCourier("other")

    async def body(toko):
        shipment = await packed(toko)
        (label,) = await buy(toko, shipment)
        for act in (
            lambda: toko.shipments.cancel(shipment, reason="x"),
            lambda: toko.shipments.pack(shipment, [ParcelDraft(goods={"KOPI-250": 1}, grams=1)]),
        ):
            with pytest.raises(LabelsStand):
                await act()
        if lost:
            setattr(courier.switches, lost, 1)

        given = await toko.shipments.void_label(label)

        if lost:
            assert given.state is LabelState.WAITING
            with pytest.raises(LabelAwaited):
                await toko.shipments.hand_over(shipment)
            await later(toko)
        given = await toko.shipments.label(label.id)
        assert (given.state, given.price) == (LabelState.VOIDED, IDR(0))
        assert given == await toko.shipments.void_label(label)
        assert ([], []) == (standing(courier), other.calls)
        known = await toko.shipments.get(shipment.id)
        assert (known.state, known.labels) == (ShipmentState.PACKED, ())
        await buy(toko, shipment, "other")
        assert 1 == len(other.sold)

    play(body, couriers=[courier, other])


def test_a_label_that_is_not_taken_back_stands(play):
    """The courier has fetched the parcel: the shipment stays labelled, and giving it back may be tried again."""
    courier = FakeCourier()

    async def body(toko):
        shipment = await packed(toko)
        (label,) = await buy(toko, shipment)
        courier.switches.fetched = True
        kept = await toko.shipments.void_label(label)
        assert (kept.state, kept.price) == (LabelState.BOUGHT, IDR(9_000))
        assert (await toko.shipments.get(shipment.id)).state is ShipmentState.LABELLED
        courier.switches.fetched = False
        gone = await toko.shipments.void_label(label)
        assert (gone.state, [each.attempt for each in gone.operations]) == (LabelState.VOIDED, [1, 1, 2])

    play(body, couriers=[courier])


def test_a_label_that_was_bought_twice_is_doubtful(play):
    """One key, two bookings: a person sees to the other one, and says so."""
    courier = FakeCourier(dedupes=False)

    async def body(toko):
        shipment = await packed(toko)
        courier.switches.twice, courier.switches.time_out_after = 1, 1
        (label,) = await buy(toko, shipment)
        await later(toko)
        label = await toko.shipments.label(label.id)
        assert (label.state, label.wishes.buying.reviews) == (LabelState.REVIEW, ("effects.two_references",))
        with pytest.raises(LabelAwaited):
            await toko.shipments.hand_over(shipment)
        with pytest.raises(LabelNotOpen):
            await toko.shipments.resolve_label(label, failure="no", reason="none was sold")
        assert 1 == len((await toko.reviews.list([ReviewKind.LABEL])).items)

        seen = await toko.shipments.resolve_label(label, courier.sold[0], reason="the other one was voided by phone")

        assert (seen.state, seen.price) == (LabelState.BOUGHT, IDR(9_000))
        await toko.shipments.hand_over(shipment)

    play(body, couriers=[courier])


def test_another_price_after_weighing_goes_into_the_cost_ledger(play):
    """What each account is owed is what its labels cost by now; the same bill again changes nothing."""
    courier = FakeCourier()

    async def body(toko):
        shipment = await packed(toko, 2)
        one, two = await buy(toko, shipment)
        await toko.shipments.void_label(two)
        billed = await toko.shipments.reweighed(one, IDR(18_000), grams=1_400)
        assert await toko.shipments.reweighed(one, IDR(18_000), grams=1_400) == billed
        assert (billed.bought_for, billed.price) == (IDR(9_000), IDR(18_000))
        entries = [each async for each in posted(toko)]
        cost = sum(each.amount for each in entries if each.account == "cost:fake-courier")
        owed = sum(each.amount for each in entries if each.account == "payable:fake-courier")
        assert (cost, owed) == (18_000, -18_000)
        with pytest.raises(CurrencyMismatch):
            await toko.shipments.reweighed(one, USD(1))
        with pytest.raises(InvalidInput):
            await toko.shipments.reweighed(one, IDR(-1))
        with pytest.raises(LabelNotOpen):
            await toko.shipments.reweighed(two, IDR(1))

    play(body, couriers=[courier])


async def posted(toko):
    """The entries of the cost ledger."""
    from tokolib.kernel.hosting import resolved

    storage = toko.shop._subject._work.storage
    work = await resolved(storage.begin("default", read_only=True))
    page = await resolved(work.ledger(LEDGER))
    await resolved(work.rollback())
    for entry in page.items:
        yield entry


def test_what_cannot_be_labelled_is_refused(play_in_memory):
    """No such account, no address, not packed, no such label, half a word."""

    async def body(toko):
        shipment = await packed(toko)
        with pytest.raises(NoSuchCourier) as unknown:
            await buy(toko, shipment, "jne")
        assert unknown.value.known == ("fake-courier",)
        counter = await packed(toko, delivery="")
        with pytest.raises(NoRecipient):
            await buy(toko, counter)
        assert () == (await toko.shipments.get(counter.id)).labels
        planned = await toko.shipments.plan(await toko.given.order({"KOPI-250": 1}, delivery="jne:reg"))
        with pytest.raises(IllegalShipmentTransition):
            await buy(toko, planned)
        with pytest.raises(NotFound):
            await toko.shipments.advance_label("lab_none")
        (label,) = await buy(toko, shipment)
        for said in ({}, {"found": FOUND, "failure": "x"}):
            with pytest.raises(InvalidInput):
                await toko.shipments.resolve_label(label, reason="x", **said)

    play_in_memory(body, couriers=[FakeCourier()])


def test_a_courier_that_is_gone_is_waited_for(tmp_path):
    """A shop without the account tells a person; as soon as it is back the label is looked up."""
    import tokolib
    from tokolib.testing import ManualClock
    from tokolib.testing.builders import Given

    courier, clock, url = FakeCourier(), ManualClock(), f"sqlite:///{tmp_path / 'toko.db'}"
    with tokolib.open(url, country="ID", clock=clock, couriers=[courier]) as shop:
        given = Given(shop)
        given.goods({"KOPI-250": 75_000})
        given.delivery({"jne:reg": 18_000})
        planned = shop.shipments.plan(given.order({"KOPI-250": 1}, delivery="jne:reg"))
        shop.shipments.pack(planned, [ParcelDraft(goods={"KOPI-250": 1}, grams=300)])
        courier.switches.time_out_after = 1
        (label,) = shop.shipments.buy_labels(planned, courier="fake-courier")
    clock.forward(hours=1)
    with tokolib.open(url, clock=clock) as shop:
        assert "no courier account 'fake-courier'" in shop.tick().failures[0]
        (item,) = shop.reviews.list([ReviewKind.UNASKED]).items
        assert item.id == label.id and shop.verify().ok
    with tokolib.open(url, clock=clock, couriers=[courier]) as shop:
        shop.tick()
        assert shop.shipments.label(label.id).state is LabelState.BOUGHT
        assert 1 == len(courier.sold) and shop.verify().ok


def test_a_courier_may_be_awaited(play):
    """In a shop that is awaited; a blocking one refuses it before it opens."""
    courier = AsyncFakeCourier()

    async def body(toko):
        shipment = await packed(toko)
        (label,) = await buy(toko, shipment)
        assert label.state is LabelState.BOUGHT
        assert (await toko.shipments.void_label(label)).state is LabelState.VOIDED

    try:
        play(body, couriers=[courier])
    except HostMismatch as refused:
        assert "fake-courier" in str(refused)
        assert () == courier.sold


def test_couriers_that_are_none_open_no_shop():
    """What can't book, and two of one name, are refused with their paths."""
    import tokolib

    for wrong, path in (
        ([object()], "couriers[0]"),
        ([FakeCourier(), FakeCourier()], "couriers[1].name"),
        (3, "couriers"),
    ):
        with pytest.raises(InvalidInput) as refused:
            tokolib.open("memory://", country="ID", couriers=wrong)
        assert [path] == [fault.path for fault in refused.value.faults]


TROUBLES = ("unreachable", "time_out_before", "time_out_after", "refusals")
ACTS = st.lists(
    st.tuples(st.sampled_from(["buy", "void", "tick", "hand_over", "cancel"]), st.sampled_from([*TROUBLES, "", ""])),
    min_size=3,
    max_size=12,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=ACTS, terms=st.sampled_from([(True, True), (True, False), (False, True), (False, False)]))
def test_no_trouble_buys_a_label_twice(play_in_memory, acts, terms):
    """Whatever is lost: the courier bills a parcel at most once, and all that it bills the shop knows or looks for."""
    courier = FakeCourier(dedupes=terms[0], looks_up=terms[1])

    async def body(toko):
        shipment = await packed(toko)
        for act, trouble in acts:
            if trouble:
                setattr(courier.switches, trouble, 1)
            with contextlib.suppress(TokolibError):
                await perform(toko, shipment, act)
            for each in TROUBLES:
                setattr(courier.switches, each, 0)
            toko.clock.forward(hours=2)
            assert len(standing(courier)) <= 1
            labels = await toko.shipments.labels(shipment)
            known = {each.reference for each in labels if each.state is LabelState.BOUGHT}
            doubtful = any(each.state in (LabelState.WAITING, LabelState.REVIEW) for each in labels)
            assert doubtful or known == {each.reference for each in standing(courier)}
            assert (await toko.verify()).ok

    play_in_memory(body, couriers=[courier])


async def perform(toko, shipment, act):
    match act:
        case "buy":
            await buy(toko, shipment)
        case "void":
            for each in await toko.shipments.labels(shipment):
                if each.state is LabelState.BOUGHT:
                    await toko.shipments.void_label(each)
        case "tick":
            await toko.shop.tick()
        case "cancel":
            await toko.shipments.cancel(shipment, reason="x")
        case _:
            await toko.shipments.hand_over(shipment)
