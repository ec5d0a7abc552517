"""django-oscar through its service classes, without HTTP; each phase is one transaction, which is its best case."""

import os
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from benchmarks.job import COUPON, ON_SALE, TAX, Due, priced, wishes

USER = "buyer"


@dataclass(frozen=True)
class Oscar:
    """The database is the one that the settings name; it is set up once."""

    name: str = "django-oscar"

    def reset(self) -> None:
        """Orders stay: what a checkout costs does not depend on them here."""

    def open(self) -> "OscarTill":
        return OscarTill()


def start() -> None:
    """Load Django with the settings beside this file."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.peers.oscar.settings")
    import django

    django.setup()


def fill() -> None:
    """The products of the job on the shelf, and the coupon."""
    start()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import transaction
    from django.utils import timezone
    from oscar.core.loading import get_model as model

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        kind = model("catalogue", "ProductClass").objects.create(name="goods", track_stock=True)
        partner = model("partner", "Partner").objects.create(name="house")
        for each in ON_SALE:
            product = model("catalogue", "Product").objects.create(product_class=kind, title=each.sku, upc=each.sku)
            model("partner", "StockRecord").objects.create(
                product=product,
                partner=partner,
                partner_sku=each.sku,
                price=Decimal(each.price) / 100,
                price_currency="IDR",
                num_in_stock=each.stock,
            )
        get_user_model().objects.create_user(USER, f"{USER}@example.test", None)
        everything = model("offer", "Range").objects.create(name="all", includes_all_products=True)
        offer = model("offer", "ConditionalOffer").objects.create(
            name=COUPON["code"],
            offer_type="Voucher",
            condition=model("offer", "Condition").objects.create(range=everything, type="Count", value=1),
            benefit=model("offer", "Benefit").objects.create(
                range=everything, type="Percentage", value=COUPON["percent"]
            ),
            max_basket_applications=1,
        )
        now = timezone.now()
        voucher = model("voucher", "Voucher").objects.create(
            name=COUPON["code"],
            code=COUPON["code"],
            usage="Multi-use",
            start_datetime=now,
            end_datetime=now + timedelta(days=30),
        )
        voucher.offers.add(offer)
        model("payment", "SourceType").objects.create(name="Cash", code="cash")
        model("order", "ShippingEventType").objects.create(name="Shipped", code="shipped")
        for name in ("Paid", "Refunded"):
            model("order", "PaymentEventType").objects.create(name=name, code=name.lower())


class OscarTill:
    """One process's Django."""

    def __init__(self) -> None:
        start()
        from django.contrib.auth import get_user_model
        from oscar.core.loading import get_class, get_model

        self._model, self._class = get_model, get_class
        self._user = get_user_model().objects.get(username=USER)
        self._ids = list(get_model("catalogue", "Product").objects.order_by("id").values_list("id", flat=True))
        self._strategy = contained()
        self._due: list[Due] = [priced(wishes(k))[1] for k in range(3000)]

    def checkout(self, k: int) -> str:
        from django.db import transaction

        with transaction.atomic():
            basket = self._basket(wishes(k))
            free = self._class("shipping.methods", "Free")()
            charge = free.calculate(basket)
            total = self._class("checkout.calculators", "OrderTotalCalculator")().calculate(basket, charge)
            basket.freeze()
            creator = self._class("order.utils", "OrderCreator")()
            order = creator.place_order(basket, total, free, charge, user=self._user)
            self._pay(order, total.incl_tax)
            basket.submit()
        assert self._due[k % len(self._due)].total == total.incl_tax * 100
        return str(order.number)

    def _basket(self, wished: list[tuple[int, int]]) -> Any:
        basket = self._model("basket", "Basket").objects.create(owner=self._user)
        basket.strategy = self._strategy
        for index, quantity in wished:
            basket.add_product(self._model("catalogue", "Product").objects.get(pk=self._ids[index]), quantity)
        basket.vouchers.add(self._model("voucher", "Voucher").objects.get(code=COUPON["code"]))
        self._class("offer.applicator", "Applicator")().apply(basket, self._user)
        return basket

    def _pay(self, order: Any, amount: Decimal) -> None:
        source = self._model("payment", "Source")(
            order=order,
            source_type=self._model("payment", "SourceType").objects.get(code="cash"),
            currency="IDR",
            amount_allocated=amount,
            amount_debited=amount,
        )
        source.create_deferred_transaction("Debit", amount, reference=order.number)
        source.save()
        paid = self._model("order", "PaymentEventType").objects.get(code="paid")
        self._handler().handle_payment_event(order, paid, amount)

    def _handler(self) -> Any:
        return self._class("order.processing", "EventHandler")(self._user)

    def ship(self, number: str) -> None:
        from django.db import transaction

        with transaction.atomic():
            order = self._model("order", "Order").objects.get(number=number)
            lines = list(order.lines.select_related("stockrecord", "product__product_class"))
            shipped = self._model("order", "ShippingEventType").objects.get(code="shipped")
            handler = self._handler()
            handler.handle_shipping_event(order, shipped, lines, [line.quantity for line in lines])
            handler.consume_stock_allocations(order, lines)
            handler.handle_order_status_change(order, "Shipped")

    def refund(self, number: str) -> None:
        from django.db import transaction
        from django.db.models import F

        with transaction.atomic():
            order = self._model("order", "Order").objects.get(number=number)
            line = order.lines.all()[0]
            amount = line.line_price_incl_tax / line.quantity
            refunded = self._model("order", "PaymentEventType").objects.get(code="refunded")
            self._handler().handle_payment_event(order, refunded, amount, [line], [1])
            order.sources.get().refund(amount, reference=f"refund of {number}")
            # Oscar has no call that puts goods back; its hosts write this line themselves.
            stock = self._model("partner", "StockRecord").objects.filter(pk=line.stockrecord_id)
            stock.update(num_in_stock=F("num_in_stock") + 1)

    def close(self) -> None:
        from django.db import connection

        connection.close()


def contained() -> Any:
    """Prices as stored contain the tax, which is split out."""
    from oscar.apps.partner import prices, strategy

    class Contained(strategy.UseFirstStockRecord, strategy.StockRequired, strategy.NoTax, strategy.Structured):
        def pricing_policy(self, product: Any, stockrecord: Any) -> Any:
            if not stockrecord:
                return prices.Unavailable()
            net = (stockrecord.price * 100 / (100 + TAX["percent"])).quantize(Decimal("0.01"))
            return prices.TaxInclusiveFixedPrice("IDR", excl_tax=net, tax=stockrecord.price - net)

    return Contained()
