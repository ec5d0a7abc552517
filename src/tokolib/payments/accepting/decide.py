"""Putting a shop's word on a tender as a decision: every fault at once, or the event."""

from collections.abc import Collection, Iterator
from typing import Final

import attrs

from tokolib.conditions import FACTS, Predicate, can_hold, check, contradictions
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.events import Event
from tokolib.kernel.lines import line_faults
from tokolib.payments.accepting.events import TenderPut
from tokolib.payments.accepting.model import TenderPolicy, TenderTerms
from tokolib.payments.tenders import FREE, tender

MOST_RISKS: Final = 50
"""Marks of risk of one tender."""


def put_tender(
    state: TenderPolicy | None, name: str, terms: TenderTerms, *, gateways: Collection[str], currency: str
) -> tuple[Event, ...]:
    """Accept a tender on *terms*; the same again decides nothing.

    Raises:
        UnknownTender: none of the shop's.
        InvalidInput: every fault of *terms*, with its path; or the tender `free`, which is no choice.
    """
    tender(name, gateways)
    faults = [*_faults(terms, currency)]
    if name == FREE.name:
        faults.append(Fault("name", "payments.no_choice", "where nothing is due, nothing is chosen", name))
    if faults:
        raise InvalidInput(tuple(faults))
    same = state is not None and state.terms == terms
    return () if same else (TenderPut(name, terms),)


def _faults(terms: TenderTerms, currency: str) -> Iterator[Fault]:
    for path, bound in (("at_least", terms.at_least), ("at_most", terms.at_most)):
        if bound is not None and bound.currency.code != currency:
            yield Fault(path, "kernel.currency_mismatch", f"must be in {currency}", str(bound))
        if bound is not None and bound.minor_units <= 0:
            yield Fault(path, "kernel.not_positive", "must be more than zero", str(bound))
    least, most = terms.at_least, terms.at_most
    if least is not None and most is not None and least.minor_units > most.minor_units:
        yield Fault("at_most", "kernel.order", "must not be below at_least", str(most))
    yield from _predicate_faults("conditions", terms.conditions)
    if len(terms.risks) > MOST_RISKS:
        yield Fault("risks", "payments.too_many", f"at most {MOST_RISKS}", str(len(terms.risks)))
    for at, risk in enumerate(terms.risks):
        yield from line_faults(f"risks[{at}].name", risk.name.strip(), required=True)
        yield from _predicate_faults(f"risks[{at}].when", risk.when)


def _predicate_faults(path: str, predicate: Predicate) -> Iterator[Fault]:
    found = [*check(predicate, FACTS)]
    if not found and not can_hold(predicate):
        found = [Fault(each.path, each.code, each.message, each.value) for each in contradictions(predicate)]
    for fault in found:
        yield attrs.evolve(fault, path=f"{path}.{fault.path}".rstrip("."))
