"""Documents as a tax provider is told of them: an invoice whole, a credit note as slices of it.

No figure is worked out again. Taxes are those that the documents state; so is what is taxed, but that of a note is
held within what is left of its line: where several taxes meet on a line each is rounded by itself, so that a note may
state a minor unit more than is left, and a later one as much less. The last note closes the line either way.
"""

from collections.abc import Iterable, Sequence

from tokolib.documents.model import Invoice
from tokolib.documents.stated import StatedLine, StatedTax
from tokolib.tax.estimates import DocumentLine, TaxDocument, TaxSlice
from tokolib.tax.model import TaxAmount


def told_invoice(invoice: Invoice) -> TaxDocument:
    """*invoice* as it is to be kept."""
    return TaxDocument(
        number=invoice.number,
        on=invoice.tax_date,
        currency=invoice.currency.code,
        lines=tuple(map(_line, invoice.lines)),
    )


def told_note(document: TaxDocument, notes: Sequence[Invoice], taken: Iterable[TaxSlice]) -> tuple[TaxSlice, ...]:
    """The last of *notes* as slices of *document*, of which *taken* went back by those before it.

    What takes nothing of a line has no slice of it; a fee outside all tax is of none.
    """
    gone: dict[str, int] = {}
    for each in taken:
        gone[each.line_id] = gone.get(each.line_id, 0) + each.net
    stated: dict[str, int] = {}
    for line in (line for note in notes for line in note.lines):
        stated[line.id] = stated.get(line.id, 0) + line.taxable
    whole = {line.id: line.net for line in document.lines}
    made = []
    for line in (each for each in notes[-1].lines if each.id in whole):
        before = gone.get(line.id, 0)
        net = min(max(stated[line.id], before), whole[line.id]) - before
        each = TaxSlice(line_id=line.id, net=net, taxes=tuple(tax.amount for tax in line.taxes))
        if net or any(each.taxes):
            made.append(each)
    return tuple(made)


def takes_all(document: TaxDocument, slices: Iterable[TaxSlice]) -> bool:
    """Whether *slices* leave nothing of *document*."""
    left = {line.id: [line.net, *(tax.amount for tax in line.taxes)] for line in document.lines}
    for each in slices:
        going = (each.net, *each.taxes)
        left[each.line_id] = [have - less for have, less in zip(left[each.line_id], going, strict=True)]
    return not any(amount for line in left.values() for amount in line)


def _line(line: StatedLine) -> DocumentLine:
    return DocumentLine(id=line.id, net=line.taxable, taxes=tuple(map(_tax, line.taxes)))


def _tax(tax: StatedTax) -> TaxAmount:
    return TaxAmount(
        code=tax.code,
        name=tax.name,
        rate=tax.rate,
        base_fraction=tax.base_fraction,
        base=tax.base,
        amount=tax.amount,
        category=tax.letter,
        source=tax.source,
        waived=tax.waived,
        jurisdiction=tax.jurisdiction,
        facility=tax.facility,
    )
