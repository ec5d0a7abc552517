"""Issuing documents, as steps on an open unit."""

from tokolib.documents import numbering
from tokolib.documents.errors import NotCreditable, NotInvoiceable
from tokolib.documents.events import DocumentIssued
from tokolib.documents.model import DocumentKind, Invoice
from tokolib.documents.ports import INVOICES
from tokolib.documents.state import credit_lines, sale_lines
from tokolib.kernel.ids import InvoiceId, OrderId, ReturnId
from tokolib.kernel.unit import Unit
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.returns.model import Return
from tokolib.returns.ports import RETURNS


async def issued(unit: Unit, order_id: str) -> tuple[Invoice, ...]:
    """The documents of an order, in the order of their issue."""
    page = await unit[INVOICES].where("by_order", equals={"order_id": order_id}, limit=1000)
    return tuple(sorted(page.items, key=lambda document: (document.issued_at, document.id)))


async def issue(unit: Unit, order_id: OrderId) -> Invoice:
    """The invoice of an order: issued now, or the one that it has.

    Raises:
        NotInvoiceable: the order was never placed. No number was used.
    """
    order = await unit[ORDERS].get(order_id)
    if order.placed_at is None:
        raise NotInvoiceable(order.id, order.state)
    for document in await issued(unit, order.id):
        if document.kind is DocumentKind.INVOICE:
            return document
    return await _issue(unit, order, None, None)


async def credit(unit: Unit, return_id: ReturnId) -> Invoice:
    """The credit note of an accepted return: issued now, or the one that it has.

    Raises:
        NotCreditable: the return isn't accepted, or its order has no invoice. No number was used.
    """
    goods = await unit[RETURNS].get(return_id)
    if goods.refund is None:
        raise NotCreditable(goods.id, f"it is {goods.state}")
    order = await unit[ORDERS].get(goods.order_id)
    invoice: Invoice | None = None
    for document in await issued(unit, order.id):
        if document.return_id == goods.id:
            return document
        if document.kind is DocumentKind.INVOICE:
            invoice = document
    if invoice is None:
        raise NotCreditable(goods.id, f"order {order.id} has no invoice to correct")
    return await _issue(unit, order, goods, invoice)


async def _issue(unit: Unit, order: Order, goods: Return | None, corrects: Invoice | None) -> Invoice:
    settings, today = await unit.settings(), await unit.today()
    id = InvoiceId(unit.new_id("inv"))
    prefix = settings.credit_note_prefix if corrects else settings.invoice_prefix
    name = numbering.series_name(prefix, today)
    serial, number = await numbering.take(unit, name, id)
    refund = goods.refund if goods else None
    document = Invoice(
        id=id,
        version=1,
        kind=DocumentKind.CREDIT_NOTE if corrects else DocumentKind.INVOICE,
        number=number,
        series=name,
        serial=serial,
        order_id=order.id,
        order_reference=order.reference,
        issued_at=unit.now,
        issued_on=today,
        currency=order.currency,
        lines=credit_lines(order, refund.worths) if refund else sale_lines(order),
        return_id=goods.id if goods else None,
        corrects=corrects.number if corrects else "",
        buyer=order.ship_to,
    )
    return unit[INVOICES].record(None, DocumentIssued(document))
