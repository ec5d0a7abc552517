"""Expected receipts: what is to come, what has come of it, and by when so much can be had."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.catalog.errors import UnknownSku
from tokolib.inventory import StockState, Tracked
from tokolib.inventory.errors import BundleHasNoStock, UnknownLocation
from tokolib.inventory.expected import (
    ExpectedReceipt,
    IllegalReceiptTransition,
    MoreThanExpected,
    ReceiptState,
)
from tokolib.inventory.expected.model import promised
from tokolib.inventory.expected.service import ExpectedReceiptService
from tokolib.inventory.lots import LotReceipt, LotsNeeded
from tokolib.inventory.lots.service import LotService
from tokolib.kernel.errors import InvalidInput, KeyReused
from tokolib.kernel.hosting import Awaiting, Blocking
from tokolib.kernel.quantity import KILOGRAM, PIECE, InvalidQuantity, Quantity
from tokolib.kernel.unit import Unit

TODAY = date(2026, 1, 31)
MONDAY, TUESDAY = date(2026, 2, 2), date(2026, 2, 3)


def door(room: Any) -> ExpectedReceiptService[Blocking]:
    return ExpectedReceiptService(room.work, True)


def test_what_is_to_come_is_not_here(room: Any) -> None:
    """It is written down in the SKU's own unit, and moves nothing."""
    made = door(room).announce("beras", "2.5", on=MONDAY, reference="PO-1")

    assert (ReceiptState.EXPECTED, "BERAS", MONDAY, "PO-1") == (
        made.state,
        made.sku,
        made.expected_on,
        made.reference,
    )
    assert Quantity(2_500, KILOGRAM) == made.outstanding
    assert [] == room.entries()
    assert (made,) == door(room).of("BERAS")


def test_it_comes_in_parts(room: Any) -> None:
    """Each is on the books at once, in the state that it came in; the last of them completes it."""
    made = door(room).announce("KOPI-250", 10, on=MONDAY)

    some = door(room).receive(made, 4)
    assert (ReceiptState.RECEIVING, Quantity(6), 4) == (some.state, some.outstanding, room.level("kopi-250").on_hand)
    some = door(room).receive(made, 1, state=StockState.DAMAGED)
    whole = door(room).receive(made)

    assert (ReceiptState.RECEIVED, Quantity(0)) == (whole.state, whole.outstanding)
    assert (9, 1) == (room.level("kopi-250").on_hand, room.level("kopi-250|damaged").on_hand)
    assert {("receive", made.id)} == {(entry.kind, entry.refers_to) for entry in room.entries()}
    assert () == door(room).of("KOPI-250")


def test_what_is_expected_may_change(room: Any) -> None:
    """Day and quantity, also while it comes; less than has come is refused, just that much completes it."""
    made = door(room).announce("KOPI-250", 10, on=MONDAY)
    assert made.version == door(room).change(made, on=MONDAY, quantity=10).version
    moved = door(room).change(made, on=TUESDAY, quantity=12)
    assert (TUESDAY, Quantity(12)) == (moved.expected_on, moved.outstanding)
    door(room).receive(made, 5)

    with pytest.raises(MoreThanExpected) as refused:
        door(room).change(made, quantity=4)
    assert (Quantity(4), Quantity(5)) == (refused.value.given, refused.value.arrived)
    with pytest.raises(MoreThanExpected):
        door(room).receive(made, 8)
    assert ReceiptState.RECEIVED is door(room).change(made, quantity=5).state
    assert 5 == room.level("kopi-250").on_hand


def test_what_is_given_up_keeps_what_has_come(room: Any) -> None:
    """And nothing more can come of it: the refusal says so."""
    made = door(room).announce("KOPI-250", 10, on=MONDAY)
    door(room).receive(made, 5)
    gone = door(room).cancel(made, reason="sold out")

    assert (ReceiptState.CANCELLED, "sold out", Quantity(0)) == (gone.state, gone.reason, gone.outstanding)
    assert 5 == room.level("kopi-250").on_hand
    for again in (
        lambda: door(room).receive(made),
        lambda: door(room).change(made, on=TUESDAY),
        lambda: door(room).cancel(made, reason="x"),
    ):
        with pytest.raises(IllegalReceiptTransition) as refused:
            again()
        assert () == refused.value.allowed
    assert gone == door(room).get(made.id)


def test_each_command_with_a_key_happens_once(room: Any) -> None:
    """An answer that was lost is asked for again in the same words; other words are refused."""
    for _ in range(2):
        made = door(room).announce("KOPI-250", 10, on=MONDAY, key="a")
        door(room).receive(made, 4, key="r")
    with pytest.raises(KeyReused):
        door(room).receive(made, 5, key="r")
    with pytest.raises(KeyReused):
        door(room).announce("KOPI-250", 10, on=TUESDAY, key="a")

    assert (4, 1) == (room.level("kopi-250").on_hand, len(door(room).of("KOPI-250")))


def test_what_makes_no_sense_is_refused(room: Any) -> None:
    """What the shop doesn't know, nowhere, a bundle, nothing, on its way; and receiving it past its own command."""
    for wrong, sku, quantity, more in (
        (UnknownSku, "TEH", 1, {}),
        (UnknownLocation, "KOPI-250", 1, {"location": "bandung"}),
        (BundleHasNoStock, "PAKET", 1, {}),
        (InvalidQuantity, "KOPI-250", 0, {}),
    ):
        with pytest.raises(wrong):
            door(room).announce(sku, quantity, on=MONDAY, **more)  # type: ignore[arg-type]
    with pytest.raises(BundleHasNoStock):
        door(room).promise("PAKET", 1)
    made = door(room).announce("KOPI-250", 10, on=MONDAY)
    with pytest.raises(InvalidInput):
        door(room).receive(made, state=StockState.TRANSIT)
    with pytest.raises(InvalidInput) as refused:
        room.stock.receive("KOPI-250", 1, reference=made.id)
    assert "inventory.expected_receipt" == refused.value.faults[0].code
    assert [] == room.entries()


async def itself(unit: Unit, reference: str) -> tuple[str, ...]:
    return (reference,)


def test_tracked_goods_come_as_lots(room: Any) -> None:
    """Their lots are named as they come."""
    LotService(room.work, True, itself).track("KOPI-250", Tracked.LOT)
    made = door(room).announce("KOPI-250", 2, on=MONDAY)

    with pytest.raises(LotsNeeded):
        door(room).receive(made)
    came = door(room).receive(made, lots=[LotReceipt("L1", 2, expires_on=TUESDAY)])

    assert ReceiptState.RECEIVED is came.state


def test_a_promise_takes_what_is_here_then_what_comes_first(room: Any) -> None:
    """Part by part, with day and reference; late goods count for today, other places and ended receipts don't count."""
    room.stock.open_location("toko", "Toko")
    room.stock.receive("KOPI-250", 2)
    second = door(room).announce("KOPI-250", 5, on=TUESDAY, reference="B")
    door(room).announce("KOPI-250", 3, on=MONDAY, reference="A")
    door(room).announce("KOPI-250", 9, on=MONDAY, location="toko")
    door(room).cancel(door(room).announce("KOPI-250", 9, on=MONDAY), reason="x")

    promise = door(room).promise("KOPI-250", 6)
    assert [(TODAY, 2, ""), (MONDAY, 3, "A"), (TUESDAY, 1, "B")] == [
        (part.on, part.quantity.steps, part.reference) for part in promise.parts
    ]
    assert (TUESDAY, Quantity(0)) == (promise.on, promise.missing)
    assert second.id == promise.parts[-1].receipt_id
    assert (TODAY, None) == (door(room).promise("KOPI-250", 2).on, door(room).promise("KOPI-250", 11).on)
    assert Quantity(1) == door(room).promise("KOPI-250", 11).missing

    room.stock.buffer("KOPI-250", 1, channel="market")
    assert [1, 3, 2] == [part.quantity.steps for part in door(room).promise("KOPI-250", 6, channel="market").parts]
    room.clock.pass_(days=10)
    assert TODAY + timedelta(days=10) == door(room).promise("KOPI-250", 6).on


@given(
    here=st.integers(-3, 20),
    wanted=st.integers(1, 40),
    receipts=st.lists(st.tuples(st.integers(-5, 30), st.integers(1, 9)), max_size=6),
)
def test_a_promise_is_kept_by_its_day_and_no_sooner(here: int, wanted: int, receipts: list[tuple[int, int]]) -> None:
    """By that day enough has come, and on the day before it had not; where none is named, all of it is too little."""
    days = [(TODAY + timedelta(days=after), steps) for after, steps in receipts]
    known = [_expected(str(number), on, steps) for number, (on, steps) in enumerate(days)]

    promise = promised("KOPI-250", "main", Quantity(wanted, PIECE), here, TODAY, known)

    def there(on: date) -> int:
        return max(here, 0) + sum(steps for day, steps in days if max(day, TODAY) <= on)

    if promise.on is None:
        assert there(date.max) < wanted
        assert wanted - there(date.max) == promise.missing.steps
    else:
        assert there(promise.on) >= wanted
        assert promise.on == TODAY or there(promise.on - timedelta(days=1)) < wanted
    assert [part.on for part in promise.parts] == sorted(part.on for part in promise.parts)


def _expected(id: str, on: date, steps: int) -> ExpectedReceipt:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    state = ReceiptState.EXPECTED
    return ExpectedReceipt(id, 1, state, "kopi-250", "KOPI-250", PIECE, "main", on, steps, "", at)  # type: ignore[arg-type]


def test_the_door_can_be_awaited(room: Any) -> None:
    """The same commands, awaited, do the same."""
    mine: ExpectedReceiptService[Awaiting] = ExpectedReceiptService(room.work, False)

    async def body() -> ReceiptState:
        return (await mine.receive(await mine.announce("KOPI-250", 3, on=MONDAY))).state

    assert ReceiptState.RECEIVED is asyncio.run(body())
    assert 3 == room.level("kopi-250").on_hand
