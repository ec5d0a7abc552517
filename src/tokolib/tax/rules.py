"""Which tax a sale bears: the rule that holds in the seller's country, for its class, on its day, and why.

The day is the tax point in the shop's zone. Nothing is guessed: where no rule is known, the sale is refused with
the way to add one.
"""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Final

from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.money import Currency, Money
from tokolib.kernel.rounding import RoundingProfile
from tokolib.kernel.settings import DEFAULT_ROUNDING
from tokolib.tax.countries import BUILT_IN
from tokolib.tax.errors import NoTaxRules, UnknownTaxClass
from tokolib.tax.model import (
    EXPORT,
    NONE,
    Assessment,
    Component,
    RoundingRule,
    Rule,
    RuleSet,
    SellerStatus,
    TaxAmount,
    Treatment,
)

REMEMBERED: Final = 1024
"""Answers of `assess`: a shop asks the same few questions all day."""

_OWN_ROUNDING: Final = "tokolib: no law fixes it"
_CATEGORY: Final = {
    Treatment.ZERO: "Z",
    Treatment.EXPORT: "G",
    Treatment.EXEMPT: "E",
    Treatment.NOT_COLLECTED: "E",
}


@lru_cache(maxsize=REMEMBERED)
def assess(
    country: str,
    tax_class: str,
    on: date,
    seller: SellerStatus,
    *,
    region: str = "",
    destination: str = "",
    rules: RuleSet = BUILT_IN,
) -> Assessment:
    """What the law of *country* makes of a sale of *tax_class* on the day *on*, as components and as a reason.

    A seller who is not registered charges nothing. *destination* is the country that the goods go to; when it is
    another one, the sale is an export.

    Raises:
        UnknownTaxClass: the country's rules have no such class.
        NoTaxRules: no rule holds for it, there, on that day.
    """
    rounding = _rounding(country, on, rules)
    check_class(country, tax_class, rules=rules)
    if tax_class == NONE:
        return _untaxed(rounding, reason("tax.outside", tax_class=tax_class))
    abroad = bool(destination) and destination != country
    if not seller.is_registered(on):
        return _untaxed(rounding, reason("tax.not_registered", country=country, on=on))
    applied = EXPORT if abroad else tax_class
    found = _find(rules.rules, country, region, applied, on)
    if found is None:
        raise NoTaxRules(country, region, applied, on)
    return _assessed(found, rounding, on, destination if abroad else "")


def check_class(country: str, tax_class: str, *, rules: RuleSet = BUILT_IN) -> None:
    """Pass for a class that *country* has, for what is outside tax, and where no rules are known at all.

    Raises:
        UnknownTaxClass: the country's rules have no such class.
    """
    known = sorted({rule.tax_class for rule in rules.rules if rule.country == country})
    if known and tax_class not in (*known, NONE):
        raise UnknownTaxClass(country, tax_class, (*known, NONE))


def next_change(country: str, on: date, *, rules: RuleSet = BUILT_IN) -> date | None:
    """The first day after *on* from which any rule or rounding of *country* differs; None when none is known.

    A price agreed before it must not be promised beyond it.
    """
    dated: Iterable[Rule | RoundingRule] = (*rules.rules, *rules.roundings)
    return min((rule.since for rule in dated if rule.country == country and rule.since > on), default=None)


def explain(taxes: Iterable[TaxAmount], currency: Currency, profile: RoundingProfile) -> tuple[Reason, ...]:
    """Where each tax amount comes from: base, fraction, rate, rounding and source."""
    return tuple(
        reason(
            "tax.amount" if tax.base_fraction == 1 else "tax.amount_on_fraction",
            Money(tax.amount, currency),
            rounding(profile),
            name=tax.name,
            rate=tax.rate,
            fraction=_shown(tax.base_fraction),
            base=Money(tax.base, currency),
            source=tax.source,
        )
        for tax in taxes
    )


def rounding(profile: RoundingProfile, source: str = "") -> Reason:
    """How tax is rounded, as a reason: its mode, and below it its level."""
    level = reason(f"tax.per_{profile.level.value}")
    if source:
        return reason(f"tax.rounded_{profile.mode.value}_by", None, level, source=source)
    return reason(f"tax.rounded_{profile.mode.value}", None, level)


def _find(rules: Iterable[Rule], country: str, region: str, tax_class: str, on: date) -> Rule | None:
    """The latest rule of the most exact place; a later entry wins over an equal one."""
    best: Rule | None = None
    for rule in rules:
        if rule.country != country or rule.tax_class != tax_class or rule.since > on:
            continue
        if rule.region not in ("", region):
            continue
        if best is None or (bool(rule.region), rule.since) >= (bool(best.region), best.since):
            best = rule
    return best


def _rounding(country: str, on: date, rules: RuleSet) -> RoundingRule:
    best = RoundingRule(country, date.min, DEFAULT_ROUNDING, _OWN_ROUNDING)
    for rule in rules.roundings:
        if rule.country == country and best.since <= rule.since <= on:
            best = rule
    return best


def _untaxed(rounding_rule: RoundingRule, why: Reason, category: str = "O") -> Assessment:
    return Assessment((), rounding_rule.profile, why, category)


def _assessed(rule: Rule, rounded: RoundingRule, on: date, destination: str) -> Assessment:
    if rule.treatment is Treatment.TAXED:
        why = reason(
            "tax.assessed",
            None,
            *(_component(component) for component in rule.components),
            rounding(rounded.profile, rounded.source),
            country=rule.country,
            tax_class=rule.tax_class,
            on=on,
            since=rule.since,
        )
        return Assessment(rule.components, rounded.profile, why, rule.components[0].category)
    if destination:
        why = reason("tax.exported", country=rule.country, destination=destination, source=rule.source)
    else:
        why = reason(f"tax.{rule.treatment.value}", country=rule.country, on=on, source=rule.source)
    return _untaxed(rounded, why, _CATEGORY[rule.treatment])


def _component(component: Component) -> Reason:
    return reason(
        "tax.component" if component.base_fraction == 1 else "tax.component_on_fraction",
        None,
        *((reason("tax.compound"),) if component.compound else ()),
        name=component.name,
        rate=component.rate,
        fraction=_shown(component.base_fraction),
        category=component.category,
        source=component.source,
    )


def _shown(fraction: Fraction) -> str:
    return f"{fraction.numerator}/{fraction.denominator}"
