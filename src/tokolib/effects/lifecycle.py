"""The fold: what is known of an operation is the highest fact seen, whatever came first.

Facts have a place in an order: first by tier (nothing, silence, under way, definite), then by the provider's own
sequence within the tier, then by rank. Folding takes the higher of two places, so it does not depend on the
order of arrival, on duplicates or on clocks. Nothing is final success: with a higher sequence "failed" follows
"succeeded" (some banks take a payment back minutes later), and a late payment follows "failed" by rank.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from tokolib.effects.model import SETTLED, Details, EffectState, Observation, Operation
from tokolib.kernel.changed import changed
from tokolib.kernel.machine import Edge, Guard, Kind, Machine

S = EffectState
TWO_REFERENCES: Final = "effects.two_references"
"""The reason of a review: the provider knows one wish under two names, as if it had been carried out twice."""


class OperationBegins(StrEnum):
    """How we come to know of an operation."""

    WISHED = "wished"
    HEARD_OF = "heard_of"
    """The outside did it by itself: a receipt, a reversal, a dispute."""


PLACES: Final[Mapping[EffectState, tuple[int, int]]] = {  # tier, rank
    S.REQUESTED: (0, 0),
    S.UNKNOWN: (1, 0),
    S.ACTION_REQUIRED: (2, 0),
    S.PENDING: (2, 1),
    S.FAILED: (3, 0),
    S.SUCCEEDED: (3, 1),
}
"""Where each fact stands in the order of the fold."""

_Place = tuple[int, int, int, str, Details]


def _place(state: EffectState, sequence: int, failure: str, details: Details) -> _Place:
    tier, rank = PLACES[state]
    return tier, sequence, rank, failure, details


def _stands_above(pair: "tuple[Operation, Observation]") -> bool:
    operation, seen = pair
    return _place(seen.state, seen.sequence, seen.failure, seen.details) > _standing(operation)


above: Final = Guard[tuple[Operation, Observation]](
    "above",
    "the fact stands above what is known",
    _stands_above,
)

_BEGUN_BY: Final = (
    "orders.place",
    "orders.cancel",
    "orders.capture",
    "orders.grant_allowance",
    "payments.received",
    "payments.charge",
    "payments.refund",
    "payments.submit_evidence",
    "payments.decide_dispute",
    "reviews.accept",
    "shipments.hand_over",
    "shipments.cancel",
    "shipments.picked",
    "shipments.buy_labels",
    "shipments.void_label",
    "return_labels.buy",
    "return_labels.void",
    "pickups.book",
    "pickups.cancel",
    "shipments.collected",
    "shipments.end_missed",
    "manifests.close",
    "returns.accept",
    "returns.undelivered",
    "exchanges.complete",
    "claims.approve",
    "invoices.issue",
    "invoices.credit",
    "invoices.file",
    "webhooks.receive",
    "tick",
)
"""Whoever wishes for something asks at once, after the commit."""
_ASKED_AGAIN: Final = ("payments.advance", "shipments.advance_label", "return_labels.advance", "pickups.advance")
_SEEN_BY: Final = (*_ASKED_AGAIN, *_BEGUN_BY)
_SAID_BY: Final = (
    "payments.resolve",
    "payments.paid_out",
    "payments.payout_failed",
    "payments.decide_dispute",
    "reviews.accept",
    "invoices.credit",
    "invoices.resolve",
    "invoices.stated_by_hand",
    "shipments.resolve_label",
    "return_labels.resolve",
    "pickups.resolve",
)


def _seen(*states: EffectState, by: tuple[str, ...] = _SEEN_BY) -> dict[Kind, Edge[EffectState]]:
    """Edges for facts: whoever asks, or is told, brings them; a definite one may be a person's word."""
    said = {state: (*by, *_SAID_BY) if state in SETTLED else by for state in states}
    return {state: Edge(state, said[state], () if state is S.REVIEW else (above,)) for state in states}


def _told(state: EffectState, *by: str) -> dict[Kind, Edge[EffectState]]:
    """The edge out of a definite answer: nobody asks any more, so only the provider can tell, or whoever it told."""
    return {state: Edge(state, ("webhooks.receive", *by), (above,))}


OPERATION: Final = Machine(
    name="operation",
    about="A charge, a refund, a label, a pickup, a tax document: a wish to the outside, and what is known of it.",
    states={
        S.REQUESTED: "stored; nobody was asked yet",
        S.UNKNOWN: "sent, or perhaps sent, and without an answer: only looking it up helps",
        S.ACTION_REQUIRED: "the provider waits for the customer",
        S.PENDING: "the provider is working on it",
        S.SUCCEEDED: "it happened; a later sequence of the provider's may still take it back",
        S.FAILED: "it did not happen, or was undone; a late payment may still follow",
        S.REVIEW: "something contradicts the books and nothing definite stands: a person looks",
    },
    begins={OperationBegins.WISHED: (S.REQUESTED,), OperationBegins.HEARD_OF: (*PLACES,)},
    begun_by=_BEGUN_BY,
    edges={
        S.REQUESTED: {
            **_seen(S.ACTION_REQUIRED, S.PENDING, S.SUCCEEDED, S.FAILED, S.REVIEW),
            S.UNKNOWN: Edge(S.UNKNOWN, (*_SEEN_BY, "after_restore"), (above,)),
        },
        S.UNKNOWN: _seen(S.ACTION_REQUIRED, S.PENDING, S.SUCCEEDED, S.FAILED, S.REVIEW),
        S.ACTION_REQUIRED: _seen(S.PENDING, S.SUCCEEDED, S.FAILED, S.REVIEW),
        S.PENDING: _seen(S.ACTION_REQUIRED, S.SUCCEEDED, S.FAILED, S.REVIEW),
        S.REVIEW: _seen(S.SUCCEEDED, S.FAILED, by=(*_ASKED_AGAIN, "webhooks.receive", "tick")),
        S.FAILED: _told(
            S.SUCCEEDED, "payments.paid_out", "invoices.resolve", "invoices.stated_by_hand"
        ),  # paid after it had expired, handed over before it was stopped, or filed by hand
        S.SUCCEEDED: _told(S.FAILED),  # taken back, by a higher sequence only
    },
    ends=SETTLED,
)
"""The life of an operation. What happens on its edges are facts: the state that somebody outside says it is in."""


def mismatch(operation: Operation, seen: Observation) -> str:
    """Why *seen* can't be about *operation*, as a reason code; empty when it can."""
    if seen.provider != operation.provider:
        return "effects.other_provider"
    if seen.kind != operation.kind:
        return "effects.other_kind"
    if seen.amount.currency != operation.amount.currency:
        return "effects.other_currency"
    if seen.amount != operation.amount:
        return "effects.other_amount"
    return ""


def fold(operation: Operation, seen: Observation) -> Operation:
    """*operation* after one more fact; the same when the fact was known."""
    if seen.fact in operation.facts:
        return operation
    changes = _noted(operation, seen)
    if seen.state is S.REVIEW:
        changes["reviews"] = _with(changes["reviews"], seen.failure or "effects.review")
    elif above((operation, seen)):
        changes |= {"standing": seen.state, "sequence": seen.sequence}
        changes |= {"failure": seen.failure, "details": seen.details}
        changes["lease_until"] = None if seen.state in SETTLED else operation.lease_until
    return changed(operation, **changes)


def _noted(operation: Operation, seen: Observation) -> dict[str, Any]:
    """What *seen* adds to what was seen before, whatever it says."""
    references = _with(operation.references, seen.reference) if seen.reference else operation.references
    another = len(references) > max(1, len(operation.references))
    reviews = _with(operation.reviews, TWO_REFERENCES) if another else operation.reviews
    return {"facts": _with(operation.facts, seen.fact), "references": references, "reviews": reviews}


def _with(known: tuple[str, ...], one: str) -> tuple[str, ...]:
    return known if one in known else tuple(sorted((*known, one)))


def join(operation: Operation, other: Operation) -> Operation:
    """*operation* with everything that is known of *other*, which turned out to be the same wish."""
    references = tuple(sorted({*operation.references, *other.references}))
    both = changed(
        operation,
        facts=tuple(sorted({*operation.facts, *other.facts})),
        references=references,
        reviews=tuple(sorted({*operation.reviews, *other.reviews})),
    )
    if _standing(other) > _standing(operation):
        both = changed(
            both, standing=other.standing, sequence=other.sequence, failure=other.failure, details=other.details
        )
    return flag(both, TWO_REFERENCES) if len(references) > 1 else both


def _standing(operation: Operation) -> _Place:
    return _place(operation.standing, operation.sequence, operation.failure, operation.details)


def flag(operation: Operation, reason: str) -> Operation:
    """*operation* with one more reason for a person to look; no fact and no money changes."""
    return changed(operation, reviews=_with(operation.reviews, reason))


def unflag(operation: Operation, reason: str) -> Operation:
    """*operation* with one reason less for a person to look, who has."""
    left = tuple(each for each in operation.reviews if each != reason)
    return operation if left == operation.reviews else changed(operation, reviews=left)


def marked(operation: Operation, at: datetime) -> Operation:
    """*operation* with the instant *at* since when a person may have to look, if it has come to that only now."""
    looks = bool(operation.reviews) or operation.standing is S.FAILED
    if looks is (operation.waits_since is not None):
        return operation
    return changed(operation, waits_since=at if looks else None)


def unasked(operation: Operation, *, at: datetime) -> Operation:
    """*operation* whose provider isn't there to be asked; as soon as it is back, it is its turn."""
    return changed(operation, unasked_since=operation.unasked_since or at)


def may_lease(operation: Operation, now: datetime, again_after: int | None, *, at_once: bool = False) -> bool:
    """Whether a runner may take *operation* now; with *again_after*, whether the lease is still its own.

    One in review may have been sent, and is never sent again; *at_once* it needn't be due. Nor need one whose provider
    was gone: it is back.
    """
    reviewed = operation.state is EffectState.REVIEW
    if operation.is_settled or operation.next_at is None or (reviewed and not operation.tries):
        return False
    if again_after is not None:
        return operation.tries == again_after and not reviewed
    due = operation.next_at <= now or operation.unasked_since is not None or (reviewed and at_once)
    return due and (operation.lease_until is None or operation.lease_until <= now)


def sends(operation: Operation, again_after: int | None) -> bool:
    """Whether a runner that leases *operation* sends it: for the first time, or again after so many tries of its own;
    else it looks it up.
    """
    return operation.tries == 0 or again_after is not None


def leased(
    operation: Operation, *, at: datetime, lease_until: datetime, next_at: datetime | None, send: bool
) -> Operation:
    """*operation* taken by a runner that will send it, or look it up. From now on it may have happened."""
    silent = operation.standing is S.REQUESTED
    return changed(
        operation,
        standing=S.UNKNOWN if silent else operation.standing,
        tries=operation.tries + 1,
        first_sent_at=(operation.first_sent_at or at) if send else operation.first_sent_at,
        sent_at=at if send else operation.sent_at,
        lease_until=lease_until,
        next_at=next_at,
        unasked_since=None,
    )


def presumed_sent(operation: Operation, *, at: datetime) -> Operation:
    """*operation* as it must be taken after the storage was restored *at* that instant: whoever had it in the time
    that was lost may have sent it, as early as it was wished for and as late as now. So it is looked up first.
    """
    silent = operation.standing is S.REQUESTED
    return changed(
        operation,
        standing=S.UNKNOWN if silent else operation.standing,
        tries=max(1, operation.tries),
        first_sent_at=operation.first_sent_at or operation.requested_at,
        sent_at=at,
        lease_until=None,
        next_at=at,
    )


def is_open(operation: Operation) -> bool:
    """Whether it may still happen by itself: no definite answer stands."""
    return operation.standing not in SETTLED
