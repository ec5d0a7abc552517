"""A wish to the outside world and what is seen of it: `Operation` and `Observation`.

The wish is stored with its key before anybody is asked. What comes back, by answer, webhook, query or a
person's word, is an observation; `lifecycle` folds observations into the operation.
"""

from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

import attrs

from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.clock import aware
from tokolib.kernel.ids import OperationId
from tokolib.kernel.money import Money


class EffectKind(StrEnum):
    """What is wished for, or what the outside did by itself (reversal, chargeback)."""

    CHARGE = "charge"
    AUTHORISE = "authorise"
    CAPTURE = "capture"
    VOID = "void"
    REFUND = "refund"
    REVERSAL = "reversal"
    """A payment that had settled was taken back by the provider, without a dispute."""
    CHARGEBACK = "chargeback"
    CHARGEBACK_REVERSAL = "chargeback_reversal"
    EVIDENCE = "evidence"
    """What the shop answers in a dispute."""
    LABEL = "label"
    LABEL_VOID = "label_void"
    RETURN_LABEL = "return_label"
    """A courier carries goods back from their customer."""
    RETURN_LABEL_VOID = "return_label_void"
    PICKUP = "pickup"
    """A courier fetches parcels."""
    PICKUP_CANCEL = "pickup_cancel"
    TAX_COMMIT = "tax_commit"
    """A tax provider keeps an issued invoice."""
    TAX_VOID = "tax_void"
    """A tax provider takes an invoice back whole, as if it had never been issued."""
    TAX_REFUND = "tax_refund"
    """A tax provider keeps what a credit note takes off an invoice."""


class EffectState(StrEnum):
    """How far an operation is, as far as anybody knows."""

    REQUESTED = "requested"
    """Stored; nobody was asked yet."""
    UNKNOWN = "unknown"
    """It was sent, or may have been, and there is no answer. Only looking it up helps."""
    ACTION_REQUIRED = "action_required"
    """The provider waits for the customer."""
    PENDING = "pending"
    """The provider is working on it."""
    SUCCEEDED = "succeeded"
    """It happened. Not final: it can still be reversed."""
    FAILED = "failed"
    """It definitely did not happen, or was undone."""
    REVIEW = "review"
    """Something contradicts our books and no definite answer stands; a person looks."""


class Source(StrEnum):
    """How an observation reached us."""

    ANSWER = "answer"
    WEBHOOK = "webhook"
    QUERY = "query"
    PERSON = "person"
    SHOP = "shop"
    """Our own decision about a wish that never left the house."""


SETTLED = frozenset({EffectState.SUCCEEDED, EffectState.FAILED})
Details = tuple[tuple[str, str], ...]


def _aware(_: object, field: "attrs.Attribute[Any]", value: datetime) -> None:
    aware(value, field.name)


@attrs.frozen(kw_only=True)
class Observation:
    """What was seen of the outside world, once. Only the first four fields, `reference`, `about`, `sequence`,
    `failure` and `details` make the fact that is folded; the others say which operation is meant, and are evidence.
    """

    provider: str
    """The name under which the shop knows the gateway, courier or local method."""
    kind: EffectKind
    state: EffectState
    amount: Money
    occurred_at: datetime = attrs.field(validator=_aware)
    """When the provider says it happened; evidence, never used to order facts."""
    source: Source
    intent: str = ""
    operation_id: str = ""
    key: str = ""
    """Our idempotency key, as the provider echoes it."""
    reference: str = ""
    """The provider's own name for the charge, refund, label or tax document."""
    about: str = ""
    """The provider's reference, or our key, of the charge that a refund, reversal or dispute is about."""
    sequence: int = 0
    """The provider's own order of states within one operation, when it has one; else 0, and rank decides."""
    failure: str = ""
    """Why it failed, as a stable code or the provider's word."""
    details: Details = ()
    """What the customer needs: `(("kind", "va"), ("code", "8808…"))`."""
    raw_digest: str = ""
    """SHA-256 of the raw bytes, for disputes about what was said."""
    actor: str = ""
    """Who said it, when the source is a person."""
    placed_by: str = ""
    """Who said whose it is, where no rule could tell."""

    @cached_property
    def fact(self) -> str:
        """What it says, as a short digest: two observations of one fact have the same, whatever their source."""
        said = (self.provider, self.kind, self.state, self.amount, self.reference, self.about, self.sequence)
        return fingerprint(said, self.failure, self.details)[:16]


@attrs.frozen(kw_only=True)
class Operation:
    """One attempt at one wish, and the fold of what was seen of it."""

    id: OperationId
    kind: EffectKind
    provider: str
    intent: str
    """The aggregate that keeps this operation, such as the payment intent."""
    subject: str
    """What it is for: the order."""
    amount: Money
    attempt: int
    """Rises only after a definite failure."""
    key: str
    """The idempotency key, made of (intent, operation, attempt)."""
    requested_at: datetime
    reason: str = ""
    about: str = ""
    """The operation that this one refunds, captures or reverses."""
    standing: EffectState = EffectState.REQUESTED
    """The highest fact seen, without regard to reviews."""
    sequence: int = 0
    failure: str = ""
    details: Details = ()
    """What the highest fact tells."""
    other_details: Details = ()
    """What other facts of a chargeback tell and the highest does not repeat, sorted: why the bank took it, say."""
    references: tuple[str, ...] = ()
    """Every provider's reference seen, sorted; more than one asks for a review."""
    facts: tuple[str, ...] = ()
    """The digests of all facts folded in, sorted."""
    reviews: tuple[str, ...] = ()
    """Why a person should look, sorted."""
    tries: int = 0
    """How often it was leased: sent or looked up."""
    first_sent_at: datetime | None = None
    """When it was leased to be sent for the first time: a provider remembers its key from then on."""
    sent_at: datetime | None = None
    """When it was leased to be sent the last time."""
    lease_until: datetime | None = None
    next_at: datetime | None = None
    """When to send or ask next; None for what no machine can advance."""
    unasked_since: datetime | None = None
    """Since when the provider that is to be asked is none of the shop's any more."""
    waits_since: datetime | None = attrs.field(default=None, eq=False)
    """Since when a person may have to look: a review was asked for, or the answer was no."""

    @property
    def state(self) -> EffectState:
        """The state: a definite fact stands, without one a review hides guesses."""
        if self.reviews and self.standing not in SETTLED:
            return EffectState.REVIEW
        return self.standing

    @property
    def reference(self) -> str:
        """The provider's reference; empty until one was seen."""
        return self.references[0] if self.references else ""

    @property
    def is_settled(self) -> bool:
        """Whether a definite answer stands."""
        return self.standing in SETTLED

    @property
    def succeeded(self) -> bool:
        """Whether it happened, as far as is known."""
        return self.standing is EffectState.SUCCEEDED


class Verdict(StrEnum):
    """What became of an observation."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    """The fact was known; nothing changed."""
    QUARANTINED = "quarantined"
    """It contradicts our books, or belongs to nothing here; kept for a person, no money moved."""


@attrs.frozen
class Outcome:
    """What became of an observation: which operation it met, and why it was set aside if it was."""

    verdict: Verdict
    intent: str = ""
    subject: str = ""
    operation: Operation | None = None
    reason: str = ""
