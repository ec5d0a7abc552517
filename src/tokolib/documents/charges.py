"""Charges as a document states them: one line for each tax class, since a charge may be taxed by the goods' mix.

The order keeps what each class has of a charge. What was taken off it is shared out by that, for print alone where it
lowered the taxable amount; what was taken off after tax never takes more of a class than it has.
"""

from collections.abc import Sequence

import attrs

from tokolib.checkout.lines import QuoteCharge
from tokolib.documents.stated import StatedLine, StatedTax
from tokolib.documents.taken_off import allowances, is_after_tax
from tokolib.kernel.policies import TaxBase
from tokolib.kernel.spread import spread
from tokolib.pricing.parts import ChargePart
from tokolib.pricing.promotions.model import AppliedDiscount


def charge_lines(charge: QuoteCharge, policy: TaxBase) -> tuple[StatedLine, ...]:
    """*charge* as it was agreed, one line for each tax class; what was taken off it is shown on the document."""
    included = charge.includes_tax
    given = _given(charge, policy, included=included)
    made = [
        _line(charge, part, [amounts[i] for amounts in given], included=included, policy=policy)
        for i, part in enumerate(charge.parts)
    ]
    if len(made) < 2:
        return tuple(made)
    return tuple(attrs.evolve(line, id=f"{charge.id}.{i}") for i, line in enumerate(made, start=1))


def _given(charge: QuoteCharge, policy: TaxBase, *, included: bool) -> list[tuple[int, ...]]:
    """Each discount by class, as it was priced: with tax where prices have it."""
    weights = [part.with_tax if included else part.taxable for part in charge.parts]
    left, given = weights, []
    for each in charge.discounts:
        if is_after_tax(each, policy):
            parts = spread(each.amount, left, at_most=left)
            left = [most - part for most, part in zip(left, parts, strict=True)]
        else:
            parts = spread(each.amount, weights)
        given.append(parts)
    return given


def _line(
    charge: QuoteCharge, part: ChargePart, amounts: Sequence[int], *, included: bool, policy: TaxBase
) -> StatedLine:
    stated = tuple(map(StatedTax.of, part.taxes))
    given = [
        AppliedDiscount(each.promotion_id, each.name, each.coupon, amount, each.funder)
        for each, amount in zip(charge.discounts, amounts, strict=True)
    ]
    ids = {each.promotion_id for each in given}
    off = allowances(given, stated, included=included, policy=policy, on_document=ids)
    after = sum(each.amount for each in given if is_after_tax(each, policy))
    net, total = part.taxable - after, part.with_tax - after
    return StatedLine(charge.label, "", "1", sum(amounts), net, total, stated, off, charge.id)
