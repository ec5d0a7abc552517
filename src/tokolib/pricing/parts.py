"""A charge by the tax classes that it is taxed by: one of its own, or those of the goods, each with its part.

The parts are kept by value. What a class outside all tax has of a charge stands in no tax, and a base that was taken
of a fraction and rounded would tell it only roughly.
"""

import attrs

from tokolib.tax.model import TaxAmount


@attrs.frozen
class ChargePart:
    """What one tax class has of a charge, in minor units of its currency."""

    tax_class: str
    taxable: int
    """Without tax: what `taxes` are taken of. What was taken off after tax (policy `tax_base`) is still in it."""
    taxes: tuple[TaxAmount, ...] = ()
    """Empty where no tax is named: the class is outside all tax, or the seller isn't registered."""

    @property
    def with_tax(self) -> int:
        """The same with its taxes."""
        return self.taxable + sum(tax.amount for tax in self.taxes)


def taxes_of(parts: tuple[ChargePart, ...]) -> tuple[TaxAmount, ...]:
    """The taxes of all *parts*, one part after the other."""
    return parts[0].taxes if len(parts) == 1 else tuple([tax for part in parts for tax in part.taxes])
