"""Putting a charge rule as a decision: every fault of its terms at once, or the event."""

from collections.abc import Iterator
from typing import Final

import attrs

from tokolib.catalog.naming import GOODS_KEYS
from tokolib.conditions import names_amounts
from tokolib.conditions.putting import rule_faults, spelt
from tokolib.conditions.vocabularies import OF_CHARGES
from tokolib.kernel.errors import Fault
from tokolib.kernel.events import Event
from tokolib.kernel.settings import Settings
from tokolib.pricing.charges.events import ChargePut
from tokolib.pricing.charges.model import (
    BY_COURIER,
    NEVER_BY_RULE,
    ChargeRule,
    ChargeTerms,
    CourierCharge,
    PercentCharge,
)
from tokolib.pricing.faults import name_faults, priority_faults, refuse, slug

HUNDRED: Final = 100


def charge_code(code: str) -> str:
    """The id of the charge rule *code*; case doesn't count.

    Raises:
        InvalidInput: it is no code.
    """
    return slug(code, "code")


def put_charge(state: ChargeRule | None, id: str, terms: ChargeTerms, settings: Settings) -> tuple[Event, ...]:
    """Make a charge rule, change its terms, or let it be asked for again, in a shop with *settings*.

    Raises:
        InvalidInput: every fault of *terms*, with its path; amounts in a currency that the shop doesn't sell in.
    """
    kept = _in_a_currency(attrs.evolve(terms, conditions=spelt(terms.conditions, GOODS_KEYS)), settings)
    foreign = settings.currency_faults("currency", kept.currency) if kept.currency else ()
    refuse([*term_faults(kept), *foreign])
    same = state is not None and state.active and state.terms == kept
    return () if same else (ChargePut(id, kept),)


def _in_a_currency(terms: ChargeTerms, settings: Settings) -> ChargeTerms:
    """*terms* with the currency of their amounts; bare ones in conditions alone are those of the books."""
    if terms.currency:
        return terms
    first = next(iter(terms.amounts.values()), None)
    bare = settings.currency if names_amounts(terms.conditions) else ""
    return attrs.evolve(terms, currency=bare if first is None else first.currency.code)


def term_faults(terms: ChargeTerms) -> Iterator[Fault]:
    """Everything that is wrong with *terms*."""
    if terms.kind in NEVER_BY_RULE:
        yield Fault("kind", "pricing.no_rule", "delivery has rates, and adjustments are stated by somebody", terms.kind)
    yield from name_faults(terms.name)
    yield from _figure_faults(terms)
    yield from priority_faults(terms.priority)
    yield from rule_faults("conditions", terms.conditions, OF_CHARGES)


def _figure_faults(terms: ChargeTerms) -> Iterator[Fault]:
    for path, amount in terms.amounts.items():
        if amount.currency.code != terms.currency:
            yield Fault(path, "pricing.currency", f"must be in {terms.currency}", str(amount))
        if amount.minor_units <= 0:
            yield Fault(path, "pricing.not_positive", "must be more than zero", str(amount))
    match terms.figure:
        case PercentCharge(percent=percent, minimum=minimum, maximum=maximum):
            if not 0 < percent <= HUNDRED:
                yield Fault("figure.percent", "pricing.range", "must be above 0 and at most 100", str(percent))
            bounds = {each.currency for each in (minimum, maximum) if each is not None}
            if minimum is not None and maximum is not None and len(bounds) == 1 and minimum > maximum:
                yield Fault("figure.maximum", "pricing.order", "must not be below the minimum", str(maximum))
        case CourierCharge() if terms.kind not in BY_COURIER:
            wanted = f"couriers ask only for {', '.join(sorted(BY_COURIER))}"
            yield Fault("figure", "pricing.no_courier", wanted, terms.kind)
        case _:
            return
