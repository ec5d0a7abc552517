"""The rules of EN 16931 that amounts must answer (BR-CO-10 to BR-CO-17, and the taxable amount of each category).

Source: EN 16931-1:2017, 6.4.2, and the schematron of ConnectingEurope/eInvoicing-EN16931. That schematron lets
BR-CO-17 miss by one unit of the currency; here every miss is told, with its size, and whoever reads it decides.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from tokolib.documents.stated import TaxCategory
from tokolib.documents.totals import DocumentItem, DocumentTotals, ItemKind, expected_tax

_TAXABLE: Final = {"K": "BR-IC-08", "L": "BR-AF-08", "M": "BR-AG-08"}
"""Names of the rule of a taxable amount that are not made of the category's own letter."""


@attrs.frozen
class RuleMiss:
    """A rule that a document's totals don't keep exactly."""

    rule: str
    """`BR-CO-17`."""
    off_by: int
    """How much more is stated than the rule gives, in minor units."""
    category: TaxCategory | None = None
    """For the rules that are asked of each category."""


def rule_misses(items: Sequence[DocumentItem], totals: DocumentTotals) -> tuple[RuleMiss, ...]:
    """Each rule that *totals* of *items* don't keep exactly; empty when all hold."""
    found = (*_of_document(items, totals), *_of_categories(items, totals))
    return tuple(miss for miss in found if miss.off_by)


def _of_document(items: Sequence[DocumentItem], totals: DocumentTotals) -> Iterator[RuleMiss]:
    def summed(kind: ItemKind) -> int:
        return sum(item.amount for item in items if item.kind is kind)

    yield RuleMiss("BR-CO-10", totals.lines - summed(ItemKind.LINE))
    yield RuleMiss("BR-CO-11", totals.allowances - summed(ItemKind.ALLOWANCE))
    yield RuleMiss("BR-CO-12", totals.charges - summed(ItemKind.CHARGE))
    yield RuleMiss("BR-CO-13", totals.without_tax - (totals.lines - totals.allowances + totals.charges))
    yield RuleMiss("BR-CO-14", totals.tax - sum(row.tax for row in totals.breakdown))
    yield RuleMiss("BR-CO-15", totals.with_tax - (totals.without_tax + totals.tax))
    yield RuleMiss("BR-CO-16", totals.payable - (totals.with_tax - totals.prepaid + totals.rounding))


def _of_categories(items: Sequence[DocumentItem], totals: DocumentTotals) -> Iterator[RuleMiss]:
    taxable: dict[TaxCategory, int] = {}
    for item in items:
        for category in item.categories:
            taxable[category] = taxable.get(category, 0) + item.signed
    stated = {row.category: row for row in totals.breakdown}
    for category in taxable | dict.fromkeys(stated, 0):
        row = stated.get(category)
        rule = _TAXABLE.get(category.letter, f"BR-{category.letter}-08")
        yield RuleMiss(rule, (row.taxable if row else 0) - taxable.get(category, 0), category)
        if row:
            yield RuleMiss("BR-CO-17", row.tax - expected_tax(category, row.taxable), category)
