"""Why each line and charge bears its taxes, or none: the rule of its class, or the word of whoever worked them out."""

from collections.abc import Mapping
from typing import Final

import attrs

from tokolib.checkout.lines import QuoteCharge, QuoteLine
from tokolib.kernel.explain import Reason
from tokolib.pricing.outside import charge_names, part_name

_EMPTY: Final[Mapping[str, str]] = {}
_NONE: Final[Mapping[str, Reason]] = {}


@attrs.frozen
class Evidence:
    """The reasons for taxes, by what bears them."""

    rules: Mapping[str, Reason]
    """By tax class."""
    names: Mapping[str, str] = _EMPTY
    """What lines were asked by, by their ids; nobody was asked where the rules say it."""
    untaxed: Mapping[str, Reason] = _NONE
    """Why there is no tax, by what was asked."""

    def of_line(self, line: QuoteLine) -> Reason:
        """Why a line bears its taxes, or none."""
        return self.untaxed.get(self.names.get(line.id, ""), self.rules[line.tax_class])

    def of_parts(self, line: QuoteLine) -> tuple[Reason, ...]:
        """Why each component of a kit does."""
        name = self.names.get(line.id, "")
        return tuple(
            [self.untaxed.get(part_name(name, at), self.rules[share.tax_class]) for at, share in enumerate(line.shares)]
        )

    def of_charge(self, charge: QuoteCharge) -> tuple[Reason, ...]:
        """Why a charge does, for each of the classes that it is taxed by."""
        tax_classes = [part.tax_class for part in charge.parts]
        asked = zip(charge_names(charge.id, tax_classes), tax_classes, strict=True)
        return tuple([self.untaxed.get(name, self.rules[tax_class]) for name, tax_class in asked])
