"""What of a payment waits for a person: one pure function of its intent, so that no list of it can drift."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Final

import attrs

from tokolib.effects.lifecycle import TWO_REFERENCES, is_open
from tokolib.effects.model import EffectKind, EffectState, Operation
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.ids import IntentId
from tokolib.kernel.money import Money
from tokolib.payments.disputes import DisputeState
from tokolib.payments.model import Intent
from tokolib.payments.set_aside import Review
from tokolib.payments.tenders import LOCAL, STORED
from tokolib.payments.totals import HANDED_OVER, STOPPED

K = EffectKind
CAPTURE_FAILED: Final = "payments.capture_failed"
RELEASE_FAILED: Final = "payments.release_failed"
REFUSALS: Final = frozenset({CAPTURE_FAILED, RELEASE_FAILED})
"""Reasons of an observation that was taken in, and asks for a person all the same."""
TO_HAND_OVER: Final = "payments.to_hand_over"
NOBODY_TO_ASK: Final = "payments.nobody_to_ask"
REFUND_REFUSED: Final = "payments.refund_refused"
VOID_REFUSED: Final = "payments.void_refused"
TO_ANSWER: Final = "payments.dispute_to_answer"
MONEY_LOST: Final = "payments.money_lost"


class CaseKind(StrEnum):
    """What a person has to do with a thing of a payment."""

    OPERATION = "operation"
    """Find out what became of a charge, refund or other wish."""
    OBSERVATION = "observation"
    """Say whether something that contradicts the books is true."""
    REFUSED = "refused"
    """See to what a provider has refused: a refund, a release, a capture."""
    UNASKED = "unasked"
    """Bring back the gateway that is to be asked, or find out without it."""
    DISPUTE = "dispute"
    """Answer a customer's bank."""
    LOSS = "loss"
    """Ask for money that went back twice."""
    PAYOUT = "payout"
    """Hand money over."""


@attrs.frozen(kw_only=True)
class Case:
    """One thing of a payment that waits for a person."""

    id: str
    kind: CaseKind
    why: str
    """The code of the reason."""
    amount: Money
    since: datetime
    operation: Operation | None
    """What it is about; None for an observation that fits nothing, and for a loss."""
    review: Review | None = None
    """The observation that was set aside, if it is one."""


def cases(intent: Intent) -> tuple[Case, ...]:
    """All that waits for a person, the longest waiting first; what was decided is left out.

    Of an operation a decision takes the reason itself away: one that comes again is a new one.
    """
    found = [*_of_operations(intent), *_of_reviews(intent), *_of_disputes(intent), *_of_losses(intent)]
    if not found:
        return ()
    decided = {(each.case, each.why) for each in intent.decisions}
    found = [each for each in found if each.kind is CaseKind.OPERATION or (each.id, each.why) not in decided]
    return tuple(sorted(found, key=lambda each: (each.since, each.id)))


def waits_since(intent: Intent) -> tuple[datetime | None, datetime | None]:
    """Since when the first of its payouts waits, and of all other cases; None where none does."""
    payouts, others = None, None
    for each in reversed(cases(intent)):
        if each.kind is CaseKind.PAYOUT:
            payouts = each.since
        else:
            others = each.since
    return payouts, others


def observation_case(intent_id: IntentId, review: Review) -> str:
    """The id of the case that an observation which was set aside is."""
    return f"{intent_id}.o{fingerprint(review.fact, review.reason, review.operation_id)[:12]}"


def waiting_reviews(intent: Intent) -> tuple[Review, ...]:
    """The observations that were set aside and nobody has decided."""
    decided = {each.case for each in intent.decisions}
    return tuple(each for each in intent.reviews if observation_case(intent.id, each) not in decided)


def _of_operations(intent: Intent) -> Iterator[Case]:
    for each in intent.operations:
        if (told := _told(intent, each)) is not None:
            kind, why, since = told
            yield Case(id=each.id, kind=kind, why=why, amount=each.amount, since=since, operation=each)


def _told(intent: Intent, one: Operation) -> tuple[CaseKind, str, datetime] | None:
    """What is to be done about *one*, why, and since when; None when a machine goes on."""
    since = one.waits_since or one.requested_at
    if one.state is EffectState.REVIEW:
        return CaseKind.OPERATION, ", ".join(one.reviews), since
    if is_open(one):
        if one.kind is K.REFUND and one.provider in LOCAL:
            return CaseKind.PAYOUT, TO_HAND_OVER, one.requested_at
        return (CaseKind.UNASKED, NOBODY_TO_ASK, one.unasked_since) if one.unasked_since else None
    if TWO_REFERENCES in one.reviews:
        return CaseKind.OPERATION, TWO_REFERENCES, since
    if one.standing is EffectState.FAILED:
        if one.kind is K.REFUND and one.provider not in STORED and one.id in _missed(intent, one.amount):
            return None if _went_to_the_bank(intent, one) else (CaseKind.REFUSED, REFUND_REFUSED, since)
        if one.kind is K.VOID and _still_asked(intent, one):
            return CaseKind.REFUSED, VOID_REFUSED, since
    return None


def _went_to_the_bank(intent: Intent, refund: Operation) -> bool:
    """Whether *refund* was stopped because a bank has taken, or asks for, what it was to give back, and still does."""
    sums = intent.totals
    still = sums.taken_back or sums.claimed or refund.amount.minor_units > sums.refundable
    return refund.failure in STOPPED and bool(still)


def _missed(intent: Intent, amount: Money) -> list[str]:
    """The refunds of *amount* that were refused, and for which no later one of as much stands; each stands for one.

    Nobody misses one that was stopped since the money had gone back by another.
    """
    missed: list[str] = []
    for each in intent.operations:
        if each.kind is not K.REFUND or each.amount != amount or each.failure == HANDED_OVER:
            continue
        if each.standing is EffectState.FAILED:
            missed.append(each.id)
        elif missed:
            missed.pop(0)
    return missed


def _still_asked(intent: Intent, void: Operation) -> bool:
    """Whether the customer can still pay what was to be given up, and nobody has asked again since."""
    charge = intent.operation(void.about)
    if charge is None or charge.kind is not K.CHARGE or not is_open(charge):
        return False
    return intent.voids(charge)[-1].id == void.id


def _of_reviews(intent: Intent) -> Iterator[Case]:
    for review in intent.reviews:
        about = intent.operation(review.operation_id)
        if review.reason in REFUSALS and (about is None or _asked_again(intent, about)):
            continue
        if review.reason == RELEASE_FAILED and not _still_reserved(intent, about):
            continue
        yield Case(
            id=observation_case(intent.id, review),
            kind=CaseKind.REFUSED if review.reason in REFUSALS else CaseKind.OBSERVATION,
            why=review.reason,
            amount=review.amount,
            since=review.at,
            operation=about,
            review=review,
        )


def _asked_again(intent: Intent, refused: Operation) -> bool:
    """Whether the same was asked for once more, and that was not refused, or not yet."""
    at = intent.operations.index(refused)
    later = (each for each in intent.operations[at + 1 :] if (each.kind, each.about) == (refused.kind, refused.about))
    return any(each.standing is not EffectState.FAILED for each in later)


def _still_reserved(intent: Intent, void: Operation | None) -> bool:
    return void is not None and any(each.authorisation.id == void.about and each.free for each in intent.reserves)


def _of_disputes(intent: Intent) -> Iterator[Case]:
    for each in intent.disputes:
        about = intent.operation(each.id)
        if each.state is DisputeState.OPENED and about is not None:
            since, id = about.requested_at, f"{each.id}.dispute"
            yield Case(id=id, kind=CaseKind.DISPUTE, why=TO_ANSWER, amount=each.amount, since=since, operation=about)


def _of_losses(intent: Intent) -> Iterator[Case]:
    """What went back twice for certain: a refund that has no answer may still fail."""
    sums = intent.totals
    if (lost := sums.lost - sums.pending_refund) <= 0:
        return
    taken = (K.CHARGEBACK, K.REVERSAL, K.REFUND)
    told = (each.requested_at for each in intent.operations if each.kind in taken)
    yield Case(
        id=f"{intent.id}.loss{lost}",
        kind=CaseKind.LOSS,
        why=MONEY_LOST,
        amount=Money(lost, intent.amount.currency),
        since=max(told, default=intent.opened_at),
        operation=None,
    )
