"""How payments, a shop's plans for them, its word on tenders, and observations that belong to nothing, are stored."""

from typing import Final

from tokolib.effects.model import Operation
from tokolib.effects.queue import place
from tokolib.kernel.clock import sortable
from tokolib.kernel.rows import Facts, Row
from tokolib.payments import events as payments
from tokolib.payments.accepting.events import TenderPut
from tokolib.payments.accepting.lifecycle import evolve_tender
from tokolib.payments.accepting.model import TenderPolicy
from tokolib.payments.lifecycle import evolve as evolve_intent
from tokolib.payments.lifecycle import evolve_quarantine
from tokolib.payments.model import Intent
from tokolib.payments.plans.events import PlanPut
from tokolib.payments.plans.lifecycle import evolve_plan
from tokolib.payments.plans.model import PlanOffer
from tokolib.payments.set_aside import Quarantine
from tokolib.payments.waiting import waits_since
from tokolib.records import collections
from tokolib.records.record import Record


def _intent_row(intent: Intent) -> Row:
    ask_at = intent.ask_at
    payouts, others = waits_since(intent)
    return {
        "order_id": intent.order_id,
        "ask_at": sortable(ask_at) if ask_at else None,
        "notice_at": sortable(intent.notice_at) if intent.notice_at else None,
        "absent": intent.absent,
        "waits": place(others, intent.id),
        "payout": place(payouts, intent.id),
    }


def _intent_facts(intent: Intent) -> Facts:
    return {collections.PAYMENT_OPERATIONS.name: [_operation_facts(each) for each in intent.operations]}


def _operation_facts(operation: Operation) -> Row:
    return {
        "operation_id": operation.id,
        "order_id": operation.subject,
        "kind": operation.kind.value,
        "state": operation.state.value,
        "provider": operation.provider,
        "currency": operation.amount.currency.code,
        "currency_digits": operation.amount.currency.digits,
        "amount": operation.amount.minor_units,
        "attempt": operation.attempt,
        "reference": operation.reference,
        "about": operation.about,
        "reason": operation.reason,
        "failure": operation.failure,
        "requested_at": sortable(operation.requested_at),
    }


INTENTS: Final = Record(
    collection=collections.INTENTS,
    noun="payment",
    cls=Intent,
    evolve=evolve_intent,
    events=(
        payments.IntentOpened,
        payments.OperationRequested,
        payments.OperationLeased,
        payments.SendingPresumed,
        payments.OperationUnasked,
        payments.Observed,
        payments.EvidenceSubmitted,
        payments.ObservationSetAside,
        payments.CaseDecided,
        payments.AmountChanged,
        payments.DifferenceSettled,
        payments.PlanStarted,
        payments.InstalmentDue,
        payments.InstalmentOverdue,
        payments.RestCalled,
        payments.IntentStopped,
        payments.CardBought,
        payments.CardTakenBack,
        payments.IntentClosed,
        payments.IntentReopened,
    ),
    row=_intent_row,
    fact_rows=_intent_facts,
)

QUARANTINES: Final = Record(
    collection=collections.QUARANTINES,
    noun="quarantined observation",
    cls=Quarantine,
    evolve=evolve_quarantine,
    events=(payments.ObservationQuarantined, payments.QuarantineDecided),
    row=lambda each: {"waits": None if each.decision is not None else place(each.at, each.id)},
)

TENDERS: Final = Record(
    collection=collections.TENDERS,
    noun="policy of a tender",
    cls=TenderPolicy,
    evolve=evolve_tender,
    reference=True,
    events=(TenderPut,),
)

PAYMENT_PLANS: Final = Record(
    collection=collections.PAYMENT_PLANS,
    noun="payment plan",
    cls=PlanOffer,
    evolve=evolve_plan,
    reference=True,
    events=(PlanPut,),
)
