"""Whether a plan may be had for an order, and what it would ask for when: pure, with the reason for it."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import attrs

from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.formats import said
from tokolib.kernel.money import Money
from tokolib.payments.plans.errors import PlanRefused, UnknownPlan
from tokolib.payments.plans.making import amounts, made
from tokolib.payments.plans.model import Instalment, PaymentPlan, PlanOffer
from tokolib.payments.plans.wording import WORDING
from tokolib.payments.tenders import Settlement, Tender

_PAID_FIRST: Final = frozenset({Settlement.AT_ONCE, Settlement.ON_RECEIPT, Settlement.BY_GATEWAY})
"""Whoever pays so can pay a deposit before anything leaves."""


@attrs.frozen
class PlanOption:
    """A payment plan that may be chosen together with a tender, or may not."""

    plan: str
    title: str
    allowed: bool
    reason: Reason
    """What it asks for when; or why it can't be had."""
    instalments: tuple[Instalment, ...] = ()
    """What is due when, the deposit first, of an order of today; empty where it is refused."""

    def explain(self, locale: str = "en") -> str:
        """The reason in words (`id` or `en`).

        Raises:
            UnknownLocale: neither of the two.
        """
        return said(self.reason, locale, WORDING)


def agreed(
    offers: Sequence[PlanOffer], name: str, total: Money, tender: Tender, *, reserves: bool, on: date, zone: str
) -> PaymentPlan:
    """The plan of that *name* of an order of *total* that is paid by *tender* and asked for *on* that day.

    Raises:
        UnknownPlan: the shop has none. PlanRefused: the order can't be paid by it.
    """
    offer = next((each for each in offers if each.id == name), None)
    if offer is None:
        raise UnknownPlan(name, tuple(each.id for each in offers if each.terms.offered))
    if (why := refusal(offer, total, tender, reserves=reserves)) is not None:
        raise PlanRefused(name, why.code, said(why, "en", WORDING))
    return made(offer, total, on=on, zone=zone)


def options(
    offers: Sequence[PlanOffer], total: Money, tender: Tender, *, reserves: bool, on: date, zone: str
) -> tuple[PlanOption, ...]:
    """Every plan that the shop offers, for an order of *total*: what may be had first."""
    found = [_option(each, total, tender, reserves, on, zone) for each in offers if each.terms.offered]
    return tuple(sorted(found, key=lambda each: (not each.allowed, each.plan)))


def _option(offer: PlanOffer, total: Money, tender: Tender, reserves: bool, on: date, zone: str) -> PlanOption:
    if (why := refusal(offer, total, tender, reserves=reserves)) is not None:
        return PlanOption(offer.id, offer.terms.title, allowed=False, reason=why)
    plan = made(offer, total, on=on, zone=zone)
    deposit, *later = plan.instalments
    parts = [reason("payments.plan_deposit", deposit.amount)]
    parts += [reason("payments.plan_part", each.amount, number=each.number, due=each.due_on) for each in later]
    told = reason("payments.plan", total, *parts, title=plan.title)
    return PlanOption(offer.id, offer.terms.title, allowed=True, reason=told, instalments=plan.instalments)


def refusal(offer: PlanOffer, total: Money, tender: Tender, *, reserves: bool) -> Reason | None:
    """Why an order of *total* can't be paid by a plan; None where it can.

    *reserves* says that the tender's money is only reserved when ordering, and captured as goods leave.
    """
    terms, plan = offer.terms, offer.id
    if not terms.offered:
        return reason("payments.plan_not_offered", plan=plan)
    if tender.settlement not in _PAID_FIRST or (terms.tenders and tender.name not in terms.tenders):
        return reason("payments.plan_tender", plan=plan, tender=tender.name)
    if reserves:
        return reason("payments.plan_reserves", plan=plan, tender=tender.name)
    if terms.currency not in ("", total.currency.code):
        return reason("payments.plan_currency", plan=plan, currency=terms.currency, total=total)
    if terms.at_least is not None and total < terms.at_least:
        return reason("payments.plan_too_little", plan=plan, least=terms.at_least, total=total)
    if terms.at_most is not None and total > terms.at_most:
        return reason("payments.plan_too_much", plan=plan, most=terms.at_most, total=total)
    if isinstance(terms.deposit, Money) and terms.deposit >= total:
        return reason("payments.plan_covered", plan=plan, deposit=terms.deposit, total=total)
    if not all(amounts(terms, total.minor_units)):
        return reason("payments.plan_too_small", plan=plan, total=total)
    return None
