"""Carts without a shop: lines, carts and sellables with defaults."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tokolib.cart.events import CartStarted
from tokolib.cart.lifecycle import evolve
from tokolib.cart.model import Cart, CartLine
from tokolib.catalog.model import Component, Sellable
from tokolib.kernel.ids import CartId, LineId, ProductId
from tokolib.kernel.quantity import PIECE

NOW = datetime(2026, 1, 31, 5, 0, tzinfo=UTC)


class Basket:
    """Builders."""

    now = NOW

    def line(self, id: str, key: str = "kopi", quantity: int = 1, **more: Any) -> CartLine:
        return CartLine(LineId(id), key, key.upper(), quantity, PIECE, **more)

    def cart(self, *lines: CartLine, coupons: tuple[str, ...] = (), id: str = "crt_1") -> Cart:
        return evolve(None, CartStarted(CartId(id), "hash", "web", "", "IDR", lines, coupons, at=NOW))

    def sellable(self, key: str, *components: Component, limit: int | None = None) -> Sellable:
        id = ProductId("prd_1")
        return Sellable(key, key.upper(), id, key, PIECE, "standard", (), (), None, None, components, limit)


@pytest.fixture(scope="session")
def basket() -> Basket:
    return Basket()
