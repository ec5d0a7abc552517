"""Parcels that wait at a courier's collection point: chosen by value, told to the courier, and checked again there."""

from datetime import UTC, datetime

import attrs
import pytest

from tokolib import IDR, Address, InvalidInput
from tokolib.catalog.model import Dimensions
from tokolib.checkout.errors import AddressNeeded
from tokolib.effects.answers import UnusableAnswer
from tokolib.effects.outside import NotFoundOutside, Transient
from tokolib.fulfilment.couriers import NoSuchCourier, NotOffered
from tokolib.fulfilment.labels import LabelState, NotToThatPoint
from tokolib.fulfilment.packing import ParcelDraft
from tokolib.orders.errors import NotEditable
from tokolib.orders.foreign import ForeignLine, ForeignOrder
from tokolib.payments.errors import TenderRefused
from tokolib.shipping import Area, CollectionPoint, MethodKind, NoRate, PointNeeded, PointRefused, Terms, UnknownMethod
from tokolib.testing.builders import BUYER
from tokolib.testing.fake_courier import FakeCourier


def point(id, city="Kota Yogyakarta", **terms):
    """A collection point."""
    place = Address(f"Kios {id}", "Jl. Pasar 1", city=city, postal_code="55271", country="ID")
    return CollectionPoint(courier="fake-courier", id=id, address=place, **terms)


NEAR, FAR = point("YK-1", max_grams=2_000), point("SM-1", "Kota Semarang", cod=False)


async def shopped(toko, courier):
    """A shop with a delivery to lockers beside one to the door."""
    await toko.delivery.flat("paxel:locker", IDR(9_000), points_of=courier.name)


async def quoted(toko, units=1, **wishes):
    cart = await toko.carts.start({"KOPI-250": units})
    return await toko.carts.quote(cart, **{"ship_to": BUYER, "delivery": "paxel:locker"} | wishes)


async def packed(toko, order, grams=700):
    drafts = [ParcelDraft(goods={"KOPI-250": line.units}, grams=grams) for line in order.lines]
    return await toko.shipments.pack(await toko.shipments.plan(order), drafts)


def test_the_nearest_points_are_told_and_one_by_its_id(play):
    """Those of the customer's own city come first; a closed one is not told at all."""
    courier = FakeCourier(points=(FAR, NEAR))

    async def body(toko):
        await shopped(toko, courier)
        there = attrs.evolve(BUYER, city="Kota Yogyakarta")

        assert (NEAR, FAR) == await toko.shipments.points("paxel:locker", there)
        assert (NEAR,) == await toko.shipments.points("paxel:locker", there, limit=1)
        assert FAR == await toko.shipments.point("paxel:locker", "SM-1")
        courier.switches.closed.add("YK-1")
        assert (FAR,) == await toko.shipments.points("paxel:locker", there)
        with pytest.raises(NotFoundOutside):
            await toko.shipments.point("paxel:locker", "YK-1")

    play(body, couriers=[courier])


def test_a_chosen_point_stands_on_the_order_and_the_courier_is_told(play):
    """Quote, order and label have it by value; the parcel is for the customer, and waits at the point."""
    courier = FakeCourier(points=(NEAR, FAR))

    async def body(toko):
        await shopped(toko, courier)
        quote = await quoted(toko, point=NEAR)
        order = await toko.orders.place(quote, tender="cash", key="web-1")

        assert (NEAR, BUYER, NEAR.address) == (order.delivery.point, order.ship_to, order.goes_to)
        (label,) = await toko.shipments.buy_labels(await packed(toko, order), courier="fake-courier")
        assert (LabelState.BOUGHT, NEAR) == (label.state, label.request.point)
        assert (BUYER, NEAR) == (courier.told[0].recipient, courier.told[0].point)

    play(body, couriers=[courier])


def test_another_point_is_another_bargain(play_in_memory):
    """It is in the hash, and the rate is that to the point: the customer's own address has no say in it."""
    courier = FakeCourier(points=(NEAR, FAR))

    async def body(toko):
        await shopped(toko, courier)
        areas = (Area("ID", city="Kota Semarang"),)
        terms = Terms("Loker", MethodKind.FLAT, IDR, price=9_000, areas=areas, points_of="fake-courier")
        await toko.delivery.put("paxel:locker", terms)

        assert (await quoted(toko, point=FAR)).delivery.point == FAR
        with pytest.raises(NoRate, match="Kota Yogyakarta"):
            await quoted(toko, point=NEAR)
        await toko.delivery.put("paxel:locker", attrs.evolve(terms, areas=()))
        assert (await quoted(toko, point=NEAR)).hash != (await quoted(toko, point=FAR)).hash

    play_in_memory(body, couriers=[courier])


def test_the_cart_keeps_the_point_with_its_delivery(play_in_memory):
    """What was chosen on the cart counts for the quote, until another delivery is named."""
    courier = FakeCourier(points=(NEAR, FAR))

    async def body(toko):
        await shopped(toko, courier)
        cart = await toko.carts.start({"KOPI-250": 1})
        cart = await toko.carts.deliver(cart, "paxel:locker", BUYER, point=NEAR)

        assert NEAR.address == cart.goes_to
        assert NEAR == (await toko.carts.quote(cart)).delivery.point
        assert FAR == (await toko.carts.quote(cart, point=FAR)).delivery.point
        assert (await toko.carts.quote(cart, delivery="jne:reg")).delivery.point is None

    play_in_memory(body, couriers=[courier])


def test_options_show_lockers_beside_the_door(play_in_memory):
    """Without a point the locker says what it lacks; with one both have their price."""
    courier = FakeCourier(points=(NEAR, FAR))

    async def body(toko):
        await shopped(toko, courier)
        cart = await toko.carts.start({"KOPI-250": 1})

        lacking = {each.code: each for each in (await toko.carts.options(cart, ship_to=BUYER)).deliveries}
        assert (True, False) == (lacking["jne:reg"].allowed, lacking["paxel:locker"].allowed)
        assert "shipping.point_needed" == lacking["paxel:locker"].reason.code
        chosen = (await toko.carts.options(cart, ship_to=BUYER, point=FAR, tender="cash")).deliveries
        assert ["paxel:locker", "jne:reg", "jne:yes"] == [each.code for each in chosen if each.allowed]
        in_cash = (await toko.carts.options(cart, ship_to=BUYER, point=FAR, tender="cod")).deliveries
        refused = {each.code: each.reason.code for each in in_cash if not each.allowed}
        assert {"paxel:locker": "shipping.point_takes_no_cash", "jne:yes": "checkout.no_cod"} == refused

    play_in_memory(body, couriers=[courier])


@pytest.mark.parametrize(
    ("wishes", "error"),
    [
        ({}, PointNeeded),
        ({"point": attrs.evolve(NEAR, courier="jnt")}, PointRefused),
        ({"point": NEAR, "delivery": "jne:reg"}, PointRefused),
        ({"point": attrs.evolve(NEAR, max_grams=100)}, PointRefused),
        ({"point": NEAR, "delivery": ""}, InvalidInput),
        ({"point": "YK-1"}, InvalidInput),
        ({"point": NEAR, "ship_to": None}, AddressNeeded),
        ({"point": FAR, "tender": "cod"}, TenderRefused),
    ],
)
def test_a_point_that_does_not_do_is_refused_at_the_quote(play_in_memory, wishes, error):
    """Each with its own error, and nothing stored."""
    courier = FakeCourier(points=(NEAR, FAR))

    async def body(toko):
        await shopped(toko, courier)
        with pytest.raises(error):
            await quoted(toko, **wishes)

    play_in_memory(body, couriers=[courier])


def test_a_point_that_closed_is_changed_and_the_label_bought_again(play):
    """The courier refuses it for good; the order is sent to another point, or to the door, and gets its label."""
    courier = FakeCourier(points=(NEAR, FAR))

    async def body(toko):
        await shopped(toko, courier)
        order = await toko.orders.place(await quoted(toko, 2, point=NEAR), tender="cash", key="web-1")
        shipment = await packed(toko, order)
        courier.switches.closed.add("YK-1")
        (refused,) = await toko.shipments.buy_labels(shipment, courier="fake-courier")
        assert LabelState.REFUSED == refused.state

        preview = await toko.orders.preview_edit(order, point=FAR)
        assert preview.after.total == order.total and "at SM-1" in preview.destination
        order = await toko.orders.edit(order, point=FAR, reason="closed", preview=preview)
        assert (FAR, "paxel:locker", BUYER) == (order.delivery.point, order.delivery.method, order.ship_to)
        (label,) = await toko.shipments.buy_labels(shipment, courier="fake-courier")
        assert (LabelState.BOUGHT, FAR) == (label.state, label.request.point)
        assert (await toko.verify()).ok

    play(body, couriers=[courier])


def test_an_edit_to_a_point_is_checked_as_a_quote_is(play_in_memory):
    """A delivery that goes to points needs one; one to the door takes none; cash needs a point that takes it."""
    courier = FakeCourier(points=(NEAR, FAR))

    async def body(toko):
        await shopped(toko, courier)
        to_the_door = await toko.given.order({"KOPI-250": 1}, delivery="jne:reg", tender="cod")
        for wishes, error in (
            ({"delivery": "paxel:locker"}, PointNeeded),
            ({"point": NEAR}, PointRefused),
            ({"delivery": "paxel:locker", "point": FAR}, TenderRefused),
        ):
            with pytest.raises(error):
                await toko.orders.edit(to_the_door, **wishes, reason="asked")
        edited = await toko.orders.edit(to_the_door, delivery="paxel:locker", point=NEAR, reason="asked")
        assert NEAR == edited.delivery.point
        back = await toko.orders.edit(edited, delivery="jne:reg", reason="asked")
        assert back.delivery.point is None and back.goes_to == back.ship_to
        fetched = await toko.given.order({"KOPI-250": 1})
        with pytest.raises(NotEditable):
            await toko.orders.edit(fetched, point=NEAR, reason="asked")

    play_in_memory(body, couriers=[courier])


def test_an_edit_to_a_point_that_is_too_small_is_refused(play_in_memory):
    """A piece that a quote would not send there isn't sent there by an edit."""
    small = point("YK-2", max_dimensions=Dimensions(100, 100, 100))
    courier = FakeCourier(points=(NEAR, small))

    async def body(toko):
        await shopped(toko, courier)
        await toko.given.goods({"KUBUS": 50_000}, dimensions="50 x 50 x 50 cm")
        order = await toko.given.order({"KUBUS": 1}, delivery="jne:reg")

        with pytest.raises(PointRefused):
            await toko.orders.preview_edit(order, delivery="paxel:locker", point=small)
        edited = await toko.orders.edit(order, delivery="paxel:locker", point=NEAR, reason="asked")

        assert NEAR == edited.delivery.point

    play_in_memory(body, couriers=[courier])


def test_a_parcel_that_cannot_wait_there_gets_no_label(play_in_memory):
    """Another courier's account knows no such point, and a parcel may be packed too heavy for it."""
    courier, other = FakeCourier(points=(NEAR,)), FakeCourier("other")

    async def body(toko):
        await shopped(toko, courier)
        order = await toko.orders.place(await quoted(toko, 4, point=NEAR), tender="cash", key="web-1")
        shipment = await packed(toko, order, grams=2_001)
        for account in ("fake-courier", "other"):
            with pytest.raises(NotToThatPoint, match="YK-1") as refused:
                await toko.shipments.buy_labels(shipment, courier=account)
            assert "shop.orders.edit" in refused.value.hint
        assert () == await toko.shipments.labels(shipment) == courier.sold

    play_in_memory(body, couriers=[courier, other])


def test_a_shipment_that_goes_otherwise_goes_to_the_door(play_in_memory):
    """Staff may send it by another method: then the label names no point."""
    courier = FakeCourier(points=(NEAR,))

    async def body(toko):
        await shopped(toko, courier)
        order = await toko.orders.place(await quoted(toko, point=NEAR), tender="cash", key="web-1")
        shipment = await toko.shipments.plan(order, method="jne:reg")
        shipment = await toko.shipments.pack(shipment, [ParcelDraft(goods={"KOPI-250": 1}, grams=300)])
        (label,) = await toko.shipments.buy_labels(shipment, courier="fake-courier")
        assert label.request.point is None and label.request.recipient == BUYER

    play_in_memory(body, couriers=[courier])


def test_who_is_asked_for_points_is_told_clearly(play_in_memory):
    """Methods that are none, that go to the door or by an account that is not there, and couriers that lie or fail."""
    courier, door = FakeCourier(points=(NEAR,)), FakeCourier("door")

    async def body(toko):
        await shopped(toko, courier)
        for method, account in (("door:locker", "door"), ("gone:locker", "gone")):
            await toko.delivery.flat(method, IDR(1), points_of=account)
        for method, error in (
            ("nix:nix", UnknownMethod),
            ("jne:reg", NotOffered),
            ("door:locker", NotOffered),
            ("gone:locker", NoSuchCourier),
        ):
            with pytest.raises(error):
                await toko.shipments.points(method, BUYER)
        with pytest.raises(InvalidInput):
            await toko.shipments.points("paxel:locker", BUYER, limit=0)
        courier.switches.unreachable = 1
        with pytest.raises(Transient):
            await toko.shipments.points("paxel:locker", BUYER)
        for lie in ((attrs.evolve(NEAR, courier="jnt"),), ("YK-1",), None, (NEAR, NEAR), (NEAR, FAR)):
            courier.points = lambda near, *, limit, lie=lie: lie
            with pytest.raises(UnusableAnswer):
                await toko.shipments.points("paxel:locker", BUYER, limit=1 if FAR in (lie or ()) else 20)
        courier.point = lambda id: FAR
        with pytest.raises(UnusableAnswer):
            await toko.shipments.point("paxel:locker", "YK-1")

    play_in_memory(body, couriers=[courier, door])


def stated(**changed):
    """An order of a marketplace that is to wait at a point."""
    there = ForeignOrder(
        source="tokopedia",
        number="T-1",
        ordered_at=datetime(2026, 3, 1, 4, tzinfo=UTC),
        lines=(ForeignLine("KOPI-250", 1, IDR(75_000), IDR(75_000)),),
        total=IDR(75_000),
        ship_to=BUYER,
        delivery="paxel:locker",
        point=NEAR,
    )
    return attrs.evolve(there, **changed)


def test_an_order_from_elsewhere_waits_at_its_point(play):
    """It is kept by value, though the courier here doesn't know it, and told with the label."""

    async def body(toko):
        order = await toko.foreign.take_over(stated())
        assert (NEAR, NEAR.address, BUYER) == (order.delivery.point, order.goes_to, order.ship_to)
        assert order.id == (await toko.foreign.take_over(stated())).id

        (label,) = await toko.shipments.buy_labels(await packed(toko, order), courier="fake-courier")

        assert (LabelState.BOUGHT, NEAR, BUYER) == (label.state, label.request.point, label.request.recipient)
        assert (await toko.verify()).ok

    play(body, couriers=[FakeCourier(points=(NEAR,))])


def test_a_point_that_an_order_from_elsewhere_can_not_use_is_refused(play_in_memory):
    """It must be one, with somebody who fetches the goods and a way for them to get there; nothing is stored."""

    async def body(toko):
        faults = {"order.point": {"point": "YK-1"}, "ship_to": {"ship_to": None}, "delivery": {"delivery": ""}}
        for path, wrong in faults.items():
            with pytest.raises(InvalidInput) as refused:
                await toko.foreign.take_over(stated(**wrong))
            assert [path] == [fault.path for fault in refused.value.faults]
        assert 0 == len((await toko.orders.page()).items)

    play_in_memory(body)
