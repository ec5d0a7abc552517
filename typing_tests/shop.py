"""What users write with a blocking shop, and the types that they get."""

from datetime import date
from typing import assert_type

import tokolib
from tokolib import (
    IDR,
    Address,
    Cart,
    Disposition,
    Invoice,
    LineWish,
    Money,
    Order,
    Quantity,
    Quote,
    Return,
    Settings,
    Shipment,
    Shop,
    Staff,
)
from tokolib.cart import Problem, StartedCart
from tokolib.catalog import ImportReport, Product, ProductDraft, VariantDraft
from tokolib.conditions import at_least, one_of
from tokolib.inventory import StockLevel
from tokolib.kernel import CustomerId, Page
from tokolib.payments import Intent, NextAction, Receipt, Refund
from tokolib.pricing import Price, Promotion
from tokolib.shipping import DeliveryMethod, Rate

SITI = Address("Siti Aminah", "Jl. Malioboro 52", city="Yogyakarta", postal_code="55271", country="ID")


def sell() -> None:
    """A sale, as in the README and the tutorial."""
    with tokolib.open("memory://", country="ID", pkp_since=date(2026, 1, 1)) as shop:
        assert_type(shop, Shop)
        assert_type(shop.settings.get(), Settings)
        assert_type(shop.catalog.put("KOPI-250", "Kopi Gayo 250 g", weight="300 g"), Product)
        assert_type(shop.catalog.put_product(ProductDraft("Kaos", [VariantDraft("KAOS-M")])), Product)
        assert_type(shop.catalog.import_csv("sku,name\nTEH,Teh\n", dry_run=True), ImportReport)
        assert_type(shop.prices.put("KOPI-250", IDR(75_000), tiers={10: IDR(70_000)}), Price)
        assert_type(shop.delivery.flat("jne:reg", IDR(18_000)), DeliveryMethod)
        assert_type(shop.delivery.rates(SITI, grams=1_000), tuple[Rate, ...])
        assert_type(shop.stock.receive("KOPI-250", 20, key="opening"), StockLevel)
        assert_type(shop.stock.available("KOPI-250"), Quantity)
        rule = at_least("subtotal", 100_000) & one_of("province", "Bali")
        assert_type(shop.promotions.percent("sepuluh", 10, cap=IDR(20_000), conditions=rule), Promotion)

        cart = shop.carts.start({"KOPI-250": 2}, customer=CustomerId("siti"))
        assert_type(cart, StartedCart)
        assert_type(shop.carts.add(cart, [LineWish("KOPI-250", "1")]), Cart)
        assert_type(shop.carts.problems(cart.id), tuple[Problem, ...])
        quote = shop.carts.quote(cart, ship_to=SITI, delivery="jne:reg")
        assert_type(quote, Quote)
        assert_type(quote.total, Money)
        assert_type(quote.explain("id"), str)

        order = shop.orders.place(quote.id, tender="cod", key="web-1")
        assert_type(order, Order)
        assert_type(shop.orders.page(), Page[Order])
        assert_type(shop.payments.next_action(order), NextAction)
        assert_type(shop.payments.received(order, quote.total), Intent)
        assert_type(shop.payments.refund(order.id, IDR(1), reason="dent", key="r-1"), Refund)
        assert_type(shop.shipments.hand_over(order, {"KOPI-250": 1}), Shipment)
        assert_type(shop.returns.accept(order, {"KOPI-250": 1}, disposition=Disposition.WRITE_OFF), Return)
        assert_type(shop.invoices.issue(order), Invoice)
        assert_type(shop.webhooks.receive("fake", {}, b""), Receipt)
        assert_type(shop.verify().ok, bool)
        assert_type(shop.tick(budget=10).expired_orders, int)
        assert_type(shop.acting(Staff("rini")), Shop)
