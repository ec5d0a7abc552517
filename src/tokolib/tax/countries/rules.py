"""How the countries' tables are written: short forms for a taxed, an untaxed and a delivery rule."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs

from tokolib.tax.model import SHIPPING, Component, Rule, Treatment

WHOLE: Final = Fraction(1)


@attrs.frozen
class Tax:
    """A country's consumption tax: what it is called there."""

    country: str
    code: str
    name: str

    def taxed(self, tax_class: str, since: date, percent: str, source: str, *, fraction: Fraction = WHOLE) -> Rule:
        """*percent* of *fraction* of the price, from a day on."""
        component = Component(self.code, self.name, Decimal(percent), fraction, "S", source)
        return Rule(self.country, tax_class, since, Treatment.TAXED, source, (component,))

    def untaxed(self, tax_class: str, since: date, treatment: Treatment, source: str) -> Rule:
        """No tax, from a day on, by *treatment*."""
        return Rule(self.country, tax_class, since, treatment, source)


def delivered_with(goods: Iterable[Rule]) -> tuple[Rule, ...]:
    """The same rules for delivery that is part of the sale: it shares the tax of the goods."""
    return tuple(attrs.evolve(rule, tax_class=SHIPPING) for rule in goods)
