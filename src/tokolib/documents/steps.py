"""Issuing documents, as steps on an open unit.

Each is issued under a key that says what it is for, stored in the very unit that takes its number: two issuers at
once, be it in two series, can't both be first. The second one's commit is refused, and it starts again.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import date
from typing import Final

from tokolib.documents import numbering
from tokolib.documents.errors import NotCreditable, NotInvoiceable
from tokolib.documents.events import DocumentIssued
from tokolib.documents.fees import less_withheld
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
from tokolib.orders.model import Amendment, Cancellation, Order, OrderState
from tokolib.orders.ports import ORDERS
from tokolib.orders.shares import Worth, unsold
from tokolib.orders.withheld import Withheld
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
    """The invoice of an order, or of what edits have added since the last one: issued now, or the last that it has.

    *keeper* is the tax provider that keeps documents, if there is one: what rests on its word goes there.

    Raises:
        NotInvoiceable: the order was never placed, or was cancelled.
        IncompleteInvoice: the buyer owes the tax, and an id is missing. In both cases no number was used.
    """
    order = await unit[ORDERS].get(order_id)
    known = [each for each in await issued(unit, order.id) if each.kind is DocumentKind.INVOICE]
    added = [each for each in order.amendments if known and not _is_stated(each, known)]
    cause = added[-1].id if added else known[-1].cause if known else ""

    async def make() -> Invoice:
        if order.placed_at is None or order.state is OrderState.CANCELLED:
            raise NotInvoiceable(order.id, order.state)
        lines = sale_lines(
            order, await _on_document(unit, order), covered=lambda id: not any(each.covers(id) for each in known)
        )
        invoice = await _issue(
            unit,
            order,
            lines,
            parties(order, lines, await unit.settings()),
            paid=_paid(order, known, lines),
            let_be=0 if known else order.written_off,
            cause=cause,
            tax_date=added[-1].tax_date if added else order.tax_date,
        )
        if order.tax_fact is not None and keeper is not None and order.tax_fact.provider == keeper.name:
            await open_filing(unit, invoice, keeper)
        return invoice

    return await _once(unit, subject(DocumentKind.INVOICE, cause or order.id), make)


def _is_stated(amendment: Amendment, invoices: Iterable[Invoice]) -> bool:
    """Whether an invoice states what an edit has added; what costs nothing is stated by none."""
    parts = (*amendment.lines, *amendment.charges)
    return (not amendment.lines and not amendment.added) or any(each.covers(id) for each in invoices for id in parts)


def _paid(order: Order, known: Sequence[Invoice], lines: Iterable[StatedLine]) -> int:
    """What of *lines* was paid before: what came, and beside *known* invoices what of it is left beyond what stays of
    these.
    """
    total, came = sum(line.total for line in lines), order.captured + order.written_off
    if not known:
        return max(0, min(came, total))
    stays = sum(each.total.minor_units for each in known) - order.credited
    return max(0, min(came - order.refunded - max(0, stays), total))


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
    return await _credit(
        unit, order, f"return {goods.id}", goods.refund.worths, runs, goods.id, goods.refund.deductions
    )


async def credit_cancelled(unit: Unit, order_id: OrderId) -> Invoice:
    """The credit note of what was cancelled of an invoiced order: of its first cancellation that has none yet.

    Where each has one it is that of the last.

    Raises:
        NotCreditable: nothing of the order was cancelled, or it has no invoice. No number was used.
    """
    order = await unit[ORDERS].get(order_id)
    if not order.cancellations:
        raise NotCreditable(f"order {order.id}", f"nothing of it was cancelled; it is {order.state}")
    documents = await issued(unit, order.id)
    gone = next(
        (each for each in order.cancellations if _lacks_a_note(order, each, documents)), order.cancellations[-1]
    )
    shares = unsold(order, gone.runs)
    return await _credit(unit, order, f"order {order.id}", shares, gone.runs, gone.id)


def _lacks_a_note(order: Order, gone: Cancellation, documents: Sequence[Invoice]) -> bool:
    noted = _noted(order, documents, unsold(order, gone.runs), gone.runs)
    return any(not _has_note(documents, each, gone.id) for each in noted)


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
    shares: Sequence[Worth],
    runs: Sequence[Run],
    cause: str,
    withheld: Sequence[Withheld] = (),
) -> Invoice:
    documents = await issued(unit, order.id)
    noted = _noted(order, documents, shares, runs)
    if not noted:
        raise NotCreditable(about, f"order {order.id} has no invoice to correct")
    invoice = next((each for each in noted if not _has_note(documents, each, cause)), noted[-1])

    async def make() -> Invoice:
        whole = credit_lines(order, shares, runs, shown_on(invoice.lines), covered=invoice.covers)
        lines = less_withheld(whole, order, withheld)
        same = Parties(invoice.seller_tax_id, invoice.buyer_tax_id, invoice.buyer_tax_id_country)
        note = await _issue(unit, order, lines, same, corrects=invoice, cause=cause)
        await file_note(unit, invoice, [each for each in documents if each.corrects == invoice.number] + [note])
        return note

    return await _once(unit, subject(DocumentKind.CREDIT_NOTE, cause, invoice.number), make)


def _noted(order: Order, documents: Iterable[Invoice], shares: Sequence[Worth], runs: Sequence[Run]) -> list[Invoice]:
    """The invoices among *documents* that state something of what goes back, in the order of their issue."""
    invoices = (each for each in documents if each.kind is DocumentKind.INVOICE)
    return [each for each in invoices if credit_lines(order, shares, runs, covered=each.covers)]


def _has_note(documents: Iterable[Invoice], invoice: Invoice, cause: str) -> bool:
    return any(each.cause == cause and each.corrects == invoice.number for each in documents)


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
    tax_date: date | None = None,
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
        tax_date=tax_date or order.tax_date,
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
