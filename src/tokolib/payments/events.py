"""What happens to an intent. `payments.observed` holds each observation whole, so the history is the evidence."""

from datetime import date, datetime
from typing import ClassVar

import attrs

from tokolib.effects.model import Observation, Operation
from tokolib.kernel.events import Event
from tokolib.kernel.ids import GiftCardId, IntentId, OperationId, OrderId
from tokolib.kernel.money import Money
from tokolib.kernel.policies import RefundOrder
from tokolib.payments.disputes import Evidence
from tokolib.payments.model import BoughtCard
from tokolib.payments.plans.model import PaymentPlan
from tokolib.payments.set_aside import Decision
from tokolib.payments.states import Closing
from tokolib.payments.tenders import Settlement
from tokolib.payments.terms import NONE, Terms


@attrs.frozen(kw_only=True)
class IntentOpened(Event):
    """An order is to be paid."""

    topic: ClassVar[str] = "payments.intent_opened"
    intent_id: IntentId
    order_id: OrderId
    amount: Money
    tender: str
    settlement: Settlement
    at: datetime
    due_until: datetime | None
    account: str
    authorises: bool = False
    refund_order: RefundOrder = RefundOrder.LATEST_FIRST
    terms: Terms = NONE
    plan: PaymentPlan | None = None


@attrs.frozen
class OperationRequested(Event):
    """A charge, a refund or a void was decided on and stored with its key, before anybody was asked."""

    topic: ClassVar[str] = "payments.operation_requested"
    operation: Operation


@attrs.frozen
class OperationLeased(Event):
    """A runner took an operation, to send it or to look it up."""

    topic: ClassVar[str] = "payments.operation_leased"
    operation_id: OperationId
    at: datetime
    lease_until: datetime
    next_at: datetime | None
    """When to ask again; None when nobody can be asked any more."""
    send: bool


@attrs.frozen
class OperationUnasked(Event):
    """The shop has no gateway of this name any more: the operation waits for it, or for a person."""

    topic: ClassVar[str] = "payments.operation_unasked"
    operation_id: OperationId
    at: datetime


@attrs.frozen
class SendingPresumed(Event):
    """The storage was restored: the operation may have been sent since the backup, under its key."""

    topic: ClassVar[str] = "payments.sending_presumed"
    operation_id: OperationId
    at: datetime


@attrs.frozen
class Observed(Event):
    """A new fact about an operation. One that nobody here had requested is added by it."""

    topic: ClassVar[str] = "payments.observed"
    operation_id: OperationId
    observation: Observation
    at: datetime


@attrs.frozen
class EvidenceSubmitted(Event):
    """The shop answered in a dispute."""

    topic: ClassVar[str] = "payments.evidence_submitted"
    evidence: Evidence


@attrs.frozen
class ObservationSetAside(Event):
    """An observation contradicts the books; no money moved, and a person looks."""

    topic: ClassVar[str] = "payments.observation_set_aside"
    operation_id: str
    observation: Observation
    reason: str
    at: datetime


@attrs.frozen
class CaseDecided(Event):
    """A person has decided what no rule could."""

    topic: ClassVar[str] = "payments.case_decided"
    decision: Decision


@attrs.frozen
class AmountChanged(Event):
    """What is due in all has changed."""

    topic: ClassVar[str] = "payments.amount_changed"
    amount: Money


@attrs.frozen
class DifferenceSettled(Event):
    """Of what is missing so much is written off by now, of what was paid too much so much kept, in minor units."""

    topic: ClassVar[str] = "payments.difference_settled"
    written_off: int
    retained: int


@attrs.frozen
class PlanStarted(Event):
    """The deposit of a payment plan came, and the order was placed: the other instalments follow on their days."""

    topic: ClassVar[str] = "payments.plan_started"
    at: datetime


@attrs.frozen
class InstalmentDue(Event):
    """The day of an instalment has come: told once, for whoever sends reminders."""

    topic: ClassVar[str] = "payments.instalment_due"
    number: int
    due_on: date
    left: Money
    at: datetime


@attrs.frozen
class InstalmentOverdue(Event):
    """The day of an instalment has passed, and its days of grace: told once."""

    topic: ClassVar[str] = "payments.instalment_overdue"
    number: int
    due_on: date
    left: Money
    at: datetime


@attrs.frozen
class RestCalled(Event):
    """An instalment is overdue, and by the plan's late rule the whole rest is due on that day."""

    topic: ClassVar[str] = "payments.rest_called"
    on: date
    at: datetime


@attrs.frozen
class CardBought(Event):
    """A line of the order became a gift card."""

    topic: ClassVar[str] = "payments.card_bought"
    card: BoughtCard


@attrs.frozen
class CardTakenBack(Event):
    """A gift card that it paid for is none any more."""

    topic: ClassVar[str] = "payments.card_taken_back"
    card_id: GiftCardId


@attrs.frozen
class IntentStopped(Event):
    """Nothing more is to be collected; a charge that is open is still waited for."""

    topic: ClassVar[str] = "payments.intent_stopped"
    at: datetime


@attrs.frozen
class IntentClosed(Event):
    """No more money is expected."""

    topic: ClassVar[str] = "payments.intent_closed"
    closed: Closing
    at: datetime


@attrs.frozen
class IntentReopened(Event):
    """A late payment was accepted after all."""

    topic: ClassVar[str] = "payments.intent_reopened"
    at: datetime


@attrs.frozen
class ObservationQuarantined(Event):
    """An observation belongs to nothing in this shop."""

    topic: ClassVar[str] = "payments.observation_quarantined"
    quarantine_id: str
    observation: Observation
    reason: str
    at: datetime


@attrs.frozen
class QuarantineDecided(Event):
    """A person has found out what an observation is that belonged to nothing, or put it away."""

    topic: ClassVar[str] = "payments.quarantine_decided"
    decision: Decision
