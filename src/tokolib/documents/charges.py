"""Charges as a document states them: one line for each set of taxes, since a charge may be taxed by the goods' mix.

The order keeps a charge's taxes one after another, each with its base. A tax that comes a second time begins the
next class of goods, and the bases say how much of the charge each class has.
"""

from collections.abc import Sequence

from tokolib.checkout.lines import QuoteCharge
from tokolib.documents.stated import StatedLine, StatedTax
from tokolib.documents.taken_off import allowances, is_after_tax
from tokolib.kernel.policies import TaxBase
from tokolib.kernel.rounding import RoundingMode, divide
from tokolib.kernel.spread import spread
from tokolib.pricing.promotions.model import AppliedDiscount
from tokolib.tax.model import TaxAmount


def stated_tax(tax: TaxAmount, amount: int, base: int) -> StatedTax:
    """*tax* of an order with so much of its amount and base."""
    return StatedTax(tax.code, tax.name, tax.rate, tax.base_fraction, tax.category, base, amount, tax.source)


def charge_lines(charge: QuoteCharge, policy: TaxBase) -> tuple[StatedLine, ...]:
    """*charge* as it was agreed, one line for each set of taxes; what was taken off it is shown on the document."""
    off = sum(each.amount for each in charge.discounts)
    after = sum(each.amount for each in charge.discounts if is_after_tax(each, policy))
    included = charge.total == charge.amount - off
    groups = tax_groups(charge.taxes)
    taxables = _taxables(charge.net + after, groups)
    groups += [()] * (len(taxables) - len(groups))
    contained = [sum(tax.amount for tax in taxes) if included else 0 for taxes in groups]
    weights = [max(net + tax, 0) for net, tax in zip(taxables, contained, strict=True)]
    discounts = [spread(each.amount, weights) for each in charge.discounts]
    return tuple(
        _line(charge, taxes, taxables[i], [parts[i] for parts in discounts], included=included, policy=policy)
        for i, taxes in enumerate(groups)
    )


def tax_groups(taxes: Sequence[TaxAmount]) -> list[tuple[TaxAmount, ...]]:
    """*taxes* by the class of goods that they came with, in their order."""
    groups: list[list[TaxAmount]] = []
    for tax in taxes:
        if not groups or any((tax.code, tax.name) == (other.code, other.name) for other in groups[-1]):
            groups.append([])
        groups[-1].append(tax)
    return [tuple(group) for group in groups]


def _taxables(taxable: int, groups: Sequence[Sequence[TaxAmount]]) -> list[int]:
    """*taxable* over *groups* by their bases; what no base accounts for is one more, outside all tax.

    A base after a fraction was rounded, and tells less the smaller the fraction is: what rounding leaves goes to the
    class with the smallest.
    """
    fractions = [group[0].base_fraction for group in groups]
    bases = [group[0].base for group in groups]
    parts = [
        divide(base * part.denominator, part.numerator, RoundingMode.HALF_UP)
        for base, part in zip(bases, fractions, strict=True)
    ]
    left = taxable - sum(parts)
    if not groups or left > sum(1 + 1 / part for part in fractions):
        return [*parts, left]
    coarsest = min(range(len(groups)), key=lambda i: (not parts[i], fractions[i]))
    parts[coarsest] += left
    return parts


def _line(
    charge: QuoteCharge,
    taxes: Sequence[TaxAmount],
    taxable: int,
    parts: Sequence[int],
    *,
    included: bool,
    policy: TaxBase,
) -> StatedLine:
    stated = tuple(stated_tax(tax, tax.amount, tax.base) for tax in taxes)
    given = [
        AppliedDiscount(each.promotion_id, each.name, each.coupon, part, each.funder)
        for each, part in zip(charge.discounts, parts, strict=True)
    ]
    ids = {each.promotion_id for each in given}
    off = allowances(given, stated, included=included, policy=policy, on_document=ids)
    net = taxable - sum(each.amount for each in given if is_after_tax(each, policy))
    total = net + sum(tax.amount for tax in stated)
    return StatedLine(charge.label, "", "1", sum(parts), net, total, stated, off)
