"""Disputes: a customer's bank asks for money back, the shop may answer with evidence, and the bank decides.

A dispute is derived from what was observed of its chargeback, and from the evidence that was stored for it.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Final, NamedTuple

import attrs

from tokolib.effects.keys import seen_operation_id
from tokolib.effects.lifecycle import is_open
from tokolib.effects.model import EffectKind, EffectState, Operation
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.ids import OperationId, OrderId
from tokolib.kernel.machine import Case, Derived, Guard, otherwise
from tokolib.kernel.money import Money
from tokolib.payments.reserves import names

K = EffectKind
LOST: Final = ("outcome", "lost")
"""Among the details of a chargeback: the bank has decided for its customer."""
DECIDED: Final = "payments.dispute_decided"
"""The reason of money that came back because a person has said that the dispute is won."""
DECIDED_LOST: Final = "payments.dispute_lost"
DUE: Final = "evidence_due_until"
"""The detail that says until when evidence may come, as an ISO 8601 instant with its zone."""


class DisputeState(StrEnum):
    """How far a dispute is."""

    OPENED = "opened"
    EVIDENCE_SUBMITTED = "evidence_submitted"
    """The shop has answered; the bank decides."""
    WON = "won"
    """The money stays with the shop, or has come back."""
    LOST = "lost"


class _Heard(NamedTuple):
    """What the state of a dispute is read off."""

    standing: EffectState
    """What is known of its chargeback."""
    back: bool
    """Whether the money that was taken has come back."""
    lost: bool
    """Whether the bank has decided for its customer."""
    answered: bool
    """Whether evidence was handed on, or is being sent."""


_won: Final = Guard[_Heard](
    "won",
    "what was taken has come back, or nothing will be taken",
    lambda one: one.back or one.standing is EffectState.FAILED,
)
_lost: Final = Guard[_Heard]("lost", "the bank has decided for its customer", lambda one: one.lost)
_answered: Final = Guard[_Heard]("answered", "evidence was handed on, or is being sent", lambda one: one.answered)

DISPUTE: Final = Derived[DisputeState, _Heard](
    name="dispute",
    about="A customer's bank asks for money back: read off its chargeback and what the shop has answered.",
    states={
        DisputeState.OPENED: "the shop has not answered, or its answer was refused",
        DisputeState.EVIDENCE_SUBMITTED: "the shop has answered; the bank decides",
        DisputeState.WON: "the money stays with the shop, or has come back",
        DisputeState.LOST: "the money stays with the customer",
    },
    cases=(
        Case(DisputeState.WON, _won),
        Case(DisputeState.LOST, _lost),
        Case(DisputeState.EVIDENCE_SUBMITTED, _answered),
        otherwise(DisputeState.OPENED),
    ),
    ends=frozenset({DisputeState.WON, DisputeState.LOST}),
    exits={
        DisputeState.OPENED: ("payments.submit_evidence", "payments.decide_dispute", "payments.resolve"),
        DisputeState.EVIDENCE_SUBMITTED: ("payments.decide_dispute", "payments.resolve"),
    },
)
"""The life of a dispute."""


@attrs.frozen(kw_only=True)
class Evidence:
    """What the shop answers in a dispute: a text, and documents by name or address."""

    id: str
    dispute_id: OperationId
    text: str
    documents: tuple[str, ...]
    by: str
    at: datetime
    sent: bool
    """Whether the gateway is asked to hand it on; else a person does."""


@attrs.frozen(kw_only=True)
class Dispute:
    """One dispute over a payment."""

    id: OperationId
    """The id of the chargeback among the payment's operations."""
    order_id: OrderId
    provider: str
    reference: str
    amount: Money
    state: DisputeState
    taken: bool
    """Whether the bank has taken the money, for now or for good."""
    reason: str
    """Why the bank wants it back, in the provider's word for it; it stays, however the bank decides."""
    evidence_due_until: datetime | None
    evidence: tuple[Evidence, ...]

    @property
    def is_over(self) -> bool:
        """Whether the bank has decided."""
        return self.state in (DisputeState.WON, DisputeState.LOST)


def decided_id(intent_id: str, dispute_id: str) -> OperationId:
    """The id of the money that came back because a person has said that the dispute is won."""
    return seen_operation_id(intent_id, fingerprint(DECIDED, dispute_id)[:12])


def disputes(operations: Sequence[Operation], evidence: Sequence[Evidence]) -> tuple[Dispute, ...]:
    """The disputes among *operations*, with what was answered."""
    chargebacks = [each for each in operations if each.kind is K.CHARGEBACK and each.standing in _HEARD]
    if not chargebacks:
        return ()
    back = _reversed(chargebacks, operations)
    return tuple(_dispute(each, operations, evidence, won=each.id in back) for each in chargebacks)


_HEARD: Final = frozenset({EffectState.ACTION_REQUIRED, EffectState.PENDING, EffectState.SUCCEEDED, EffectState.FAILED})


def _reversed(chargebacks: Sequence[Operation], operations: Sequence[Operation]) -> frozenset[str]:
    """The chargebacks that were reversed: each by its own name, or by that of its charge and its amount.

    What is sure goes first: names, then equal amounts, then the rest, the largest first, each to a chargeback that it
    covers best. So nothing hangs on what the operations are called.
    """
    found: set[str] = set()
    unnamed: list[Operation] = []
    done = [each for each in operations if each.kind is K.CHARGEBACK_REVERSAL and each.succeeded]
    for reversal in sorted(done, key=_largest):
        named = [each for each in chargebacks if reversal.about in names(each)]
        if named:
            found.add(min(named, key=partial(_nearest, reversal)).id)
        else:
            unnamed.append(reversal)
    for exact in (True, False):
        unnamed = [each for each in unnamed if not _meets(each, chargebacks, operations, found, exact=exact)]
    return frozenset(found)


def _meets(
    reversal: Operation,
    chargebacks: Sequence[Operation],
    operations: Sequence[Operation],
    found: set[str],
    *,
    exact: bool,
) -> bool:
    """Whether *reversal* ends a chargeback over its charge that is not among those *found*; it is then one of them."""
    left = [
        each
        for each in chargebacks
        if each.id not in found and _one_charge(each, reversal, operations)
        if each.amount == reversal.amount or not exact
    ]
    if not left:
        return False
    found.add(min(left, key=partial(_nearest, reversal)).id)
    return True


def _largest(operation: Operation) -> tuple[int, tuple[str, ...]]:
    return -operation.amount.minor_units, operation.references


def _nearest(reversal: Operation, chargeback: Operation) -> tuple[bool, bool, bool, int, tuple[str, ...]]:
    """First what was taken and isn't lost, then what *reversal* does not exceed, then by how much they differ."""
    over = reversal.amount.minor_units - chargeback.amount.minor_units
    return not chargeback.succeeded, LOST in chargeback.details, over > 0, abs(over), chargeback.references


def _one_charge(one: Operation, other: Operation, operations: Sequence[Operation]) -> bool:
    both = {one.about, other.about}
    return len(both) == 1 or any(both <= names(each) for each in operations)


def _dispute(
    chargeback: Operation, operations: Sequence[Operation], evidence: Sequence[Evidence], *, won: bool
) -> Dispute:
    answers = tuple(each for each in evidence if each.dispute_id == chargeback.id)
    details = {**dict(reversed(chargeback.other_details)), **dict(chargeback.details)}
    return Dispute(
        id=chargeback.id,
        order_id=OrderId(chargeback.subject),
        provider=chargeback.provider,
        reference=chargeback.reference,
        amount=chargeback.amount,
        state=_state(chargeback, operations, answers, won=won),
        taken=chargeback.succeeded and not won,
        reason=details.get("reason", ""),
        evidence_due_until=_instant(details.get(DUE, "")),
        evidence=answers,
    )


def _instant(text: str) -> datetime | None:
    """The instant that a provider wrote; None for what is none, or has no zone."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None


def _state(
    chargeback: Operation, operations: Sequence[Operation], answers: Sequence[Evidence], *, won: bool
) -> DisputeState:
    sent = {each.reason for each in operations if each.kind is K.EVIDENCE and (each.succeeded or is_open(each))}
    answered = any(not each.sent or each.id in sent for each in answers)
    return DISPUTE.read(_Heard(chargeback.standing, won, LOST in chargeback.details, answered))
