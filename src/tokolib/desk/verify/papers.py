"""What fiscal documents state: I2 for each by itself, I3 against its order, I4 for an invoice and its credit notes.

A document is copied whole when it is issued, so it is read here against what it was copied from: the order's lines, or
the shares of what came back. Words may be others by now, figures may not.
"""

from collections.abc import Iterable, Iterator, Sequence

import attrs

from tokolib.desk.verify.books import Books
from tokolib.desk.verify.walk import Findings
from tokolib.documents.crediting import overdrawn
from tokolib.documents.fees import less_withheld
from tokolib.documents.model import DocumentKind, Invoice
from tokolib.documents.stated import StatedLine
from tokolib.documents.stating import credit_lines, sale_lines, shown_on
from tokolib.documents.totals import DocumentTotals, TaxSubtotal, stated_totals
from tokolib.kernel.errors import TokolibError
from tokolib.orders.model import Order
from tokolib.orders.shares import unsold, with_charges, worths
from tokolib.orders.withheld import Withheld
from tokolib.returns.model import Return

_REPAIR = "restore the document's rows from a backup; what was sent out is corrected by a new one"


async def check_document(books: Books, document: Invoice, found: Findings) -> None:
    """All that *document* states; an invoice with the notes that correct it."""
    row = f"document {document.number}"
    for miss in _misses(document):
        found.broken("I2", row, miss, _REPAIR)
    order = await books.find("orders", document.order_id, Order)
    if order is None:
        found.broken("I3", row, f"its order {document.order_id} is gone", _REPAIR)
        return
    papers = await books.papers(document.order_id)
    if document.kind is DocumentKind.INVOICE:
        notes = [each for each in papers if each.corrects == document.number]
        for each in overdrawn(document, notes):
            of = f" in category {each.category.letter}" if each.category else ""
            found.broken("I4", row, f"its notes take {each.by} too much of its {each.figure}{of}", _REPAIR)
    for miss in await _differences(books, order, document, papers):
        found.broken("I3", row, miss, _REPAIR)


def _misses(document: Invoice) -> Iterator[str]:
    """Where its lines don't add up by themselves, or its totals aren't theirs."""
    for line in document.lines:
        if line.net + sum(tax.amount for tax in line.taxes) != line.total:
            yield f"line {line.name!r}: net and tax differ from {line.total}"
    totals = document.totals
    expected = stated_totals(document.lines, paid=totals.prepaid - totals.borne)
    for name in _SUMS:
        if (stated := getattr(totals, name)) != (summed := getattr(expected, name)):
            yield f"{name} is {stated}, its lines give {summed}"
    yield from _rows(totals.breakdown, expected.breakdown)


def _rows(stated: Sequence[TaxSubtotal], summed: Sequence[TaxSubtotal]) -> Iterator[str]:
    """Where the rows of a breakdown aren't what the lines give."""
    if [each.category for each in stated] != [each.category for each in summed]:
        yield f"its breakdown has {len(stated)} rows, not those of the {len(summed)} categories of its lines"
        return
    for row, other in zip(stated, summed, strict=True):
        for name in ("taxable", "tax", "rounding", "waived"):
            if (is_ := getattr(row, name)) != (would := getattr(other, name)):
                yield f"{name} of category {row.category.letter} is {is_}, its lines give {would}"


_SUMS = tuple(field.name for field in attrs.fields(DocumentTotals) if field.name != "breakdown")


async def _differences(books: Books, order: Order, document: Invoice, papers: Iterable[Invoice]) -> Iterator[str]:
    """Where it states other figures than its order, or than the shares of what came back."""
    try:
        lines = await _lines(books, order, document, papers)
    except TokolibError as error:
        return iter((f"its order can't be stated: {error}",))
    if lines is None:
        return iter((f"what it is for is gone: {document.cause or document.corrects}",))
    return _differing(document, order, lines)


def _differing(document: Invoice, order: Order, lines: Sequence[StatedLine]) -> Iterator[str]:
    if document.currency != order.currency:
        yield f"it is in {document.currency.code}, its order in {order.currency.code}"
    if [*map(_figures, document.lines)] != [*map(_figures, lines)]:
        yield "its lines are not the figures of its order"
    paid = document.totals.prepaid - document.totals.borne
    if not 0 <= paid <= order.total.minor_units:
        yield f"{paid} was paid before, of {order.total}"


async def _lines(
    books: Books, order: Order, document: Invoice, papers: Iterable[Invoice]
) -> tuple[StatedLine, ...] | None:
    """What it would state were it issued now; None where something that it is about is gone."""
    if document.kind is DocumentKind.INVOICE:
        must = _stated(order, document)
        return sale_lines(order, shown_on(document.lines), covered=lambda id: id in must or document.covers(id))
    invoice = next((each for each in papers if each.number == document.corrects), None)
    if invoice is None:
        return None
    withheld: Sequence[Withheld] = ()
    if gone := next((each for each in order.cancellations if each.id == document.cause), None):
        runs, shares = gone.runs, unsold(order, gone.runs)
    else:
        goods = await books.find("returns", document.cause, Return)
        if goods is None or goods.refund is None:
            return None
        runs = tuple(line.run for line in goods.lines)
        shares = worths(order, runs, charges=with_charges(goods.refund.worths))
        withheld = goods.refund.deductions
    whole = credit_lines(order, shares, runs, shown_on(invoice.lines), covered=invoice.covers)
    return less_withheld(whole, order, withheld)


def _stated(order: Order, document: Invoice) -> set[str]:
    """The lines and charges that an invoice has to state: all that was agreed, or what its edit has added."""
    if not document.cause:
        lines, charges = order.agreed
        return {line.id for line in lines} | {charge.id for charge in charges}
    return {id for each in order.amendments if each.id == document.cause for id in (*each.lines, *each.charges)}


def _figures(line: StatedLine) -> tuple[object, ...]:
    """All of a line that counts, without its words."""
    taxes = [(tax.category, tax.rate, tax.base, tax.amount, tax.waived) for tax in line.taxes]
    taken = [(each.promotion_id, each.funder, each.amount, each.level) for each in line.allowances]
    return line.sku, line.quantity, line.discount, line.net, line.total, taxes, taken
