"""What the tax room refuses."""

from datetime import date
from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError, named


@attrs.frozen
class NoTaxRules(TokolibError):
    """The rules say nothing about this country, class and day; no tax was assumed in their place."""

    code: ClassVar[str] = "tax.no_rules"
    country: str
    region: str
    tax_class: str
    on: date

    def __str__(self) -> str:
        place = f"{self.country}-{self.region}" if self.region else self.country
        return f"no tax rule for class {self.tax_class!r} in {place} on {self.on}"

    @property
    def hint(self) -> str:
        return "give your own rules (tax.RuleSet) for this place, or use tax class 'none' for what is outside tax"


@attrs.frozen
class UnknownTaxClass(TokolibError):
    """The country's rules have no such class."""

    code: ClassVar[str] = "tax.unknown_class"
    country: str
    tax_class: str = attrs.field(converter=named)
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.country} has no tax class {self.tax_class!r}; known: {', '.join(self.known)}"


@attrs.frozen
class InvalidTaxRule(TokolibError):
    """A rule that can't be applied exactly."""

    code: ClassVar[str] = "tax.invalid_rule"
    name: str
    value: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name} {self.value}: {self.reason}"
