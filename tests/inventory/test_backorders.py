"""Backorders: how much may be promised beyond the stock, and for when."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import tokolib
from tokolib.adapters.urls import storage_from_url
from tokolib.catalog.errors import UnknownSku
from tokolib.inventory import BackorderLevel, StockState, Tracked
from tokolib.inventory.backorder import MOST_DAYS, capacity
from tokolib.inventory.backorders import BelowPromised, NoBackorder
from tokolib.inventory.backorders.service import BackorderService
from tokolib.inventory.errors import BundleHasNoStock, UnknownLocation
from tokolib.inventory.expected.service import ExpectedReceiptService
from tokolib.inventory.lots.service import LotService
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.hosting import Awaiting, Blocking, drive, resolved
from tokolib.kernel.quantity import KILOGRAM, InvalidQuantity, Quantity
from tokolib.kernel.rows import Demand
from tokolib.kernel.storage_errors import Refused
from tokolib.kernel.unit import Unit
from tokolib.records.collections import COLLECTIONS

TODAY = date(2026, 1, 31)
KOPI = capacity("main", "kopi-250")


def door(room: Any) -> BackorderService[Blocking]:
    return BackorderService(room.work, True)


def promise(room: Any, steps: int, owner: str = "ord_1", until: datetime | None = None) -> None:
    """Promise so many steps of coffee to somebody."""

    async def step(unit: Unit) -> None:
        unit.hold([Demand(f"{owner}:1:{KOPI}", KOPI, steps, owner)], until=until)

    room.do(step)


def give_up(room: Any, owner: str = "ord_1") -> None:
    async def step(unit: Unit) -> None:
        unit.release([f"{owner}:1:{KOPI}"])

    room.do(step)


def figures(level: BackorderLevel) -> tuple[int, int, int]:
    return level.limit.steps, level.promised.steps, level.left.steps


def test_what_may_be_promised_is_no_stock(room: Any) -> None:
    """A limit is set in the SKU's own unit, for a number of days or a day; nothing moves, and nothing is for sale."""
    level = door(room).allow("beras", "2.5", days=14)

    assert ("BERAS", "main", Quantity(2_500, KILOGRAM), TODAY + timedelta(days=14), False) == (
        level.sku,
        level.location,
        level.limit,
        level.by,
        level.closed,
    )
    assert (2_500, 0, 2_500) == figures(level)
    assert (0, Quantity(0, KILOGRAM)) == (room.level("beras").on_hand, room.stock.available("BERAS"))
    assert [] == room.entries()
    assert date(2026, 3, 1) == door(room).allow("beras", 1, on=date(2026, 3, 1)).by


def test_the_storage_promises_no_more_than_the_limit(room: Any) -> None:
    """What is promised counts against it, whoever asks, and is free again when it is given up."""
    door(room).allow("KOPI-250", 5, days=7)
    promise(room, 3)
    assert (5, 3, 2) == figures(door(room).of("KOPI-250"))

    with pytest.raises(Refused):
        promise(room, 3, "ord_2")
    promise(room, 2, "ord_2")
    assert (5, 5, 0) == figures(door(room).of("KOPI-250"))
    give_up(room)

    assert (5, 2, 3) == figures(door(room).of("KOPI-250"))


def test_a_limit_is_raised_and_lowered_down_to_what_is_promised(room: Any) -> None:
    """Less than is promised is refused, and the refusal says how much that is; promises stand."""
    door(room).allow("KOPI-250", 5, days=7)
    promise(room, 3)

    assert (9, 3, 6) == figures(door(room).allow("KOPI-250", 9, days=7))
    with pytest.raises(BelowPromised) as refused:
        door(room).allow("KOPI-250", 2, days=7)
    assert (Quantity(2), Quantity(3), "KOPI-250", "main") == (
        refused.value.limit,
        refused.value.promised,
        refused.value.sku,
        refused.value.location,
    )
    assert (9, 3, 6) == figures(door(room).of("KOPI-250"))
    assert (3, 3, 0) == figures(door(room).allow("KOPI-250", 3, days=7))


def test_a_promise_whose_term_has_passed_counts_no_more(room: Any) -> None:
    """A lease that has run out stands in nobody's way, also where the limit is lowered below it."""
    door(room).allow("KOPI-250", 5, days=7)
    promise(room, 4, until=room.clock.now() + timedelta(hours=1))
    assert (5, 4, 1) == figures(door(room).of("KOPI-250"))
    room.clock.pass_(hours=2)

    assert (5, 0, 5) == figures(door(room).of("KOPI-250"))
    assert (1, 0, 1) == figures(door(room).allow("KOPI-250", 1, days=7))


def test_a_closed_backorder_promises_no_more(room: Any) -> None:
    """Its limit is what was promised; what is given up of that is not promised again, until it is allowed anew."""
    door(room).allow("KOPI-250", 5, days=7)
    promise(room, 3)

    closed = door(room).close("KOPI-250")
    assert (3, 3, 0, True) == (*figures(closed), closed.closed)
    assert closed == door(room).close("KOPI-250")
    give_up(room)
    assert (3, 0, 0) == figures(door(room).of("KOPI-250"))
    again = door(room).allow("KOPI-250", 4, days=7)

    assert (4, 0, 4, False) == (*figures(again), again.closed)


def test_what_is_so_already_makes_no_event(room: Any) -> None:
    """Only a change of limit, term or state is told."""
    for _ in range(2):
        door(room).allow("KOPI-250", 5, days=7)
    for _ in range(2):
        door(room).close("KOPI-250")

    assert 2 == room.events().count("inventory.backorder_set")


def test_each_location_has_its_own(room: Any) -> None:
    """They are listed by location and SKU, the closed ones too."""
    room.stock.open_location("toko", "Toko")
    door(room).allow("KOPI-250", 5, days=7, location="toko")
    door(room).allow("KOPI-250", 1, days=0)
    door(room).allow("GULA", 2, days=3)
    door(room).close("GULA")

    assert [("main", "GULA"), ("main", "KOPI-250"), ("toko", "KOPI-250")] == [
        (each.location, each.sku) for each in door(room).all()
    ]
    assert 5 == door(room).of("KOPI-250", location="toko").limit.steps


def test_a_fixed_day_that_has_passed_is_today(room: Any) -> None:
    """No later day is known, as of a delivery that is late; a number of days counts from today."""
    fixed, later = TODAY + timedelta(days=3), TODAY + timedelta(days=10)
    door(room).allow("KOPI-250", 5, on=fixed)
    door(room).allow("GULA", 5, days=3)
    assert (fixed, fixed) == (door(room).of("KOPI-250").by, door(room).of("GULA").by)

    room.clock.pass_(days=10)

    assert (later, later + timedelta(days=3)) == (door(room).of("KOPI-250").by, door(room).of("GULA").by)


def test_what_makes_no_sense_is_refused(room: Any) -> None:
    """No term or two, one that can't be, what the shop doesn't know, a bundle, nothing, nowhere; nothing is stored."""
    yesterday = TODAY - timedelta(days=1)
    terms: tuple[dict[str, Any], ...] = (
        {},
        {"days": 1, "on": TODAY},
        {"days": -1},
        {"days": MOST_DAYS + 1},
        {"on": yesterday},
    )
    for term in terms:
        with pytest.raises(InvalidInput) as refused:
            door(room).allow("KOPI-250", 1, **term)
        assert "inventory.backorder_term" == refused.value.faults[0].code
    with pytest.raises(InvalidInput, match="a day, without a time"):
        door(room).allow("KOPI-250", 1, on=datetime(2026, 3, 1, tzinfo=UTC))
    for wrong, sku, limit, location in (
        (UnknownSku, "TEH", 1, "main"),
        (BundleHasNoStock, "PAKET", 1, "main"),
        (InvalidQuantity, "KOPI-250", 0, "main"),
        (UnknownLocation, "KOPI-250", 1, "bandung"),
    ):
        with pytest.raises(wrong):
            door(room).allow(sku, limit, days=1, location=location)
    for asked in (door(room).of, door(room).close):
        with pytest.raises(NoBackorder):
            asked("KOPI-250")
        with pytest.raises(UnknownLocation):
            asked("KOPI-250", location="bandung")
    assert () == door(room).all()


def test_a_promise_asks_the_backorder_last(room: Any) -> None:
    """By when so many can be had: here, expected, and promised beyond, but for what those before are promised."""
    expected: ExpectedReceiptService[Blocking] = ExpectedReceiptService(room.work, True)
    late = TODAY + timedelta(days=30)
    room.stock.receive("KOPI-250", 2)
    expected.announce("KOPI-250", 3, on=late, reference="PO-1")
    assert None is expected.promise("KOPI-250", 6).on
    door(room).allow("KOPI-250", 5, days=7)
    promise(room, 1)

    whole = expected.promise("KOPI-250", 8)
    assert [(TODAY, 1, False), (late, 3, False), (TODAY + timedelta(days=7), 4, True)] == [
        (part.on, part.quantity.steps, part.backordered) for part in whole.parts
    ]
    assert (late, Quantity(0)) == (whole.on, whole.missing)
    assert Quantity(1) == expected.promise("KOPI-250", 9).missing
    door(room).close("KOPI-250")
    assert Quantity(4) == expected.promise("KOPI-250", 8).missing


async def nothing(unit: Unit, reference: str) -> tuple[str, ...]:
    return ()


def test_tracked_goods_may_be_promised_too(room: Any) -> None:
    """Nobody knows their lots yet; they are named when the goods come."""
    LotService(room.work, True, nothing).track("KOPI-250", Tracked.LOT)

    assert (5, 0, 5) == figures(door(room).allow("KOPI-250", 5, days=7))
    assert 0 == room.stock.level("KOPI-250").on_hand.steps
    assert StockState.SELLABLE not in {each.account for each in room.entries()}


def test_the_books_of_a_shop_with_backorders_are_right() -> None:
    """verify() finds nothing to say, tracked goods among them, after raising, lowering and closing."""
    with tokolib.open("memory://", country="ID") as shop:
        shop.catalog.put("KOPI", "Kopi")
        shop.catalog.put("SUSU", "Susu")
        shop.lots.track("SUSU", Tracked.LOT)
        for sku in ("KOPI", "SUSU"):
            for limit in (5, 9, 2):
                shop.backorders.allow(sku, limit, days=7)
        shop.backorders.close("KOPI")

        report = shop.verify()

    assert report.ok, str(report)


def test_of_many_at_once_no_more_are_promised_than_allowed(tmp_path: Path) -> None:
    """On a file that several threads use, promises meet a limit that is being lowered, and it is never exceeded."""
    url = f"sqlite:///{tmp_path / 'toko.db'}"
    with tokolib.open(url, country="ID") as shop:
        shop.catalog.put("KOPI-250", "Kopi")
        shop.backorders.allow("KOPI-250", 12, days=7)

    def sell(number: int) -> bool:
        storage = storage_from_url(url, COLLECTIONS)
        unit = storage.begin("default")
        try:
            unit.hold([Demand(f"ord_{number}:1:{KOPI}", KOPI, 1, f"ord_{number}")], until=None, now=datetime.now(UTC))
            drive(resolved(unit.commit()))
        except Refused:
            drive(resolved(unit.rollback()))
            return False
        finally:
            storage.close()
        return True

    def lower(limit: int) -> bool:
        with tokolib.open(url, country="ID") as shop:
            try:
                shop.backorders.allow("KOPI-250", limit, days=7)
            except BelowPromised:
                return False
            return True

    with ThreadPoolExecutor(4) as threads:
        sold = [threads.submit(sell, number) for number in range(16)]
        lowered = threads.submit(lower, 6)
        made = sum(each.result() for each in sold)

    with tokolib.open(url, country="ID") as shop:
        level = shop.backorders.of("KOPI-250")
    assert made == level.promised.steps
    assert (6 if lowered.result() else 12) == level.limit.steps
    assert min(16, level.limit.steps) == made


def test_the_door_can_be_awaited(room: Any) -> None:
    """The same commands, awaited, do the same."""
    mine: BackorderService[Awaiting] = BackorderService(room.work, False)

    async def body() -> bool:
        await mine.allow("KOPI-250", 3, days=1)
        return (await mine.close("KOPI-250")).closed

    assert asyncio.run(body())
    assert (0, 0, 0) == figures(door(room).of("KOPI-250"))
