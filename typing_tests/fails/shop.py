"""What a type checker must refuse about a shop: each marked line, with that code."""

import tokolib
from tokolib import IDR, Quote

with tokolib.open("memory://", country="ID") as shop:
    shop.catalog.put("KOPI-250")  # E: call-arg
    shop.catalog.put("KOPI-250", "Kopi", wieght="300 g")  # E: call-arg
    shop.prices.put("KOPI-250", 75_000)  # E: arg-type
    shop.stock.receive("KOPI-250", 0.5)  # E: arg-type
    shop.stock.adjust("KOPI-250", 1)  # E: call-arg
    shop.promotions.percent("sepuluh", 10, cup=IDR(1))  # E: call-arg
    shop.promotions.percent("sepuluh", 0.1)  # E: arg-type
    cart = shop.carts.start({"KOPI-250": 1})
    shop.carts.quote(cart, ship_to="Jl. Malioboro 52")  # E: arg-type
    quote = shop.carts.quote(cart)
    shop.orders.place(quote, tender="cash")  # E: call-arg
    shop.orders.place(quote, "cash", "till-1")  # E: call-arg
    shop.payments.received("ord_1", 75_000)  # E: arg-type
    shop.settings.change(currency="USD")  # E: call-arg
    quote.valid_until = quote.made_at  # E: misc
    shop.warehouse.receive("KOPI-250", 1)  # E: attr-defined


async def sell() -> Quote:
    """The result of an async command is awaited first."""
    async with tokolib.aopen("memory://", country="ID") as shop:
        cart = await shop.carts.start({"KOPI-250": 1})
        await shop.carts.quote({"KOPI-250": 1})  # E: arg-type
        shop.carts.quote(cart)  # E: unused-coroutine
        return shop.carts.quote(cart)  # E: return-value
