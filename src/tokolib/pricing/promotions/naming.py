"""Names in the conditions of a promotion, as they are compared: whoever writes `KOPI-250` means `kopi-250`."""

from typing import Final

import attrs

from tokolib.catalog.naming import GOODS_KEYS
from tokolib.conditions.putting import spelt
from tokolib.kernel.codes.typed import typed_code
from tokolib.pricing.promotions.benefits import Benefit, Combination, Off, Tiered
from tokolib.pricing.promotions.model import Terms

_BY: Final = {**GOODS_KEYS, "coupon": typed_code}


def by_key(terms: Terms) -> Terms:
    """*terms* whose conditions and targets name goods and coupons by their keys."""
    return attrs.evolve(terms, conditions=spelt(terms.conditions, _BY), benefit=_benefit(terms.benefit))


def _benefit(benefit: Benefit) -> Benefit:
    match benefit:
        case Off(target=which) | Tiered(target=which):
            return attrs.evolve(benefit, target=spelt(which, _BY))
        case Combination(parts=parts):
            return attrs.evolve(benefit, parts=[attrs.evolve(part, which=spelt(part.which, _BY)) for part in parts])
        case _:
            return benefit
