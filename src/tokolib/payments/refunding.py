"""Money goes back: what was wished for, and whatever is too much; by the way it came, by hand, or as store credit."""

from collections.abc import Callable
from typing import Final

from tokolib.effects.model import EffectKind, EffectState, Operation
from tokolib.effects.ports import Observe
from tokolib.kernel.ctx import System
from tokolib.kernel.money import Money
from tokolib.kernel.policies import RefundOrder
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import once
from tokolib.payments import errors
from tokolib.payments.dispositions import too_much
from tokolib.payments.events import Observed
from tokolib.payments.model import Intent, Refund
from tokolib.payments.ports import INTENTS
from tokolib.payments.refunds import plan
from tokolib.payments.tenders import CASH, STORE_CREDIT, STORED
from tokolib.payments.totals import CONTESTED, HANDED_OVER, MONEY_IN, TAKEN, TOO_MUCH
from tokolib.payments.wishing import wish
from tokolib.payments.words import check_amount, check_way_back, given_back, own_word, payout

REFUND_SCOPE: Final = "payments.refund"


async def request_refund(
    unit: Unit,
    intent: Intent,
    amount: Money,
    reason: str,
    *,
    key: str | None,
    observe: Observe,
    method: str | None = None,
    as_credit: bool = False,
    seen: Callable[[Intent], None] | None = None,
) -> Refund:
    """A wish to give *amount* back: by the way it came, by the local *method*, or as `store_credit`.

    *as_credit* makes store credit of what did not come from a gift card or store credit: that goes back to it.

    Cash and stored value go back at once, through *observe* in this unit; a transfer waits for a person's `paid_out`;
    a gateway is asked after the commit. The same *key* with the same request answers the same refund; a new one is
    *seen* once it is made, and given up where that raises.

    Raises:
        InvalidAmount: not more than zero. CurrencyMismatch: of another currency.
        RefundTooLarge: 0 ≤ refunded + pending + disputed ≤ captured would break, or a bank asks for the money.
        KeptByGiftCards: a person asks (with a *key*) for what gift cards were bought with.
        NotLocal: *method* is neither a local one nor `store_credit`.
        KeyReused: *key* belongs to another refund. In all cases nothing was recorded.
    """

    async def make() -> str:
        _check_refund(intent, amount, method)
        if key is not None:  # a person asks; what follows from a cancellation or a return has seen to the cards
            check_cards(intent, amount, intent.refundable)
        after, made = await _give_back(unit, intent, amount, reason, method, as_credit=as_credit)
        for each in made:
            if each.provider == CASH.name:
                await observe(unit, payout(after, each.id, at=unit.now, actor=unit.ctx.actor))
            elif each.provider in STORED:
                await observe(unit, given_back(after, each, at=unit.now, actor=unit.ctx.actor))
        if seen is not None:
            seen(await unit[INTENTS].get(intent.id))
        return ",".join(each.id for each in made)

    ids, _ = await once(unit, REFUND_SCOPE, key, (intent.order_id, amount, reason, method), make)
    return refund_of(await unit[INTENTS].get(intent.id), ids.split(","))


def refund_of(intent: Intent, ids: list[str]) -> Refund:
    """The operations *ids* of *intent* as one refund, as they stand now."""
    made = tuple(each for each in intent.operations if each.id in ids)
    amount = Money.total((each.amount for each in made), intent.amount.currency)
    return Refund(intent.id, intent.order_id, amount, made)


def _check_refund(intent: Intent, amount: Money, method: str | None) -> None:
    check_amount(intent, amount)
    if method is not None:
        check_way_back(method)
    if amount > intent.refundable:
        raise errors.RefundTooLarge(intent.order_id, amount, intent.refundable, intent.claimed)


def check_cards(intent: Intent, amount: Money, of: Money) -> None:
    """Pass where *amount* of *of* may go back and the rest still covers the gift cards that were bought.

    Raises:
        KeptByGiftCards: it doesn't.
    """
    if intent.cards and of - amount < intent.in_cards:
        most = Money(max(0, of.minor_units - intent.in_cards.minor_units), amount.currency)
        raise errors.KeptByGiftCards(intent.order_id, amount, intent.in_cards, most)


async def _give_back(
    unit: Unit, intent: Intent, amount: Money, reason: str, method: str | None, *, as_credit: bool
) -> tuple[Intent, tuple[Operation, ...]]:
    known = {each.id for each in intent.operations}
    order = RefundOrder.LATEST_FIRST if reason in TOO_MUCH else intent.refund_order  # the latest made it too much
    for part in plan(intent, amount.minor_units, None if as_credit else method, order):
        money = Money(part.amount, amount.currency)
        by = STORE_CREDIT.name if as_credit and part.provider not in STORED else part.provider
        intent = await wish(unit, intent, EffectKind.REFUND, by, money, reason=reason, about=part.about)
    return intent, tuple(each for each in intent.operations if each.id not in known)


async def stop_refunds(unit: Unit, intent: Intent) -> Intent:
    """*intent* without refunds of what a customer's bank has taken, or asks for, as far as nobody was asked for them.

    The latest is stopped first, and asked for anew over what is left of it. One that was sent, or handed over, can't
    be stopped: if the bank takes the money all the same, that is a loss.
    """
    if not any(_takes_back(each) for each in intent.operations):
        return intent
    for each in reversed(unsent_refunds(intent)):
        if (twice := intent.totals.promised_twice) == 0:
            break
        why = TAKEN if intent.totals.lost else CONTESTED
        intent = await _stop(unit, intent, each, twice, why)
    return intent


async def stop_replaced(unit: Unit, before: Intent, intent: Intent, id: str) -> Intent:
    """*intent* without refunds that took the place of the one with that *id*, of which we hear only now.

    A person may hand over what was stopped or failed meanwhile, or give money back in the gateway's own pages; a shop
    that was restored has forgotten what it gave back. The money has left. What was asked for instead, and nobody was
    asked to send, would go back twice; so much of it is stopped as is missing then, the latest first.
    """
    was, late = before.operation(id), intent.operation(id)
    if late is None or late.kind is not EffectKind.REFUND or not late.succeeded:
        return intent
    if was is not None and was.standing is not EffectState.FAILED:
        return intent
    beyond = intent.totals.lost - before.totals.lost  # what left by it although all that is there was promised
    missing = min(late.amount.minor_units, intent.amount.minor_units - intent.totals.left + beyond)
    instead = {*TOO_MUCH, late.reason}
    for each in reversed(unsent_refunds(intent)):
        less = max(missing, beyond) if each.reason in instead else beyond if was is None else 0
        if less > 0:
            intent = await _stop(unit, intent, each, less, HANDED_OVER)
            missing, beyond = missing - each.amount.minor_units, beyond - each.amount.minor_units
    return intent


def unsent_refunds(intent: Intent) -> list[Operation]:
    """The refunds that this shop wished for, and nobody was asked to make."""
    ours = [each for each in intent.operations if each.kind is EffectKind.REFUND and each.key]
    return [each for each in ours if each.standing is EffectState.REQUESTED and each.provider not in STORED]


async def _stop(unit: Unit, intent: Intent, refund: Operation, less: int, why: str) -> Intent:
    """*intent* without *refund*; what it is more than *less* minor units is asked for anew, as far as it is there."""
    word = own_word(refund, EffectState.FAILED, why, at=unit.now, actor=System())
    intent = unit[INTENTS].record(intent, Observed(refund.id, word, unit.now))
    rest = Money(max(0, min(refund.amount.minor_units - less, intent.refundable.minor_units)), refund.amount.currency)
    if rest.is_zero:
        return intent
    by, reason, about = refund.provider, refund.reason, refund.about
    return await wish(unit, intent, EffectKind.REFUND, by, rest, reason=reason, about=about)


def _takes_back(one: Operation) -> bool:
    """Whether the outside has taken, or asks for, money by *one*: a dispute, a reversal, a payment that was denied."""
    denied = one.kind in MONEY_IN and one.standing is EffectState.FAILED
    return denied or one.kind in (EffectKind.CHARGEBACK, EffectKind.REVERSAL)


async def give_back_surplus(unit: Unit, intent: Intent, method: str | None = None) -> Intent:
    """*intent* with a refund of all that was paid too much, or store credit for it where its terms say so.

    What is too much within the tolerance is left alone. A refund goes by *method*, or else by the way it came.
    """
    for part in too_much(intent):
        amount = Money(part.amount, intent.amount.currency)
        intent, _ = await _give_back(unit, intent, amount, part.reason, method, as_credit=part.as_credit)
    return intent
