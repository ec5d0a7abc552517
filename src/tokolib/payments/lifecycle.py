"""How events make an intent. Operations keep an order that does not depend on when facts arrived."""

from datetime import datetime
from typing import Final

from tokolib.effects import lifecycle as effects
from tokolib.effects.keys import read_key, requested_as
from tokolib.effects.model import EffectKind, Observation, Operation, Source
from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event
from tokolib.kernel.ids import OperationId
from tokolib.payments.disputes import DECIDED
from tokolib.payments.events import (
    AmountChanged,
    CardBought,
    CardTakenBack,
    CaseDecided,
    DifferenceSettled,
    EvidenceSubmitted,
    InstalmentDue,
    InstalmentOverdue,
    IntentClosed,
    IntentOpened,
    IntentReopened,
    IntentStopped,
    ObservationQuarantined,
    ObservationSetAside,
    Observed,
    OperationLeased,
    OperationRequested,
    OperationUnasked,
    PlanStarted,
    QuarantineDecided,
    RestCalled,
    SendingPresumed,
)
from tokolib.payments.model import Intent
from tokolib.payments.plans.model import InstalmentState, Notice, PlanProgress
from tokolib.payments.set_aside import Decision, Quarantine, Review
from tokolib.payments.waiting import observation_case, waiting_reviews

ACCEPTED: Final = "payments.accepted"
"""The reason of an operation that is here because a person has said that it is ours."""


def evolve(state: Intent | None, event: Event) -> Intent:
    """The intent after *event*."""
    if state is None:
        if isinstance(event, IntentOpened):
            return _opened(event)
        raise TypeError(f"an intent begins with IntentOpened, not {type(event).__name__}")
    return changed(_after(state, event), version=state.version + 1)


def _opened(event: IntentOpened) -> Intent:
    return Intent(
        id=event.intent_id,
        version=1,
        order_id=event.order_id,
        amount=event.amount,
        tender=event.tender,
        settlement=event.settlement,
        opened_at=event.at,
        due_until=event.due_until,
        account=event.account,
        closed=None,
        operations=(),
        reviews=(),
        authorises=event.authorises,
        refund_order=event.refund_order,
        terms=event.terms,
        plan=None if event.plan is None else PlanProgress(event.plan),
    )


def _after(state: Intent, event: Event) -> Intent:
    match event:
        case ObservationSetAside():
            return _set_aside(state, event)
        case CaseDecided(decision=decision):
            return _decided(state, decision)
        case EvidenceSubmitted(evidence=evidence):
            return changed(state, evidence=(*state.evidence, evidence))
        case AmountChanged(amount=amount):
            return changed(state, amount=amount)
        case DifferenceSettled(written_off=written_off, retained=retained):
            return changed(state, written_off=written_off, retained=retained)
        case PlanStarted() | InstalmentDue() | InstalmentOverdue() | RestCalled():
            return changed(state, plan=_planned(state.plan, event))
        case CardBought(card=card):
            return changed(state, cards=(*state.cards, card))
        case CardTakenBack(card_id=id):
            return changed(state, cards=tuple(each for each in state.cards if each.card_id != id))
        case IntentStopped():
            return changed(state, stopped=True)
        case IntentClosed(closed=closed):
            return changed(state, closed=closed)
        case IntentReopened():
            return changed(state, closed=None)
        case _:
            return _moved_on(state, event)


def _moved_on(state: Intent, event: Event) -> Intent:
    """The intent after an event of one of its operations."""
    match event:
        case OperationRequested(operation=operation):
            return _with(state, operation)
        case OperationLeased():
            taken = effects.leased(
                _operation(state, event.operation_id),
                at=event.at,
                lease_until=event.lease_until,
                next_at=event.next_at,
                send=event.send,
            )
            return _with(state, taken)
        case SendingPresumed(operation_id=id, at=at):
            return _with(state, effects.presumed_sent(_operation(state, id), at=at))
        case OperationUnasked(operation_id=id, at=at):
            return _with(state, effects.unasked(_operation(state, id), at=at))
        case Observed(operation_id=id, observation=seen, at=at):
            known = state.operation(id) or unrequested(state, id, event)
            told = _remembering(known, seen, effects.fold(_about(known, seen), seen))
            after = _absorb(_with(state, told), id, at)
            return _with(after, effects.marked(_operation(after, id), at))
        case _:
            raise TypeError(f"intents don't know {type(event).__name__}")


def _planned(plan: PlanProgress | None, event: Event) -> PlanProgress:
    if plan is None:
        raise TypeError(f"an intent without a payment plan doesn't know {type(event).__name__}")
    match event:
        case RestCalled(on=on):
            return changed(plan, called_on=on)
        case InstalmentDue(number=number):
            return changed(plan, noticed=(*plan.noticed, Notice(number, InstalmentState.DUE)))
        case InstalmentOverdue(number=number):
            return changed(plan, noticed=(*plan.noticed, Notice(number, InstalmentState.OVERDUE)))
        case _:
            return changed(plan, started=True)


def unrequested(state: Intent, id: OperationId, event: Observed) -> Operation:
    """An operation that the outside made by itself: a receipt, a reversal, a dispute, a refund at the provider.

    One whose own key the outside tells was requested here, in a time that a restore took away: it has its old name.
    """
    seen: Observation = event.observation
    wished = requested_as(id)
    made = Operation(
        id=id,
        kind=seen.kind,
        provider=seen.provider,
        intent=state.id,
        subject=state.order_id,
        amount=seen.amount,
        attempt=1,
        key="",
        requested_at=event.at,
        about=seen.about,
        reason=_placed_as(seen),
    )
    if wished is None:
        return made
    told = read_key(seen.key)
    again = changed(made, key=seen.key, attempt=told.attempt if told else wished.attempt)
    return effects.presumed_sent(again, at=event.at)


def _placed_as(seen: Observation) -> str:
    """Why an operation is here that a person has placed, and neither we nor the outside alone."""
    if not seen.placed_by:
        return ""
    return DECIDED if seen.source is Source.PERSON else ACCEPTED


def _about(operation: Operation, seen: Observation) -> Operation:
    """One charge may be named by its key and by its reference; the lesser name is kept, whichever came first."""
    if operation.key or not seen.about:
        return operation
    return changed(operation, about=min(operation.about or seen.about, seen.about))


def _remembering(before: Operation, seen: Observation, after: Operation) -> Operation:
    """A bank tells once why it takes money: a later word of its verdict does not take the reason away."""
    if after.kind is not EffectKind.CHARGEBACK:
        return after
    told = {*before.details, *before.other_details, *seen.details}
    others = tuple(sorted(told.difference(after.details)))
    return after if others == after.other_details else changed(after, other_details=others)


def _absorb(state: Intent, id: OperationId, at: datetime) -> Intent:
    """Our own operation takes over what was heard of it before the provider told which one it was."""
    own = _operation(state, id)
    if not own.key:
        return state
    same = [
        each
        for each in state.operations
        if not each.key and (each.provider, each.kind) == (own.provider, own.kind)
        if set(each.references) & set(own.references) and (each.reason != ACCEPTED or each.amount == own.amount)
    ]
    for each in same:
        state = changed(state, operations=tuple(other for other in state.operations if other.id != each.id))
        if each.amount == own.amount:
            state = _with(state, effects.join(_operation(state, id), each))
        else:
            for fact in each.facts:
                state = _review(state, Review(fact, "effects.other_amount", id, each.amount, at))
    return state


def _operation(state: Intent, id: OperationId) -> Operation:
    if (known := state.operation(id)) is None:
        raise LookupError(f"intent {state.id} has no operation {id}")
    return known


def _with(state: Intent, operation: Operation) -> Intent:
    others = [each for each in state.operations if each.id != operation.id]
    return changed(state, operations=tuple(sorted((*others, operation), key=_place)))


def _place(operation: Operation) -> tuple[bool, int, int, str]:
    """Requested operations by epoch and number, then the outside's own by digest."""
    wished = requested_as(operation.id)
    return (True, 0, 0, operation.id) if wished is None else (False, wished.epoch, wished.number, "")


def _set_aside(state: Intent, event: ObservationSetAside) -> Intent:
    seen = event.observation
    return _review(state, Review(seen.fact, event.reason, event.operation_id, seen.amount, event.at))


def _review(state: Intent, review: Review) -> Intent:
    reviews = tuple(sorted({*state.reviews, review}, key=lambda each: (each.fact, each.reason, each.operation_id)))
    noted = changed(state, reviews=reviews)
    known = state.operation(review.operation_id)
    return noted if known is None else _with(noted, effects.marked(effects.flag(known, review.reason), review.at))


def _decided(state: Intent, decision: Decision) -> Intent:
    """A reason for which a person has looked is none any more, unless another observation gives it as well."""
    after = changed(state, decisions=(*state.decisions, decision))
    about = next((each for each in state.reviews if observation_case(state.id, each) == decision.case), None)
    known = state.operation(about.operation_id if about else decision.case)
    if known is None:
        return after
    left = {each.reason for each in waiting_reviews(after) if each.operation_id == known.id}
    unflagged = known if decision.why in left else effects.unflag(known, decision.why)
    return _with(after, effects.marked(unflagged, decision.at))


def evolve_quarantine(state: Quarantine | None, event: Event) -> Quarantine:
    """The quarantined observation after *event*."""
    match event:
        case ObservationQuarantined() if state is None:
            return Quarantine(event.quarantine_id, 1, event.observation, event.reason, event.at)
        case QuarantineDecided(decision=decision) if state is not None:
            return changed(state, version=state.version + 1, decision=decision)
        case _:
            raise TypeError(f"a quarantine doesn't know {type(event).__name__}")
