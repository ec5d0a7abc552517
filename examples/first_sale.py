"""The first sale: a shop in one file, one call for each thing that a shop does."""

import tokolib
from tokolib import IDR, Address

SITI = Address("Siti Aminah", "Jl. Malioboro 52", city="Yogyakarta", postal_code="55271", country="ID")

with tokolib.open("memory://", country="ID") as shop:  # or "sqlite:///kedai.db", "postgresql://..."
    shop.catalog.put("KOPI-250", "Kopi Gayo 250 g", weight="300 g")  # put: the same twice is the same
    shop.prices.put("KOPI-250", IDR(75_000))
    shop.delivery.flat("jne:reg", IDR(18_000))
    shop.stock.receive("KOPI-250", 20, key="opening")

    cart = shop.carts.start({"KOPI-250": 2})
    quote = shop.carts.quote(cart, ship_to=SITI, delivery="jne:reg")
    print(quote.total, quote.goods, quote.tax)
    # > IDR 168000 IDR 150000 IDR 0

    order = shop.orders.place(quote, tender="cod", key="web-7f3a")
    assert shop.orders.place(quote, tender="cod", key="web-7f3a") == order  # retry without fear
    print(order.state, order.payment, shop.stock.available("KOPI-250"))
    # > placed unpaid 18 pcs

    shop.shipments.hand_over(order, tracking="JNE0123456789")
    shop.payments.received(order, quote.total)  # the courier's cash arrived
    refund = shop.returns.accept(order, {"KOPI-250": 1}, reason="changed mind").refund
    print(refund.amount, shop.stock.available("KOPI-250"), shop.verify())
    # > IDR 75000 19 pcs verify: OK
