"""Rules that contradict each other, leave gaps, or can't be what they say: found before any sale meets them."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import attrs

from tokolib.kernel.countries import COUNTRIES
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.tax.model import CATEGORIES, NONE, Component, RoundingRule, Rule, RuleSet


def check_rules(rules: RuleSet) -> RuleSet:
    """*rules*, when nothing is wrong with them.

    A rule may override an equal one of the set that is extended, and no other one: two of the same set for the same
    place, class, buyer and day overlap.

    Raises:
        InvalidInput: with every fault and its path: `rules[2].components[0].category` counts in what was given to
            `extended`, `base.rules[2]` in what it extends.
    """
    if faults := tuple(_faults(rules, "")):
        raise InvalidInput(faults)
    return rules


@attrs.frozen
class Gap:
    """Days on which a class has no rule, though it has one later or never: a sale would be refused."""

    country: str
    region: str
    tax_class: str
    first: date
    last: date


def rule_gaps(
    rules: RuleSet,
    country: str,
    first: date,
    last: date,
    *,
    region: str = "",
    classes: Iterable[str] | None = None,
) -> tuple[Gap, ...]:
    """Where *rules* leave a class of *country* without a rule between two days, both included.

    All classes that the country has in the set, or those of *classes*, such as those that a catalogue uses. A rule
    holds until the next one, so a class lacks one only before its first.
    """
    mine = [each for each in rules.rules if each.country == country and each.region in ("", region)]
    wanted = sorted({each.tax_class for each in mine} if classes is None else set(classes) - {NONE})
    gaps: list[Gap] = []
    for name in wanted:
        since = min((each.since for each in mine if each.tax_class == name and not each.business_only), default=None)
        if since is None or since > first:
            end = last if since is None else min(last, since - timedelta(days=1))
            gaps.append(Gap(country, region, name, first, end))
    return tuple(gaps)


def _faults(rules: RuleSet, prefix: str) -> Iterator[Fault]:
    if rules.base is not None:
        yield from _faults(rules.base, f"{prefix}base.")
    seen: dict[tuple[object, ...], int] = {}
    for at, rule in enumerate(rules.own):
        path = f"{prefix}rules[{at}]"
        first = seen.setdefault(_key(rule), at)
        if first != at:
            message = f"rules[{first}] is for the same place, class, buyer and day; keep one"
            yield Fault(path, "tax.overlapping_rules", message, f"{rule.place} {rule.tax_class} {rule.since}")
        yield from _rule_faults(rule, path)
    known = len(rules.base.roundings) if rules.base else 0
    days: dict[tuple[str, date], int] = {}
    for at, rounding in enumerate(rules.roundings[known:]):
        yield from _rounding_faults(rounding, f"{prefix}roundings[{at}]")
        first = days.setdefault((rounding.country, rounding.since), at)
        if first != at:
            message = f"roundings[{first}] is for the same country and day; keep one"
            yield Fault(f"{prefix}roundings[{at}]", "tax.overlapping_rules", message, rounding.since.isoformat())


def _key(rule: Rule) -> tuple[object, ...]:
    return rule.country, rule.region, rule.tax_class, rule.business_only, rule.since


def _rule_faults(rule: Rule, path: str) -> Iterator[Fault]:
    if rule.country not in COUNTRIES:
        yield Fault(f"{path}.country", "kernel.unknown_country", "must be an ISO 3166-1 code", shown(rule.country))
    if rule.tax_class in ("", NONE):
        message = f"must be a name, and not {NONE!r}: that is outside tax everywhere"
        yield Fault(f"{path}.tax_class", "tax.unknown_class", message, shown(rule.tax_class))
    if not rule.source:
        yield Fault(f"{path}.source", "tax.no_source", "must name the text of law")
    seen: dict[tuple[str, str], int] = {}
    for at, component in enumerate(rule.components):
        where = f"{path}.components[{at}]"
        yield from _component_faults(component, where)
        if component.compound and not at:
            yield Fault(f"{where}.compound", "tax.compound_first", "the first has none before it", component.code)
        first = seen.setdefault((component.code, component.jurisdiction), at)
        if first != at:
            message = f"components[{first}] has the same code and jurisdiction"
            yield Fault(f"{where}.code", "tax.duplicate_component", message, component.code)


def _component_faults(component: Component, where: str) -> Iterator[Fault]:
    if not component.code or not component.name:
        yield Fault(f"{where}.code", "tax.needed", "a tax has a code and a name", component.code)
    if not component.source:
        yield Fault(f"{where}.source", "tax.no_source", "must name the text of law", component.code)
    if component.category not in CATEGORIES:
        message = f"must be one of {', '.join(sorted(CATEGORIES))} (UNCL 5305)"
        yield Fault(f"{where}.category", "tax.unknown_category", message, shown(component.category))
    elif component.charged and component.category in ("Z", "E", "G", "AE", "K", "O"):
        message = "says that nothing is charged, and the rate isn't 0"
        yield Fault(f"{where}.category", "tax.charged_at_zero", message, component.category)
    elif not component.effective and component.category == "S":
        message = "a rate of 0 is Z, E, G, AE, K or O: say why nothing is charged"
        yield Fault(f"{where}.category", "tax.zero_without_reason", message, component.category)


def _rounding_faults(rounding: RoundingRule, where: str) -> Iterator[Fault]:
    if rounding.country not in COUNTRIES:
        yield Fault(f"{where}.country", "kernel.unknown_country", "must be an ISO 3166-1 code", shown(rounding.country))
    if not rounding.source:
        yield Fault(f"{where}.source", "tax.no_source", "must name the text of law")
