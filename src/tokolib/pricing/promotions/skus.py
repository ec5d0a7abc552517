"""SKUs in the conditions of a promotion, as goods are compared: whoever writes `KOPI-250` means `kopi-250`."""

from typing import Final

import attrs

from tokolib.catalog.sku import key
from tokolib.conditions import All, AnyOf, Compare, Not, OneOf, Overlaps, Predicate
from tokolib.pricing.promotions.benefits import Benefit, Combination, Off, Tiered
from tokolib.pricing.promotions.model import Terms

_FACTS: Final = frozenset({"sku", "skus"})


def by_key(terms: Terms) -> Terms:
    """*terms* whose conditions and targets name SKUs by their keys."""
    return attrs.evolve(terms, conditions=_keyed(terms.conditions), benefit=_benefit(terms.benefit))


def _benefit(benefit: Benefit) -> Benefit:
    match benefit:
        case Off(target=which) | Tiered(target=which):
            return attrs.evolve(benefit, target=_keyed(which))
        case Combination(parts=parts):
            return attrs.evolve(benefit, parts=[attrs.evolve(part, which=_keyed(part.which)) for part in parts])
        case _:
            return benefit


def _keyed(predicate: Predicate) -> Predicate:
    match predicate:
        case All(of=parts) | AnyOf(of=parts):
            return attrs.evolve(predicate, of=tuple(map(_keyed, parts)))
        case Not(of=part):
            return Not(_keyed(part))
        case Compare(fact=fact, value=str(value)) if fact in _FACTS:
            return attrs.evolve(predicate, value=key(value))
        case OneOf(fact=fact, values=values) if fact in _FACTS:
            return OneOf(fact, tuple(key(each) if isinstance(each, str) else each for each in values))
        case Overlaps(fact=fact, values=values) if fact in _FACTS:
            return Overlaps(fact, tuple(map(key, values)))
        case _:
            return predicate
