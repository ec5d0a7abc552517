"""What of an invoice its credit notes have left: nothing, once everything came back."""

from collections.abc import Iterable

import attrs

from tokolib.documents.model import Invoice
from tokolib.documents.stated import TaxCategory
from tokolib.documents.totals import DocumentTotals, total


def uncredited(invoice: Invoice, notes: Iterable[Invoice]) -> DocumentTotals:
    """The totals of *invoice* less those of its credit *notes*, with a row for each of its tax categories.

    When all units and refundable charges are back, every row stands at zero. What was paid is left out: `payable`
    is what the buyer has to pay, or has paid, for what stayed with them.
    """
    found = tuple(notes)
    items = [*invoice.items, *(attrs.evolve(item, amount=-item.amount) for note in found for item in note.items)]
    taxes: dict[TaxCategory, int] = {}
    waived: dict[TaxCategory, int] = {}
    for sign, document in ((1, invoice), *((-1, note) for note in found)):
        for row in document.totals.breakdown:
            taxes[row.category] = taxes.get(row.category, 0) + sign * row.tax
            waived[row.category] = waived.get(row.category, 0) + sign * row.waived
    borne = invoice.totals.borne - sum(note.totals.borne for note in found)
    reasons = {row.category: row.reason for row in invoice.totals.breakdown}
    return total(items, taxes, borne=borne, reasons=reasons, waived=waived)
