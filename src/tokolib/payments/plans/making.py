"""An offer made into the plan of one order: the total is spread to the last minor unit, and each day is settled."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import lcm

from dateutil.relativedelta import relativedelta

from tokolib.kernel.money import Money
from tokolib.kernel.spread import spread
from tokolib.payments.plans.model import Instalment, PaymentPlan, PlanOffer, PlanStep, PlanTerms


def made(offer: PlanOffer, total: Money, *, on: date, zone: str) -> PaymentPlan:
    """The plan of an order of *total* that is asked for *on* that day of the IANA *zone*.

    Whether it may be had is the caller's to ask (`offering.refusal`): an amount may come to nothing here.
    """
    terms = offer.terms
    days = (on, *(due_on(step, on) for step in terms.steps))
    parts = amounts(terms, total.minor_units)
    instalments = zip(range(1, len(days) + 1), days, parts, strict=True)
    return PaymentPlan(
        name=offer.id,
        title=terms.title,
        instalments=tuple(Instalment(number, day, Money(part, total.currency)) for number, day, part in instalments),
        late=terms.late,
        grace_days=terms.grace_days,
        goods=terms.goods,
        deposit_on_cancel=terms.deposit_on_cancel,
        zone=zone,
    )


def due_on(step: PlanStep, first: date) -> date:
    """The day of an instalment; in a month that has no such day, its last one."""
    return first + relativedelta(months=step.months, days=step.days)


def amounts(terms: PlanTerms, total: int) -> tuple[int, ...]:
    """*total* minor units as the deposit and each instalment; they add up to it, and none is negative."""
    weights = [step.weight for step in terms.steps]
    if isinstance(terms.deposit, Money):
        first = min(terms.deposit.minor_units, total)
        return (first, *spread(total - first, weights))
    return spread(total, _shares(terms.deposit, weights))


def _shares(deposit: Decimal, weights: list[int]) -> list[int]:
    """The deposit's share, and how the steps share in the rest, as whole weights in exact proportion."""
    first = Fraction(deposit)
    parts = [first, *((1 - first) * Fraction(weight, sum(weights)) for weight in weights)]
    whole = lcm(*(part.denominator for part in parts))
    return [int(part * whole) for part in parts]
