"""Chapters 7 to 9: two parcels, an invoice with its number, and a return that adds up old shares."""

from collections.abc import Mapping, Sequence
from typing import Final

from tokolib.cli.demo.stage import Scene
from tokolib.cli.demo.teller import Shown
from tokolib.documents import Invoice
from tokolib.fulfilment import Shipment
from tokolib.kernel import Money, Quantity
from tokolib.orders import Order
from tokolib.orders.units import Wanted
from tokolib.returns import Disposition, Return

FIRST: Final[Wanted] = {"KOPI-GAYO-250": 3, "HMP-LEBARAN": 1, "BERAS-PANDAN": "2.5"}
"""What lies on the shelf; the rest is fetched from the workshop."""

BACK: Final[Wanted] = {"KOPI-GAYO-250": 1, "BTK-PARANG-SOG-XL": 1, "KAIN-TROSO-RAN": "1.25"}
TORN: Final = "KOPI-GAYO-250"


def ship_in_two(scene: Scene, order: Order) -> None:
    """Chapter 7: what is there leaves today, the rest tomorrow, and both arrive."""
    tell, shipments = scene.tell, scene.shop.shipments
    tell.chapter(7, "ship.title")
    scene.clock.forward(hours=3)
    first = shipments.hand_over(order, FIRST, tracking="JNE8801260302")
    tell.say("ship.first", state=_fulfilment(scene, order), now=scene.now())
    scene.clock.forward(days=1)
    second = shipments.hand_over(order, tracking="JNE8801260303")
    tell.say("ship.second", state=_fulfilment(scene, order), now=scene.now())
    scene.clock.forward(days=2)
    sent = [shipments.delivered(each, received_by="Siti") for each in (first, second)]
    rows = [(each.number, each.tracking, _contents(scene, order, each), each.delivered_at or "") for each in sent]
    tell.table("ship.parcels", ("col.number>", "col.tracking", "col.contents", "col.delivered"), rows)
    tell.say("ship.arrived")


def _fulfilment(scene: Scene, order: Order) -> str:
    return scene.tell.text(f"fulfilment.{scene.shop.orders.get(order.id).fulfilment}")


def _contents(scene: Scene, order: Order, shipment: Shipment) -> str:
    lines = {line.id: line.line for line in order.lines}
    return "\n".join(
        f"{scene.tell.show(Quantity(run.units, lines[run.line_id].unit))} {lines[run.line_id].name}"
        for run in shipment.runs
    )


def invoice(scene: Scene, order: Order) -> None:
    """Chapter 8: the fiscal document, with a number that leaves no gap."""
    tell = scene.tell
    tell.chapter(8, "invoice.title")
    document = scene.shop.invoices.issue(order)
    tell.say("invoice.story", number=document.number, on=document.issued_on)
    _print(scene, document)
    again = scene.shop.invoices.issue(order)
    tell.say("invoice.again", number=again.number)


def _print(scene: Scene, document: Invoice) -> None:
    def money(units: int) -> Money:
        return Money(units, document.currency)

    rows = [
        (line.name, _quantity(scene, line.quantity), money(line.net), money(line.total - line.net), money(line.total))
        for line in document.lines
    ]
    net = money(document.total.minor_units - document.tax.minor_units)
    rows.append((scene.tell.text("invoice.total"), "", net, document.tax, document.total))
    columns = ("col.goods", "col.quantity>", "col.net>", "col.tax>", "col.total>")
    scene.tell.table("invoice.lines", columns, rows)


def _quantity(scene: Scene, text: str) -> str:
    """A document keeps its quantities as plain text; a reader's language writes them its own way."""
    amount, _, unit = text.partition(" ")
    return f"{scene.tell.number(amount)} {unit}".strip()


def take_back(scene: Scene, order: Order) -> None:
    """Chapter 9: three things come back; nothing is computed again, old shares are added up."""
    tell, shop = scene.tell, scene.shop
    tell.chapter(9, "return.title")
    scene.clock.forward(days=2)
    asked = shop.returns.request(order, BACK, reason=tell.text("return.reason"))
    done = shop.returns.accept(asked, dispositions={TORN: Disposition.WRITE_OFF}, key="return-1")
    tell.say("return.story", state=tell.text(f"return.{done.state}"))
    _shares(scene, order, done)
    after = shop.orders.get(order.id)
    note = shop.invoices.credit(done)
    tell.say("return.refunded", paid=after.paid, payment=tell.text(f"payment.{after.payment}"))
    tell.say("return.credit_note", number=note.number, corrects=note.corrects, total=note.total)


def _shares(scene: Scene, order: Order, done: Return) -> None:
    """Each line's units at their price, less their share of the discounts: what is paid back, and the tax in it."""
    tell, refund = scene.tell, done.refund
    if refund is None:
        return
    fates: Mapping[str, Disposition] = {line.run.line_id: line.disposition for line in done.lines}
    rows: list[Sequence[Shown]] = []
    for worth in refund.worths:
        line = next(each.line for each in order.lines if each.id == worth.line_id)
        full = line.unit_price.times(worth.units * line.unit.per_step.numerator, line.unit.per_step.denominator)
        tax = sum(share.amount for share in worth.taxes)
        amounts = (full, worth.goods - full, worth.goods, tax)
        fate = tell.text(f"disposition.{fates[worth.line_id]}")
        quantity = Quantity(worth.units, line.unit)
        rows.append((line.name, quantity, *(Money(amount, order.currency) for amount in amounts), fate))
    tax = sum(share.amount for worth in refund.worths for share in worth.taxes)
    rows.append((tell.text("return.sum"), "", "", "", refund.amount, Money(tax, order.currency), ""))
    columns = ("col.goods", "col.quantity>", "col.price>", "col.discount>", "col.refund>", "col.tax_in_it>", "col.fate")
    tell.table("return.shares", columns, rows)
