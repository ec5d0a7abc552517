"""The price that discounts are taken off: as its list states it, with tax, without, or for another country's tax.

A list's price is stated with or without the tax of home. By policy the discount is taken off the price with tax or
without, wherever lists state the other; and where goods go abroad, either what the customer pays stays the same, or
what the seller keeps, so that home's tax is taken out before the other's is put on.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

import attrs

from tokolib.kernel.policies import AcrossBorders, ContainedTax, DiscountBasis, Policies, SpreadBasis
from tokolib.tax.amounts import TaxShares
from tokolib.tax.model import Assessment


@attrs.frozen
class Basis:
    """What a line costs before discounts, and whether tax is in it."""

    amount: int
    includes_tax: bool


def basis(listed: int, *, includes_tax: bool, here: Assessment, home: Assessment, policies: Policies) -> Basis:
    """What a line that its list puts at *listed* costs where the tax is *here*, in the terms of the policies.

    *home* is the tax that a price with tax was made for.
    """
    found = Basis(listed, includes_tax)
    if includes_tax and policies.across_borders is AcrossBorders.NET and home.components != here.components:
        found = _without_tax(found, home, policies.contained_tax)
    match policies.discount_basis:
        case DiscountBasis.WITH_TAX if not found.includes_tax:
            return _with_tax(found, here)
        case DiscountBasis.WITHOUT_TAX if found.includes_tax:
            return _without_tax(found, here, policies.contained_tax)
        case _:
            return found


def parts_basis(
    listed: Sequence[int], classes: Sequence[tuple[Assessment, Assessment]], *, includes_tax: bool, policies: Policies
) -> list[Basis]:
    """The same for the parts of one price: each with its tax *here* and at *home*, all with tax or all without."""
    found = [
        basis(amount, includes_tax=includes_tax, here=here, home=home, policies=policies)
        for amount, (here, home) in zip(listed, classes, strict=True)
    ]
    if len({each.includes_tax for each in found}) == 1:
        return found
    return [
        _without_tax(each, here, policies.contained_tax) if each.includes_tax else each
        for each, (here, _) in zip(found, classes, strict=True)
    ]


def with_tax(amount: int, assessment: Assessment) -> int:
    """*amount*, which is without tax, with it."""
    return amount + sum(TaxShares.of(assessment.components).on_top(amount, assessment.profile.mode))


def scales(assessments: Sequence[Assessment], included: Sequence[bool], basis: SpreadBasis) -> Sequence[int] | None:
    """What a minor unit of each amount weighs by its price with tax, or without; exact, so that none weighs nothing.

    None where all weigh the same.
    """
    wanted = basis is SpreadBasis.WITH_TAX
    exact: list[Fraction] = []
    for assessment, within in zip(assessments, included, strict=True):
        shares = TaxShares.of(assessment.components)
        raised = Fraction(shares.gross, shares.net)
        exact.append(Fraction(1) if within is wanted else raised if wanted else 1 / raised)
    if len({*exact}) <= 1:
        return None
    whole = lcm(*(scale.denominator for scale in exact))
    return [int(scale * whole) for scale in exact]


def _with_tax(found: Basis, assessment: Assessment) -> Basis:
    profile = assessment.profile
    taxes = TaxShares.of(assessment.components).on_top(found.amount, profile.mode, together=profile.together)
    return Basis(found.amount + sum(taxes), includes_tax=True)


def _without_tax(found: Basis, assessment: Assessment, rounded: ContainedTax) -> Basis:
    if not assessment.components:
        return Basis(found.amount, includes_tax=False)
    taxes = TaxShares.of(assessment.components).contained(found.amount, assessment.profile.mode, rounded)
    return Basis(found.amount - sum(taxes), includes_tax=False)
