"""Issuing documents, as steps on an open unit.

Each is issued under a key that says what it is for, stored in the very unit that takes its number: two issuers at
once, be it in two series, can't both be first. The second one's commit is refused, and it starts again.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final

from tokolib.documents import numbering
from tokolib.documents.errors import NotCreditable, NotInvoiceable
from tokolib.documents.events import DocumentIssued
from tokolib.documents.filing.model import Keeper
from tokolib.documents.filing.steps import file_note, open_filing
from tokolib.documents.model import DocumentKind, Invoice, subject
from tokolib.documents.parties import Parties, parties
from tokolib.documents.ports import INVOICES
from tokolib.documents.stated import StatedLine
from tokolib.documents.stating import credit_lines, sale_lines, shown_on
from tokolib.documents.totals import stated_totals
from tokolib.kernel.ids import InvoiceId, OrderId, ReturnId
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import once
from tokolib.orders.lines import Run
from tokolib.orders.model import Order, OrderState
from tokolib.orders.ports import ORDERS
from tokolib.orders.shares import Worth, worths
from tokolib.pricing.promotions.benefits import Off, Scope, Tiered
from tokolib.pricing.promotions.ports import PROMOTIONS
from tokolib.returns.ports import RETURNS

SCOPE: Final = "documents.issue"


async def issued(unit: Unit, order_id: str) -> tuple[Invoice, ...]:
    """The documents of an order, in the order of their issue."""
    found: list[Invoice] = []
    after: str | None = None
    while True:
        page = await unit[INVOICES].where("by_order", equals={"order_id": order_id}, after=after)
        found.extend(page.items)
        if page.after is None:
            return tuple(sorted(found, key=lambda document: (document.issued_at, document.id)))
        after = page.after


async def issue(unit: Unit, order_id: OrderId, keeper: Keeper | None) -> Invoice:
    """The invoice of an order: issued now, or the one that it has.

    *keeper* is the tax provider that keeps documents, if there is one: what rests on its word goes there.

    Raises:
        NotInvoiceable: the order was never placed, or was cancelled.
        IncompleteInvoice: the buyer owes the tax, and an id is missing. In both cases no number was used.
    """
    order = await unit[ORDERS].get(order_id)

    async def make() -> Invoice:
        if order.placed_at is None or order.state is OrderState.CANCELLED:
            raise NotInvoiceable(order.id, order.state)
        paid = min(order.captured + order.written_off, order.total.minor_units)
        lines = sale_lines(order, await _on_document(unit, order))
        invoice = await _issue(
            unit, order, lines, parties(order, lines, await unit.settings()), paid=paid, let_be=order.written_off
        )
        if order.tax_fact is not None and keeper is not None and order.tax_fact.provider == keeper.name:
            await open_filing(unit, invoice, keeper)
        return invoice

    return await _once(unit, subject(DocumentKind.INVOICE, order.id), make)


async def credit(unit: Unit, return_id: ReturnId) -> Invoice:
    """The credit note of an accepted return: issued now, or the one that it has.

    Raises:
        NotCreditable: the return isn't accepted, or its order has no invoice. No number was used.
    """
    goods = await unit[RETURNS].get(return_id)
    if goods.refund is None:
        raise NotCreditable(f"return {goods.id}", f"it is {goods.state}")
    order = await unit[ORDERS].get(goods.order_id)
    runs = [line.run for line in goods.lines]
    return await _credit(unit, order, f"return {goods.id}", goods.refund.worths, runs, goods.id)


async def credit_cancelled(unit: Unit, order_id: OrderId) -> Invoice:
    """The credit note of what was cancelled of an invoiced order: of its first cancellation that has none yet.

    Where each has one it is that of the last.

    Raises:
        NotCreditable: nothing of the order was cancelled, or it has no invoice. No number was used.
    """
    order = await unit[ORDERS].get(order_id)
    if not order.cancellations:
        raise NotCreditable(f"order {order.id}", f"nothing of it was cancelled; it is {order.state}")
    credited = {each.cause for each in await issued(unit, order.id)}
    gone = next((each for each in order.cancellations if each.id not in credited), order.cancellations[-1])
    shares = worths(order, gone.runs, charges=True)
    return await _credit(unit, order, f"order {order.id}", shares, gone.runs, gone.id)


async def _on_document(unit: Unit, order: Order) -> set[str]:
    """The promotions of an order whose discounts an invoice shows on document level: those on the order as a whole."""
    ids = {discount.promotion_id for line in order.lines for discount in line.line.discounts}
    if not ids:
        return set()
    promotions = await unit[PROMOTIONS].get_many(sorted(ids))
    benefits = {id: promotion.terms.benefit for id, promotion in promotions.items()}
    return {
        id
        for id, benefit in benefits.items()
        if isinstance(benefit, Tiered) or (isinstance(benefit, Off) and benefit.scope is Scope.ORDER)
    }


async def _credit(
    unit: Unit,
    order: Order,
    about: str,
    shares: Iterable[Worth],
    runs: Sequence[Run],
    cause: str,
) -> Invoice:
    async def make() -> Invoice:
        documents = await issued(unit, order.id)
        invoice = next((each for each in documents if each.kind is DocumentKind.INVOICE), None)
        if invoice is None:
            raise NotCreditable(about, f"order {order.id} has no invoice to correct")
        lines = credit_lines(order, shares, runs, shown_on(invoice.lines))
        same = Parties(invoice.seller_tax_id, invoice.buyer_tax_id, invoice.buyer_tax_id_country)
        note = await _issue(unit, order, lines, same, corrects=invoice, cause=cause)
        await file_note(unit, invoice, [each for each in documents if each.corrects == invoice.number] + [note])
        return note

    return await _once(unit, subject(DocumentKind.CREDIT_NOTE, cause), make)


async def _once(unit: Unit, key: str, make: Callable[[], Awaitable[Invoice]]) -> Invoice:
    async def made() -> str:
        return (await make()).id

    id, _ = await once(unit, SCOPE, key, None, made)
    return await unit[INVOICES].get(id)


async def _issue(
    unit: Unit,
    order: Order,
    lines: tuple[StatedLine, ...],
    known: Parties,
    *,
    paid: int = 0,
    let_be: int = 0,
    corrects: Invoice | None = None,
    cause: str = "",
) -> Invoice:
    settings, today = await unit.settings(), await unit.today()
    id = InvoiceId(unit.new_id("inv"))
    prefix = settings.credit_note_prefix if corrects else settings.invoice_prefix
    name = numbering.series_name(prefix, today)
    serial, number = await numbering.take(unit, name, id)
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
        tax_date=order.tax_date,
        currency=order.currency,
        lines=lines,
        totals=stated_totals(lines, paid=paid),
        written_off=let_be,
        cause=cause,
        corrects=corrects.number if corrects else "",
        buyer=order.ship_to,
        buyer_tax_id=known.buyer_tax_id,
        buyer_tax_id_country=known.buyer_tax_id_country,
        seller_tax_id=known.seller_tax_id,
    )
    return unit[INVOICES].record(None, DocumentIssued(document))
