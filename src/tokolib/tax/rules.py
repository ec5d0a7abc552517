"""Which tax a sale bears: whose it is, the rule that holds there for its class on its day, and why.

The day is the tax point in the shop's zone. Nothing is guessed: where no rule is known, the sale is refused with
the way to add one.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from typing import Final

import attrs

from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.rounding import DEFAULT_ROUNDING
from tokolib.tax.certificates import certified
from tokolib.tax.countries import BUILT_IN
from tokolib.tax.errors import NoTaxRules, UnknownTaxClass
from tokolib.tax.model import (
    EXPORT,
    NONE,
    Assessment,
    Basis,
    Component,
    RoundingRule,
    Rule,
    RuleSet,
    SaleKind,
    Treatment,
)
from tokolib.tax.reasons import because
from tokolib.tax.situation import Place, SellerStatus, Situation
from tokolib.tax.taxing import Taxing, whose

REMEMBERED: Final = 1024
"""Answers of `assess`: a shop asks the same few questions all day."""

_OWN_ROUNDING: Final = "tokolib: no law fixes it"
_INTRA_COMMUNITY: Final = "Directive 2006/112/EC art. 138(1)"


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
    """What law makes of a sale from *country* to a consumer: of *tax_class*, on the day *on*.

    The short form of `assess_sale`. *destination* is the country that the goods go to; the same one when empty.
    """
    there = Place(country, region) if destination in ("", country) else Place(destination)
    return _assess(Situation(country, seller, Place(country, region), there), tax_class, on, rules)


@lru_cache(maxsize=REMEMBERED)
def assess_sale(situation: Situation, tax_class: str, on: date, rules: RuleSet = BUILT_IN) -> Assessment:
    """What law makes of a sale in *situation* of *tax_class* on the day *on*: components with their sources, and why.

    A seller who is not registered where the tax would be due charges nothing. Components that come to nothing are
    there all the same, with the reason in their category and source.

    Raises:
        UnknownTaxClass: the rules of the country that the goods start in have no such class.
        NoTaxRules: no rule holds for it, there, on that day.
        NotRegisteredThere: the tax of the destination is due, and the seller may not charge it.
    """
    return _assess(situation, tax_class, on, rules)


def _assess(situation: Situation, tax_class: str, on: date, rules: RuleSet) -> Assessment:
    origin = situation.origin
    check_class(origin.country, tax_class, rules=rules)
    if tax_class == NONE:
        rounded = _rounding(origin.country, on, rules)
        return Assessment((), rounded.profile, reason("tax.outside", tax_class=tax_class))
    taxing = whose(situation, on)
    place = taxing.place
    rounded = _rounding(place.country, on, rules)
    if not taxing.registered:
        if not has_rules(place.country, rules=rules) and situation.holds_some(place, on):
            raise NoTaxRules(place.country, place.region, tax_class, on)
        why = reason("tax.not_registered", None, *taxing.reasons, country=place.country, on=on)
        return Assessment((), rounded.profile, why, kind=taxing.kind)
    sold_as = EXPORT if taxing.kind is SaleKind.EXPORT else tax_class
    rule = _rule(rules, place, sold_as, on, business=situation.buyer.is_known_business)
    if taxing.kind is SaleKind.INTRA_COMMUNITY and rule.treatment is not Treatment.EXEMPT:
        rule = _intra_community(rule)
    return _assessed(situation, rule, tax_class, rounded, on, taxing)


def check_class(country: str, tax_class: str, *, rules: RuleSet = BUILT_IN) -> None:
    """Pass for a class that *country* has, for what is outside tax, and where no rules are known at all.

    Raises:
        UnknownTaxClass: the country's rules have no such class.
    """
    known = rules.classes_of(country)
    if known and tax_class != NONE and tax_class not in known:
        raise UnknownTaxClass(country, tax_class, (*sorted(known), NONE))


def has_rules(country: str, *, rules: RuleSet = BUILT_IN) -> bool:
    """Whether *country* has a table of rules here."""
    return bool(rules.classes_of(country))


def next_change(country: str, on: date, *, rules: RuleSet = BUILT_IN) -> date | None:
    """The first day after *on* from which any rule or rounding of *country* differs; None when none is known.

    A price agreed before it must not be promised beyond it.
    """
    roundings = (each for each in rules.roundings if each.country == country)
    dated: Iterable[Rule | RoundingRule] = chain(*rules.classes_of(country).values(), roundings)
    return min((each.since for each in dated if each.since > on), default=None)


def next_change_of(situation: Situation, on: date, *, rules: RuleSet = BUILT_IN) -> date | None:
    """The first day after *on* on which the tax of a sale in *situation* may differ; None when none is known.

    Rules of every country that takes part, registrations, and certificates of the buyer.
    """
    seller = situation.seller
    days = [seller.registered_from, seller.registered_until]
    for country in {situation.country, situation.origin.country, situation.destination.country}:
        days.append(next_change(country, on, rules=rules))
    for each in seller.registrations:
        days += [each.since, each.until]
    for paper in situation.buyer.certificates:
        days += [paper.valid_from, paper.valid_until + timedelta(days=1) if paper.valid_until else None]
    return min((day for day in days if day is not None and day > on), default=None)


def _rule(rules: RuleSet, place: Place, tax_class: str, on: date, *, business: bool) -> Rule:
    """The latest rule of the most exact place and buyer; a later entry wins over an equal one."""
    best: Rule | None = None
    for rule in rules.classes_of(place.country).get(tax_class, ()):
        if rule.since > on or rule.region not in ("", place.region) or (rule.business_only and not business):
            continue
        if best is None or _exactness(rule) >= _exactness(best):
            best = rule
    if best is None:
        raise NoTaxRules(place.country, place.region, tax_class, on)
    return best


def _exactness(rule: Rule) -> tuple[bool, bool, date]:
    return bool(rule.region), rule.business_only, rule.since


def _intra_community(rule: Rule) -> Rule:
    """*rule* for goods that a business takes to another member state."""
    tax = attrs.evolve(
        rule.components[0],
        rate=0,
        base_fraction=Fraction(1),
        basis=Basis.PRICE,
        waived=False,
        category=Treatment.INTRA_COMMUNITY.category,
        source=_INTRA_COMMUNITY,
    )
    return attrs.evolve(rule, treatment=Treatment.INTRA_COMMUNITY, source=_INTRA_COMMUNITY, components=(tax,))


def _rounding(country: str, on: date, rules: RuleSet) -> RoundingRule:
    best = RoundingRule(country, date.min, DEFAULT_ROUNDING, _OWN_ROUNDING)
    for rule in rules.roundings:
        if rule.country == country and best.since <= rule.since <= on:
            best = rule
    return best


def _assessed(
    situation: Situation, rule: Rule, tax_class: str, rounded: RoundingRule, on: date, taxing: Taxing
) -> Assessment:
    mine, notes = _charged_by(situation, rule, on)
    found = certified(situation.buyer.certificates, mine, rule.place, tax_class, on)
    treatment = (found.treatment or rule.treatment) if found.components else None
    reasons = (*taxing.reasons, *notes, *found.reasons)
    destination = situation.destination.country if taxing.kind is SaleKind.EXPORT else ""
    why = because(rule, treatment, found.components, rounded, on, reasons, destination)
    category = found.components[0].category if found.components else "O"
    return Assessment(found.components, rounded.profile, why, category, taxing.kind, treatment)


def _charged_by(situation: Situation, rule: Rule, on: date) -> tuple[tuple[Component, ...], tuple[Reason, ...]]:
    """The components that this seller charges, with their place; and which it doesn't, for want of a registration."""
    mine: list[Component] = []
    notes: list[Reason] = []
    for each in rule.placed:
        if each.scheme and not situation.is_registered(rule.country, on, each.scheme):
            notes.append(reason("tax.not_in_scheme", None, name=each.name, scheme=each.scheme, source=each.source))
        else:
            mine.append(each)
    return tuple(mine), tuple(notes)
