"""What of an invoice its credit notes have left: nothing, once everything came back, and never less than nothing."""

from collections.abc import Iterable

import attrs

from tokolib.documents.model import Invoice
from tokolib.documents.stated import TaxCategory
from tokolib.documents.totals import DocumentTotals, total


@attrs.frozen
class Overdrawn:
    """A figure of an invoice of which its credit notes took more than there is."""

    figure: str
    """`with_tax`, or what of the category: `tax`, `waived`, `gross` (taxable amount and tax)."""
    by: int
    """How much too much, in minor units."""
    category: TaxCategory | None = None
    """None for what is of the whole document."""


def overdrawn(invoice: Invoice, notes: Iterable[Invoice]) -> tuple[Overdrawn, ...]:
    """The figures of *invoice* of which its credit *notes* took more than there is.

    No unit's share of a tax is less than nothing, nor is what is paid for it. Where several taxes meet on a line, each
    is rounded by itself, so that what is taxed may miss by a minor unit for each of them and each note.
    """
    found = tuple(notes)
    left = uncredited(invoice, found)
    several = sum(len(line.taxes) for line in invoice.lines if len(line.taxes) > 1)
    rounding = several * (len(found) + 1)
    figures = [Overdrawn("with_tax", -(left.with_tax - left.borne))]
    for row in left.breakdown:
        figures.append(Overdrawn("tax", -row.tax, row.category))
        figures.append(Overdrawn("waived", -row.waived, row.category))
        figures.append(Overdrawn("gross", -(row.taxable + row.tax) - rounding, row.category))
    return tuple(each for each in figures if each.by > 0)


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
