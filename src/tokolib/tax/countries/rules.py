"""How the countries' tables are written: short forms for a taxed, an untaxed and a delivery rule."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs

from tokolib.tax.model import SHIPPING, Basis, Component, Rule, Treatment

WHOLE: Final = Fraction(1)


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
    ) -> Rule:
        """*percent* of *fraction* of the price, from a day on, and *also* other taxes beside it."""
        component = self.component(percent, source, fraction=fraction, basis=basis)
        return Rule(self.country, tax_class, since, Treatment.TAXED, source, (component, *also))

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
    ) -> Rule:
        """No tax, from a day on, by *treatment*.

        *percent* of *fraction* is what would be due where the state waives it; *facility* the relief's number.
        """
        component = self.component(percent, source, fraction=fraction, treatment=treatment, facility=facility)
        return Rule(self.country, tax_class, since, treatment, source, (component,), business_only=business_only)


def delivered_with(goods: Iterable[Rule]) -> tuple[Rule, ...]:
    """The same rules for delivery that is part of the sale: it shares the tax of the goods."""
    return tuple(attrs.evolve(rule, tax_class=SHIPPING) for rule in goods)
