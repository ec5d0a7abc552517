"""Whether a tender is accepted for an order, and how risky it is held to be: pure, with the reason for it."""

from collections.abc import Iterable
from functools import cached_property
from typing import Final

import attrs

from tokolib.conditions import Facts, facts_asked, holds, why_not
from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.money import Money
from tokolib.payments.accepting.model import RiskLevel, TenderPolicy, TenderTerms

_WORST_FIRST: Final = (RiskLevel.REFUSE, RiskLevel.FEE, RiskLevel.ALLOW)


@attrs.frozen
class Assessed:
    """How risky an order is held to be, and the marks of risk that were found."""

    level: RiskLevel
    because: tuple[Reason, ...]


class Acceptance:
    """A shop's word on all tenders; it equals only itself, so that it can be remembered."""

    def __init__(self, policies: Iterable[TenderPolicy] = ()) -> None:
        self.terms: Final = {each.id: each.terms for each in policies}

    @cached_property
    def asked(self) -> frozenset[str]:
        """The facts that conditions and marks of risk ask for."""
        found = (p for terms in self.terms.values() for p in (terms.conditions, *(risk.when for risk in terms.risks)))
        return frozenset().union(*map(facts_asked, found))

    def risk(self, tender: str, facts: Facts) -> Assessed:
        """How risky *tender* is held to be for an order; what isn't known is no mark of risk."""
        terms = self.terms.get(tender, _FREELY)
        found = [risk for risk in terms.risks if holds(risk.when, facts)]
        levels = {risk.level for risk in found}
        level = next((each for each in _WORST_FIRST if each in levels), RiskLevel.ALLOW)
        return Assessed(level, tuple(reason("payments.risk", None, name=risk.name) for risk in found))

    def refusal(self, tender: str, total: Money, facts: Facts) -> Reason | None:
        """Why *tender* is not accepted for an order of *total*; None where it is."""
        terms = self.terms.get(tender, _FREELY)
        if not terms.offered:
            return reason("payments.tender_not_offered", tender=tender)
        if terms.currency not in ("", total.currency.code):
            return reason("payments.tender_currency", tender=tender, currency=terms.currency, total=total)
        if terms.at_least is not None and total.minor_units < terms.at_least.minor_units:
            return reason("payments.tender_too_little", tender=tender, least=terms.at_least, total=total)
        if terms.at_most is not None and total.minor_units > terms.at_most.minor_units:
            return reason("payments.tender_too_much", tender=tender, most=terms.at_most, total=total)
        if not holds(terms.conditions, facts):
            return reason("payments.tender_conditions", None, *why_not(terms.conditions, facts), tender=tender)
        assessed = self.risk(tender, facts)
        if assessed.level is RiskLevel.REFUSE:
            return reason("payments.tender_risk", None, *assessed.because, tender=tender)
        return None


_FREELY: Final = TenderTerms()
