"""Goods that are here, or on their way, and can't be sold: each state of a place is counted by itself."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tokolib.inventory import StockState, moving
from tokolib.inventory.errors import BelowHeld, UnknownLocation
from tokolib.inventory.model import UNSELLABLE, place, resource, state_of
from tokolib.kernel.errors import InvalidInput, KeyReused
from tokolib.kernel.quantity import Quantity
from tokolib.kernel.unit import Unit

SELLABLE, DAMAGED, QUALITY, TRANSIT = StockState
HERE = (SELLABLE, DAMAGED, QUALITY)


def in_states(level: Any) -> tuple[int, ...]:
    return tuple(each.steps for each in (level.on_hand, level.damaged, level.quality, level.transit))


def test_a_resource_tells_its_place_and_state() -> None:
    """What is sellable has no state in its name."""
    names = [resource("main", "kopi-250", state) for state in StockState]

    assert ["main|kopi-250", *(f"main|kopi-250|{state}" for state in UNSELLABLE)] == names
    assert {("main", "kopi-250")} == {place(name) for name in names}
    assert list(StockState) == [state_of(name) for name in names]


def test_goods_are_put_into_another_state(room: Any) -> None:
    """They leave what can be sold, in two movements of one batch, and levels tell where they are."""
    room.stock.receive("KOPI-250", 10)

    level = room.stock.move("KOPI-250", 3, from_=SELLABLE, to=DAMAGED, reason="torn bags")

    assert (7, 3, 0, 0) == in_states(level)
    assert Quantity(7) == room.stock.available("KOPI-250")
    moved = [entry for entry in room.entries() if entry.kind == "move"]
    assert [("main|kopi-250", -3), ("main|kopi-250|damaged", 3)] == [(each.account, each.amount) for each in moved]
    assert 1 == len({each.batch for each in moved})
    (movement,) = room.stock.movements("KOPI-250", state=DAMAGED).items
    assert (DAMAGED, "move", 3, "torn bags") == (
        movement.state,
        movement.kind.value,
        movement.quantity.steps,
        movement.reason,
    )
    assert "budi" in movement.by


def test_goods_are_received_to_be_looked_at(room: Any) -> None:
    """Nobody is promised what is to be looked at; once it is found good, it can be sold."""
    assert (0, 0, 5, 0) == in_states(room.stock.receive("KOPI-250", 5, state=QUALITY, key="delivery"))
    assert Quantity(0) == room.stock.available("KOPI-250")

    assert (4, 0, 1, 0) == in_states(room.stock.move("KOPI-250", 4, from_=QUALITY, to=SELLABLE, reason="good"))


def test_a_move_with_a_key_happens_once(room: Any) -> None:
    """The same request again changes nothing; another one under the key is refused."""
    room.stock.receive("KOPI-250", 10)
    for _ in range(2):
        level = room.stock.move("KOPI-250", 3, from_=SELLABLE, to=DAMAGED, reason="torn", key="m")

    with pytest.raises(KeyReused):
        room.stock.move("KOPI-250", 3, from_=SELLABLE, to=QUALITY, reason="torn", key="m")
    assert (7, 3, 0, 0) == in_states(level)


def test_what_is_held_or_not_there_stays(room: Any) -> None:
    """More than is free, or than is in a state, is refused with what is there, and nothing moves."""
    room.stock.receive("KOPI-250", 10)
    room.stock.move("KOPI-250", 2, from_=SELLABLE, to=DAMAGED, reason="torn")

    with pytest.raises(BelowHeld) as refused:
        room.stock.move("KOPI-250", 3, from_=DAMAGED, to=QUALITY, reason="again")
    assert (3, 2, "damaged") == (refused.value.wanted, refused.value.free, refused.value.state)
    assert "KOPI-250 at main, damaged: 3 steps to take away, 2 are there and not held" == str(refused.value)
    with pytest.raises(BelowHeld):
        room.stock.write_off("KOPI-250", 1, state=QUALITY, reason="gone")
    with pytest.raises(BelowHeld):
        room.stock.move("KOPI-250", 9, from_=SELLABLE, to=DAMAGED, reason="all")
    assert (8, 2, 0, 0) == in_states(room.stock.level("KOPI-250"))


def test_moves_that_make_no_sense_are_refused(room: Any) -> None:
    """Into the state it is in, without a reason, at a place that isn't, or on its way, which is a transfer's."""
    room.stock.receive("KOPI-250", 10)
    for wrong, asked in (
        (InvalidInput, {"from_": SELLABLE, "to": SELLABLE, "reason": "x"}),
        (InvalidInput, {"from_": SELLABLE, "to": TRANSIT, "reason": "x"}),
        (InvalidInput, {"from_": TRANSIT, "to": SELLABLE, "reason": "x"}),
        (InvalidInput, {"from_": SELLABLE, "to": DAMAGED, "reason": " "}),
        (UnknownLocation, {"from_": SELLABLE, "to": DAMAGED, "reason": "x", "location": "bandung"}),
    ):
        with pytest.raises(wrong):
            room.stock.move("KOPI-250", 1, **asked)
    with pytest.raises(InvalidInput):
        room.stock.receive("KOPI-250", 1, state=TRANSIT)
    with pytest.raises(InvalidInput):
        room.stock.write_off("KOPI-250", 1, reason="x", state=TRANSIT)
    assert (10, 0, 0, 0) == in_states(room.stock.level("KOPI-250"))


def test_returned_goods_can_be_put_where_they_cannot_be_sold(room: Any) -> None:
    """restock() into a state counts there, and makes nothing available."""
    room.stock.receive("KOPI-250", 1)

    async def step(unit: Unit) -> None:
        await moving.restock(unit, {"kopi-250": 2}, state=QUALITY, refers_to="ret_1")

    room.do(step)
    assert (1, 0, 2, 0) == in_states(room.stock.level("KOPI-250"))


def test_a_sku_is_low_when_its_goods_are_put_aside(room: Any) -> None:
    """Damage makes a SKU low, and what is found good lets it recover; other states have no threshold."""
    room.stock.receive("KOPI-250", 5)
    room.stock.threshold("KOPI-250", 4)
    room.stock.move("KOPI-250", 2, from_=SELLABLE, to=QUALITY, reason="wet")
    room.stock.move("KOPI-250", 2, from_=QUALITY, to=DAMAGED, reason="spoilt")
    room.stock.move("KOPI-250", 1, from_=DAMAGED, to=SELLABLE, reason="dried")

    assert ["inventory.stock_low", "inventory.stock_recovered"] == [
        topic for topic in room.events() if topic in ("inventory.stock_low", "inventory.stock_recovered")
    ]


MOVES = st.lists(st.tuples(st.sampled_from(HERE), st.sampled_from(HERE), st.integers(1, 6)), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # it makes a stockroom for each
@given(received=st.integers(1, 12), moves=MOVES)
def test_moves_between_states_lose_nothing(in_memory: Any, received: int, moves: list[Any]) -> None:
    """Whatever is moved or refused, the states of a place add up to what was received, and none is below zero."""
    room = in_memory()
    room.stock.receive("KOPI-250", received)
    there = {SELLABLE: received, DAMAGED: 0, QUALITY: 0}

    for source, target, steps in moves:
        try:
            room.stock.move("KOPI-250", steps, from_=source, to=target, reason="x")
        except InvalidInput:
            assert source is target
        except BelowHeld:
            assert steps > there[source]
        else:
            there[source] -= steps
            there[target] += steps

    found = in_states(room.stock.level("KOPI-250"))
    assert (*there.values(), 0) == found
    assert received == sum(found)
