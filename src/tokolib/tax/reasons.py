"""Why a sale is taxed as it is, and where each amount comes from, as reasons."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.money import Currency, Money
from tokolib.kernel.rounding import RoundingProfile
from tokolib.tax.model import Component, RoundingRule, Rule, TaxAmount, Treatment


def because(
    rule: Rule,
    treatment: Treatment | None,
    components: tuple[Component, ...],
    rounded: RoundingRule,
    on: date,
    notes: tuple[Reason, ...],
    destination: str,
) -> Reason:
    """What *rule* made of a sale as its *components*, after all that the *notes* tell.

    *destination* is named where the goods are exported to it.
    """
    told = tuple(component_reason(each) for each in components)
    if treatment is None:
        return reason("tax.no_component", None, *notes, country=rule.country, tax_class=rule.tax_class, on=on)
    if treatment is Treatment.TAXED:
        rounding_reason = rounding(rounded.profile, rounded.source)
        return reason(
            "tax.assessed",
            None,
            *notes,
            *told,
            rounding_reason,
            country=rule.country,
            tax_class=rule.tax_class,
            on=on,
            since=rule.since,
        )
    source = components[0].source
    if destination:
        return reason("tax.exported", None, *notes, country=rule.country, destination=destination, source=source)
    owed = told if treatment is Treatment.NOT_COLLECTED else ()
    return reason(f"tax.{treatment.value}", None, *notes, *owed, country=rule.country, on=on, source=source)


def component_reason(component: Component) -> Reason:
    """One tax in force: its rate, base, category and source."""
    notes = []
    if component.compound:
        notes.append(reason("tax.compound"))
    if component.waived:
        notes.append(reason("tax.waived"))
    return reason(
        "tax.component" if component.base_fraction == 1 else "tax.component_on_fraction",
        None,
        *notes,
        name=component.name,
        rate=component.rate,
        fraction=_shown(component.base_fraction),
        category=component.category,
        source=component.source,
    )


def explain(taxes: Iterable[TaxAmount], currency: Currency, profile: RoundingProfile) -> tuple[Reason, ...]:
    """Where each tax amount comes from: base, fraction, rate, rounding, source, and what the state waives of it."""
    return tuple(
        reason(
            "tax.amount" if tax.base_fraction == 1 else "tax.amount_on_fraction",
            Money(tax.amount, currency),
            *((reason("tax.amount_waived", None, waived=Money(tax.waived, currency)),) if tax.waived else ()),
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
    levels = [reason(f"tax.per_{profile.level.value}")]
    if profile.together:
        levels.append(reason("tax.together"))
    if source:
        return reason(f"tax.rounded_{profile.mode.value}_by", None, *levels, source=source)
    return reason(f"tax.rounded_{profile.mode.value}", None, *levels)


def _shown(fraction: Fraction) -> str:
    return f"{fraction.numerator}/{fraction.denominator}"
