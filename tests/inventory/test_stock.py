"""The door `stock` and the steps, on memory and SQLite."""

import asyncio
from datetime import timedelta
from decimal import Decimal, localcontext
from typing import Any

import pytest

from tokolib.catalog.errors import UnitFixed, UnknownSku
from tokolib.inventory import moving, steps
from tokolib.inventory.availability import check_available
from tokolib.inventory.errors import (
    BelowHeld,
    BundleHasNoStock,
    HoldEnded,
    NotHeld,
    OutOfStock,
    UnitChanged,
    UnknownLocation,
)
from tokolib.inventory.events import StockItemOpened
from tokolib.inventory.holds import halves
from tokolib.inventory.ports import STOCK_ITEMS
from tokolib.kernel.errors import InvalidInput, KeyReused
from tokolib.kernel.hosting import drive
from tokolib.kernel.numbers import NotExact
from tokolib.kernel.quantity import KILOGRAM, PIECE, InvalidQuantity, Quantity
from tokolib.kernel.rows import HoldState
from tokolib.kernel.storage_errors import AlreadyExists, HoldGone, StorageError
from tokolib.kernel.unit import Unit

HOUR = timedelta(hours=1)


def hold(room: Any, goods: dict[str, int], *, owner: str = "ord_1", lease: bool = True, **more: Any) -> tuple[str, ...]:
    until = room.clock.now() + HOUR if lease else None

    async def step(unit: Unit) -> tuple[str, ...]:
        return await steps.hold(unit, goods, location="main", channel="web", owner=owner, until=until, **more)

    ids: tuple[str, ...] = room.do(step)
    return ids


def run(room: Any, step: Any, *args: Any, **more: Any) -> Any:
    return room.do(lambda unit: step(unit, *args, **more))


def test_received_goods_are_on_hand_and_available(room: Any) -> None:
    """receive() answers the level, in the SKU's own unit of measure, and makes one movement."""
    coffee = room.stock.receive("kopi-250 ", 20, reference="SJ-1")
    rice = room.stock.receive("BERAS", "12.5")

    assert (Quantity(20), Quantity(0), Quantity(20)) == (coffee.on_hand, coffee.held, coffee.available)
    assert "KOPI-250" == coffee.sku
    assert Decimal("12.500") == rice.available.amount
    assert Quantity(12_500, KILOGRAM) == room.stock.available("beras")
    assert [("receive", 20, "pcs", "SJ-1"), ("receive", 12_500, "kg", "")] == [
        (entry.kind, entry.amount, entry.unit, entry.refers_to) for entry in room.entries()
    ]


def test_a_delivery_with_a_key_is_received_once(room: Any) -> None:
    """The same key and request change nothing the second time; another request is refused."""
    first = room.stock.receive("KOPI-250", 20, key="opening")
    assert first == room.stock.receive("KOPI-250", 20, key="opening")

    with pytest.raises(KeyReused):
        room.stock.receive("KOPI-250", 21, key="opening")
    assert 20 == room.level("kopi-250").on_hand


def test_a_correction_and_a_write_off_with_a_key_happen_once(room: Any) -> None:
    """An answer that was lost is asked for again in the same words; another request under the key is refused."""
    room.stock.receive("KOPI-250", 20)

    for _ in range(2):
        assert Quantity(17) == room.stock.adjust("KOPI-250", -3, reason="counted", key="count-1").on_hand
    for _ in range(2):
        assert Quantity(15) == room.stock.write_off("kopi-250", 2, reason="broken", key="count-1").on_hand
    for another in (
        lambda: room.stock.adjust("KOPI-250", -4, reason="counted", key="count-1"),
        lambda: room.stock.adjust("KOPI-250", -3, reason="counted twice", key="count-1"),
        lambda: room.stock.write_off("KOPI-250", 2, reason="broken", reference="BA-7", key="count-1"),
    ):
        with pytest.raises(KeyReused):
            another()

    assert ["receive", "adjust", "write_off"] == [row.kind for row in room.entries()]
    assert Quantity(15) == room.stock.available("KOPI-250")


def test_what_cannot_be_received_is_refused(room: Any) -> None:
    """Unknown SKUs and locations, bundles, and quantities that aren't whole steps leave nothing behind."""
    for error, sku, quantity, location in (
        (UnknownSku, "TEH", 1, "main"),
        (UnknownLocation, "KOPI-250", 1, "gudang"),
        (BundleHasNoStock, "PAKET", 1, "main"),
        (InvalidQuantity, "KOPI-250", "0.5", "main"),
        (InvalidQuantity, "KOPI-250", 0, "main"),
        (InvalidQuantity, "KOPI-250", 10**10, "main"),
        (NotExact, "BERAS", 1.5, "main"),
    ):
        with pytest.raises(error):
            room.stock.receive(sku, quantity, location=location)

    assert [] == room.entries() == room.events()


def test_locations_have_stock_of_their_own(room: Any) -> None:
    """What is received at one location isn't at another, and a location opens once."""
    place = room.stock.open_location("gudang", "Gudang Bantul")
    assert place == room.stock.open_location("gudang", "Gudang Bantul")
    renamed = room.stock.open_location("gudang", "Gudang Sleman")

    room.stock.receive("KOPI-250", 5, location="gudang")

    assert (1, 2) == (place.version, renamed.version)
    assert Quantity(5) == room.stock.available("KOPI-250", location="gudang")
    assert Quantity(0) == room.stock.available("KOPI-250")
    for refused in (room.stock.level, room.stock.available, room.stock.movements):
        with pytest.raises(UnknownLocation) as error:
            refused("KOPI-250", location="toko")
        assert ("main", "gudang") == error.value.known


def test_a_bundle_is_available_by_its_scarcest_part(room: Any) -> None:
    """Two coffees and one sugar make a bundle; it has nothing on hand itself."""
    room.stock.receive("KOPI-250", 5)
    room.stock.receive("GULA", 9)

    level = room.stock.level("PAKET")

    assert (Quantity(0), Quantity(2)) == (level.on_hand, level.available)


def test_movements_keep_who_and_why(room: Any) -> None:
    """A movement is listed with its actor, one made by hand with its reason too; both signs work, zero doesn't."""
    room.stock.receive("BERAS", 10)
    room.stock.adjust("BERAS", "-0.25", reason=" hitung ulang ")
    room.stock.adjust("BERAS", Decimal("0.05"), reason="hitung lagi")
    room.stock.adjust("BERAS", Quantity(-100, KILOGRAM), reason="tumpah")
    level = room.stock.write_off("BERAS", "1", reason="kutu", reference="BA-7")

    rows = room.stock.movements("BERAS").items

    assert Quantity(8_700, KILOGRAM) == level.on_hand
    assert ["receive", "adjust", "adjust", "adjust", "write_off"] == [row.kind for row in rows]
    assert ["", "hitung ulang", "hitung lagi", "tumpah", "kutu"] == [row.reason for row in rows]
    assert ["staff:budi"] * 5 == [row.by for row in rows]
    assert ("BERAS", "main", "BA-7", "") == (rows[4].sku, rows[4].location, rows[4].refers_to, rows[4].hold_id)
    assert 8_700 == sum(row.quantity.steps for row in rows)
    refused = (
        0,
        Quantity(0, KILOGRAM),
        Quantity(1, PIECE),
        Quantity(10**10, KILOGRAM),
        Quantity(-(10**24), KILOGRAM),
        1.0,
    )
    for change in refused:
        with pytest.raises((InvalidQuantity, NotExact)):
            room.stock.adjust("BERAS", change, reason="?")
    for reason in ("  ", "x" * 301):
        with pytest.raises(InvalidInput) as error:
            room.stock.write_off("BERAS", 1, reason=reason)
        assert ["reason"] == [fault.path for fault in error.value.faults]


def test_movements_come_in_pages(room: Any) -> None:
    """`after` goes on where a page ended."""
    for quantity in (1, 2, 3):
        room.stock.receive("KOPI-250", quantity)

    first = room.stock.movements("KOPI-250", limit=2)
    second = room.stock.movements("KOPI-250", limit=2, after=first.after)

    assert [1, 2, 3] == [row.quantity.steps for row in (*first.items, *second.items)]
    assert second.after is None


def test_nothing_is_taken_away_that_is_held(room: Any) -> None:
    """An adjustment or write-off below what is held is refused and changes nothing."""
    room.stock.receive("KOPI-250", 5)
    hold(room, {"kopi-250": 3})

    with pytest.raises(BelowHeld) as error:
        room.stock.write_off("KOPI-250", 3, reason="pecah")
    with pytest.raises(BelowHeld):
        room.stock.adjust("KOPI-250", -3, reason="hitung")

    assert ("KOPI-250", 3, 2) == (error.value.sku, error.value.wanted, error.value.free)
    assert 2 == room.stock.write_off("KOPI-250", 2, reason="pecah").on_hand.steps - 1


def test_leases_that_have_run_out_stop_nobody(room: Any) -> None:
    """A write-off may take what a lease held that nobody has reaped yet."""
    room.stock.receive("KOPI-250", 5)
    hold(room, {"kopi-250": 3})
    room.clock.pass_(hours=1)

    level = room.stock.write_off("KOPI-250", 5, reason="kebakaran")

    assert (0, 0, 0) == (level.on_hand.steps, level.held.steps, level.available.steps)
    assert {HoldState.EXPIRED, HoldState.RELEASED} == {one.state for one in room.holds()}


def test_a_hold_takes_all_or_nothing(room: Any) -> None:
    """Everything that is short is named at once, in the spelling of the catalogue, and nothing is held."""
    room.stock.receive("KOPI-250", 5)
    room.stock.receive("GULA", 1)

    with pytest.raises(OutOfStock) as error:
        hold(room, {"kopi-250": 6, "gula": 2, "teh": 1})
    with pytest.raises(OutOfStock):
        hold(room, {"kopi-250": 1, "gula": 2})

    assert [("GULA", 2, 1), ("KOPI-250", 6, 5), ("teh", 1, 0)] == [
        (one.sku, one.wanted, one.available) for one in error.value.shortages
    ]
    assert 0 == room.level("kopi-250").held
    assert [] == room.holds()


def test_the_same_hold_twice_holds_once(room: Any) -> None:
    """A hold is known by its owner, attempt and SKU, even when it took the last one."""
    room.stock.receive("KOPI-250", 3)
    room.stock.receive("GULA", 9)

    ids = hold(room, {"kopi-250": 3, "gula": 1, "teh": 0})

    assert ids == hold(room, {"kopi-250": 3, "gula": 1})
    assert ("ord_1:1:main|gula", "ord_1:1:main|kopi-250") == ids
    assert (3, 0) == (room.level("kopi-250").held, room.level("kopi-250").available)


def test_a_hold_that_ended_is_made_anew_by_another_attempt(room: Any) -> None:
    """An old id never comes back: a late payment holds by a new attempt."""
    room.stock.receive("KOPI-250", 3)
    ids = hold(room, {"kopi-250": 3})
    run(room, steps.release, ids)
    hold(room, {"kopi-250": 1}, owner="ord_2")

    with pytest.raises(HoldEnded):
        hold(room, {"kopi-250": 3})
    assert ("ord_1:2:main|kopi-250",) == hold(room, {"kopi-250": 2}, attempt=2)


def test_a_lease_runs_out_and_a_kept_hold_does_not(room: Any) -> None:
    """After its hour a lease is free for others; it can be neither kept nor taken."""
    room.stock.receive("KOPI-250", 5)
    leased = hold(room, {"kopi-250": 2})
    kept = hold(room, {"kopi-250": 2}, owner="ord_2")
    run(room, steps.keep, kept)
    room.clock.pass_(hours=1)

    assert kept == run(room, steps.standing_holds, (*leased, *kept, "missing"))
    assert 3 == room.stock.available("KOPI-250").steps
    with pytest.raises(HoldEnded):
        run(room, steps.take, leased, refers_to="shp_1")
    with pytest.raises(StorageError) as refused:
        run(room, steps.keep, leased)
    assert "expired" == steps.explain_refusal(refused.value).fields["state"]


def test_taken_goods_leave_with_one_movement_for_each_hold(room: Any) -> None:
    """take() lets on hand and held fall together; the movement names the hold and the shipment."""
    room.stock.receive("KOPI-250", 5)
    room.stock.receive("GULA", 5)
    ids = hold(room, {"kopi-250": 2, "gula": 1}, lease=False)

    run(room, steps.take, ids, refers_to="shp_1")

    shipped = [entry for entry in room.entries() if entry.kind == "ship"]
    assert set(ids) == {entry.batch for entry in shipped}
    assert {("pcs", "shp_1")} == {(entry.unit, entry.refers_to) for entry in shipped}
    assert (3, 0, 3) == (room.level("kopi-250").on_hand, room.level("kopi-250").held, room.level("kopi-250").available)
    assert ids[1] == room.stock.movements("KOPI-250").items[-1].hold_id
    with pytest.raises(HoldEnded):
        run(room, steps.take, ids, refers_to="shp_2")


def test_goods_may_be_held_and_taken_in_one_unit(room: Any) -> None:
    """A sale over the counter holds and takes at once."""
    room.stock.receive("KOPI-250", 5)

    async def sell(unit: Unit) -> None:
        ids = await steps.hold(unit, {"kopi-250": 2}, location="main", channel="web", owner="ord_1", until=None)
        await steps.take(unit, ids, refers_to="ord_1")

    room.do(sell)

    assert (3, 0) == (room.level("kopi-250").on_hand, room.level("kopi-250").held)


def test_a_part_of_a_hold_can_leave(room: Any) -> None:
    """Two shipments of one order: each takes its part, and the rest stays held under a new id."""
    room.stock.receive("KOPI-250", 5)
    room.stock.receive("GULA", 5)
    ids = hold(room, {"kopi-250": 5, "gula": 1}, lease=False)

    first = run(room, steps.take_part, ids, {"main|kopi-250": 2}, refers_to="shp_1")
    second = run(room, steps.take_part, first, {"main|kopi-250": 1, "main|gula": 1}, refers_to="shp_2")
    assert (3, 2, 2) == (len(room.entries()) - 2, room.level("kopi-250").on_hand, room.level("kopi-250").held)
    third = run(room, steps.take_part, second, {"main|kopi-250": 2}, refers_to="shp_3")

    assert (ids[0], halves(ids[1])[1]) == first
    assert ("ord_1:1.4:main|kopi-250",) == second
    assert () == third
    with pytest.raises(NotHeld):
        run(room, steps.take_part, hold(room, {"gula": 2}, owner="ord_2"), {"main|gula": 3}, refers_to="shp_4")
    assert (0, 0) == (room.level("kopi-250").on_hand, room.level("kopi-250").held)
    taken = {one.id: one.quantity for one in room.holds() if one.state is HoldState.TAKEN}
    assert taken == {entry.batch: -entry.amount for entry in room.entries() if entry.kind == "ship"}


def test_a_part_of_a_hold_that_another_unit_ended_is_refused(room: Any) -> None:
    """A hold that ended between the look and the commit isn't brought back by cutting it."""
    room.stock.receive("KOPI-250", 5)
    ids = hold(room, {"kopi-250": 3})
    before = {one.id: one for one in room.holds()}
    run(room, steps.release, ids)

    async def late(unit: Unit) -> None:
        async def stale(ids: Any) -> Any:
            return before

        unit.holds = stale  # type: ignore[method-assign]
        await steps.take_part(unit, ids, {"main|kopi-250": 1}, refers_to="shp_1")

    with pytest.raises(HoldGone):
        room.do(late)
    assert (5, 0) == (room.level("kopi-250").on_hand, room.level("kopi-250").held)


def test_goods_that_came_back(room: Any) -> None:
    """A restock is on hand again; what came back broken makes two movements and no change."""
    room.stock.receive("KOPI-250", 5)
    run(room, steps.take, hold(room, {"kopi-250": 3}), refers_to="shp_1")

    run(room, moving.restock, {"kopi-250": 1}, refers_to="ret_1")
    run(room, moving.write_off_returned, {"kopi-250": 1}, refers_to="ret_1", reason="pecah")

    assert 3 == room.level("kopi-250").on_hand == sum(entry.amount for entry in room.entries())
    assert [("restock", 1), ("restock", 1), ("write_off", -1)] == [
        (entry.kind, entry.amount) for entry in room.entries() if entry.refers_to == "ret_1"
    ]
    rows = room.stock.movements("KOPI-250").items
    assert [("ship", ""), ("restock", "staff:budi"), ("restock", "staff:budi"), ("write_off", "staff:budi")] == [
        (row.kind, row.by) for row in rows[1:]
    ]
    assert "pecah" == rows[-1].reason


def test_low_stock_is_told_once(room: Any) -> None:
    """Falling below the threshold is told, by hold or write-off; being back at it is told as well."""
    room.stock.receive("KOPI-250", 12)
    room.stock.threshold("KOPI-250", 10)
    ids = hold(room, {"kopi-250": 3})
    room.stock.write_off("KOPI-250", 1, reason="pecah")
    assert ["inventory.stock_low"] == [topic for topic in room.events() if topic.startswith("inventory.stock_l")]

    run(room, steps.release, ids)
    room.stock.receive("KOPI-250", 1)

    assert ["inventory.stock_low", "inventory.stock_recovered"] == [
        topic for topic in room.events() if topic in ("inventory.stock_low", "inventory.stock_recovered")
    ]
    room.stock.threshold("KOPI-250", 100)
    assert room.item("kopi-250").thresholds[0].low
    room.stock.threshold("KOPI-250", None)
    assert () == room.item("kopi-250").thresholds


def test_holding_again_tells_nothing_new(room: Any) -> None:
    """The same hold twice takes once, so the second time nothing has become low."""
    room.stock.receive("KOPI-250", 10)
    room.stock.threshold("KOPI-250", 5)

    assert hold(room, {"kopi-250": 4}) == hold(room, {"kopi-250": 4})

    assert 6 == room.level("kopi-250").available
    assert "inventory.stock_low" not in room.events()


def test_the_unit_is_fixed_by_the_first_movement(room: Any) -> None:
    """Before it the catalogue may count otherwise; after it, it can't; and stock never follows silently."""
    room.catalog.put("BERAS", "Beras", unit="l")
    room.stock.receive("BERAS", "1.5")

    with pytest.raises(UnitFixed):
        room.catalog.put("BERAS", "Beras", unit="kg")


def test_a_catalogue_that_counts_otherwise_is_refused(room: Any) -> None:
    """Should the catalogue's unit differ from the stock's all the same, nothing moves."""

    async def other(unit: Unit) -> None:
        unit[STOCK_ITEMS].record(None, StockItemOpened("gula", "GULA", KILOGRAM))

    room.do(other)

    with pytest.raises(UnitChanged):
        room.stock.receive("GULA", 1)


def test_refusals_at_the_commit_are_named(room: Any) -> None:
    """A door's write that the storage refuses says so in the words of this room; a collision is tried again."""
    calls = []

    async def lost_race(unit: Unit) -> None:
        unit.adjust("main|kopi-250", -1)

    async def collides_once(unit: Unit) -> str:
        calls.append(unit)
        if len(calls) == 1:
            raise AlreadyExists("locations", "loc_main", "id")
        return "done"

    async def collides(unit: Unit) -> None:
        raise AlreadyExists("locations", "loc_main", "id")

    with pytest.raises(BelowHeld):
        drive(room.stock._write("stock.adjust", lost_race))
    assert "done" == drive(room.stock._write("stock.receive", collides_once))
    with pytest.raises(AlreadyExists):
        drive(room.stock._write("stock.receive", collides))


def test_the_door_can_be_awaited(room: Any) -> None:
    """The same door in the other colour."""

    async def story() -> int:
        await room.awaited.receive("KOPI-250", 3)
        return (await room.awaited.level("KOPI-250")).available.steps

    assert 3 == asyncio.run(story())


def test_an_unlocked_look_names_what_is_short(room: Any) -> None:
    """Before anything is held, a quote can say what couldn't be."""
    room.stock.receive("KOPI-250", 2)

    run(room, check_available, {"kopi-250": 2}, location="main", channel="web")
    with pytest.raises(OutOfStock) as error:
        run(room, check_available, {"kopi-250": 3, "teh": 1}, location="main", channel="web")

    assert [("KOPI-250", 3, 2), ("teh", 1, 0)] == [(x.sku, x.wanted, x.available) for x in error.value.shortages]


def test_a_delivery_arrives_whole_and_once(tmp_path):
    """receive_all() puts every SKU on the shelf or none, and a repeated key receives nothing more."""
    import tokolib
    from tokolib.catalog import UnknownSku

    with tokolib.open("memory://", country="ID") as shop:
        shop.catalog.put("KOPI", "Kopi")
        shop.catalog.put("BERAS", "Beras", unit="kg")

        shop.stock.receive_all({"KOPI": 5, "beras": "2.5"}, key="delivery-1")
        shop.stock.receive_all({"KOPI": 5, "beras": "2.5"}, key="delivery-1")
        with pytest.raises(UnknownSku):
            shop.stock.receive_all({"KOPI": 1, "TEH": 1})

        assert ("5 pcs", "2.5 kg") == (str(shop.stock.available("KOPI")), str(shop.stock.available("BERAS")))
        assert shop.verify()


def test_the_hosts_decimal_context_changes_no_quantity(room: Any) -> None:
    """A minus before a Decimal rounds to the context's digits; ours doesn't."""
    with localcontext(prec=3):
        room.stock.receive("BERAS", "12.345")
        level = room.stock.adjust("BERAS", "-1.234", reason="timbang ulang")

    assert Quantity(11_111, KILOGRAM) == level.on_hand


@pytest.mark.parametrize("text", ["x" * 301, "a\0b", "\ud800"])
def test_what_people_write_is_kept_as_one_printable_line(room: Any, text: str) -> None:
    """A reference, a reason, a location's name; and nothing is stored otherwise."""
    with pytest.raises(InvalidInput):
        room.stock.receive("KOPI-250", 1, reference=text)
    with pytest.raises(InvalidInput):
        room.stock.write_off("KOPI-250", 1, reason="rusak", reference=text)
    with pytest.raises(InvalidInput):
        room.stock.open_location("gudang", text)
    with pytest.raises(InvalidInput):
        room.stock.open_location("gudang", " ")
    assert [] == room.entries()


def test_a_key_is_printable(room: Any) -> None:
    """What no storage could keep is the caller's fault, not the storage's."""
    for key in ("", "k" * 201, "a\0b", "\ud800"):
        with pytest.raises(InvalidInput):
            room.stock.receive("KOPI-250", 1, key=key)


def test_two_spellings_in_one_delivery_are_added_up(room: Any) -> None:
    """A delivery note may name a SKU twice; no row of it is lost."""
    room.stock.receive_all({"KOPI-250": 2, "kopi-250 ": 3, "BERAS": "0.5"})

    assert 5 == room.level("kopi-250").on_hand
    assert 500 == room.level("beras").on_hand
