"""How payments, and observations that belong to nothing, are stored."""

from typing import Final

from tokolib.kernel.clock import sortable
from tokolib.payments import events as payments
from tokolib.payments.lifecycle import evolve as evolve_intent
from tokolib.payments.lifecycle import evolve_quarantine
from tokolib.payments.model import Intent, Quarantine
from tokolib.records import collections
from tokolib.records.record import Record

INTENTS: Final = Record(
    collection=collections.INTENTS,
    noun="payment",
    cls=Intent,
    evolve=evolve_intent,
    events=(
        payments.IntentOpened,
        payments.OperationRequested,
        payments.OperationLeased,
        payments.Observed,
        payments.ObservationSetAside,
        payments.AmountChanged,
        payments.IntentClosed,
        payments.IntentReopened,
    ),
    row=lambda intent: {
        "order_id": intent.order_id,
        "ask_at": sortable(intent.ask_at) if intent.ask_at else None,
    },
)

QUARANTINES: Final = Record(
    collection=collections.QUARANTINES,
    noun="quarantined observation",
    cls=Quarantine,
    evolve=evolve_quarantine,
    events=(payments.ObservationQuarantined,),
)
