"""The same sale in an async host: the same names, awaited."""

import asyncio

import tokolib
from tokolib import IDR


async def main() -> None:
    """Sell one bag of coffee over the counter."""
    async with tokolib.aopen("memory://", country="ID") as shop:
        await shop.catalog.put("KOPI-250", "Kopi Gayo 250 g")
        await shop.prices.put("KOPI-250", IDR(75_000))
        await shop.stock.receive("KOPI-250", 20, key="opening")

        cart = await shop.carts.start({"KOPI-250": 1})
        quote = await shop.carts.quote(cart)
        order = await shop.orders.place(quote, tender="cash", key="till-1")
        print(order.state, order.payment, await shop.verify())
        # > placed paid verify: OK


asyncio.run(main())
