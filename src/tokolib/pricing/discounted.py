"""What discounts have taken of lines and charges, by who bears it, and what is taxed of the rest."""

from collections.abc import Sequence
from typing import Final

from tokolib.kernel.policies import TaxBase
from tokolib.kernel.quick import quick
from tokolib.pricing.promotions.giving.candidates import Candidate
from tokolib.pricing.promotions.giving.funding import SHOP
from tokolib.pricing.promotions.giving.funding import shares as shares_of
from tokolib.pricing.promotions.giving.workings import Taken, Workings
from tokolib.pricing.promotions.model import AppliedDiscount

_discount: Final = quick(AppliedDiscount)


def discounts(taken: Sequence[Taken]) -> tuple[AppliedDiscount, ...]:
    """What was taken of one line, by who bears it."""
    if len(taken) == 1:
        [(candidate, amount)] = taken
        return _discounts(candidate, amount)
    return tuple([each for candidate, amount in taken for each in _discounts(candidate, amount)])


def _discounts(candidate: Candidate, amount: int) -> tuple[AppliedDiscount, ...]:
    promotion, coupon = candidate.rule.promotion, candidate.coupon
    terms, code = promotion.terms, "" if coupon is None else coupon.code
    if not terms.funding:
        return (_discount(promotion.id, terms.name, code, amount),)
    parts = shares_of(terms.funding, amount)
    return tuple([_discount(promotion.id, terms.name, code, part, funder) for funder, part in parts])


def taxable(workings: Workings, policy: TaxBase) -> Sequence[int]:
    """What tax is reckoned on: what is left, with the discounts that by policy leave the base as it is."""
    match policy:
        case TaxBase.AFTER_DISCOUNTS:
            return workings.rest
        case TaxBase.BEFORE_FUNDED:
            return [rest + _funded(taken) for rest, taken in zip(workings.rest, workings.taken, strict=True)]
        case TaxBase.BEFORE_DISCOUNTS:
            return workings.bases


def _funded(taken: Sequence[Taken]) -> int:
    """What others than the shop bear of what was *taken*."""
    return sum([each.amount for each in discounts(taken) if each.funder != SHOP])
