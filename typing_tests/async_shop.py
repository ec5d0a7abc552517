"""What users write with an async shop: the same names, awaited, and the same types."""

from collections.abc import Coroutine
from typing import Any, assert_type

import tokolib
from tokolib import IDR, AsyncShop, Order, Quantity, Quote, Staff


async def sell() -> Order:
    """A sale over the counter."""
    async with tokolib.aopen("memory://", country="ID") as shop:
        assert_type(shop, AsyncShop)
        await shop.catalog.put("KOPI-250", "Kopi Gayo 250 g")
        await shop.prices.put("KOPI-250", IDR(75_000))
        assert_type(await shop.stock.available("KOPI-250"), Quantity)
        cart = await shop.carts.start({"KOPI-250": 1})
        quote = await shop.carts.quote(cart)
        assert_type(quote, Quote)
        assert_type(shop.acting(Staff("rini")), AsyncShop)
        assert_type((await shop.verify()).ok, bool)
        placing: Coroutine[Any, Any, Order] = shop.orders.place(quote, tender="cash", key="till-1")
        return await placing


async def by_hand() -> None:
    """Opened and closed without `async with`."""
    shop = await tokolib.aopen("memory://", country="ID")
    assert_type(shop, AsyncShop)
    await shop.close()
