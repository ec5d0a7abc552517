"""Putting a shop's word on a tender as a decision: every fault at once, or the event."""

from collections.abc import Collection, Iterator
from typing import Final

import attrs

from tokolib.catalog.naming import GOODS_KEYS
from tokolib.conditions import names_amounts
from tokolib.conditions.putting import rule_faults, spelt
from tokolib.conditions.vocabularies import OF_ORDERS
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.events import Event
from tokolib.kernel.lines import line_faults
from tokolib.kernel.settings import Settings
from tokolib.payments.accepting.events import TenderPut
from tokolib.payments.accepting.model import TenderPolicy, TenderTerms
from tokolib.payments.tenders import FREE, tender

MOST_RISKS: Final = 50
"""Marks of risk of one tender."""


def put_tender(
    state: TenderPolicy | None, name: str, terms: TenderTerms, *, gateways: Collection[str], settings: Settings
) -> tuple[Event, ...]:
    """Accept a tender on *terms*; the same again decides nothing.

    Raises:
        UnknownTender: none of the shop's.
        InvalidInput: every fault of *terms*, with its path; or the tender `free`, which is no choice.
    """
    tender(name, gateways)
    kept = _in_a_currency(_by_key(terms), settings)
    faults = [*_faults(kept), *(settings.currency_faults("currency", kept.currency) if kept.currency else ())]
    if name == FREE.name:
        faults.append(Fault("name", "payments.no_choice", "where nothing is due, nothing is chosen", name))
    if faults:
        raise InvalidInput(tuple(faults))
    same = state is not None and state.terms == kept
    return () if same else (TenderPut(name, kept),)


def _by_key(terms: TenderTerms) -> TenderTerms:
    risks = tuple([attrs.evolve(risk, when=spelt(risk.when, GOODS_KEYS)) for risk in terms.risks])
    return attrs.evolve(terms, conditions=spelt(terms.conditions, GOODS_KEYS), risks=risks)


def _in_a_currency(terms: TenderTerms, settings: Settings) -> TenderTerms:
    """*terms* with the currency of their bounds; bare amounts in conditions and risks alone are those of the books."""
    if terms.currency:
        return terms
    bound = terms.at_least or terms.at_most
    bare = any(map(names_amounts, (terms.conditions, *(risk.when for risk in terms.risks))))
    books = settings.currency if bare else ""
    return attrs.evolve(terms, currency=books if bound is None else bound.currency.code)


def _faults(terms: TenderTerms) -> Iterator[Fault]:
    for path, bound in (("at_least", terms.at_least), ("at_most", terms.at_most)):
        if bound is not None and bound.currency.code != terms.currency:
            yield Fault(path, "kernel.currency_mismatch", f"must be in {terms.currency}", str(bound))
        if bound is not None and bound.minor_units <= 0:
            yield Fault(path, "kernel.not_positive", "must be more than zero", str(bound))
    least, most = terms.at_least, terms.at_most
    if least is not None and most is not None and least.currency == most.currency and least > most:
        yield Fault("at_most", "kernel.order", "must not be below at_least", str(most))
    yield from rule_faults("conditions", terms.conditions, OF_ORDERS)
    if len(terms.risks) > MOST_RISKS:
        yield Fault("risks", "payments.too_many", f"at most {MOST_RISKS}", str(len(terms.risks)))
    for at, risk in enumerate(terms.risks):
        yield from line_faults(f"risks[{at}].name", risk.name.strip(), required=True)
        yield from rule_faults(f"risks[{at}].when", risk.when, OF_ORDERS)
