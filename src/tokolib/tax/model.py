"""The words of tax: components of a tax, dated rules, what they come to for a sale, and the amounts themselves.

A tax is not "rate × price". A component has a nominal rate (12 %), and the part of the price that it is taken
of (11/12); both are kept and printed, since a tax invoice shows both. Every rule carries the day from which it
holds and the text of law that says so.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Final

import attrs

from tokolib.kernel.explain import Reason
from tokolib.kernel.numbers import exact
from tokolib.kernel.rounding import RoundingProfile
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
    REVERSE_CHARGE = "reverse_charge"
    """The buyer, a business, owes the tax instead of the seller."""
    INTRA_COMMUNITY = "intra_community"
    """Goods for a business in another EU state, which accounts for the tax there."""

    @property
    def category(self) -> str:
        """Its EN 16931 (UNCL 5305) category letter."""
        return _CATEGORIES[self]


_CATEGORIES: Final = {
    Treatment.TAXED: "S",
    Treatment.ZERO: "Z",
    Treatment.EXPORT: "G",
    Treatment.EXEMPT: "E",
    Treatment.NOT_COLLECTED: "E",
    Treatment.REVERSE_CHARGE: "AE",
    Treatment.INTRA_COMMUNITY: "K",
}
CATEGORIES: Final = frozenset({*_CATEGORIES.values(), "O", "L", "M", "B"})
"""Every category letter: those of the treatments, outside tax, Canary Islands, Ceuta and Melilla, transferred."""


class Basis(StrEnum):
    """What a tax is taken of, as the law names it."""

    PRICE = "price"
    OTHER_VALUE = "other_value"
    """A value in place of the price: DPP nilai lain (UU PPN art. 8A)."""
    SET_SHARE = "set_share"
    """A set share of the price: besaran tertentu (UU PPN art. 9A)."""


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
    """EN 16931 (UNCL 5305) category letter: S standard, Z zero, E exempt, G export, AE and K reverse charge."""
    source: str
    """The text of law."""
    compound: bool = False
    """Whether the base includes the components before this one (a tax on a tax)."""
    waived: bool = False
    """Whether the state waives it or bears it itself: worked out and printed, and not charged."""
    scheme: str = ""
    """The registration that a seller must hold to charge it beside that of the country: `ppnbm`."""
    jurisdiction: str = ""
    """Whose tax it is, `ID` or `US-CA`; empty in a rule, whose place it then is."""
    facility: str = ""
    """The relief that waives or exempts, by its number in Coretax's lists: `05` of TD.00505 and TD.01105."""
    basis: Basis = attrs.field(converter=Basis)

    @basis.default
    def _of_the_price(self) -> Basis:
        return Basis.PRICE if self.base_fraction == 1 else Basis.OTHER_VALUE

    @property
    def effective(self) -> Fraction:
        """What it comes to as a fraction of its base: 11/100 for 12 % of 11/12, and as much where that is waived."""
        return Fraction(self.rate) * self.base_fraction / 100

    @property
    def charged(self) -> Fraction:
        """The same, and nothing where it is waived."""
        return Fraction(0) if self.waived else self.effective


@attrs.frozen
class Rule:
    """What holds for a class of goods in a place from a day on, until the next rule for the same.

    Every rule names its tax, so that a sale without any can still show which one, and by which law: a rule that
    charges nothing has components at 0 %, or waived ones.
    """

    country: str
    """ISO 3166-1 alpha-2."""
    tax_class: str
    since: date
    treatment: Treatment
    source: str
    components: tuple[Component, ...]
    region: str = ""
    """Part of the country (ISO 3166-2 without the country); empty for all of it."""
    business_only: bool = False
    """Whether it holds for buyers alone that are businesses with a tax id which was found valid."""

    def __attrs_post_init__(self) -> None:
        if not self.components:
            raise InvalidTaxRule("components", self.treatment, "a rule names its tax, at 0 % where none is charged")
        if self.treatment is not Treatment.TAXED and any(each.charged for each in self.components):
            raise InvalidTaxRule("components", self.treatment, "only a taxed rule charges; use rate 0, or waived=True")

    @property
    def place(self) -> str:
        """`ID`, `US-CA`."""
        return f"{self.country}-{self.region}" if self.region else self.country

    @cached_property
    def placed(self) -> tuple[Component, ...]:
        """The components, each with whose tax it is."""
        return tuple(
            [each if each.jurisdiction else attrs.evolve(each, jurisdiction=self.place) for each in self.components]
        )


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
    base: "RuleSet | None" = attrs.field(default=None, repr=False)
    """What these rules extend: only its rules may be overridden by an equal one."""

    def extended(self, *rules: Rule, roundings: tuple[RoundingRule, ...] = ()) -> "RuleSet":
        """These rules and *rules*, which win over equal ones: what a shop adds of its own."""
        return RuleSet(self.rules + rules, self.roundings + roundings, self)

    def classes_of(self, country: str) -> Mapping[str, tuple[Rule, ...]]:
        """The rules of *country* by class, each in the order in which they stand here; empty where none is known."""
        return self._index.get(country, {})

    @cached_property
    def _index(self) -> dict[str, dict[str, tuple[Rule, ...]]]:
        found: dict[str, dict[str, list[Rule]]] = {}
        for rule in self.rules:
            found.setdefault(rule.country, {}).setdefault(rule.tax_class, []).append(rule)
        return {country: {name: tuple(rules) for name, rules in classes.items()} for country, classes in found.items()}

    @property
    def own(self) -> tuple[Rule, ...]:
        """The rules that are not of the base."""
        return self.rules[len(self.base.rules) :] if self.base else self.rules


class SaleKind(StrEnum):
    """Whose tax a sale bears, and by which of the ways that law knows."""

    DOMESTIC = "domestic"
    EXPORT = "export"
    """From a country to one that shares no market with it: no tax of the destination is charged."""
    LOW_VALUE_IMPORT = "low_value_import"
    """Goods of little value from abroad, with the tax of the destination (IOSS, OVR, LVG)."""
    DISTANCE_AT_ORIGIN = "distance_at_origin"
    """Within the EU to a consumer, while the seller's such sales stay within 10,000 EUR a year: tax of the origin."""
    DISTANCE_AT_DESTINATION = "distance_at_destination"
    """Within the EU to a consumer, with the tax of the destination (OSS, or a registration there)."""
    INTRA_COMMUNITY = "intra_community"
    """Within the EU to a business of another state with a valid VAT id: the buyer accounts for the tax."""


@attrs.frozen
class Assessment:
    """What the rules say about a sale of one class on one day."""

    components: tuple[Component, ...]
    """Those at 0 % too; empty when the seller isn't registered or the class is outside tax: `reason` says which."""
    profile: RoundingProfile
    reason: Reason
    category: str = "O"
    """EN 16931 (UNCL 5305) category letter of the whole."""
    kind: SaleKind = SaleKind.DOMESTIC
    treatment: Treatment | None = None
    """What the rule did; None where there is none."""


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
    waived: int = 0
    """What would be due, in minor units, where the state waives it; it is in no total."""
    jurisdiction: str = ""
    """Whose tax it is: `ID`, `US-CA`, a county."""
    facility: str = ""
    """The relief's number, where one waives or exempts."""
