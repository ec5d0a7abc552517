"""Safety buffers: what a channel must leave for the others."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tokolib
from tokolib import IDR, Basket, Shop
from tokolib.adapters.urls import storage_from_url
from tokolib.inventory import steps
from tokolib.inventory.buffers import Safety
from tokolib.inventory.errors import BundleHasNoStock, OutOfStock, UnknownLocation
from tokolib.inventory.model import Buffer, StockItem
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.quantity import KILOGRAM, PIECE, InvalidQuantity, Quantity
from tokolib.kernel.unit import Unit
from tokolib.records.collections import COLLECTIONS

KOPI = StockItem("stk_kopi", 1, "kopi", "KOPI", PIECE)
BERAS = StockItem("stk_beras", 1, "beras", "BERAS", KILOGRAM)


def buffer(channel: str, location: str, key: str, amount: str | None) -> Buffer:
    return Buffer("b", 1, channel, location, key, None if amount is None else Decimal(amount))


def test_the_closest_buffer_counts() -> None:
    """That SKU there, that SKU anywhere, any SKU there, any SKU anywhere; of what is weighed, whole steps are left."""
    safety = Safety(
        [
            buffer("app", "toko", "kopi", "1"),
            buffer("app", "", "kopi", "2"),
            buffer("app", "toko", "", "3"),
            buffer("app", "", "", "4.0005"),
        ]
    )

    assert [1, 2] == [safety.steps("app", where, KOPI) for where in ("toko", "main")]
    assert [3_000, 4_001] == [safety.steps("app", where, BERAS) for where in ("toko", "main")]
    assert 0 == safety.steps("web", "toko", KOPI)


def test_a_buffer_of_zero_hides_a_wider_one_and_a_lifted_one_does_not() -> None:
    """Zero says that nothing is left of this SKU; None says nothing at all."""
    wide = buffer("app", "", "", "4")

    assert 0 == Safety([wide, buffer("app", "", "kopi", "0")]).steps("app", "main", KOPI)
    assert 4 == Safety([wide, buffer("app", "", "kopi", None)]).steps("app", "main", KOPI)


def test_a_channel_sees_its_buffer_left_out(room: Any) -> None:
    """available(channel=) is less by the buffer, never below zero; a bundle by its scarcest part; others see all."""
    room.stock.receive("KOPI-250", 10)
    room.stock.receive("GULA", 10)
    room.stock.buffer("kopi-250", 4, channel="app")

    assert Quantity(6) == room.stock.available("KOPI-250", channel="app")
    assert (Quantity(10), Quantity(10)) == (
        room.stock.available("KOPI-250"),
        room.stock.available("KOPI-250", channel="web"),
    )
    assert (Quantity(3), Quantity(5)) == (room.stock.available("PAKET", channel="app"), room.stock.available("PAKET"))
    room.stock.buffer(None, 11, channel="app")
    assert Quantity(0) == room.stock.available("GULA", channel="app")
    room.stock.buffer(None, None, channel="app")
    room.stock.buffer("KOPI-250", None, channel="app")
    assert Quantity(5) == room.stock.available("PAKET", channel="app")


def test_a_buffer_said_twice_is_told_once(room: Any) -> None:
    """What is so already makes no event; lifting what isn't there makes none either."""
    for _ in range(2):
        room.stock.buffer("KOPI-250", 4, channel="app")
        room.stock.buffer("GULA", None, channel="app")

    assert 1 == room.events().count("inventory.buffer_set")


def test_what_can_be_no_buffer_is_refused(room: Any) -> None:
    """A bundle has no stock of its own; a negative quantity, no channel and an unknown location are refused."""
    for wrong, asked in (
        (BundleHasNoStock, lambda: room.stock.buffer("PAKET", 1, channel="app")),
        (InvalidQuantity, lambda: room.stock.buffer(None, -1, channel="app")),
        (InvalidQuantity, lambda: room.stock.buffer("KOPI-250", -1, channel="app")),
        (InvalidInput, lambda: room.stock.buffer("KOPI-250", 1, channel=" ")),
        (UnknownLocation, lambda: room.stock.buffer("KOPI-250", 1, channel="app", location="bandung")),
    ):
        with pytest.raises(wrong):
            asked()
    assert 0 == room.events().count("inventory.buffer_set")


def test_a_hold_of_a_channel_leaves_its_buffer(room: Any) -> None:
    """A hold that would draw on the buffer is refused, and says how much the channel can have; another channel may."""
    room.stock.receive("KOPI-250", 10)
    room.stock.buffer("KOPI-250", 4, channel="app")

    def hold(owner: str, quantity: int, channel: str) -> None:
        async def step(unit: Unit) -> None:
            await steps.hold(unit, {"kopi-250": quantity}, location="main", channel=channel, owner=owner, until=None)

        room.do(step)

    with pytest.raises(OutOfStock) as refused:
        hold("ord_1", 7, "app")
    assert (7, 6) == (refused.value.wanted, refused.value.available)
    hold("ord_1", 6, "app")
    hold("ord_1", 6, "app")
    hold("ord_2", 4, "web")
    assert (10, 10) == (room.level("kopi-250").on_hand, room.level("kopi-250").held)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # it makes a stockroom for each
@given(on_hand=st.integers(0, 20), left=st.integers(0, 20), wishes=st.lists(st.integers(1, 6), max_size=6))
def test_a_channel_never_draws_on_its_buffer(in_memory: Any, on_hand: int, left: int, wishes: list[int]) -> None:
    """Whatever a channel is granted, at least the buffer is available after it, and only else it is refused."""
    room = in_memory()
    if on_hand:
        room.stock.receive("KOPI-250", on_hand)
    room.stock.buffer("KOPI-250", left, channel="app")

    free = on_hand
    for number, wish in enumerate(wishes):

        async def step(unit: Unit, number: int = number, wish: int = wish) -> None:
            await steps.hold(
                unit, {"kopi-250": wish}, location="main", channel="app", owner=f"ord_{number}", until=None
            )

        try:
            room.do(step)
        except OutOfStock:
            assert free - wish < left
        else:
            free -= wish
            assert free >= left
    assert free == room.level("kopi-250").available


def shop_with_a_buffer(url: str) -> Shop:
    """Twelve on the shelf, of which the marketplace must leave five."""
    storage: Any = storage_from_url(url, COLLECTIONS)
    storage.migrate()
    shop = tokolib.open(storage, country="ID")
    shop.catalog.put("KOPI", "Kopi")
    shop.prices.put("KOPI", IDR(10_000))
    shop.stock.receive("KOPI", 12)
    shop.stock.buffer("KOPI", 5, channel="market")
    return shop


def test_a_quote_and_a_placement_of_a_channel_leave_its_buffer(tmp_path: Path) -> None:
    """Quoting and ordering are refused when only the buffer is left; the shop's own channel sells it."""
    with shop_with_a_buffer(f"sqlite:///{tmp_path}/shop.db") as shop:
        quote = shop.carts.quote(shop.carts.start({"KOPI": 7}, channel="market"))
        with pytest.raises(OutOfStock) as refused:
            shop.carts.quote(shop.carts.start({"KOPI": 8}, channel="market"))
        shop.orders.place(Basket({"KOPI": 1}), tender="cash", key="walk-in")
        with pytest.raises(OutOfStock):
            shop.orders.place(quote, tender="cash", key="late")
        shop.orders.place(Basket({"KOPI": 6}, channel="market"), tender="cash", key="rest")
        cart = shop.carts.start({"KOPI": 1}, channel="market")

        assert 7 == refused.value.available
        assert ["cart.exceeds_stock"] == [problem.code for problem in shop.carts.problems(cart)]
        shop.orders.place(Basket({"KOPI": 5}), tender="cash", key="own")
        assert shop.verify().ok


def test_racing_buyers_of_a_channel_leave_its_buffer(tmp_path: Path) -> None:
    """Forty buyers at once on a marketplace get seven of twelve, and five are left for the shop's own channel."""
    with shop_with_a_buffer(f"sqlite:///{tmp_path}/shop.db?timeout=60&wal=1") as shop:

        def buy(number: int) -> bool:
            try:
                shop.orders.place(Basket({"KOPI": 1}, channel="market"), tender="cash", key=str(number))
            except OutOfStock:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            bought = sum(pool.map(buy, range(40)))

        assert 7 == bought
        assert Quantity(5) == shop.stock.available("KOPI")
        assert shop.verify().ok
