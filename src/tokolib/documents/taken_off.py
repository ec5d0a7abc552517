"""What was taken off a line or charge, as a document shows it: without tax, and where.

A discount was given on the price as it stood in the list, which may contain tax. Its amount without tax is of
presentation only: net and tax of the line are settled, and the amount before discounts is made of them.
"""

from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction

from tokolib.documents.stated import AllowanceLevel, StatedAllowance, StatedTax
from tokolib.kernel.policies import TaxBase
from tokolib.kernel.rounding import RoundingMode, divide
from tokolib.kernel.spread import Shares
from tokolib.pricing.promotions.giving.funding import SHOP
from tokolib.pricing.promotions.model import AppliedDiscount


def is_after_tax(discount: AppliedDiscount, policy: TaxBase) -> bool:
    """Whether *discount* leaves the taxable amount as it is."""
    match policy:
        case TaxBase.AFTER_DISCOUNTS:
            return False
        case TaxBase.BEFORE_FUNDED:
            return discount.funder != SHOP
        case TaxBase.BEFORE_DISCOUNTS:
            return True


def allowances(
    discounts: Iterable[AppliedDiscount],
    taxes: Iterable[StatedTax],
    *,
    included: bool,
    policy: TaxBase,
    on_document: Collection[str],
) -> tuple[StatedAllowance, ...]:
    """*discounts* without tax: their sum is rounded once, not each of them.

    *included* says whether they contain *taxes*; those of the promotions *on_document* are shown on document level.
    """
    gross = 1 + sum((tax.category.effective for tax in taxes), Fraction(0)) if included else Fraction(1)
    made: list[StatedAllowance] = []
    given = shown = 0
    for each in discounts:
        if is_after_tax(each, policy):
            level, amount = AllowanceLevel.AFTER_TAX, each.amount
        else:
            level = AllowanceLevel.DOCUMENT if each.promotion_id in on_document else AllowanceLevel.LINE
            given += each.amount
            amount = divide(given * gross.denominator, gross.numerator, RoundingMode.HALF_UP) - shown
            shown += amount
        made.append(StatedAllowance(each.name, each.promotion_id, each.coupon, each.funder, amount, level))
    return tuple(made)


def shares_of(whole: Sequence[StatedAllowance], shares: Shares, runs: Iterable[tuple[int, int]]) -> list[int]:
    """How much of the amounts *whole* belongs to *runs* of units: as much as of the discounts, which close at them."""
    parts = [0] * len(whole)
    for first, beyond in runs:
        before, after = shares.upto(first).deductions, shares.upto(beyond).deductions
        for i, (each, discount) in enumerate(zip(whole, shares.deductions, strict=True)):
            if discount:
                parts[i] += after[i] * each.amount // discount - before[i] * each.amount // discount
    return parts
