"""Kits: a bundle's price spread over its components, each of which is taxed by its own class.

The shares go by stated weights, or by what the components cost by the same price lists; where one has no price, by
quantity. They are whole, add up to the line, and are kept, so that a part of a kit can come back later.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from math import gcd, lcm
from typing import Final

import attrs

from tokolib.kernel.policies import Policies
from tokolib.kernel.spread import spread
from tokolib.pricing.basis import Basis, parts_basis
from tokolib.pricing.facts import units
from tokolib.pricing.model import PriceLine
from tokolib.pricing.prices.book import PriceBook
from tokolib.pricing.prices.select import SortedLists, choose
from tokolib.pricing.prices.tiers import Reach
from tokolib.tax.model import Assessment, TaxAmount

_FIGURES: Final = ("base", "amount", "waived")
_RULE: Final = tuple([field.name for field in attrs.fields(TaxAmount) if field.name not in _FIGURES])
"""What taxes have in common that are added up."""


class KitBy(StrEnum):
    """What the shares of a kit's components go by."""

    WEIGHTS = "weights"
    """Weights that its product states."""
    LIST_PRICE = "list_price"
    """What each component costs by itself."""
    QUANTITY = "quantity"
    """How much of each there is, where some component has no price."""


@attrs.frozen
class Kit:
    """How the amounts of a line are spread over its components."""

    by: KitBy
    weights: tuple[int, ...]
    """What the listed price is spread by."""
    own: tuple[int, ...] = ()
    """What amounts are spread by, where policies state them in other terms than the list does: each component's own
    part in these terms. Empty where they are the list's.
    """

    def spread(self, amount: int) -> tuple[int, ...]:
        """The shares of *amount*, in the order of the components."""
        return spread(amount, self.own or self.weights)


@attrs.frozen
class KitShare:
    """What one component bears of its kit's line, in minor units; the shares of a line add up to it."""

    sku: str
    """The component's key."""
    weight: int
    """Its part of the sum of all weights, by which the listed price was spread."""
    base: int
    """Of the line's price before discounts."""
    net: int
    total: int
    tax_class: str
    taxes: tuple[TaxAmount, ...] = ()


def kit_of(line: PriceLine, book: PriceBook, found: SortedLists, *, includes_tax: bool) -> Kit:
    """How the amounts of *line*, which is a kit, are spread over its components."""
    stated = tuple(part.weight for part in line.parts if part.weight is not None)
    if len(stated) == len(line.parts):
        return Kit(KitBy.WEIGHTS, stated)
    costs: list[Fraction] = []
    for part in line.parts:
        alone = PriceLine(line.id, part.key, "", part.quantity, part.per_step)
        choice = choose(alone, Reach(total=units(alone)), book, found, includes_tax=includes_tax)
        if choice is None:
            return Kit(KitBy.QUANTITY, _whole([each.quantity * each.per_step for each in line.parts]))
        costs.append(choice.price.scaled * part.quantity * part.per_step)
    return Kit(KitBy.LIST_PRICE, _whole(costs))


def _whole(amounts: Sequence[Fraction]) -> tuple[int, ...]:
    """*amounts* in their proportion, as the smallest whole numbers."""
    denominator = lcm(*(each.denominator for each in amounts))
    whole = [int(each * denominator) for each in amounts]
    divisor = gcd(*whole) or 1
    return tuple(each // divisor for each in whole)


def kit_basis(
    kit: Kit,
    line: PriceLine,
    listed: int,
    *,
    includes_tax: bool,
    here: Mapping[str, Assessment],
    home: Mapping[str, Assessment],
    policies: Policies,
) -> tuple[Kit, Basis]:
    """What a kit that its list puts at *listed* costs in the terms of the policies; each component by its own tax."""
    classes = [(here[part.tax_class], home[part.tax_class]) for part in line.parts]
    bases = parts_basis(kit.spread(listed), classes, includes_tax=includes_tax, policies=policies)
    found = Basis(sum(each.amount for each in bases), bases[0].includes_tax)
    if found == Basis(listed, includes_tax):
        return kit, found
    return Kit(kit.by, kit.weights, tuple(each.amount for each in bases)), found


def added_up(taxes: Iterable[TaxAmount]) -> tuple[TaxAmount, ...]:
    """Taxes by one rule as one amount, in the order in which they come."""
    found: dict[tuple[object, ...], TaxAmount] = {}
    for each in taxes:
        rule = tuple([getattr(each, name) for name in _RULE])
        known = found.get(rule)
        if known is not None:
            each = attrs.evolve(known, **{name: getattr(known, name) + getattr(each, name) for name in _FIGURES})
        found[rule] = each
    return tuple(found.values())
