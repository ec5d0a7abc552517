"""The words of tax: components of a tax, dated rules, what they come to for a sale, and the amounts themselves.

A tax is not "rate × price". A component has a nominal rate (12 %), and the part of the price that it is taken
of (11/12); both are kept and printed, since a tax invoice shows both. Every rule carries the day from which it
holds and the text of law that says so.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

import attrs

from tokolib.kernel.explain import Reason
from tokolib.kernel.numbers import exact
from tokolib.kernel.rounding import RoundingProfile
from tokolib.kernel.settings import Settings
from tokolib.tax.errors import InvalidTaxRule

STANDARD: Final = "standard"
REDUCED: Final = "reduced"
LUXURY: Final = "luxury"
EXEMPT: Final = "exempt"
ZERO: Final = "zero"
EXPORT: Final = "export"
NOT_COLLECTED: Final = "not_collected"
SHIPPING: Final = "shipping"
"""Delivery as part of the sale of goods: taxed like the goods."""
COURIER: Final = "courier"
"""Delivery as a parcel service of its own."""
NONE: Final = "none"
"""Outside tax altogether, in every country."""


class Treatment(StrEnum):
    """What a rule does with a sale."""

    TAXED = "taxed"
    ZERO = "zero"
    """Taxed at 0 %: the seller still deducts input tax."""
    EXPORT = "export"
    """Taxed at 0 % because it leaves the country."""
    EXEMPT = "exempt"
    NOT_COLLECTED = "not_collected"
    """Taxable, but the state waives the collection or bears the tax itself."""


def _percent(value: object) -> Decimal:
    rate = exact(value, "rate")
    if not 0 <= rate <= 1000:
        raise InvalidTaxRule("rate", str(rate), "a rate is between 0 and 1000 percent")
    return rate


def _fraction(_: object, __: object, value: Fraction) -> None:
    if type(value) is not Fraction or not 0 < value <= 1:
        raise InvalidTaxRule("base_fraction", str(value), "must be a Fraction above 0 and at most 1")


@attrs.frozen(cache_hash=True)
class Component:
    """One tax in force: its nominal rate, and the part of the price that it is taken of."""

    code: str
    """Short and stable: `PPN`, `VAT`, `GST`. Rounding by document adds up what has the same code."""
    name: str
    rate: Decimal = attrs.field(converter=_percent)
    """The nominal rate in percent: `Decimal("12")`."""
    base_fraction: Fraction = attrs.field(validator=_fraction)
    """The part of the price that is taxed: 11/12 for most Indonesian sales since 2025."""
    category: str
    """EN 16931 (UNCL 5305) category letter: S standard, Z zero, E exempt, G export, O outside."""
    source: str
    """The text of law."""
    compound: bool = False
    """Whether the base includes the components before this one (a tax on a tax)."""

    @property
    def effective(self) -> Fraction:
        """What it comes to as a fraction of its base: 11/100 for 12 % of 11/12."""
        return Fraction(self.rate) * self.base_fraction / 100


@attrs.frozen
class Rule:
    """What holds for a class of goods in a place from a day on, until the next rule for the same."""

    country: str
    """ISO 3166-1 alpha-2."""
    tax_class: str
    since: date
    treatment: Treatment
    source: str
    components: tuple[Component, ...] = ()
    """Empty unless taxed."""
    region: str = ""
    """Part of the country (ISO 3166-2 without the country); empty for all of it."""

    def __attrs_post_init__(self) -> None:
        if bool(self.components) != (self.treatment is Treatment.TAXED):
            raise InvalidTaxRule("components", self.treatment, "a taxed rule has components, and no other has any")


@attrs.frozen
class RoundingRule:
    """How a country rounds tax from a day on."""

    country: str
    since: date
    profile: RoundingProfile
    source: str


@attrs.frozen(eq=False)
class RuleSet:
    """All rules that a shop goes by. Of two for the same place, class and day, the later in the tuple holds.

    A set equals only itself, so that what follows from it can be remembered.
    """

    rules: tuple[Rule, ...]
    roundings: tuple[RoundingRule, ...] = ()

    def extended(self, *rules: Rule, roundings: tuple[RoundingRule, ...] = ()) -> "RuleSet":
        """These rules and *rules*, which win over equal ones: what a shop adds of its own."""
        return RuleSet(self.rules + rules, self.roundings + roundings)


@attrs.frozen
class SellerStatus:
    """From when until when the seller is registered for the consumption tax of its country (PKP in Indonesia)."""

    registered_from: date | None = None
    registered_until: date | None = None
    """The first day on which it no longer is."""

    @classmethod
    def of(cls, settings: Settings) -> "SellerStatus":
        """The status that the shop's configuration states."""
        return cls(settings.pkp_since, settings.pkp_until)

    def is_registered(self, on: date) -> bool:
        """Whether the seller may and must charge tax on that day."""
        if self.registered_from is None or on < self.registered_from:
            return False
        return self.registered_until is None or on < self.registered_until


@attrs.frozen
class Assessment:
    """What the rules say about a sale of one class on one day."""

    components: tuple[Component, ...]
    """Empty when no tax is charged; `reason` says why."""
    profile: RoundingProfile
    reason: Reason
    category: str = "O"
    """EN 16931 (UNCL 5305) category letter of the whole."""


@attrs.frozen
class TaxAmount:
    """One tax on one line: the figures that an invoice prints."""

    code: str
    name: str
    rate: Decimal
    """Nominal, in percent."""
    base_fraction: Fraction
    base: int
    """The taxable base after the fraction (DPP nilai lain), in minor units, rounded for print."""
    amount: int
    """In minor units."""
    category: str
    source: str
