"""Goods with what they cost before discounts: price × quantity, rounded once, in the terms that discounts go by."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from operator import attrgetter
from typing import Final

import attrs

from tokolib.conditions import Facts
from tokolib.kernel.money import Currency
from tokolib.kernel.policies import AcrossBorders, DiscountBasis
from tokolib.kernel.quantity import ONE
from tokolib.kernel.quick import quick
from tokolib.kernel.rounding import RoundingMode
from tokolib.kernel.settings import Settings
from tokolib.kernel.unit_price import PRICE_SCALE, UnitPrice
from tokolib.pricing.basis import Basis, basis
from tokolib.pricing.kits import Kit, kit_basis, kit_of
from tokolib.pricing.model import ChargeLine, KitPart, PriceLine
from tokolib.pricing.prices.book import Choice, PriceBook
from tokolib.pricing.prices.select import sorted_out
from tokolib.pricing.prices.tiers import amount_of
from tokolib.tax.model import Assessment

TaxOf = Callable[[str], Assessment]
"""What the rules say about a tax class, on the day and at the place that the caller fixed."""


@attrs.frozen(eq=False)
class Goods:
    """Lines with what they cost before discounts, side by side."""

    lines: Sequence[PriceLine]
    choices: Sequence[Choice]
    quantities: Sequence[int | Fraction]
    """In units of measure."""
    units: Sequence[int]
    """Whole units of measure; 0 where it is no whole number of them."""
    listed: Sequence[int]
    """Price × quantity, as the list states it."""
    bases: Sequence[int]
    """What discounts are taken off."""
    included: Sequence[bool]
    """Whether that contains tax."""
    kits: Mapping[str, Kit]
    """How the kits among them are spread over their components, by line id."""

    def floors(self) -> list[int]:
        """What discounts must leave of each line: its minimum price times its quantity, in the terms of its base."""
        floors = [0] * len(self.lines)
        for i, choice in enumerate(self.choices):
            if choice.minimum is not None:
                floor = _times(choice.minimum, self.quantities[i], RoundingMode.UP)
                listed, base = self.listed[i], self.bases[i]
                floors[i] = floor if base == listed else -(-floor * base // max(listed, 1))
        return floors


_goods: Final = quick(Goods)


def kits_of(
    lines: Sequence[PriceLine], book: PriceBook, facts: Facts, settings: Settings, currency: Currency
) -> dict[str, Kit]:
    """How the kits among *lines* are spread over their components, by line id."""
    if not any(map(_parts, lines)):
        return {}
    applying, includes = sorted_out(book, facts, currency, settings.zone), settings.prices_include_tax
    return {line.id: kit_of(line, book, applying, includes_tax=includes) for line in lines if line.parts}


_parts: Final = attrgetter("parts")
_AS_PRICED, _GROSS = DiscountBasis.AS_PRICED, AcrossBorders.GROSS


def assessed(
    parts: Sequence[PriceLine | ChargeLine | KitPart], tax: TaxOf, settings: Settings
) -> dict[str, Assessment]:
    """What the rules say about each tax class, rounded as the shop's settings say where they say it."""
    rules: dict[str, Assessment] = {}
    for part in parts:
        if part.tax_class not in rules:
            rules[part.tax_class] = tax(part.tax_class)
    profile = settings.tax_rounding
    if profile is None:
        return rules
    return {name: attrs.evolve(rule, profile=profile) for name, rule in rules.items()}


def goods_of(
    lines: Sequence[PriceLine],
    choices: Sequence[Choice],
    kits: dict[str, Kit],
    *,
    rules: Mapping[str, Assessment],
    home_tax: TaxOf,
    settings: Settings,
) -> Goods:
    """*lines* by the prices that were chosen for them, where the tax is by *rules*, and at home by *home_tax*."""
    policies = settings.policies
    mode = policies.line_rounding
    quantities = [line.quantity if line.per_step is ONE else _quantity(line) for line in lines]
    units = [each if type(each) is int else 0 for each in quantities]
    listed = []
    for choice, quantity in zip(choices, quantities, strict=True):
        scaled = choice.price.scaled * quantity
        if choice.bands:
            listed.append(amount_of(choice.bands, mode))
        elif scaled % PRICE_SCALE:
            listed.append(_times(choice.price, quantity, mode))
        else:  # most come out whole: nothing to round
            listed.append(scaled // PRICE_SCALE)
    included = [choice.includes_tax for choice in choices]
    if policies.discount_basis is _AS_PRICED and policies.across_borders is _GROSS:
        return _goods(lines, choices, quantities, units, listed, listed, included, kits)
    home = assessed([*lines, *(part for line in lines for part in line.parts)], home_tax, settings)
    found: list[Basis] = []
    for line, amount, within in zip(lines, listed, included, strict=True):
        if line.parts:
            kits[line.id], own = kit_basis(
                kits[line.id], line, amount, includes_tax=within, here=rules, home=home, policies=policies
            )
        else:
            here = rules[line.tax_class]
            own = basis(amount, includes_tax=within, here=here, home=home[line.tax_class], policies=policies)
        found.append(own)
    bases, within_tax = [each.amount for each in found], [each.includes_tax for each in found]
    return _goods(lines, choices, quantities, units, listed, bases, within_tax, kits)


def _times(unit_price: UnitPrice, quantity: int | Fraction, mode: RoundingMode) -> int:
    """Price × quantity, rounded once."""
    return unit_price.times(*quantity.as_integer_ratio(), mode)


def _quantity(line: PriceLine) -> int | Fraction:
    """Units of measure: whole ones, which promotions may count, or a measured amount."""
    whole, parts = line.per_step.as_integer_ratio()
    return line.quantity * whole if parts == 1 else line.quantity * line.per_step
