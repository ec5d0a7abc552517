"""Chapter 12: orders, money and stock side by side, and the proof that they agree."""

from collections import Counter
from typing import Final

from tokolib.cli.demo.stage import Scene
from tokolib.desk.verify.report import Report
from tokolib.documents import DocumentKind, Invoice
from tokolib.kernel import Money
from tokolib.kernel.money import IDR
from tokolib.orders import Order

MOVED: Final = "KOPI-GAYO-250"
COUNTED: Final = ("KOPI-GAYO-250", "BTK-PARANG-SOG-XL", "BERAS-PANDAN", "KAIN-TROSO-RAN", "ANGKLUNG-12", "BALON-UDARA")


def close_the_books(scene: Scene) -> Report:
    """The tables of an evening, and `verify()` over every row."""
    tell = scene.tell
    tell.chapter(12, "books.title")
    orders = scene.shop.orders.page().items[::-1]
    _orders(scene, orders)
    _money(scene, orders)
    _stock(scene)
    report = scene.shop.verify()
    rows = sum(count for _, count in report.checked)
    tell.say("books.verified", rows=rows, kinds=len(report.checked), broken=len(report.violations) + report.more)
    for violation in report.violations:
        tell.plain(str(violation))
    return report


def _orders(scene: Scene, orders: tuple[Order, ...]) -> None:
    tell = scene.tell
    rows = [
        (
            order.reference,
            tell.text(f"order.{order.state}"),
            tell.text(f"payment.{order.payment}"),
            tell.text(f"fulfilment.{order.fulfilment}"),
            order.total,
            order.paid,
        )
        for order in orders
    ]
    columns = ("col.order", "col.state", "col.payment", "col.fulfilment", "col.total>", "col.kept>")
    tell.table("books.orders", columns, rows)


def _money(scene: Scene, orders: tuple[Order, ...]) -> None:
    """The documents on one side, the money on the other: the two sums are the same."""
    tell = scene.tell
    documents = [each for order in orders for each in scene.shop.invoices.of(order)]
    signed = [_signed(each) for each in documents]
    net, tax, total = (Money.total(column, IDR) for column in zip(*signed, strict=True))
    rows = [
        (each.number, tell.text(f"document.{each.kind}"), *amounts)
        for each, amounts in zip(documents, signed, strict=True)
    ]
    tell.table(
        "books.documents",
        ("col.document", "col.kind", "col.net>", "col.tax>", "col.total>"),
        [*rows, (tell.text("books.sum"), "", net, tax, total)],
    )
    kept: Counter[str] = Counter()
    for order in orders:
        kept[order.tender] += order.paid.minor_units
    held = [(tell.text(f"tender.{tender}"), IDR(amount)) for tender, amount in kept.items() if amount]
    everything = Money.total((amount for _, amount in held), IDR)
    tell.table("books.money", ("col.where", "col.amount>"), [*held, (tell.text("books.sum"), everything)])
    tell.say("books.agree" if everything == total else "books.differ", documents=total, money=everything)


def _signed(document: Invoice) -> tuple[Money, Money, Money]:
    sign = -1 if document.kind is DocumentKind.CREDIT_NOTE else 1
    return (document.total - document.tax) * sign, document.tax * sign, document.total * sign


def _stock(scene: Scene) -> None:
    tell, stock = scene.tell, scene.shop.stock
    moves = stock.movements(MOVED).items
    rows = [(each.at, tell.text(f"movement.{each.kind}"), each.quantity) for each in moves]
    tell.table("books.movements", ("col.when", "col.movement", "col.quantity>"), rows)
    tell.say("books.bundle")
    levels = [stock.level(sku) for sku in COUNTED]
    tell.table(
        "books.levels",
        ("col.sku", "col.on_hand>", "col.held>", "col.available>"),
        [(level.sku, level.on_hand, level.held, level.available) for level in levels],
    )
