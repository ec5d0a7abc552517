"""What a driver was given stands in one document, and leaves as one: all of it, or nothing."""

import attrs
import pytest

from tokolib import IDR, InvalidInput, NotFound
from tokolib.effects.model import EffectState, Source
from tokolib.effects.words import word
from tokolib.fulfilment.errors import LabelAwaited
from tokolib.fulfilment.manifests import NotLabelled, OnManifest
from tokolib.fulfilment.model import ShipmentState
from tokolib.fulfilment.packing import ParcelDraft
from tokolib.fulfilment.pickups import LabelledElsewhere
from tokolib.orders.errors import NotShippable
from tokolib.testing import FakeGateway, FakeWorld, ManualClock
from tokolib.testing.fake_courier import FakeCourier


async def labelled(toko, courier="fake-courier", parcels=1, **options):
    """A shipment whose parcels have their labels."""
    order = await toko.given.order({"KOPI-250": parcels}, delivery="jne:reg", **options)
    drafts = [ParcelDraft(goods={"KOPI-250": 1}, grams=700) for _ in range(parcels)]
    shipment = await toko.shipments.pack(await toko.shipments.plan(order), drafts)
    await toko.shipments.buy_labels(shipment, courier=courier)
    return await toko.shipments.get(shipment.id)


async def give(toko, shipments, **options):
    return await toko.manifests.close(shipments, **{"courier": "fake-courier"} | options)


def test_a_driver_is_given_all_of_a_manifest(play):
    """Each parcel with its number, weight and cash; the shipments left at once, and name it; again it is the same."""
    courier = FakeCourier()

    async def body(toko):
        one, two = await labelled(toko, parcels=2, tender="cod"), await labelled(toko)
        window = (toko.clock.now(), toko.clock.now().replace(year=2030))
        pickup = await toko.pickups.book([one, two], courier="fake-courier", window=window)

        manifest = await give(toko, [two, one], pickup=pickup)

        assert (manifest.number, manifest.account, manifest.location) == (1, "fake-courier", "main")
        assert (manifest.pickup_id, manifest.closed_at) == (pickup.id, toko.clock.now())
        assert manifest.closed_by.startswith("system") or manifest.closed_by.startswith("staff")
        assert [each.tracking for each in courier.sold] == [each.tracking for each in manifest.parcels]
        assert (manifest.shipments, manifest.grams) == ((one.id, two.id), 2_100)
        order = await toko.orders.get(one.order_id)
        assert (order.due,) == manifest.cod
        assert [None] == [each.cod for each in manifest.parcels if each.shipment_id == two.id]
        for each in (one, two):
            left = await toko.shipments.get(each.id)
            assert (left.state, left.manifest_id) == (ShipmentState.HANDED_OVER, manifest.id)
        assert () == await toko.pickups.not_fetched(pickup)
        assert manifest == await give(toko, [one, two]) == await toko.manifests.get(manifest.id)

    play(body, couriers=[courier])


def test_manifests_are_numbered_and_listed(play):
    """The last one first, of one account or of all."""

    async def body(toko):
        made = [await give(toko, await labelled(toko)) for _ in range(2)]
        other = await give(toko, await labelled(toko, "other"), courier="other")
        assert [1, 2, 3] == [each.number for each in (*made, other)]
        page = await toko.manifests.page(limit=2)
        assert [other.id, made[1].id] == [each.id for each in page.items]
        assert [made[0].id] == [each.id for each in (await toko.manifests.page(limit=2, after=page.after)).items]
        assert (other,) == (await toko.manifests.page(courier="other")).items

    play(body, couriers=[FakeCourier(), FakeCourier("other")])


def test_what_cannot_leave_keeps_all_the_others_here(play_in_memory):
    """Not labelled, labelled elsewhere, waited for, blocked, on another manifest: nothing of the manifest leaves."""
    courier = FakeCourier()

    async def body(toko):
        good, gone = await labelled(toko), await labelled(toko)
        first = await give(toko, gone)
        planned = await toko.shipments.plan(await toko.given.order({"KOPI-250": 1}, delivery="jne:reg"))
        blocked = await labelled(toko)
        await toko.orders.block(blocked.order_id, "fraud", reason="looks odd")
        doubtful = await labelled(toko)
        courier.switches.time_out_after = 1
        (label,) = await toko.shipments.labels(doubtful)
        await toko.shipments.void_label(label)
        for refusal, bad in (
            (NotLabelled, planned),
            (LabelledElsewhere, await labelled(toko, "other")),
            (NotShippable, blocked),
            (LabelAwaited, doubtful),
            (OnManifest, gone),
            (NotFound, "shp_none"),
        ):
            with pytest.raises(refusal):
                await give(toko, [good, bad])
            assert (await toko.shipments.get(good.id)).state is ShipmentState.LABELLED
        with pytest.raises(InvalidInput):
            await give(toko, [])
        with pytest.raises(NotFound):
            await give(toko, good, pickup="pkp_none")
        assert (first,) == (await toko.manifests.page()).items

    play_in_memory(body, couriers=[courier, FakeCourier("other")])


def test_a_manifest_captures_what_is_reserved_for_its_orders():
    """The money of each order is asked for after the commit, as with a hand-over by itself."""
    import tokolib
    from tokolib.testing.builders import Given

    clock = ManualClock()
    bank = FakeWorld(clock, instant=True)
    outside = {"gateways": [FakeGateway(bank)], "couriers": [FakeCourier()]}
    with tokolib.open("memory://", country="ID", clock=clock, **outside) as shop:
        shop.settings.change(policies=tokolib.Policies(capture="at_hand_over"))
        given = Given(shop)
        given.goods({"KOPI-250": 75_000})
        given.delivery({"jne:reg": 18_000})
        order = given.order({"KOPI-250": 1}, delivery="jne:reg", tender="fake")
        assert shop.orders.get(order.id).reserved
        shipment = shop.shipments.plan(order)
        shop.shipments.pack(shipment, [ParcelDraft(goods={"KOPI-250": 1}, grams=300)])
        shop.shipments.buy_labels(shipment, courier="fake-courier")
        shop.manifests.close(shipment, courier="fake-courier")
        order = shop.orders.get(order.id)
        assert (order.reserved, order.captured) == (0, order.total.minor_units)
        assert shop.verify().ok


def test_a_number_that_comes_after_the_parcel_has_left_is_its_own(play_in_memory):
    """A courier that gives numbers late still has its parcels tracked; a number that somebody gave stays."""

    class Late(FakeCourier):
        def book(self, request, *, key):
            return attrs.evolve(super().book(request, key=key), tracking="")

    async def body(toko):
        quiet, told = await labelled(toko), await labelled(toko)
        for each, number in ((quiet, ""), (told, "MINE1")):
            await toko.shipments.hand_over(each, tracking=number)
            (label,) = await toko.shipments.labels(each)
            later = attrs.evolve(
                word(
                    label.buying,
                    EffectState.SUCCEEDED,
                    source=Source.WEBHOOK,
                    at=toko.clock.now(),
                    reference=label.reference,
                ),
                sequence=1,
                details=tuple(sorted([*label.buying.details, ("tracking", f"LATE-{each.id}")])),
            )
            await seen(toko, later)
            assert (await toko.shipments.label(label.id)).tracking == f"LATE-{each.id}"
        assert (await toko.shipments.get(quiet.id)).tracking == f"LATE-{quiet.id}"
        left = await toko.shipments.get(told.id)
        assert (left.tracking, left.labels[0].tracking) == ("MINE1", f"LATE-{told.id}")
        assert (await toko.shipments.label(label.id)).price == IDR(9_000)

    play_in_memory(body, couriers=[Late()])


async def seen(toko, observation):
    """What the outside says, by the one door for it."""
    shop = toko.shop._subject

    async def step(unit):
        return await shop._observe(unit, observation)

    return await shop._work.write("webhooks.receive", step)
