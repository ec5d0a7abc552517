"""Money that comes back to gift cards and store credit, in the transaction in which its refund is told."""

from datetime import datetime, timedelta
from typing import Final

from tokolib.effects.model import EffectKind, Observation, Operation
from tokolib.effects.ports import Observe
from tokolib.kernel.ids import CustomerId
from tokolib.kernel.money import Money
from tokolib.kernel.policies import CreditReturn
from tokolib.kernel.unit import Unit
from tokolib.payments.model import Intent
from tokolib.payments.ports import INTENTS
from tokolib.payments.tenders import GIFT_CARD, STORED
from tokolib.payments.words import given_back
from tokolib.stored_value.errors import CreditNeedsCustomer
from tokolib.stored_value.events import CreditProlonged, GiftCardProlonged
from tokolib.stored_value.model import (
    GiftCard,
    GiftCardState,
    Grant,
    GrantState,
    Value,
    balance_counter,
    is_good,
)
from tokolib.stored_value.ports import GIFT_CARDS, GRANTS
from tokolib.stored_value.postings import BREAKAGE, Cause, clearing, post
from tokolib.stored_value.steps import as_read, grant, start

LEAST: Final = timedelta(days=30)
"""How long something is good at least to which money came back."""


async def put_back(
    unit: Unit, intent: Intent, seen: Observation, customer: CustomerId | None, policy: CreditReturn
) -> None:
    """Credit the refund that *seen* tells of: to what was charged, or to *customer* as new store credit.

    Raises:
        CreditNeedsCustomer: it is to be store credit, and there is no customer. Nothing was recorded.
    """
    refund = intent.operation(seen.operation_id)
    if refund is None or refund.kind is not EffectKind.REFUND or refund.provider not in STORED:
        return
    charge = intent.operation(refund.about)
    if charge is not None and charge.provider == refund.provider:
        _credit(unit, await _charged(unit, charge), refund, policy)
    elif customer is None:
        raise CreditNeedsCustomer(intent.order_id)
    else:
        through = clearing(refund.provider)
        grant(unit, customer, refund.amount, None, refund.reason, paid_from=through, operation=refund.id)


async def make_up(unit: Unit, intent_id: str, observe: Observe) -> None:
    """Make the refunds of a payment that are still to go to gift cards and store credit: a surplus is."""
    for refund in (await unit[INTENTS].get(intent_id)).unreturned:
        intent = await unit[INTENTS].get(intent_id)
        await observe(unit, given_back(intent, refund, at=unit.now, actor=unit.ctx.actor))


async def _charged(unit: Unit, charge: Operation) -> Value:
    if charge.provider == GIFT_CARD.name:
        return await unit[GIFT_CARDS].get(charge.reference)
    return await unit[GRANTS].get(charge.reference)


def _credit(unit: Unit, value: Value, refund: Operation, policy: CreditReturn) -> None:
    amount, through = refund.amount, clearing(refund.provider)
    if policy is CreditReturn.AS_IT_WAS and _is_over(value, unit.now):
        post(unit, value, Cause.FORFEITED, through, BREAKAGE, amount, batch=refund.id)
        return
    if policy is CreditReturn.PROLONG:
        value = _prolonged(unit, value, unit.now + LEAST)
    _raise(unit, value, amount)
    post(unit, value, Cause.RETURNED, through, value.account, amount, batch=refund.id)


def _is_over(value: Value, now: datetime) -> bool:
    """Whether its date has come; one that is only blocked keeps what comes back."""
    blocked = value.state is GiftCardState.BLOCKED
    return not blocked and not is_good(value, now)


def _prolonged(unit: Unit, value: Value, until: datetime) -> Value:
    """*value*, good until *until* at least."""
    if value.valid_until is None or value.valid_until >= until:
        return value
    if value.state in (GiftCardState.EXPIRED, GrantState.EXPIRED):
        start(unit, value)
    match value:
        case GiftCard():
            return unit[GIFT_CARDS].record(value, GiftCardProlonged(until))
        case Grant():
            return unit[GRANTS].record(value, CreditProlonged(until))


def _raise(unit: Unit, value: Value, amount: Money) -> None:
    unit.count(balance_counter(value.id), amount.minor_units)
    as_read(unit, value)
