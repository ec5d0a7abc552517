"""Putting a charge rule as a decision: every fault of its terms at once, or the event."""

from collections.abc import Iterator
from typing import Final

import attrs

from tokolib.catalog.naming import GOODS_KEYS
from tokolib.conditions.putting import rule_faults, spelt
from tokolib.conditions.vocabularies import OF_CHARGES
from tokolib.kernel.errors import Fault
from tokolib.kernel.events import Event
from tokolib.kernel.money import Money
from tokolib.pricing.charges.events import ChargePut
from tokolib.pricing.charges.model import (
    BY_COURIER,
    NEVER_BY_RULE,
    ChargeRule,
    ChargeTerms,
    CourierCharge,
    FixedCharge,
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


def put_charge(state: ChargeRule | None, id: str, terms: ChargeTerms, currency: str) -> tuple[Event, ...]:
    """Make a charge rule, change its terms, or let it be asked for again. *currency* is that of the shop.

    Raises:
        InvalidInput: every fault of *terms*, with its path.
    """
    kept = attrs.evolve(terms, conditions=spelt(terms.conditions, GOODS_KEYS))
    refuse([*term_faults(kept, currency)])
    same = state is not None and state.active and state.terms == kept
    return () if same else (ChargePut(id, kept),)


def term_faults(terms: ChargeTerms, currency: str) -> Iterator[Fault]:
    """Everything that is wrong with *terms* in a shop of that *currency*."""
    if terms.kind in NEVER_BY_RULE:
        yield Fault("kind", "pricing.no_rule", "delivery has rates, and adjustments are stated by somebody", terms.kind)
    yield from name_faults(terms.name)
    yield from _figure_faults(terms, currency)
    yield from priority_faults(terms.priority)
    yield from rule_faults("conditions", terms.conditions, OF_CHARGES)


def _figure_faults(terms: ChargeTerms, currency: str) -> Iterator[Fault]:
    match terms.figure:
        case FixedCharge(amount=amount):
            yield from _amount_faults("figure.amount", amount, currency)
        case PercentCharge(percent=percent, minimum=minimum, maximum=maximum):
            if not 0 < percent <= HUNDRED:
                yield Fault("figure.percent", "pricing.range", "must be above 0 and at most 100", str(percent))
            yield from _amount_faults("figure.minimum", minimum, currency)
            yield from _amount_faults("figure.maximum", maximum, currency)
            if minimum is not None and maximum is not None and minimum.minor_units > maximum.minor_units:
                yield Fault("figure.maximum", "pricing.order", "must not be below the minimum", str(maximum))
        case CourierCharge() if terms.kind not in BY_COURIER:
            wanted = f"couriers ask only for {', '.join(sorted(BY_COURIER))}"
            yield Fault("figure", "pricing.no_courier", wanted, terms.kind)
        case CourierCharge():
            return


def _amount_faults(path: str, amount: Money | None, currency: str) -> Iterator[Fault]:
    if amount is None:
        return
    if amount.currency.code != currency:
        yield Fault(path, "pricing.currency", f"must be in {currency}", str(amount))
    if amount.minor_units <= 0:
        yield Fault(path, "pricing.not_positive", "must be more than zero", str(amount))
