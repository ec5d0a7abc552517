"""Lots, serials and expiry dates: received, chosen as goods leave, carried by every movement, and found again."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tokolib.inventory import StockState, Tracked, moving, steps
from tokolib.inventory.counts import InvalidCount
from tokolib.inventory.counts.service import CountService
from tokolib.inventory.errors import BelowHeld, OutOfStock
from tokolib.inventory.lots import (
    AlreadyMoved,
    InvalidLot,
    LotDiffers,
    LotExpired,
    LotReceipt,
    LotsDiffer,
    LotShort,
    LotsNeeded,
    LotsNotPickable,
    NotTracked,
    SerialInHouse,
    UnknownLot,
)
from tokolib.inventory.lots.model import is_lot, lot_resource, split
from tokolib.inventory.lots.service import LotService
from tokolib.inventory.model import MovementKind, place, state_of
from tokolib.inventory.transfers import TransferState
from tokolib.inventory.transfers.service import TransferService
from tokolib.kernel.configuration import SETTINGS_ID, SettingsChanged
from tokolib.kernel.defaults import defaults
from tokolib.kernel.errors import InvalidInput, KeyReused
from tokolib.kernel.hosting import Blocking, drive
from tokolib.kernel.quantity import InvalidQuantity, Quantity
from tokolib.kernel.rows import Kind
from tokolib.kernel.storage_errors import Overtaken, Refused
from tokolib.kernel.unit import SETTINGS, Unit

TODAY = date(2026, 1, 31)
SHELF = ("main", "sellable")
SOON, LATER, LATEST = (TODAY + timedelta(days=days) for days in (10, 40, 400))


async def itself(unit: Unit, reference: str) -> tuple[str, ...]:
    return (reference,)


def door(room: Any) -> LotService[Blocking]:
    return LotService(room.work, True, itself)


@pytest.fixture
def dairy(room: Any) -> Any:
    """Coffee by lot: five that expire soon, three later, four never, received last first."""
    door(room).track("KOPI-250", Tracked.LOT)
    receipts = [LotReceipt("C", 4), LotReceipt("B", 3, expires_on=LATER), LotReceipt("A", 5, expires_on=SOON)]
    room.stock.receive("KOPI-250", 12, lots=receipts)
    return room


def test_what_has_expired_is_not_received_to_be_sold(room: Any) -> None:
    """Its last day is still good; later it is refused, and may be put where nothing is sold from."""
    door(room).track("KOPI-250", Tracked.LOT)
    old = [LotReceipt("OLD", 5, expires_on=TODAY - timedelta(days=1))]

    with pytest.raises(LotExpired) as refused:
        room.stock.receive("KOPI-250", 5, lots=old)
    room.stock.receive("KOPI-250", 2, lots=[LotReceipt("LAST", 2, expires_on=TODAY)])
    level = room.stock.receive("KOPI-250", 5, state=StockState.QUALITY, lots=old)

    assert (TODAY - timedelta(days=1), TODAY) == (refused.value.expires_on, refused.value.today)
    assert (2, 5) == (level.available.steps, level.quality.steps)


def here(room: Any, sku: str = "KOPI-250") -> dict[tuple[str, str, str], int]:
    return {(one.location, one.state.value, one.lot): one.on_hand.steps for one in door(room).levels(sku)}


def on_shelf(room: Any) -> dict[str, int]:
    return {
        lot: count for (location, state, lot), count in here(room).items() if (location, state) == ("main", "sellable")
    }


def promise(room: Any, quantity: int, owner: str = "ord_1") -> tuple[str, ...]:
    async def step(unit: Unit) -> tuple[str, ...]:
        return await steps.hold(unit, {"kopi-250": quantity}, location="main", channel="", owner=owner, until=None)

    ids: tuple[str, ...] = room.do(step)
    return ids


def ship(
    room: Any,
    quantity: int,
    owner: str = "ord_1",
    lots: Mapping[str, int] | None = None,
    shipment: str = "shp_1",
) -> None:
    named = {"kopi-250": lots} if lots else {}

    async def step(unit: Unit) -> None:
        ids = await steps.hold(unit, {"kopi-250": quantity}, location="main", channel="", owner=owner, until=None)
        await unit.flush()
        await steps.take_part(unit, ids, {"main|kopi-250": quantity}, refers_to=shipment, lots=named)

    room.do(step)


def configure(room: Any, **values: Any) -> None:
    async def step(unit: Unit) -> None:
        state = await unit[SETTINGS].get(SETTINGS_ID)
        unit[SETTINGS].record(state, SettingsChanged(attrs.evolve(state.values, **values)))

    room.do(step)


def test_a_lot_is_a_part_of_the_stock_of_its_sku(dairy: Any) -> None:
    """What was received of each, with its date, the first to expire first; on hand is their sum."""
    levels = door(dairy).levels("kopi-250")

    assert [("A", SOON, 5), ("B", LATER, 3), ("C", None, 4)] == [
        (one.lot, one.expires_on, one.on_hand.steps) for one in levels
    ]
    assert 12 == dairy.level("kopi-250").on_hand
    assert SOON == door(dairy).get("kopi-250", "A").expires_on


def test_names_of_lots_can_be_told_from_skus() -> None:
    """Even of a SKU with a mark in it: what stands behind the second bar is a lot's."""
    for where in ("main|a", "main|a#b", "main|a|damaged", "toko|a#b|transit"):
        name = lot_resource(where, "L#1".replace("#", "-"))
        assert (where, "L-1") == split(name)
        assert (place(where), state_of(where)) == (place(name), state_of(name))
        assert is_lot(name)
        assert not is_lot(where)


def test_the_first_to_expire_leaves_first(dairy: Any) -> None:
    """Across lots, and the choice stands in the ledger beside the movement of the shipment."""
    ship(dairy, 6)

    assert {"B": 2, "C": 4} == on_shelf(dairy)
    moved = door(dairy).of("shp_1")
    assert [("A", -5), ("B", -1)] == [(each.lot, each.quantity.steps) for each in moved]
    assert {("ord_1", MovementKind.SHIP)} == {(each.order_id, each.kind) for each in moved}
    (taken,) = [each for each in dairy.entries() if each.kind == "ship"]
    rows = dairy._scan(Kind.LEDGER, "lots")
    assert {taken.batch} == {each.batch for each in rows if each.kind == "ship"}


def test_lots_are_named_by_who_picks(dairy: Any) -> None:
    """Exactly those leave; what isn't there, isn't known, or adds up to another quantity is refused."""
    ship(dairy, 4, lots={"C": 3, "A": 1})
    assert {"A": 4, "B": 3, "C": 1} == on_shelf(dairy)

    for wrong, lots in (
        (LotShort, {"C": 2}),
        (UnknownLot, {"X": 2}),
        (InvalidLot, {"a b": 2}),
        (LotsDiffer, {"A": 1}),
        (LotsDiffer, {"A": 3}),
    ):
        with pytest.raises(wrong):
            ship(dairy, 2, "ord_2", lots=lots)
    assert {"A": 4, "B": 3, "C": 1} == on_shelf(dairy)
    assert 8 == dairy.level("kopi-250").available


def test_what_has_expired_never_leaves(dairy: Any) -> None:
    """Nor what has too few days left, nor what is blocked, by choice or by name; the refusal names it and its date."""
    dairy.clock.pass_(days=10)
    ship(dairy, 1)  # on its very day it may
    dairy.clock.pass_(days=1)
    ship(dairy, 1, "ord_2")
    assert {"A": 4, "B": 2, "C": 4} == on_shelf(dairy)
    configure(dairy, lot_days_left=30)
    door(dairy).block("KOPI-250", "C", reason="recall")

    with pytest.raises(LotsNotPickable) as refused:
        ship(dairy, 1, "ord_3")
    assert (1, 0) == (refused.value.wanted, refused.value.good)
    assert [("A", 4, SOON, ""), ("B", 2, LATER, ""), ("C", 4, None, "recall")] == [
        attrs.astuple(each) for each in refused.value.lots
    ]
    assert f"A (4 steps, expires {SOON})" in str(refused.value)
    for lot in "ABC":
        with pytest.raises(LotsNotPickable):
            ship(dairy, 1, "ord_3", lots={lot: 1})

    door(dairy).unblock("KOPI-250", "C")
    ship(dairy, 1, "ord_3")
    assert {"A": 4, "B": 2, "C": 3} == on_shelf(dairy)


def test_taken_with_the_order_nothing_is_refused(dairy: Any) -> None:
    """Its money may have come: good lots are chosen first, expired ones last; cancelled, the same ones come back."""
    dairy.clock.pass_(days=11)

    async def take(unit: Unit) -> None:
        ids = await steps.hold(unit, {"kopi-250": 9}, location="main", channel="", owner="ord_1", until=None)
        await unit.flush()
        await steps.take(unit, ids, refers_to="ord_1")

    dairy.do(take)
    assert {"A": 3} == on_shelf(dairy)

    async def cancel(unit: Unit) -> None:
        await moving.restock(unit, {"kopi-250": 9}, refers_to="ord_1")

    dairy.do(cancel)
    assert {"A": 5, "B": 3, "C": 4} == on_shelf(dairy)


def test_recall_asks_both_ways(dairy: Any) -> None:
    """Which orders got a lot, shipment by shipment; and which lots an order got."""
    ship(dairy, 6, "ord_1")
    ship(dairy, 2, "ord_2", shipment="shp_2")
    ship(dairy, 1, "ord_3", {"C": 1}, shipment="shp_3")

    assert [("ord_1", "shp_1", -1), ("ord_2", "shp_2", -2)] == [
        (each.order_id, each.refers_to, each.quantity.steps) for each in door(dairy).orders_of("KOPI-250", "B")
    ]
    assert ["C"] == [each.lot for each in door(dairy).of("shp_3")]
    assert ["receive", "ship", "ship"] == [each.kind.value for each in door(dairy).movements("KOPI-250", "B")]
    assert () == door(dairy).of("shp_9")
    with pytest.raises(UnknownLot):
        door(dairy).orders_of("KOPI-250", "X")


def test_every_movement_says_which_lots_it_is_of(dairy: Any) -> None:
    """Receipts, corrections, write-offs and moves refuse to guess, and name the way out; named, they carry them."""
    stock = dairy.stock
    for guess in (
        lambda: stock.receive("KOPI-250", 1),
        lambda: stock.receive_all({"KOPI-250": 1}),
        lambda: stock.adjust("KOPI-250", 1, reason="x"),
        lambda: stock.adjust("KOPI-250", -1, reason="x"),
        lambda: stock.write_off("KOPI-250", 1, reason="x"),
        lambda: stock.move("KOPI-250", 1, from_=StockState.SELLABLE, to=StockState.DAMAGED, reason="x"),
    ):
        with pytest.raises(LotsNeeded) as refused:
            guess()
        assert ("A", "B", "C") == refused.value.known
        assert "lots=" in refused.value.hint

    stock.adjust("KOPI-250", 1, reason="found", lots={"A": 2, "B": -1})
    stock.move("KOPI-250", 3, from_=StockState.SELLABLE, to=StockState.DAMAGED, reason="wet", lots={"A": 3})
    stock.write_off("KOPI-250", 2, reason="spoilt", state=StockState.DAMAGED, lots={"A": 2})

    assert {
        ("main", "sellable", "A"): 4,
        ("main", "damaged", "A"): 1,
        ("main", "sellable", "B"): 2,
        ("main", "sellable", "C"): 4,
    } == here(dairy)
    assert (10, 1) == (dairy.level("kopi-250").on_hand, dairy.level("kopi-250|damaged").on_hand)
    with pytest.raises(LotShort):
        stock.adjust("KOPI-250", -5, reason="x", lots={"B": -5})
    with pytest.raises(UnknownLot):
        stock.adjust("KOPI-250", 1, reason="x", lots={"X": 1})
    with pytest.raises(LotsDiffer):
        stock.write_off("KOPI-250", 2, reason="x", lots={"A": 1})
    promise(dairy, 10)
    for lots in ({"A": 3, "B": -2}, {"A": 1, "B": 0}):
        with pytest.raises(InvalidQuantity):
            stock.write_off("KOPI-250", 1, reason="x", lots=lots)
    with pytest.raises(BelowHeld):
        stock.write_off("KOPI-250", 1, reason="x", lots={"A": 1})


def test_a_receipt_that_makes_no_sense_is_refused(dairy: Any) -> None:
    """Another quantity, another date of a known lot, no code, lots of what has none; nothing is stored."""
    for wrong, sku, lots in (
        (LotsDiffer, "KOPI-250", [LotReceipt("D", 2)]),
        (LotDiffers, "KOPI-250", [LotReceipt("A", 3, expires_on=LATER)]),
        (LotDiffers, "KOPI-250", [LotReceipt("C", 3, expires_on=LATER)]),
        (InvalidLot, "KOPI-250", [LotReceipt("D#1", 3)]),
        (InvalidLot, "KOPI-250", [LotReceipt("", 3)]),
        (NotTracked, "GULA", [LotReceipt("D", 3)]),
    ):
        with pytest.raises(wrong):
            dairy.stock.receive(sku, 3, lots=lots)
    assert 12 == sum(on_shelf(dairy).values())
    with pytest.raises(UnknownLot):
        door(dairy).get("KOPI-250", "D")
    for _ in range(2):
        dairy.stock.receive("KOPI-250", 3, lots=[LotReceipt("A", 3, expires_on=SOON)], key="k")
    with pytest.raises(KeyReused):
        dairy.stock.receive("KOPI-250", 3, lots=[LotReceipt("B", 3, expires_on=LATER)], key="k")
    assert 8 == on_shelf(dairy)["A"]


def test_how_a_sku_is_tracked_is_decided_before_it_moves(dairy: Any) -> None:
    """Then it stays; the same again changes nothing."""
    door(dairy).track("KOPI-250", Tracked.LOT)
    for other in (Tracked.NONE, Tracked.SERIAL):
        with pytest.raises(AlreadyMoved):
            door(dairy).track("KOPI-250", other)
    dairy.stock.receive("GULA", 1)
    with pytest.raises(AlreadyMoved):
        door(dairy).track("GULA", Tracked.LOT)
    door(dairy).track("BERAS", Tracked.SERIAL)
    door(dairy).track("BERAS", Tracked.NONE)
    dairy.stock.receive("BERAS", 1)


def test_a_serial_is_in_the_house_once(room: Any) -> None:
    """Each is one; it may come back after it left, and move between places; two of one are refused anywhere."""
    room.stock.open_location("toko", "Toko")
    door(room).track("KOPI-250", Tracked.SERIAL)
    room.stock.receive("KOPI-250", 2, lots=[LotReceipt("S1", 1), LotReceipt("S2", 1)])

    for place_, lots in (("toko", [LotReceipt("S1", 1)]), ("main", [LotReceipt("S3", 2)])):
        with pytest.raises(SerialInHouse):
            room.stock.receive("KOPI-250", sum(int(str(each.quantity)) for each in lots), lots=lots, location=place_)
    with pytest.raises(SerialInHouse):
        room.stock.receive("KOPI-250", 2, lots=[LotReceipt("S4", 1), LotReceipt("S4", 1)])
    room.stock.move("KOPI-250", 1, from_=StockState.SELLABLE, to=StockState.QUALITY, reason="x", lots={"S1": 1})
    with pytest.raises(SerialInHouse):
        room.stock.adjust("KOPI-250", 1, reason="x", lots={"S1": 1})
    ship(room, 1, lots={"S2": 1})
    room.stock.receive("KOPI-250", 1, lots=[LotReceipt("S2", 1)], location="toko")

    assert {("main", "quality", "S1"): 1, ("toko", "sellable", "S2"): 1} == here(room)


def test_goods_come_back_as_the_lots_that_left(dairy: Any) -> None:
    """Where only one can be meant, or all come back; else they are named, and the refusal tells which there are."""
    ship(dairy, 6)

    def back(quantity: int, lots: Mapping[str, int] | None = None, **more: Any) -> None:
        async def left() -> tuple[str, ...]:
            return ("shp_1", "ret_0", "ret_1", "ret_2")

        async def step(unit: Unit) -> None:
            named = {"kopi-250": lots} if lots else {}
            how = moving.write_off_returned if "reason" in more else moving.restock
            await how(unit, {"kopi-250": quantity}, lots=named, left_with=left, **more)

        dairy.do(step)

    with pytest.raises(LotsNeeded) as refused:
        back(2, refers_to="ret_0")
    assert ("A", "B") == refused.value.known
    back(1, {"B": 1}, refers_to="ret_0")
    back(2, refers_to="ret_1")
    back(1, refers_to="ret_2", reason="broken")

    assert {"A": 2, "B": 3, "C": 4} == on_shelf(dairy)
    assert 9 == dairy.level("kopi-250").on_hand
    assert [("A", "restock", 1), ("A", "write_off", -1)] == [
        (each.lot, each.kind.value, each.quantity.steps) for each in door(dairy).of("ret_2")
    ]


def test_transfers_carry_lots(dairy: Any) -> None:
    """What expires first is sent, or what is named; what arrives is of what was sent, named where it isn't clear."""
    dairy.stock.open_location("toko", "Toko")
    transfers: TransferService[Blocking] = TransferService(dairy.work, True)
    first = transfers.dispatch(transfers.draft({"KOPI-250": 6}, source="main", target="toko"))
    other = transfers.draft({"KOPI-250": 2}, source="main", target="toko")
    other = transfers.dispatch(other, lots={"KOPI-250": {"C": 2}})
    assert {("toko", "transit", "A"): 5, ("toko", "transit", "B"): 1, ("toko", "transit", "C"): 2} == {
        where: count for where, count in here(dairy).items() if where[0] == "toko"
    }

    with pytest.raises(LotsNeeded) as refused:
        transfers.receive(first, {"KOPI-250": 2})
    assert ("A", "B") == refused.value.known
    with pytest.raises(LotsDiffer):
        transfers.receive(first, {"KOPI-250": 2}, lots={"KOPI-250": {"A": 1}})
    transfers.receive(first, {"KOPI-250": 2}, lots={"KOPI-250": {"A": 1, "B": 1}}, state=StockState.QUALITY)
    transfers.receive(first, {"KOPI-250": 1})
    transfers.close(first, reason="lost")
    transfers.receive(first, {"KOPI-250": 1}, lots={"KOPI-250": {"A": 1}})
    assert TransferState.CANCELLED is transfers.cancel(other, reason="turned back").state

    assert {
        ("main", "sellable", "B"): 2,
        ("main", "sellable", "C"): 4,
        ("toko", "quality", "A"): 1,
        ("toko", "quality", "B"): 1,
        ("toko", "sellable", "A"): 2,
    } == here(dairy)


def test_tracked_goods_are_not_counted_without_lots(dairy: Any) -> None:
    """The refusal says how they are corrected."""
    with pytest.raises(InvalidCount) as refused:
        CountService(dairy.work, True).open(["KOPI-250"])

    assert "KOPI-250" in str(refused.value)
    assert "lots=" in refused.value.hint


def test_a_shop_says_how_many_days_must_be_left() -> None:
    """Whole days, none or more."""
    for wrong in (-1, 1.5, True, 4_000, "3"):
        with pytest.raises(InvalidInput):
            attrs.evolve(defaults("ID"), lot_days_left=wrong)


class Overtaking:
    """A storage whose first commits find a lot gone, as when another picker was faster."""

    def __init__(self, storage: Any, times: int) -> None:
        self.storage, self.left = storage, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self.storage, name)

    def begin(self, partition: str, *, read_only: bool = False) -> Any:
        unit = self.storage.begin(partition, read_only=read_only)
        return unit if read_only else _Late(unit, self)


class _Late:
    def __init__(self, unit: Any, storage: Overtaking) -> None:
        self.unit, self.storage = unit, storage

    def __getattr__(self, name: str) -> Any:
        return getattr(self.unit, name)

    def commit(self) -> None:
        if self.storage.left:
            self.storage.left -= 1
            self.unit.rollback()
            raise Refused("adjust", "main|kopi-250|#A", -2, 1)
        self.unit.commit()


@pytest.mark.parametrize(("times", "shipped"), [(1, True), (100, False)])
def test_who_was_overtaken_chooses_anew(in_memory: Any, times: int, shipped: bool) -> None:
    """A lot that another unit took meanwhile is no refusal: the whole unit is run again, as long as it makes sense."""
    room = in_memory()
    door(room).track("KOPI-250", Tracked.LOT)
    room.stock.receive("KOPI-250", 2, lots=[LotReceipt("A", 2)])
    late = attrs.evolve(room.work, storage=Overtaking(room.storage, times))

    async def step(unit: Unit) -> None:
        await moving.write_off(unit, {"kopi-250": 2}, reason="x", lots={"kopi-250": {"A": 2}})

    if shipped:
        drive(late.write("test", step))
    else:
        with pytest.raises(Overtaken):
            drive(late.write("test", step))
    assert (0 if shipped else 2) == room.level("kopi-250").on_hand


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["receive", "ship", "write_off", "adjust", "move", "back"]),
        st.sampled_from("ABC"),
        st.integers(1, 4),
    ),
    max_size=14,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # it makes a stockroom for each
@given(acts=ACTS)
def test_lots_always_add_up_to_the_stock(in_memory: Any, acts: list[tuple[str, str, int]]) -> None:
    """At every place and in every state, whatever was done or refused; and they are listed first expired first."""
    room = in_memory()
    door(room).track("KOPI-250", Tracked.LOT)
    days = {"A": SOON, "B": LATER, "C": LATEST}
    for number, (act, lot, count) in enumerate(acts):
        try:
            match act:
                case "receive":
                    room.stock.receive("KOPI-250", count, lots=[LotReceipt(lot, count, expires_on=days[lot])])
                case "ship":
                    ship(room, count, f"ord_{number}", shipment=f"shp_{number}")
                case "write_off":
                    room.stock.write_off("KOPI-250", count, reason="x", lots={lot: count})
                case "adjust":
                    room.stock.adjust("KOPI-250", count, reason="x", lots={lot: count})
                case "move":
                    to = StockState.DAMAGED
                    room.stock.move("KOPI-250", count, from_=StockState.SELLABLE, to=to, reason="x", lots={lot: count})
                case _:
                    to = StockState.SELLABLE
                    room.stock.move("KOPI-250", count, from_=StockState.DAMAGED, to=to, reason="x", lots={lot: count})
        except (BelowHeld, OutOfStock, LotShort, UnknownLot):
            continue

    level = room.stock.level("KOPI-250")
    found = here(room)
    for state, there in ((StockState.SELLABLE, level.on_hand), (StockState.DAMAGED, level.damaged)):
        assert there == Quantity(sum(count for (_, each, _), count in found.items() if each == state.value))
    listed = [one.lot for one in door(room).levels("KOPI-250")]
    assert sorted(listed) == listed
