"""Labels for goods that come back are bought once and given back once, whatever is lost on the way."""

import contextlib
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tokolib import IDR, USD, Address, InvalidInput, NotFound
from tokolib.desk.reviews.model import ReviewKind
from tokolib.effects.outside import Transient
from tokolib.fulfilment.bookings.costs import LEDGER
from tokolib.fulfilment.couriers import BoughtLabel, LabelContent, NoSuchCourier, NotOffered
from tokolib.inventory.errors import UnknownLocation
from tokolib.kernel.ctx import Customer
from tokolib.kernel.errors import HostMismatch, KeyReused, TokolibError
from tokolib.kernel.money_errors import CurrencyMismatch
from tokolib.kernel.quantity import Quantity
from tokolib.orders.unit_errors import TooManyUnits
from tokolib.returns import IllegalReturnTransition, NoReturnLabel, OnlyByStaff, ReturnState
from tokolib.returns.claims import ClaimKind, ClaimRemedy
from tokolib.returns.labels import (
    GoodsCame,
    NoSender,
    NothingToSend,
    ReturnLabelNotOpen,
    ReturnLabelStands,
    ReturnLabelState,
)
from tokolib.shipping.errors import MissingWeight
from tokolib.shipping.tracking import Scan, TrackingStatus
from tokolib.testing.builders import BUYER
from tokolib.testing.fake_courier import AsyncFakeCourier, FakeCourier

GUDANG = Address("Kedai Kopi", "Jl. Kaliurang 5", city="Sleman", postal_code="55281", country="ID")
FOUND = BoughtLabel(key="?", reference="fake-courier-1", tracking="FAKE1", price=IDR(9_000))


async def agreed(toko, goods=None, **options):
    """A return that the shop has agreed to: two packs of coffee, unless other goods are named."""
    goods = goods or {"KOPI-250": 2}
    order = await toko.given.order(goods, **{"delivery": "jne:reg"} | options)
    await toko.ship(order)
    return await toko.returns.authorise(await toko.returns.request(order, goods, reason="changed mind"))


async def buy(toko, goods, courier="fake-courier", **options):
    return await toko.return_labels.buy(goods, courier=courier, recipient=GUDANG, **options)


async def later(toko, hours=1):
    toko.clock.forward(hours=hours)
    return await toko.shop.tick()


def standing(courier):
    """The labels that the courier will bill."""
    return [each for each in courier.sold if not each.void]


async def posted(toko):
    """The entries of the cost ledger."""
    from tokolib.kernel.hosting import resolved

    storage = toko.shop._subject._work.storage
    work = await resolved(storage.begin("default", read_only=True))
    page = await resolved(work.ledger(LEDGER))
    await resolved(work.rollback())
    return page.items


def test_the_shop_buys_a_label_for_what_is_sent_back(play):
    """From the customer to the shop, with what is in it, and no cash to collect; its cost is the shop's."""
    courier = FakeCourier()

    async def body(toko):
        goods = await agreed(toko)
        before = await toko.orders.get(goods.order_id)

        label = await buy(toko, goods, grams=750, key="label-1")

        assert (label.state, label.account, label.price) == (ReturnLabelState.BOUGHT, "fake-courier", IDR(9_000))
        assert (label.return_id, label.order_id, label.location) == (goods.id, goods.order_id, "main")
        (sold,), (told,) = courier.sold, courier.told
        assert (label.tracking, label.document) == (sold.tracking, sold.document)
        assert (told.sender, told.recipient, told.service) == (BUYER, GUDANG, "reg")
        assert (told.grams, told.value, told.cod, told.is_return) == (750, IDR(150_000), None, True)
        assert told.contents == (LabelContent(sku="KOPI-250", name="Kopi-250", quantity=Quantity(2)),)
        assert label == await buy(toko, goods, grams=750, key="label-1")
        assert (label,) == await toko.return_labels.of(goods)
        assert (label,) == (await toko.return_labels.in_state(ReturnLabelState.BOUGHT)).items
        assert (label.id,) == (await toko.returns.get(goods.id)).labels
        assert before == await toko.orders.get(goods.order_id)
        assert [("return_label", 9_000), ("return_label", -9_000)] == [
            (each.kind, each.amount) for each in await posted(toko)
        ]
        with pytest.raises(KeyReused):
            await buy(toko, goods, grams=800, key="label-1")
        done = await toko.returns.accept(goods)
        assert (done.state, done.refund.amount) == (ReturnState.ACCEPTED, IDR(150_000))
        assert label == await toko.return_labels.get(label.id)

    play(body, couriers=[courier])


@pytest.mark.parametrize("lost", ["time_out_before", "time_out_after", "unreachable"])
@pytest.mark.parametrize(("dedupes", "looks_up"), [(True, True), (True, False), (False, True)])
def test_a_lost_answer_buys_no_second_label(play_in_memory, lost, dedupes, looks_up):
    """It is looked up before it is sent again, or sent under the key that the courier knows."""
    courier = FakeCourier(dedupes=dedupes, looks_up=looks_up)

    async def body(toko):
        goods = await agreed(toko)
        setattr(courier.switches, lost, 1)
        label = await buy(toko, goods, key="label-1")
        assert (label.state, label.price) == (ReturnLabelState.WAITING, None)
        assert label == await buy(toko, goods, key="label-1")
        with pytest.raises(ReturnLabelNotOpen):
            await toko.return_labels.void(label)
        with pytest.raises(ReturnLabelStands) as refused:
            await buy(toko, goods)
        assert (refused.value.label_id, refused.value.state) == (label.id, "waiting")

        assert 1 == (await later(toko)).asked_return_labels

        assert (await toko.return_labels.get(label.id)).state is ReturnLabelState.BOUGHT
        assert 1 == len(courier.sold)

    play_in_memory(body, couriers=[courier])


@pytest.mark.parametrize("lost", ["time_out_before", "time_out_after"])
def test_what_nobody_can_know_a_person_asks(play_in_memory, lost):
    """Where a courier neither recognises a repeated request nor can be asked, nothing is sent again."""
    courier = FakeCourier(dedupes=False, looks_up=False)

    async def body(toko):
        goods = await agreed(toko)
        setattr(courier.switches, lost, 1)
        label = await buy(toko, goods)
        for _ in range(3):
            await later(toko)

        assert ["book"] == courier.calls
        (item,) = (await toko.reviews.list([ReviewKind.RETURN_LABEL])).items
        assert (item.id, item.why, item.order_id) == (label.id, "effects.cannot_resend", goods.order_id)
        assert ("return_labels.resolve",) == tuple(way.command for way in item.ways)
        if courier.sold:
            said = await toko.return_labels.resolve(label, courier.sold[0], reason="they confirmed it by phone")
            assert (said.state, said.price) == (ReturnLabelState.BOUGHT, IDR(9_000))
        else:
            said = await toko.return_labels.resolve(label, failure="not there", reason="asked them")
            assert (said.state, (await toko.returns.get(goods.id)).labels) == (ReturnLabelState.REFUSED, ())
            await buy(toko, goods)
        assert () == (await toko.reviews.list([ReviewKind.RETURN_LABEL])).items
        assert 1 == len(standing(courier))
        with pytest.raises(ReturnLabelNotOpen):
            await toko.return_labels.resolve(label, failure="no", reason="again")

    play_in_memory(body, couriers=[courier])


@pytest.mark.parametrize("lost", ["", "time_out_before", "time_out_after"])
def test_a_voided_label_is_bought_anew(play, lost):
    """At its own account and once; then it costs nothing, and its goods may be sent with another."""
    courier, other = FakeCourier(), FakeCourier("other")

    async def body(toko):
        goods = await agreed(toko)
        label = await buy(toko, goods)
        if lost:
            setattr(courier.switches, lost, 1)
        gone = await toko.return_labels.void(label)
        if lost:
            assert (gone.state, gone) == (ReturnLabelState.WAITING, await toko.return_labels.void(label.id))
            await later(toko)
        gone = await toko.return_labels.get(label.id)
        assert (gone.state, gone.price) == (ReturnLabelState.VOIDED, IDR(0))
        assert gone == await toko.return_labels.void(label)
        assert ([], ()) == (standing(courier), (await toko.returns.get(goods.id)).labels)
        again = await buy(toko, goods, "other")
        assert (gone, again) == await toko.return_labels.of(goods.id)
        assert (1, 9_000) == (len(standing(other)), sum(e.amount for e in await posted(toko) if "cost" in e.account))

    play(body, couriers=[courier, other])


def test_a_courier_that_does_not_take_it_back_leaves_it_standing(play_in_memory):
    """The label stands, and giving it back may be tried again under another key."""
    courier = FakeCourier()

    async def body(toko):
        label = await buy(toko, await agreed(toko))
        courier.switches.fetched = True
        assert (await toko.return_labels.void(label)).state is ReturnLabelState.BOUGHT
        courier.switches.fetched = False
        gone = await toko.return_labels.void(label)
        assert (gone.state, [each.attempt for each in gone.operations]) == (ReturnLabelState.VOIDED, [1, 1, 2])

    play_in_memory(body, couriers=[courier])


def test_a_label_of_goods_that_came_is_not_given_back(play_in_memory):
    """It was used: nobody asks the courier, whatever became of the return afterwards."""
    courier = FakeCourier()

    async def body(toko):
        goods = await agreed(toko)
        label = await buy(toko, goods)
        await toko.returns.receive(goods)
        for _ in range(2):
            with pytest.raises(GoodsCame) as refused:
                await toko.return_labels.void(label)
            assert (refused.value.label_id, refused.value.return_id) == (label.id, goods.id)
            if (await toko.returns.get(goods.id)).is_open:
                await toko.returns.accept(goods)
        assert ["book"] == courier.calls

    play_in_memory(body, couriers=[courier])


def test_a_return_that_ends_without_goods_has_its_label_given_back(play_in_memory):
    """Cancelled or rejected: the label stands until somebody gives it back."""
    courier = FakeCourier()

    async def body(toko):
        for end, said in ((toko.returns.cancel, {"reason": "kept"}), (toko.returns.reject, {"note": "worn"})):
            goods = await agreed(toko)
            label = await buy(toko, goods)
            assert () == (await toko.return_labels.unused()).items
            await end(goods, **said)
            assert (label,) == (await toko.return_labels.unused()).items
            assert (await toko.return_labels.void(label)).state is ReturnLabelState.VOIDED
            assert () == (await toko.returns.get(goods.id)).labels
            assert () == (await toko.return_labels.unused()).items
        assert [] == standing(courier)

    play_in_memory(body, couriers=[courier])


def test_what_was_used_or_never_sold_is_not_unused(play_in_memory):
    """One by which goods came, or were delivered as its courier says, was used; one that was refused never was one."""
    courier = FakeCourier()

    async def body(toko):
        came, delivered, refused, late = [await agreed(toko) for _ in range(4)]
        await buy(toko, came)
        await toko.returns.accept(came)
        label = await buy(toko, delivered)
        await toko.return_labels.scanned(label, [Scan(toko.clock.now(), TrackingStatus.DELIVERED)])
        courier.switches.refusals = 1
        await buy(toko, refused)
        courier.switches.unreachable = 1
        late_label = await buy(toko, late)
        for goods in (delivered, refused, late):
            await toko.returns.cancel(goods, reason="keeps it")
        assert () == (await toko.return_labels.unused()).items
        await later(toko)
        (unused,) = (await toko.return_labels.unused(limit=10)).items
        assert (unused.id, unused.state) == (late_label.id, ReturnLabelState.BOUGHT)
        assert ReturnLabelState.VOIDED is (await toko.return_labels.void(unused)).state

    play_in_memory(body, couriers=[courier])


def test_goods_in_several_parcels_have_a_label_each(play_in_memory):
    """No unit is sent with two: what has none yet, or what is named, as far as it is still to come."""
    courier = FakeCourier()

    async def body(toko):
        goods = await agreed(toko, {"KOPI-250": 3, "Teh-100": 1})
        first = await buy(toko, goods, what={"KOPI-250": 2})
        with pytest.raises(ReturnLabelStands) as refused:
            await buy(toko, goods, what={"KOPI-250": 2})
        assert refused.value.label_id == first.id
        with pytest.raises(TooManyUnits):
            await buy(toko, goods, what={"KOPI-250": 4})
        await toko.returns.receive(goods, {"KOPI-250": 2})
        with pytest.raises(TooManyUnits):
            await buy(toko, goods, what={"KOPI-250": 2})
        rest = await buy(toko, goods)
        units = [(run.first, run.beyond) for label in (first, rest) for run in label.runs]
        assert [(0, 2), (2, 3), (0, 1)] == units
        with pytest.raises(GoodsCame):
            await toko.return_labels.void(first)
        await toko.return_labels.void(rest)
        await toko.returns.inspect(goods)
        await buy(toko, goods, what={"Teh-100": 1})
        await toko.returns.receive(goods)
        with pytest.raises(NothingToSend):
            await buy(toko, goods)

    play_in_memory(body, couriers=[courier])


def test_what_another_return_took_is_not_sent(play_in_memory):
    """The customer has fewer by now, so that there is a label for those only."""
    courier = FakeCourier()

    async def body(toko):
        goods = await agreed(toko)
        await toko.returns.accept(goods.order_id, {"KOPI-250": 1}, reason="at the counter")
        with pytest.raises(TooManyUnits):
            await buy(toko, goods)
        label = await buy(toko, goods, what={"KOPI-250": 1})
        assert (label.state, label.request.value) == (ReturnLabelState.BOUGHT, IDR(75_000))
        await toko.returns.receive(goods, {"KOPI-250": 1})
        with pytest.raises(GoodsCame):
            await toko.return_labels.void(label)

    play_in_memory(body, couriers=[courier])


def test_only_what_is_agreed_to_and_still_to_come_has_a_label(play_in_memory):
    """Each refusal names the state and what is possible; none of them has asked a courier for anything."""
    courier = FakeCourier()

    async def body(toko):
        async def shipped():
            order = await toko.given.order({"KOPI-250": 1}, delivery="jne:reg")
            await toko.ship(order)
            return await toko.returns.request(order, {"KOPI-250": 1}, reason="changed mind")

        asked = await shipped()
        with pytest.raises(IllegalReturnTransition) as refused:
            await buy(toko, asked)
        assert (refused.value.state, refused.value.asked) == ("requested", "return_labels.buy")
        assert "returns.authorise" in refused.value.allowed
        assert not {each for each in refused.value.allowed if each.startswith("return_labels")}
        came = await toko.returns.receive(await shipped())
        with pytest.raises(NothingToSend) as nothing:
            await buy(toko, came)
        assert (nothing.value.return_id, nothing.value.state) == (came.id, "received")
        for ended in (
            await toko.returns.reject(await shipped(), note="worn"),
            await toko.returns.cancel(await shipped(), reason="keeps it"),
            await toko.returns.accept(await shipped()),
        ):
            with pytest.raises(IllegalReturnTransition) as refused:
                await buy(toko, ended)
            assert (refused.value.id, refused.value.state) == (ended.id, ended.state)
        assert [] == courier.calls

    play_in_memory(body, couriers=[courier])


def test_what_no_courier_can_be_told_is_refused(play_in_memory):
    """No such account, return, place, address or weight; an account that carries nothing back; a customer who acts."""
    couriers = [FakeCourier(), FakeCourier("shop", carries_back=False)]

    async def body(toko):
        await toko.catalog.put("BATU", "Batu")
        await toko.prices.put("BATU", IDR(5_000))
        await toko.stock.receive("BATU", 5)
        goods, heavy = await agreed(toko), await agreed(toko, {"BATU": 1}, delivery="")
        nowhere = await agreed(toko, delivery="")
        for refusal, of, options in (
            (NoSuchCourier, goods, {"courier": "jne"}),
            (NotOffered, goods, {"courier": "shop"}),
            (NotFound, "ret_none", {}),
            (UnknownLocation, goods, {"location": "toko"}),
            (NoSender, nowhere, {}),
            (MissingWeight, heavy, {"sender": BUYER}),
            (InvalidInput, goods, {"grams": 0}),
            (InvalidInput, goods, {"grams": True}),
            (InvalidInput, goods, {"service": "reg\x00"}),
        ):
            with pytest.raises(refusal):
                await buy(toko, of, **options)
        customer = toko.another(Customer("siti"))
        with pytest.raises(OnlyByStaff):
            await customer.return_labels.buy(goods, courier="fake-courier", recipient=GUDANG)
        assert [] == couriers[0].calls + couriers[1].calls
        assert () == (await toko.returns.get(goods.id)).labels
        assert (await buy(toko, nowhere, sender=BUYER, service="yes")).request.service == "yes"
        assert (await buy(toko, heavy, sender=BUYER, grams=400)).request.grams == 400
        couriers[0].switches.refusals = 1
        refused = await buy(toko, goods)
        assert refused.state is ReturnLabelState.REFUSED
        with pytest.raises(NoReturnLabel):
            await toko.return_labels.void(refused)
        with pytest.raises(NotFound):
            await toko.return_labels.of("ret_none")
        with pytest.raises(NotFound):
            await toko.return_labels.advance("rlb_none")
        for said in ({}, {"found": FOUND, "failure": "x"}):
            with pytest.raises(InvalidInput):
                await toko.return_labels.resolve(refused, reason="x", **said)

    play_in_memory(body, couriers=couriers)


def test_goods_of_an_exchange_or_a_claim_are_sent_with_one_too(play_in_memory):
    """Their returns are agreed to with them."""
    courier = FakeCourier()

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2}, delivery="jne:reg")
        await toko.ship(order)
        until = toko.clock.now().replace(year=2099)
        swap = await toko.exchanges.request(order, {"KOPI-250": 1}, {"Teh-100": 1}, until=until, reason="rather tea")
        with pytest.raises(IllegalReturnTransition):
            await buy(toko, swap.return_id)
        await toko.exchanges.authorise(swap)
        label = await buy(toko, swap.return_id)
        assert label.state is ReturnLabelState.BOUGHT
        torn = await toko.claims.open(
            order, {"KOPI-250": 1}, kind=ClaimKind.DAMAGED, remedy=ClaimRemedy.REFUND, goods_back=True, reason="torn"
        )
        claim = await toko.claims.approve(torn)
        await toko.returns.authorise(claim.return_id)
        assert (await buy(toko, claim.return_id)).state is ReturnLabelState.BOUGHT
        assert 2 == len(courier.sold)

    play_in_memory(body, couriers=[courier])


@pytest.mark.parametrize("shuffled", [False, True])
def test_a_courier_tells_where_the_goods_are(play, shuffled):
    """Pushed or asked for, in any order and twice; what was delivered somebody receives, and its label is used."""
    courier = FakeCourier()

    async def body(toko):
        goods = await agreed(toko)
        label = await buy(toko, goods)
        way = [
            Scan(toko.clock.now() + timedelta(minutes=at), status)
            for at, status in enumerate((TrackingStatus.PICKED_UP, TrackingStatus.DELIVERED))
        ]
        assert (await toko.return_labels.ask_courier(label)).journey.status is TrackingStatus.PENDING
        told = await toko.return_labels.scanned(label, way[:1])
        assert told.journey.status is TrackingStatus.PICKED_UP
        courier.scans(label.tracking, *way)
        courier.switches.shuffled = shuffled
        told = await toko.return_labels.ask_courier(label.id)
        assert (told.journey.status, len(told.scans)) == (TrackingStatus.DELIVERED, 2)
        assert told == await toko.return_labels.scanned(label, way)
        assert (await toko.returns.get(goods.id)).state is ReturnState.AUTHORISED
        with pytest.raises(GoodsCame):
            await toko.return_labels.void(label)

    play(body, couriers=[courier])


def test_nobody_asks_about_a_parcel_without_a_number(play_in_memory):
    """One that was refused has none; an account that can't be asked says so; a lost answer changes nothing."""
    couriers = [FakeCourier(), FakeCourier("telephone", tracks=False)]

    async def body(toko):
        goods = await agreed(toko)
        couriers[0].switches.refusals = 1
        refused = await buy(toko, goods)
        for act in (toko.return_labels.ask_courier(refused), toko.return_labels.scanned(refused, ())):
            with pytest.raises(ReturnLabelNotOpen):
                await act
        with pytest.raises(NotOffered):
            await toko.return_labels.ask_courier(await buy(toko, goods, "telephone", what={"KOPI-250": 1}))
        label = await buy(toko, goods)
        couriers[0].switches.unreachable = 1
        with pytest.raises(Transient):
            await toko.return_labels.ask_courier(label)
        assert label == await toko.return_labels.get(label.id)

    play_in_memory(body, couriers=couriers)


def test_what_a_courier_bills_otherwise_is_what_it_costs(play):
    """When it is used, or weighed: once told, and again when it bills anew; given back it costs nothing."""
    courier = FakeCourier()
    courier.switches.prices = False

    async def body(toko):
        label = await buy(toko, await agreed(toko))
        assert (label.price, await posted(toko)) == (None, ())
        for price, grams in ((11_000, None), (11_000, None), (12_500, 1_200)):
            label = await toko.return_labels.reweighed(label, IDR(price), grams=grams)
        assert (label.price, [each.grams for each in label.reweighed]) == (IDR(12_500), [None, 1_200])
        assert [11_000, -11_000, 1_500, -1_500] == [each.amount for each in await posted(toko)]
        with pytest.raises(CurrencyMismatch):
            await toko.return_labels.reweighed(label, USD(1))
        with pytest.raises(InvalidInput):
            await toko.return_labels.reweighed(label, IDR(-1))
        gone = await toko.return_labels.void(label)
        assert (gone.price, sum(each.amount for each in await posted(toko) if "cost" in each.account)) == (IDR(0), 0)
        with pytest.raises(ReturnLabelNotOpen):
            await toko.return_labels.reweighed(gone, IDR(9_000))

    play(body, couriers=[courier])


def test_a_label_that_was_bought_twice_waits_for_a_person(play_in_memory):
    """The courier knows two under one key: the shop says which one stands, when the other was seen to."""
    courier = FakeCourier()

    async def body(toko):
        courier.switches.twice = courier.switches.time_out_after = 1
        goods = await agreed(toko)
        label = await buy(toko, goods)
        await later(toko)
        label = await toko.return_labels.get(label.id)
        assert (label.state, 2) == (ReturnLabelState.REVIEW, len(courier.sold))
        with pytest.raises(ReturnLabelStands):
            await buy(toko, goods)
        label = await toko.return_labels.resolve(label, courier.sold[0], reason="the other one is void")
        assert label.state is ReturnLabelState.BOUGHT

    play_in_memory(body, couriers=[courier])


def test_a_courier_that_is_gone_is_waited_for(play_in_memory):
    """A shop without the account says so, and whoever brings it back finds the label waiting."""
    courier = FakeCourier()

    async def body(toko):
        courier.switches.unreachable = 1
        label = await buy(toko, await agreed(toko))
        couriers = toko.shop._subject._outside.couriers
        gone = couriers.pop("fake-courier")
        told = await later(toko)
        assert 1 == len([each for each in told.failures if label.id in each])
        (item,) = (await toko.reviews.list([ReviewKind.UNASKED])).items
        assert item.id == label.id
        couriers["fake-courier"] = gone
        await later(toko)
        assert (await toko.return_labels.get(label.id)).state is ReturnLabelState.BOUGHT

    play_in_memory(body, couriers=[courier])


def test_after_a_restore_a_label_is_looked_up_first(play_in_memory):
    """One that was waited for may have been bought in the time that was lost."""
    courier = FakeCourier()

    async def body(toko):
        courier.switches.time_out_after = 1
        label = await buy(toko, await agreed(toko))
        restored = await toko.shop.after_restore(key="r1", reason="disk")
        assert (label.buying.id,) == restored.presumed
        await later(toko)
        assert (await toko.return_labels.get(label.id)).state is ReturnLabelState.BOUGHT
        assert 1 == len(courier.sold)

    play_in_memory(body, couriers=[courier])


def test_a_courier_that_is_awaited_sells_labels_back(play):
    """In a shop that is awaited."""
    courier = AsyncFakeCourier()

    async def body(toko):
        label = await buy(toko, await agreed(toko))
        assert (await toko.return_labels.void(label)).state is ReturnLabelState.VOIDED

    with contextlib.suppress(HostMismatch):
        play(body, couriers=[courier])


TROUBLES = ("unreachable", "time_out_before", "time_out_after", "refusals")
ACTS = st.lists(
    st.tuples(st.sampled_from(["buy", "void", "tick", "receive", "cancel"]), st.sampled_from([*TROUBLES, "", ""])),
    min_size=3,
    max_size=10,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=ACTS, terms=st.sampled_from([(True, True), (True, False), (False, True), (False, False)]))
def test_no_trouble_buys_two_labels(play_in_memory, acts, terms):
    """Whatever is lost: at most one label stands for the goods, and the shop knows of it or looks for it."""
    courier = FakeCourier(dedupes=terms[0], looks_up=terms[1])

    async def body(toko):
        goods = await agreed(toko)
        for act, trouble in acts:
            if trouble:
                setattr(courier.switches, trouble, 1)
            with contextlib.suppress(TokolibError):
                await perform(toko, goods, act)
            for each in TROUBLES:
                setattr(courier.switches, each, 0)
            toko.clock.forward(hours=2)
            assert len(standing(courier)) <= 1
            known = await toko.return_labels.of(goods)
            bought = {each.reference for each in known if each.stands}
            assert any(each.is_open for each in known) or bought == {each.reference for each in standing(courier)}
            assert (await toko.verify()).ok

    play_in_memory(body, couriers=[courier])


async def perform(toko, goods, act):
    match act:
        case "buy":
            await buy(toko, goods)
        case "void":
            known = await toko.return_labels.of(goods)
            await toko.return_labels.void(known[-1].id if known else "rlb_none")
        case "tick":
            await toko.shop.tick()
        case "receive":
            await toko.returns.receive(goods, {"KOPI-250": 1})
        case _:
            await toko.returns.cancel(goods, reason="keeps it")


PARCELS = st.lists(
    st.tuples(st.sampled_from(["buy", "buy", "void", "receive", "elsewhere"]), st.integers(1, 2)),
    min_size=3,
    max_size=8,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=PARCELS)
def test_no_unit_is_sent_with_two_labels(play_in_memory, acts):
    """However the goods are parcelled, come in, or come back otherwise: a label is for units that are still to come."""
    courier = FakeCourier()

    async def body(toko):
        goods = await agreed(toko, {"KOPI-250": 4})
        for act, units in acts:
            wanted = {"KOPI-250": units}
            labels = [each for each in await toko.return_labels.of(goods) if each.stands]
            with contextlib.suppress(TokolibError):
                match act:
                    case "buy":
                        label = await buy(toko, goods, what=wanted)
                        now = await toko.returns.get(goods.id)
                        assert not {*units_of(label.runs)} & {u for each in now.receipts for u in units_of(each.runs)}
                        assert units == len(units_of(label.runs))
                    case "void":
                        await toko.return_labels.void(labels[-units:][0].id if labels else "rlb_none")
                    case "receive":
                        await toko.returns.receive(goods, wanted)
                    case _:
                        await toko.returns.accept(goods.order_id, wanted, reason="at the counter")
        sent = [unit for each in await toko.return_labels.of(goods) if each.stands for unit in units_of(each.runs)]
        assert len(set(sent)) == len(sent)
        assert len((await toko.returns.get(goods.id)).labels) == len(standing(courier))

    play_in_memory(body, couriers=[courier])


def units_of(runs):
    return [unit for run in runs for unit in range(run.first, run.beyond)]


class Crash(BaseException):
    """The process dies here."""


class Dying(FakeCourier):
    """At its next call the shop's process dies: before the call has arrived, or after it was taken."""

    dies = ""

    def book(self, request, *, key):
        return self._dying("book", lambda: super(Dying, self).book(request, key=key))

    def void(self, reference, *, key):
        return self._dying("void", lambda: super(Dying, self).void(reference, key=key))

    def _dying(self, call, take):
        if self.dies == f"before {call}":
            self.dies = ""
            raise Crash
        told = take()
        if self.dies == f"after {call}":
            self.dies = ""
            raise Crash
        return told


@pytest.mark.parametrize("call", ["book", "void"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_process_that_dies_at_the_call_buys_no_second_label(tmp_path, when, call):
    """The next process finds the wish that was stored, looks it up, and does what is left to do."""
    import tokolib
    from tokolib.testing import ManualClock
    from tokolib.testing.builders import Given

    courier, clock, url = Dying(), ManualClock(), f"sqlite:///{tmp_path / 'toko.db'}"
    with tokolib.open(url, country="ID", clock=clock, couriers=[courier]) as shop:
        given = Given(shop)
        given.goods({"KOPI-250": 75_000})
        given.delivery({"jne:reg": 18_000})
        order = given.order({"KOPI-250": 1}, delivery="jne:reg")
        shop.shipments.delivered(shop.shipments.hand_over(order))
        goods = shop.returns.authorise(shop.returns.request(order, {"KOPI-250": 1}, reason="changed mind"))
        courier.dies = f"{when} {call}"
        with pytest.raises(Crash):
            shop.return_labels.void(shop.return_labels.buy(goods, courier="fake-courier", recipient=GUDANG))
    clock.forward(hours=1)
    with tokolib.open(url, clock=clock, couriers=[courier]) as shop:
        shop.tick()
        (label,) = shop.return_labels.of(goods.id)
        expected = ReturnLabelState.BOUGHT if call == "book" else ReturnLabelState.VOIDED
        assert (label.state, len(courier.sold)) == (expected, 1)
        assert (expected is ReturnLabelState.BOUGHT) is bool(standing(courier))
        assert shop.verify().ok
