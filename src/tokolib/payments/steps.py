"""Steps on an open unit: open an intent, wish for its charge, follow its order, close it."""

from datetime import UTC, datetime
from typing import Final

from tokolib.effects.model import EffectKind, EffectState
from tokolib.effects.ports import Observe
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.errors import NotFound
from tokolib.kernel.hosting import resolved
from tokolib.kernel.ids import IntentId, OrderId
from tokolib.kernel.money import Money
from tokolib.kernel.money_errors import CurrencyMismatch
from tokolib.kernel.policies import RefundOrder
from tokolib.kernel.unit import Unit
from tokolib.payments import errors, events
from tokolib.payments.disputes import Evidence
from tokolib.payments.model import Intent
from tokolib.payments.plans.errors import NothingDueYet
from tokolib.payments.plans.model import PaymentPlan
from tokolib.payments.ports import INTENTS, Can, Gateways, can
from tokolib.payments.refunding import give_back_surplus
from tokolib.payments.reserving import release_reserves
from tokolib.payments.states import INTENT, Closing
from tokolib.payments.tenders import CASH, FREE, Settlement, Tender
from tokolib.payments.terms import NONE, Terms
from tokolib.payments.totals import ASKED
from tokolib.payments.wishing import wish
from tokolib.payments.words import check_amount, own_word, receipt

RECEIPTS: Final = "payments.receipt"
"""The scope, with a method behind, of the keys that say which order a person's reference has paid."""


async def open_intent(
    unit: Unit,
    order_id: OrderId,
    amount: Money,
    tender: Tender,
    *,
    due_until: datetime | None = None,
    account: str = "",
    authorises: bool = False,
    refund_order: RefundOrder = RefundOrder.LATEST_FIRST,
    rest: Money | None = None,
    terms: Terms = NONE,
    plan: PaymentPlan | None = None,
) -> Intent:
    """The intent of a new order; with a gateway's tender its charge is wished for, and stored with its key.

    Where it *authorises*, gateways are asked to reserve money; `request_capture` takes it. *terms* say what becomes of
    money that is not exactly what is due. By a *plan* no more is asked for than is due.

    *rest* is what the *tender* is to pay where stored value pays some of it: a gateway's charge is then wished for
    when that has been taken, by `request_charge`. A total, or a rest, of zero is settled by nothing at all, whatever
    the tender.

    Raises:
        InvalidAmount: *amount* is negative. Nothing was recorded.
    """
    _check_due(amount)
    due = amount if rest is None else rest
    chosen = FREE if due.is_zero else tender
    opened = events.IntentOpened(
        intent_id=IntentId(unit.new_id("int")),
        order_id=order_id,
        amount=amount,
        tender=chosen.name,
        settlement=chosen.settlement,
        at=unit.now,
        due_until=due_until,
        account=account,
        authorises=authorises,
        refund_order=refund_order,
        terms=terms,
        plan=plan,
    )
    intent = unit[INTENTS].record(None, opened)
    asks = chosen.settlement is Settlement.BY_GATEWAY and due == amount
    return await request_charge(unit, intent) if asks else intent


def _check_due(amount: Money) -> None:
    if amount.minor_units < 0:
        raise errors.InvalidAmount(amount, "an order can't cost less than nothing")


async def intent_of_order(unit: Unit, order_id: str) -> Intent:
    """The intent of an order.

    Raises:
        NotFound: no such order, or it was placed without one.
    """
    page = await unit[INTENTS].where("order", equals={"order_id": order_id}, limit=1)
    if not page.items:
        raise NotFound("payment of order", order_id)
    return page.items[0]


def _given_up(intent: Intent) -> errors.IllegalPaymentTransition:
    asked = "payments.charge"
    possible = tuple(each for each in INTENT.exits.get(intent.state, ()) if each != asked)
    why = f"order {intent.order_id} was given up, so it is {intent.closed}"
    return errors.IllegalPaymentTransition(intent.id, intent.state, asked, possible, why)


async def request_charge(
    unit: Unit, intent: Intent, *, gateway: str | None = None, amount: Money | None = None
) -> Intent:
    """*intent* with a wish to charge *amount*, or else all that is due now, by *gateway* or its tender's.

    Raises:
        InvalidAmount, CurrencyMismatch: *amount* isn't more than zero, or more than is outstanding.
        IllegalPaymentTransition: it was cancelled or has expired.
        ChargeInProgress: an earlier charge may still succeed; there is one live charge per order.
        NothingDue: it is paid. NothingDueYet: nothing is due by its plan yet, and no *amount* was named.
        NoGateway: the tender has no gateway and none was named. In all cases nothing was recorded.
    """
    if intent.closed is not None:
        raise _given_up(intent)
    if (live := intent.live_charge) is not None:
        raise errors.ChargeInProgress(intent.order_id, live.id, live.state)
    if intent.outstanding.is_zero:
        raise errors.NothingDue(intent.order_id)
    if gateway is None and intent.settlement is not Settlement.BY_GATEWAY:
        raise errors.NoGateway(intent.order_id, intent.tender)
    if amount is not None:
        check_amount(intent, amount)
        if amount > intent.outstanding:
            raise errors.InvalidAmount(amount, f"only {intent.outstanding} is outstanding")
    kind = EffectKind.AUTHORISE if intent.authorises else EffectKind.CHARGE
    return await wish(unit, intent, kind, gateway or intent.tender, amount or _asked(intent, unit.now))


def _asked(intent: Intent, now: datetime) -> Money:
    due = intent.asked(now)
    planned = intent.schedule(now)
    if due.is_zero and planned is not None and (waiting := planned.next) is not None:
        raise NothingDueYet(intent.order_id, waiting.left, waiting.due_on)
    return due


def settle_difference(unit: Unit, intent: Intent, *, written_off: int, retained: int) -> Intent:
    """*intent* with so much of what is missing let be, and so much of what was paid too much kept, in minor units."""
    if (intent.written_off, intent.retained) == (written_off, retained):
        return intent
    return unit[INTENTS].record(intent, events.DifferenceSettled(written_off, retained))


async def submit_evidence(
    unit: Unit, intent: Intent, dispute_id: str, text: str, documents: tuple[str, ...], gateways: Gateways
) -> Intent:
    """*intent* with an answer in a dispute, and a wish to send it where one of *gateways* hands evidence on.

    Raises:
        NotFound: *intent* has no such dispute. DisputeOver: it was decided. EvidenceTooLate: its term has passed.
            Nothing was recorded.
    """
    dispute = next((each for each in intent.disputes if each.id == dispute_id), None)
    if dispute is None:
        raise NotFound("dispute", dispute_id)
    if dispute.is_over:
        raise errors.DisputeOver(dispute.id, dispute.state)
    due = dispute.evidence_due_until
    if due is not None and due < unit.now and not can(gateways, dispute.provider, Can.LATE_EVIDENCE):
        raise errors.EvidenceTooLate(dispute.id, due.astimezone(UTC))
    sent = can(gateways, dispute.provider, Can.DISPUTE_EVIDENCE)
    evidence = Evidence(
        id=unit.new_id("evi"),
        dispute_id=dispute.id,
        text=text,
        documents=documents,
        by=str(unit.ctx.actor),
        at=unit.now,
        sent=sent,
    )
    intent = unit[INTENTS].record(intent, events.EvidenceSubmitted(evidence))
    if not sent:
        return intent
    return await wish(
        unit, intent, EffectKind.EVIDENCE, dispute.provider, dispute.amount, reason=evidence.id, about=dispute.id
    )


async def settle_at_once(unit: Unit, intent: Intent, observe: Observe) -> Intent:
    """*intent* with what is due now paid in cash over the counter, when that is its tender; else as it is."""
    due = intent.asked(unit.now)
    if intent.settlement is not Settlement.AT_ONCE or due.is_zero:
        return intent
    counter = f"{intent.id}.counter"
    paid = receipt(intent, due, CASH.name, counter, at=unit.now, actor=unit.ctx.actor)
    await observe(unit, paid)
    return await unit[INTENTS].get(intent.id)


async def change_amount(unit: Unit, intent: Intent, amount: Money) -> Intent:
    """*intent* over another total, after an edit of its order; a surplus that this makes is given back.

    Raises:
        InvalidAmount, CurrencyMismatch: negative, or of another currency. Nothing was recorded.
    """
    if amount.currency != intent.amount.currency:
        raise CurrencyMismatch(intent.amount.currency.code, amount.currency.code)
    _check_due(amount)
    if amount == intent.amount:
        return intent
    return await give_back_surplus(unit, unit[INTENTS].record(intent, events.AmountChanged(amount)))


async def start_plan(unit: Unit, intent: Intent) -> Intent:
    """*intent* with its payment plan begun, now that its order is placed; said again, or without a plan, as it is."""
    if intent.plan is None or intent.plan.started:
        return intent
    return unit[INTENTS].record(intent, events.PlanStarted(unit.now))


async def stop_intent(unit: Unit, intent: Intent, gateways: Gateways) -> Intent:
    """*intent* with nothing more asked for; its live charge is given up, where one of *gateways* can.

    Said again, it asks again only where the gateway has refused before.
    """
    if not intent.stopped:
        intent = unit[INTENTS].record(intent, events.IntentStopped(unit.now))
    live = intent.live_charge
    if live is None or intent.pending_void(live) is not None or not can(gateways, live.provider, Can.VOID):
        return intent
    return await wish(unit, intent, EffectKind.VOID, live.provider, live.amount, about=live.id)


async def close_intent(unit: Unit, intent: Intent, closing: Closing) -> Intent:
    """*intent* without any more money expected: cancelled or expired; what is reserved is released.

    A charge that was never sent is dropped. One that was sent stays and is asked about; if it succeeds after all,
    the fold says `late`.
    """
    intent = await release_reserves(unit, intent)
    for each in intent.operations:
        if each.kind in ASKED and each.standing is EffectState.REQUESTED:
            word = own_word(each, EffectState.FAILED, f"payments.{closing.value}", at=unit.now, actor=unit.ctx.actor)
            intent = unit[INTENTS].record(intent, events.Observed(each.id, word, unit.now))
    if intent.closed is not None:
        return intent
    return unit[INTENTS].record(intent, events.IntentClosed(closing, unit.now))


async def reopen_intent(unit: Unit, intent: Intent) -> Intent:
    """*intent* open again, because a late payment was accepted; what is too much is given back."""
    if intent.closed is None:
        return intent
    return await give_back_surplus(unit, unit[INTENTS].record(intent, events.IntentReopened(unit.now)))


async def claim_reference(unit: Unit, intent: Intent, method: str, reference: str) -> None:
    """Keep that *reference* has paid the order of *intent* by *method*; again for the same order is nothing new.

    Raises:
        ReferenceTaken: it has paid another order.
    """
    scope, digest = f"{RECEIPTS}:{method}", fingerprint(reference)
    known = await resolved(unit.work.seen(scope, reference, digest))
    if known is None:
        unit.work.remember(scope, reference, digest, intent.order_id.encode())
    elif (owner := known.result.decode()) != intent.order_id:
        raise errors.ReferenceTaken(intent.order_id, method, reference, owner)
