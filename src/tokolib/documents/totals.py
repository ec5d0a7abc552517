"""The totals of a document, as EN 16931-1:2017 (with A1:2019) defines them, from amounts and taxes that are given.

Nothing is taxed here a second time: the tax of each category is handed in, be it the sum of an order's shares or the
product of a plain bill. Where it misses its rate times its base, the miss has a field of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final

import attrs

from tokolib.documents.stated import AllowanceLevel, StatedLine, TaxCategory
from tokolib.kernel.rounding import RoundingMode, divide

REASON_CODES: Final = {"AE": "VATEX-EU-AE", "K": "VATEX-EU-IC", "G": "VATEX-EU-G", "O": "VATEX-EU-O"}
"""BT-121 where the category's letter alone decides it. Source: the code list VATEX of EN 16931."""


class ItemKind(StrEnum):
    """What an amount is to the totals."""

    LINE = "line"
    """A line's net amount, BT-131."""
    ALLOWANCE = "allowance"
    """Taken off the document, BT-92; its amount is positive."""
    CHARGE = "charge"
    """On top of the document, BT-99."""


@attrs.frozen
class DocumentItem:
    """One amount without tax that the totals are made of, in minor units."""

    kind: ItemKind
    amount: int
    categories: tuple[TaxCategory, ...]
    """What it is taxed in: one category, unless several taxes meet on it."""

    @property
    def signed(self) -> int:
        """What it adds to a taxable amount."""
        return -self.amount if self.kind is ItemKind.ALLOWANCE else self.amount


@attrs.frozen
class TaxSubtotal:
    """One row of the tax breakdown (BG-23)."""

    category: TaxCategory
    """BT-118, BT-119."""
    taxable: int
    """BT-116."""
    tax: int
    """BT-117: in a document of an order the sum of its lines' taxes."""
    rounding: int
    """By how much that is more than rate × taxable amount, rounded half up once: what rounding by line leaves."""
    reason: str
    """BT-120: the law by which nothing is charged; empty where tax is."""
    waived: int = 0
    """What would be due where the state waives it or bears it itself; it is in no total."""

    @property
    def reason_code(self) -> str:
        """BT-121, where the letter alone decides it; else empty."""
        return REASON_CODES.get(self.category.letter, "")


@attrs.frozen
class DocumentTotals:
    """The totals of a document (BG-22) and its tax breakdown (BG-23), in minor units of the document's currency."""

    lines: int
    """BT-106: the sum of the lines' net amounts."""
    allowances: int
    """BT-107: the sum of what is taken off the document."""
    charges: int
    """BT-108: the sum of its charges."""
    without_tax: int
    """BT-109."""
    tax: int
    """BT-110: the sum of the breakdown."""
    with_tax: int
    """BT-112."""
    prepaid: int
    """BT-113: what the buyer has paid before, and what is borne."""
    borne: int
    """Of it, what was taken off after tax, by whoever bears it."""
    rounding: int
    """BT-114: what is added to come to a payable sum."""
    payable: int
    """BT-115."""
    breakdown: tuple[TaxSubtotal, ...]

    def subtotal(self, category: TaxCategory) -> TaxSubtotal | None:
        """The row of that category, or None."""
        return next((row for row in self.breakdown if row.category == category), None)

    def rounded(self, increment: int, mode: RoundingMode = RoundingMode.HALF_UP) -> "DocumentTotals":
        """The same with its payable amount rounded to whole *increment*s of minor units, for cash: 100 is one euro.

        What that adds stands in BT-114; no tax is touched.

        Raises:
            BadDivisor: the increment is not positive.
        """
        exact = self.payable - self.rounding
        payable = divide(exact, increment, mode) * increment
        return attrs.evolve(self, rounding=payable - exact, payable=payable)


def expected_tax(category: TaxCategory, taxable: int) -> int:
    """Rate × *taxable*, rounded half up once: BT-117 as BR-CO-17 reckons it."""
    numerator, denominator = category.effective.as_integer_ratio()
    return divide(taxable * numerator, denominator, RoundingMode.HALF_UP)


def total(
    items: Sequence[DocumentItem],
    taxes: Mapping[TaxCategory, int],
    *,
    prepaid: int = 0,
    borne: int = 0,
    rounding: int = 0,
    reasons: Mapping[TaxCategory, str] | None = None,
    waived: Mapping[TaxCategory, int] | None = None,
) -> DocumentTotals:
    """The totals of *items* with the tax of each category as given in *taxes*.

    The breakdown has a row for every category of the items, also where it comes to nothing, in their order.
    """
    why, left = reasons or {}, waived or {}
    taxable: dict[TaxCategory, int] = {}
    sums = dict.fromkeys(ItemKind, 0)
    for item in items:
        sums[item.kind] += item.amount
        for category in item.categories:
            taxable[category] = taxable.get(category, 0) + item.signed
    rows = tuple(
        TaxSubtotal(
            category,
            amount,
            tax := taxes.get(category, 0),
            tax - expected_tax(category, amount),
            why.get(category, ""),
            left.get(category, 0),
        )
        for category, amount in taxable.items()
    )
    without_tax = sums[ItemKind.LINE] - sums[ItemKind.ALLOWANCE] + sums[ItemKind.CHARGE]
    tax = sum(row.tax for row in rows)
    return DocumentTotals(
        lines=sums[ItemKind.LINE],
        allowances=sums[ItemKind.ALLOWANCE],
        charges=sums[ItemKind.CHARGE],
        without_tax=without_tax,
        tax=tax,
        with_tax=without_tax + tax,
        prepaid=prepaid + borne,
        borne=borne,
        rounding=rounding,
        payable=without_tax + tax - prepaid - borne + rounding,
        breakdown=rows,
    )


@attrs.frozen
class DocumentAllowance:
    """Money off the whole document (BG-20), of the lines and charges of one set of categories, without tax."""

    reason: str
    """BT-97."""
    promotion_id: str
    coupon: str
    funder: str
    amount: int
    """BT-92."""
    categories: tuple[TaxCategory, ...]
    """BT-95, BT-96."""


def document_allowances(lines: Iterable[StatedLine]) -> tuple[DocumentAllowance, ...]:
    """What *lines* have had taken off on the document, one for each promotion, funder and set of categories."""
    sums: dict[DocumentAllowance, int] = {}
    for line in lines:
        for each in line.allowances:
            if each.level is AllowanceLevel.DOCUMENT:
                key = DocumentAllowance(each.reason, each.promotion_id, each.coupon, each.funder, 0, line.categories)
                sums[key] = sums.get(key, 0) + each.amount
    return tuple(attrs.evolve(key, amount=amount) for key, amount in sums.items())


def stated_items(lines: Sequence[StatedLine]) -> tuple[DocumentItem, ...]:
    """The amounts that the totals of *lines* are made of: goods, charges, and what is taken off the document."""
    return (
        *(
            DocumentItem(ItemKind.CHARGE if line.is_charge else ItemKind.LINE, line.amount, line.categories)
            for line in lines
        ),
        *(DocumentItem(ItemKind.ALLOWANCE, each.amount, each.categories) for each in document_allowances(lines)),
    )


def stated_totals(lines: Sequence[StatedLine], *, paid: int = 0) -> DocumentTotals:
    """The totals of *lines* whose taxes are settled: the tax of a category is the sum of its lines' taxes.

    *paid* is what the buyer has paid before.
    """
    taxes: dict[TaxCategory, int] = {}
    waived: dict[TaxCategory, int] = {}
    reasons: dict[TaxCategory, dict[str, None]] = {}
    for line in lines:
        for tax in line.taxes:
            taxes[tax.category] = taxes.get(tax.category, 0) + tax.amount
            waived[tax.category] = waived.get(tax.category, 0) + tax.waived
            if not tax.category.rate and tax.source:
                reasons.setdefault(tax.category, {})[tax.source] = None
    borne = sum(line.taken(AllowanceLevel.AFTER_TAX) for line in lines)
    why = {category: "; ".join(found) for category, found in reasons.items()}
    return total(stated_items(lines), taxes, prepaid=paid, borne=borne, reasons=why, waived=waived)
