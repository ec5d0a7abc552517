"""Orders of goods that are promised before they are there: what is agreed, and who is served first."""

from datetime import date, timedelta
from typing import Any

import pytest

import tokolib
from tokolib import IDR, Basket, Policies
from tokolib.adapters.memory.storage import MemoryStorage
from tokolib.checkout.errors import QuoteChanged
from tokolib.inventory.errors import OutOfStock
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.policies import PlacementPolicy, StockTaken
from tokolib.kernel.sourcing_rules import SourcingPlace, SourcingRules
from tokolib.kernel.storage_errors import Busy
from tokolib.orders.model import OrderState
from tokolib.orders.unit_errors import StillAwaited
from tokolib.records.collections import COLLECTIONS

TODAY = date(2026, 3, 2)
SOON, LATE = TODAY + timedelta(days=7), TODAY + timedelta(days=40)


async def furnish(toko: Any) -> None:
    """Two bags on the shelf, and a week to promise ten more."""
    await toko.given.goods({"LUWAK": 10_000}, stock=2)
    await toko.backorders.allow("LUWAK", 10, days=7)


async def ordered(toko: Any, units: int, key: str, tender: str = "cash") -> Any:
    return await toko.orders.place(Basket({"LUWAK": units}), tender=tender, key=key)


def days(line: Any) -> list[tuple[date, int]]:
    """By when how many units of a line, or of what moved them, are promised that are not there."""
    return [(each.on, len(each.units)) for each in line.awaited]


async def promised(toko: Any) -> tuple[int, int]:
    """What is promised beyond the stock, and what a new order could have from the shelf."""
    level = await toko.backorders.of("LUWAK")
    return level.promised.steps, (await toko.stock.available("LUWAK")).steps


def test_the_shelf_goes_first_and_the_rest_is_promised(play: Any) -> None:
    """The quote says how many are there, and for when the others are; the order holds both, and ships what is there."""

    async def body(toko: Any) -> None:
        await furnish(toko)
        quote = await toko.carts.quote(await toko.carts.start({"LUWAK": 5}))
        assert [(SOON, 3)] == days(quote.lines[0])
        assert [("main", SOON)] == [(each.location, each.promised_for) for each in quote.groups]

        order = await toko.orders.place(quote, tender="cash", key="a")
        assert [(SOON, 3)] == days(order.lines[0])
        assert (3, 0) == await promised(toko)
        with pytest.raises(StillAwaited) as refused:
            await toko.shipments.hand_over(order, {"LUWAK": 3})
        assert ("2 pcs", SOON) == (refused.value.there, refused.value.on)
        shipment = await toko.shipments.hand_over(order)

        assert 2 == sum(run.units for run in shipment.runs)

    play(body)


def test_a_promise_goes_by_what_is_expected(play: Any) -> None:
    """Each delivery is promised once, the first to those who were first; beyond them the backorder's own days count."""

    async def body(toko: Any) -> None:
        await furnish(toko)
        await toko.expected.announce("LUWAK", 4, on=LATE)

        first, second = await ordered(toko, 5, "a"), await ordered(toko, 3, "b")

        assert [(LATE, 3)] == days(first.lines[0])
        assert [(LATE, 3)] == days(second.lines[0])
        await toko.expected.announce("LUWAK", 4, on=SOON)
        assert [(LATE, 1)] == days((await ordered(toko, 1, "c")).lines[0])  # six wait before it

    play(body)


def test_no_more_is_promised_than_is_allowed(play: Any) -> None:
    """Beyond the limit, and of what is closed, the order is refused as it would be without; nothing is held."""

    async def body(toko: Any) -> None:
        await furnish(toko)
        with pytest.raises(OutOfStock):
            await ordered(toko, 13, "a")
        await ordered(toko, 12, "b")
        with pytest.raises(OutOfStock):
            await ordered(toko, 1, "c")
        await toko.backorders.close("LUWAK")

        assert (10, 0) == await promised(toko)

    play(body)


def test_whoever_was_promised_first_is_served_first(play: Any) -> None:
    """What comes is nobody's who orders now; an order gets what there is, and those behind it wait."""

    async def body(toko: Any) -> None:
        await furnish(toko)
        first, second = await ordered(toko, 5, "a"), await ordered(toko, 2, "b")
        await toko.stock.receive("LUWAK", 4)
        assert (5, 0) == await promised(toko)
        third = await ordered(toko, 1, "c")
        assert [1] == [steps for _, steps in days(third.lines[0])]

        done = await toko.orders.allocate()

        assert (first.id, second.id) == done.served
        lines = [(await toko.orders.get(each.id)).lines[0] for each in (first, second, third)]
        assert [0, 1, 1] == [len(line.waiting) for line in lines]
        assert (2, 0) == await promised(toko)
        assert () == (await toko.orders.allocate()).served
        await toko.stock.receive("LUWAK", 5)
        assert 2 == (await toko.tick()).served_orders
        assert (0, 3) == await promised(toko)
        await toko.shipments.hand_over(second)

    play(body)


def test_a_budget_is_kept_and_the_next_round_goes_on(play: Any) -> None:
    """One order at a time, in the order of the queue."""

    async def body(toko: Any) -> None:
        await furnish(toko)
        orders = [await ordered(toko, 3, "a"), await ordered(toko, 1, "b")]
        await toko.stock.receive("LUWAK", 9)

        assert [(orders[0].id,), (orders[1].id,), ()] == [
            (await toko.orders.allocate(budget=1)).served for _ in range(3)
        ]
        with pytest.raises(InvalidInput):
            await toko.orders.allocate(budget=0)

    play(body)


def test_a_day_that_moves_is_told(play: Any) -> None:
    """By an event on each order that comes on another day; said again, it is told no more."""

    async def body(toko: Any) -> None:
        await furnish(toko)
        receipt = await toko.expected.announce("LUWAK", 3, on=SOON)
        order = await ordered(toko, 5, "a")
        await toko.expected.change(receipt, on=LATE)

        assert (order.id,) == (await toko.orders.allocate()).moved
        assert () == (await toko.orders.allocate()).moved

        assert [(LATE, 3)] == days((await toko.orders.get(order.id)).lines[0])
        told = [
            each.event for each in await toko.orders.history(order.id) if each.event.topic == "orders.promise_moved"
        ]
        assert [[(LATE, 3)]] == [[(each.on, len(each.units)) for each in event.awaited] for event in told]

    play(body)


def test_who_gives_up_frees_the_promise(play: Any) -> None:
    """Cancelled in part, the units that are not there go first; cancelled whole, all of it is free again."""

    async def body(toko: Any) -> None:
        await furnish(toko)
        order = await ordered(toko, 5, "a")
        left = await toko.orders.cancel(order, {"LUWAK": 2}, reason="less")
        assert (1, 0) == await promised(toko)
        assert (2, 1) == (len(left.lines[0].ready), len(left.lines[0].waiting))

        await toko.orders.cancel(left, reason="none at all")

        assert (0, 2) == await promised(toko)

    play(body)


def test_an_order_that_is_not_paid_gives_its_promise_back(play: Any) -> None:
    """What a late payment brings back is promised again."""

    async def body(toko: Any) -> None:
        await furnish(toko)
        order = await ordered(toko, 5, "a", tender="bank_transfer")
        assert (3, 0) == await promised(toko)
        toko.clock.forward(days=2)
        await toko.tick()
        assert (0, 2) == await promised(toko)

        await toko.payments.received(order, order.total, reference="late")

        order = await toko.orders.get(order.id)
        assert (OrderState.PLACED, 3) == (order.state, len(order.lines[0].waiting))
        assert (3, 0) == await promised(toko)

    play(body)


@pytest.mark.parametrize("policy", PlacementPolicy)
def test_what_would_come_later_is_agreed_to_anew(play: Any, policy: PlacementPolicy) -> None:
    """What was there when it was quoted, and has to come by now, is no detail; what comes sooner needs no word."""

    async def body(toko: Any) -> None:
        await furnish(toko)
        await toko.settings.change(policies=Policies(placement=policy))
        worse, better = [await toko.carts.quote(await toko.carts.start({"LUWAK": units})) for units in (2, 4)]
        await toko.stock.receive("LUWAK", 1)
        order = await toko.orders.place(better, tender="cash", key="b")
        assert [(SOON, 1)] == days(order.lines[0])

        with pytest.raises(QuoteChanged) as refused:
            await toko.orders.place(worse, tender="cash", key="a")

        assert "lines[LUWAK].awaited: all there → 2 pcs for 2026-03-09" in refused.value.differences

    play(body)


def test_a_shop_that_takes_stock_at_the_sale_promises_nothing(play: Any) -> None:
    """What leaves the books as it is sold has to be there."""

    async def body(toko: Any) -> None:
        await furnish(toko)
        await toko.settings.change(policies=Policies(stock_taken=StockTaken.AT_ORDER))

        with pytest.raises(OutOfStock):
            await ordered(toko, 5, "a")

    play(body)


def test_a_bundle_is_never_promised(play: Any) -> None:
    """Its part is, where it is sold by itself, and what is in a bundle is from the shelf."""

    async def body(toko: Any) -> None:
        await furnish(toko)
        await toko.catalog.put("PAKET", "Paket", components={"LUWAK": 3})
        await toko.prices.put("PAKET", IDR(25_000))

        with pytest.raises(OutOfStock):
            await toko.orders.place(Basket({"PAKET": 1}), tender="cash", key="a")
        order = await ordered(toko, 3, "b")

        assert [(SOON, 1)] == days(order.lines[0])

    play(body)


def test_of_several_places_one_promises_what_no_shelf_has(play: Any) -> None:
    """The shelves of all places are emptied first; the first place whose backorder allows the rest promises it."""

    async def body(toko: Any) -> None:
        await furnish(toko)
        await toko.stock.open_location("gudang", "Gudang")
        await toko.stock.receive("LUWAK", 3, location="gudang")
        rules = SourcingRules(places=(SourcingPlace(location="gudang"), SourcingPlace(location="main")))
        await toko.settings.change(sourcing=rules)

        quote = await toko.carts.quote(await toko.carts.start({"LUWAK": 8}))
        assert [("gudang", None), ("main", SOON)] == [(each.location, each.promised_for) for each in quote.groups]
        order = await ordered(toko, 8, "a")

        assert {"gudang": 3, "main": 5} == {each.location: len(each.units) for each in order.lines[0].sources}
        assert [(SOON, 3)] == days(order.lines[0])
        await toko.stock.receive("LUWAK", 3)
        assert (order.id,) == (await toko.orders.allocate()).served

    play(body)


def test_a_late_payment_holds_nothing_where_a_promise_is_over(play: Any) -> None:
    """One is there and one would be promised; meanwhile no more is. The money goes back, and what is there is free."""

    async def body(toko: Any) -> None:
        await furnish(toko)
        await toko.given.goods({"ROBUSTA": 20_000}, stock=1)
        await toko.shop.promotions.percent("hemat", 10, coupon="HEMAT", usage_limit=1)
        late = await toko.orders.place(
            Basket({"LUWAK": 3, "ROBUSTA": 1}, coupons=("HEMAT",)), tender="bank_transfer", key="late"
        )
        toko.clock.forward(days=3)
        await toko.shop.tick(budget=10)
        await toko.backorders.close("LUWAK")

        await toko.payments.received(late, late.total, method="bank_transfer", reference="trf-1")

        assert OrderState.EXPIRED is (await toko.orders.get(late.id)).state
        assert (0, 2) == await promised(toko)
        assert 1 == (await toko.stock.available("ROBUSTA")).steps
        await toko.orders.place(Basket({"ROBUSTA": 1}, coupons=("HEMAT",)), tender="cash", key="next")
        assert (await toko.verify()).ok

    play(body)


def test_a_late_payment_holds_at_no_place_where_it_cannot_at_another(play: Any) -> None:
    """Goods of two places were not paid in time, and one has none left: nothing is held at the other."""

    async def body(toko: Any) -> None:
        await toko.shop.stock.open_location("toko", "Toko")
        places = tuple(SourcingPlace(location=where) for where in ("main", "toko"))
        await toko.shop.settings.change(sourcing=SourcingRules(places=places))
        await toko.given.goods({"ROBUSTA": 20_000}, stock=1)
        await toko.stock.receive("ROBUSTA", 1, location="toko", key="toko")
        late = await toko.orders.place(Basket({"ROBUSTA": 2}), tender="bank_transfer", key="late")
        toko.clock.forward(days=3)
        await toko.shop.tick(budget=10)
        await toko.stock.write_off("ROBUSTA", 1, reason="broke", location="toko")

        await toko.payments.received(late, late.total, method="bank_transfer", reference="trf-1")

        assert OrderState.EXPIRED is (await toko.orders.get(late.id)).state
        assert 1 == (await toko.stock.available("ROBUSTA")).steps
        assert (await toko.verify()).ok

    play(body)


class Interrupted:
    """A storage that is busy once, at the read of a look that it counts down to."""

    def __init__(self, storage: Any) -> None:
        self.storage, self.left = storage, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.storage, name)

    def begin(self, partition: str, *, read_only: bool = False) -> Any:
        unit = self.storage.begin(partition, read_only=read_only)
        return _Broken(unit, self) if read_only else unit


class _Broken:
    def __init__(self, unit: Any, storage: Interrupted) -> None:
        self.unit, self.storage = unit, storage

    def __getattr__(self, name: str) -> Any:
        return getattr(self.unit, name)

    def read(self, *asks: Any) -> Any:
        self.storage.left -= 1
        if self.storage.left == 0:
            raise Busy("others write")
        return self.unit.read(*asks)


@pytest.mark.parametrize("read", range(1, 8))
def test_a_look_that_is_broken_off_is_taken_anew(read: int) -> None:
    """What it had added up of the orders that wait is forgotten: nobody stands behind himself."""
    storage = Interrupted(MemoryStorage(COLLECTIONS))
    with tokolib.open(storage, country="ID") as shop:
        for sku in ("LUWAK", "TERI"):
            shop.catalog.put(sku, sku)
            shop.prices.put(sku, IDR(10_000))
            shop.stock.receive(sku, 2)
            shop.backorders.allow(sku, 10, days=7)
        first, _ = [shop.orders.place(Basket({sku: 6}), tender="cash", key=sku) for sku in ("LUWAK", "TERI")]
        shop.stock.receive("LUWAK", 1)
        storage.left = read

        assert (first.id,) == shop.orders.allocate().served
