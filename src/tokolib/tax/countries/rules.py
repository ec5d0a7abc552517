"""How the countries' tables are written: the classes that several share, and short forms for their rules."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs

from tokolib.tax.model import SHIPPING, Basis, Component, Rule, Treatment

WHOLE: Final = Fraction(1)

SECOND_REDUCED: Final = "second_reduced"
"""The lower of two reduced rates."""
INTERMEDIATE: Final = "intermediate"
"""A rate between the standard one and the reduced one that everyday goods bear."""
SUPER_REDUCED: Final = "super_reduced"
"""A rate above nothing and below 5 %, the least that EU law otherwise allows (Directive 2006/112/EC, art. 98)."""
PARKING: Final = "parking"
"""At least 12 %, on goods that were once taxed lower (Directive 2006/112/EC, art. 105a and 118)."""
BOOKS: Final = "books"
"""Printed books, in countries where their rate changed on a path of its own."""
BASIC_FOOD: Final = "basic_food"
"""The food that a country lists for a rate of its own, often for a time only."""


@attrs.frozen
class Tax:
    """A country's consumption tax: what it is called there."""

    country: str
    code: str
    name: str

    def component(
        self,
        percent: str,
        source: str,
        *,
        fraction: Fraction = WHOLE,
        treatment: Treatment = Treatment.TAXED,
        facility: str = "",
        scheme: str = "",
        basis: Basis | None = None,
    ) -> Component:
        """*percent* of *fraction* of the price; waived where the state doesn't collect it."""
        made = Component(
            code=self.code,
            name=self.name,
            rate=Decimal(percent),
            base_fraction=fraction,
            category=treatment.category,
            source=source,
            waived=treatment is Treatment.NOT_COLLECTED,
            scheme=scheme,
            facility=facility,
        )
        return made if basis is None else attrs.evolve(made, basis=basis)

    def taxed(
        self,
        tax_class: str,
        since: date,
        percent: str,
        source: str,
        *,
        fraction: Fraction = WHOLE,
        basis: Basis | None = None,
        also: tuple[Component, ...] = (),
        region: str = "",
    ) -> Rule:
        """*percent* of *fraction* of the price, from a day on, and *also* other taxes beside it.

        It holds in *region*, or everywhere.
        """
        component = self.component(percent, source, fraction=fraction, basis=basis)
        return Rule(self.country, tax_class, since, Treatment.TAXED, source, (component, *also), region)

    def untaxed(
        self,
        tax_class: str,
        since: date,
        treatment: Treatment,
        source: str,
        *,
        percent: str = "0",
        fraction: Fraction = WHOLE,
        facility: str = "",
        business_only: bool = False,
        region: str = "",
    ) -> Rule:
        """No tax, from a day on, by *treatment*, in *region* or everywhere.

        *percent* of *fraction* is what would be due where the state waives it; *facility* the relief's number.
        """
        component = self.component(percent, source, fraction=fraction, treatment=treatment, facility=facility)
        return Rule(self.country, tax_class, since, treatment, source, (component,), region, business_only)


def delivered_with(goods: Iterable[Rule]) -> tuple[Rule, ...]:
    """The same rules for delivery that is part of the sale: it shares the tax of the goods."""
    return tuple(attrs.evolve(rule, tax_class=SHIPPING) for rule in goods)


def outside(rules: Iterable[Rule], region: str, source: str) -> tuple[Rule, ...]:
    """Every class of *rules*, for a part of the country where its tax doesn't apply: what goes there is exported."""
    first: dict[str, Rule] = {}
    for rule in rules:
        if not rule.region:
            first.setdefault(rule.tax_class, rule)
    return tuple(
        _exported(rule, region, source)
        for rule in first.values()
        if rule.treatment in (Treatment.TAXED, Treatment.ZERO)
    )


def _exported(rule: Rule, region: str, source: str) -> Rule:
    tax = attrs.evolve(rule.components[0], rate=0, category=Treatment.EXPORT.category, source=source)
    return attrs.evolve(rule, region=region, treatment=Treatment.EXPORT, source=source, components=(tax,))
