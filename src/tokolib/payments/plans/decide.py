"""Putting a payment plan as a decision: every fault at once, or the event."""

from collections.abc import Collection, Iterator
from decimal import Decimal

from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.events import Event
from tokolib.kernel.lines import line_faults
from tokolib.kernel.money import Money
from tokolib.kernel.settings import Settings
from tokolib.payments.plans.events import PlanPut
from tokolib.payments.plans.model import (
    LONGEST_DAYS,
    LONGEST_GRACE,
    LONGEST_MONTHS,
    MOST_STEPS,
    PlanOffer,
    PlanStep,
    PlanTerms,
)
from tokolib.payments.tenders import Settlement, tender

LARGEST_WEIGHT = 10**6


def put_plan(
    state: PlanOffer | None, name: str, terms: PlanTerms, *, gateways: Collection[str], settings: Settings
) -> tuple[Event, ...]:
    """Offer a plan on *terms*; the same again decides nothing.

    Raises:
        UnknownTender: *terms* name a tender that isn't one of the shop's.
        InvalidInput: every fault of *terms*, with its path.
    """
    ways = [tender(each, gateways) for each in terms.tenders]
    faults = [*line_faults("plan", name, required=True), *line_faults("title", terms.title, required=True)]
    faults += [*_deposit(terms.deposit), *_amounts(terms, settings), *_steps(terms.steps)]
    faults += _whole("grace_days", terms.grace_days, 0, LONGEST_GRACE)
    for at, way in enumerate(ways):
        if way.settlement in (Settlement.ON_DELIVERY, Settlement.NOTHING_DUE):
            message = "brings no deposit before goods leave"
            faults.append(Fault(f"tenders[{at}]", "payments.no_deposit", message, way.name))
    if faults:
        raise InvalidInput(tuple(faults))
    return () if state is not None and state.terms == terms else (PlanPut(name, terms),)


def _deposit(deposit: Decimal | Money) -> Iterator[Fault]:
    if isinstance(deposit, Money):
        if deposit.minor_units <= 0:
            yield Fault("deposit", "kernel.not_positive", "must be more than zero", str(deposit))
    elif not 0 < deposit < 1:
        yield Fault("deposit", "payments.bad_share", "must be a share above 0 and below 1", shown(deposit, str))


def _amounts(terms: PlanTerms, settings: Settings) -> Iterator[Fault]:
    named = {"deposit": terms.deposit, "at_least": terms.at_least, "at_most": terms.at_most}
    for path, amount in named.items():
        if isinstance(amount, Money) and amount.currency.code != terms.currency:
            yield Fault(path, "kernel.currency_mismatch", f"must be in {terms.currency}", str(amount))
    for path, bound in (("at_least", terms.at_least), ("at_most", terms.at_most)):
        if bound is not None and bound.minor_units <= 0:
            yield Fault(path, "kernel.not_positive", "must be more than zero", str(bound))
    least, most = terms.at_least, terms.at_most
    if least is not None and most is not None and least.currency == most.currency and least > most:
        yield Fault("at_most", "kernel.order", "must not be below at_least", str(most))
    if terms.currency:
        yield from settings.currency_faults("currency", terms.currency)


def _steps(steps: tuple[PlanStep, ...]) -> Iterator[Fault]:
    if not 1 <= len(steps) <= MOST_STEPS:
        yield Fault("steps", "payments.too_many", f"must be 1 to {MOST_STEPS}", str(len(steps)))
        return
    before = (0, 0)
    for at, step in enumerate(steps):
        path = f"steps[{at}]"
        faults = [
            *_whole(f"{path}.months", step.months, 0, LONGEST_MONTHS),
            *_whole(f"{path}.days", step.days, 0, LONGEST_DAYS),
            *_whole(f"{path}.weight", step.weight, 1, LARGEST_WEIGHT),
        ]
        yield from faults
        if faults:
            return
        here = (step.months, step.days)
        if here == before or here[0] < before[0] or here[1] < before[1]:
            message = "must come after the one before: neither its months nor its days may be fewer"
            yield Fault(path, "payments.out_of_order", message, f"{step.months} months, {step.days} days")
        before = here


def _whole(path: str, value: object, least: int, most: int) -> Iterator[Fault]:
    if type(value) is not int or not least <= value <= most:
        yield Fault(path, "payments.bad_number", f"must be a whole number, {least} to {most}", shown(value))
