"""Transfers between locations: what leaves is in transit until it arrives, is lost, or turns back."""

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tokolib.catalog.errors import UnknownSku
from tokolib.inventory import StockState
from tokolib.inventory.errors import BelowHeld, BundleHasNoStock, UnknownLocation
from tokolib.inventory.transfers import (
    IllegalTransferTransition,
    InvalidTransfer,
    MoreThanSent,
    NotOnTransfer,
    Transfer,
    TransferState,
)
from tokolib.inventory.transfers.service import TransferService
from tokolib.kernel.errors import InvalidInput, KeyReused, NotFound
from tokolib.kernel.hosting import Awaiting, Blocking
from tokolib.kernel.quantity import KILOGRAM, Quantity

STATES = ("on_hand", "damaged", "quality", "transit")


def doors(room: Any) -> TransferService[Blocking]:
    """The door, at a shop with ten coffees and five kilograms of rice in `main`, and none in `toko`."""
    room.stock.open_location("toko", "Toko")
    room.stock.receive("KOPI-250", 10)
    room.stock.receive("BERAS", 5)
    return TransferService(room.work, True)


def at(room: Any, location: str, sku: str = "KOPI-250") -> tuple[int, ...]:
    level = room.stock.level(sku, location=location)
    return tuple(getattr(level, state).steps for state in STATES)


def sent(room: Any, **goods: Any) -> tuple[TransferService[Blocking], Transfer]:
    door = doors(room)
    made = door.draft({"KOPI-250": 6} if not goods else goods["goods"], source="main", target="toko")
    return door, door.dispatch(made)


def test_a_draft_moves_nothing(room: Any) -> None:
    """It names what is to go, in each SKU's own unit, two spellings of one added up."""
    made = doors(room).draft(
        {"KOPI-250": 4, "kopi-250": 2, "BERAS": "1.5"}, source="main", target="toko", reference="SJ-7"
    )

    assert (TransferState.DRAFT, "SJ-7", "main", "toko") == (made.state, made.reference, made.source, made.target)
    assert [("BERAS", 1_500), ("KOPI-250", 6)] == [(line.sku, line.sent) for line in made.lines]
    assert ((10, 0, 0, 0), (0, 0, 0, 0)) == (at(room, "main"), at(room, "toko"))


def test_what_leaves_is_in_transit_until_it_arrives(room: Any) -> None:
    """It can be sold nowhere on its way; with the last of it the transfer is closed by itself."""
    door, made = sent(room)
    assert ((4, 0, 0, 0), (0, 0, 0, 6)) == (at(room, "main"), at(room, "toko"))
    assert Quantity(0) == room.stock.available("KOPI-250", location="toko")

    some = door.receive(made, {"KOPI-250": 4})
    assert (TransferState.RECEIVING, (4, 0, 0, 2)) == (some.state, at(room, "toko"))
    whole = door.receive(made)

    assert (TransferState.CLOSED, (6, 0, 0, 0)) == (whole.state, at(room, "toko"))
    assert Quantity(0) == whole.lines[0].variance
    assert {"receive", "move"} == {entry.kind for entry in room.entries()}
    assert {made.id, ""} == {entry.refers_to for entry in room.entries()}


def test_what_arrives_broken_cannot_be_sold(room: Any) -> None:
    """Goods are received in the state that they are in."""
    door, made = sent(room)

    door.receive(made, {"KOPI-250": 1}, state=StockState.DAMAGED)
    door.receive(made, {"KOPI-250": 2}, state=StockState.QUALITY)

    assert (0, 1, 2, 3) == at(room, "toko")
    with pytest.raises(InvalidInput):
        door.receive(made, state=StockState.TRANSIT)


def test_what_is_missing_is_written_off_and_may_still_arrive(room: Any) -> None:
    """Closing takes what never came off the books; when it comes late, it is put onto them again."""
    door, made = sent(room)
    door.receive(made, {"KOPI-250": 4})

    closed = door.close(made, reason="the van was robbed")
    assert (TransferState.CLOSED, 2, Quantity(-2)) == (closed.state, closed.lines[0].lost, closed.lines[0].variance)
    assert (4, 0, 0, 0) == at(room, "toko")

    late = door.receive(made, {"KOPI-250": 1})
    assert (TransferState.CLOSED, 1, Quantity(-1)) == (late.state, late.lines[0].lost, late.lines[0].variance)
    assert (5, 0, 0, 0) == at(room, "toko")
    assert (0, "write_off") == (
        sum(entry.amount for entry in room.entries() if entry.account == "toko|kopi-250|transit"),
        room.entries()[-2].kind,
    )


def test_what_is_more_than_was_sent_is_surplus(room: Any) -> None:
    """Said to be no slip, it is new to the books, and told as a variance; with nothing missing it is closed."""
    door, made = sent(room)

    more = door.receive(made, {"KOPI-250": 8}, surplus=True)

    assert (TransferState.CLOSED, 2, Quantity(2)) == (more.state, more.lines[0].surplus, more.lines[0].variance)
    assert (8, 0, 0, 0) == at(room, "toko")


def test_more_than_was_sent_does_not_arrive_by_a_slip(room: Any) -> None:
    """All that has arrived counts, what came late too; the refusal says what was sent, and changes nothing."""
    door, made = sent(room)
    door.receive(made, {"KOPI-250": 4})
    with pytest.raises(MoreThanSent) as refused:
        door.receive(made, {"KOPI-250": 9})
    door.close(made, reason="lost")
    with pytest.raises(MoreThanSent):
        door.receive(made, {"KOPI-250": 3})

    assert (9, 6, 4) == tuple(each.steps for each in (refused.value.given, refused.value.sent, refused.value.arrived))
    assert "surplus=True" in refused.value.hint
    assert (4, 0, 0, 0) == at(room, "toko")


def test_a_transfer_turns_back(room: Any) -> None:
    """A draft is dropped; what has left and not arrived can be sold at its source again."""
    door, made = sent(room)
    draft = door.draft({"BERAS": 1}, source="main", target="toko")

    assert TransferState.CANCELLED == door.cancel(draft, reason="not needed").state
    assert (TransferState.CANCELLED, "road closed") == (
        door.cancel(made, reason="road closed").state,
        door.get(made.id).reason,
    )
    assert ((10, 0, 0, 0), (0, 0, 0, 0)) == (at(room, "main"), at(room, "toko"))


def test_each_command_with_a_key_happens_once(room: Any) -> None:
    """An answer that was lost is asked for again in the same words; other words under the key are refused."""
    door = doors(room)
    for _ in range(2):
        made = door.draft({"KOPI-250": 6}, source="main", target="toko", key="d")
    for _ in range(2):
        door.dispatch(made, key="s")
    for _ in range(2):
        door.receive(made, {"KOPI-250": 2}, key="r")
    with pytest.raises(KeyReused):
        door.receive(made, {"KOPI-250": 3}, key="r")
    for _ in range(2):
        made = door.close(made, reason="lost", key="c")

    assert ((4, 0, 0, 0), (2, 0, 0, 0)) == (at(room, "main"), at(room, "toko"))
    assert 4 == made.lines[0].lost
    assert [made.id] == [each.id for each in door.in_state(TransferState.CLOSED).items]


def test_goods_that_are_not_free_do_not_leave(room: Any) -> None:
    """More than is there is refused when it is to leave, and the draft stays a draft."""
    door = doors(room)
    made = door.draft({"KOPI-250": 11, "BERAS": 1}, source="main", target="toko")

    with pytest.raises(BelowHeld) as refused:
        door.dispatch(made)

    assert (11, 10) == (refused.value.wanted, refused.value.free)
    assert TransferState.DRAFT == door.get(made.id).state
    assert ((10, 0, 0, 0), (5_000, 0, 0, 0)) == (at(room, "main"), at(room, "main", "BERAS"))


def test_a_transfer_that_makes_no_sense_is_refused(room: Any) -> None:
    """To where it is, of nothing, of what the shop doesn't know, to nowhere, of a bundle."""
    door = doors(room)
    for wrong, goods, target in (
        (InvalidTransfer, {"KOPI-250": 1}, "main"),
        (InvalidTransfer, {}, "toko"),
        (UnknownSku, {"TEH": 1}, "toko"),
        (UnknownLocation, {"KOPI-250": 1}, "bandung"),
        (BundleHasNoStock, {"PAKET": 1}, "toko"),
    ):
        with pytest.raises(wrong):
            door.draft(goods, source="main", target=target)
    with pytest.raises(NotFound):
        door.get(doors(room).draft({"KOPI-250": 1}, source="main", target="toko").id + "x")  # type: ignore[arg-type]
    assert 1 == len(door.in_state(TransferState.DRAFT).items)


def test_a_refusal_says_what_is_possible(room: Any) -> None:
    """What has arrived can't turn back, what is a draft can't arrive, and what wasn't sent is named."""
    door, made = sent(room)
    with pytest.raises(NotOnTransfer) as strange:
        door.receive(made, {"BERAS": 1})
    assert ("KOPI-250",) == strange.value.known
    door.receive(made, {"KOPI-250": 1})

    with pytest.raises(IllegalTransferTransition) as refused:
        door.cancel(made, reason="x")
    assert ("transfers.cancel", ("transfers.close", "transfers.receive")) == (
        refused.value.asked,
        refused.value.allowed,
    )
    with pytest.raises(IllegalTransferTransition):
        door.receive(door.draft({"BERAS": 1}, source="main", target="toko"))
    with pytest.raises(InvalidInput):
        door.close(made, reason=" ")


def test_nothing_arrives_where_nothing_is_named(room: Any) -> None:
    """An empty list is a slip, and leaves the transfer to be cancelled; all of nothing that is expected is nothing."""
    door, made = sent(room)

    with pytest.raises(InvalidInput, match="goods"):
        door.receive(made, {})
    assert TransferState.CANCELLED == door.cancel(made, reason="it turns back").state
    whole = door.receive(door.dispatch(door.draft({"KOPI-250": 2}, source="main", target="toko")))

    assert whole == door.receive(whole)


def test_the_door_can_be_awaited(room: Any) -> None:
    """The same commands, awaited, do the same."""
    doors(room)
    door: TransferService[Awaiting] = TransferService(room.work, False)

    async def body() -> Transfer:
        made = await door.draft({"BERAS": "2.5"}, source="main", target="toko")
        return await door.receive(await door.dispatch(made))

    assert TransferState.CLOSED == asyncio.run(body()).state
    assert Quantity(2_500, KILOGRAM) == room.stock.available("BERAS", location="toko")


ACTS = st.lists(st.tuples(st.sampled_from(["dispatch", "receive", "close", "cancel"]), st.integers(1, 5)), max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # it makes a stockroom for each
@given(acts=ACTS)
def test_no_transfer_makes_or_loses_goods_unseen(in_memory: Any, acts: list[tuple[str, int]]) -> None:
    """All places and states add up to what was received, less what was lost, and more by what was surplus; and what is
    in transit is what the transfer has on its way.
    """
    room = in_memory()
    door = doors(room)
    made = door.draft({"KOPI-250": 6}, source="main", target="toko")

    for act, steps in acts:
        try:
            match act:
                case "dispatch":
                    made = door.dispatch(made)
                case "receive":
                    made = door.receive(made, {"KOPI-250": steps}, surplus=True)
                case "close":
                    made = door.close(made, reason="lost")
                case _:
                    made = door.cancel(made, reason="back")
        except IllegalTransferTransition:
            continue

    (line,) = made.lines
    assert 10 - line.lost + line.surplus == sum(at(room, "main")) + sum(at(room, "toko"))
    assert at(room, "toko")[3] == sum(made.on_its_way.values())
    if made.state is not TransferState.CANCELLED:
        assert line.arrived == at(room, "toko")[0]
