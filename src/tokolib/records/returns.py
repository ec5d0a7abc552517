"""How returns, their labels, exchanges and claims are stored."""

from typing import Final

from tokolib.effects.queue import place
from tokolib.kernel.clock import sortable
from tokolib.records import collections
from tokolib.records.record import Record
from tokolib.returns import events as returns
from tokolib.returns.claims import events as claims
from tokolib.returns.claims.lifecycle import evolve as evolve_claim
from tokolib.returns.claims.model import Claim
from tokolib.returns.exchanges import events as exchanges
from tokolib.returns.exchanges.lifecycle import evolve as evolve_exchange
from tokolib.returns.exchanges.model import Exchange
from tokolib.returns.labels import events as labels
from tokolib.returns.labels.lifecycle import evolve_return_label
from tokolib.returns.labels.model import ReturnLabel
from tokolib.returns.lifecycle import evolve as evolve_return
from tokolib.returns.model import Return

RETURNS: Final = Record(
    collection=collections.RETURNS,
    noun="return",
    cls=Return,
    evolve=evolve_return,
    events=(
        returns.ReturnRequested,
        returns.ReturnProposed,
        returns.ReturnAgreed,
        returns.ReturnSettled,
        returns.ProposalDeclined,
        returns.ProposalLapsed,
        returns.ReturnShown,
        returns.ReturnAuthorised,
        returns.ReturnLabelAsked,
        returns.ReturnLabelWithdrawn,
        returns.ReturnLabelGone,
        returns.ReturnReceived,
        returns.ReturnInspected,
        returns.ReturnApproved,
        returns.ReturnAccepted,
        returns.ReturnRejected,
        returns.ReturnSetApart,
        returns.ReturnCancelled,
        returns.ReturnExpired,
        returns.ReturnRefined,
    ),
    row=lambda goods: {
        "order_id": goods.order_id,
        "state": goods.state.value,
        "lapses_at": None if goods.lapses_at is None else sortable(goods.lapses_at),
        "sub_state": goods.sub_state or None,
        "unused": goods.id if goods.is_idly_labelled else None,
    },
)

RETURN_LABELS: Final = Record(
    collection=collections.RETURN_LABELS,
    noun="return label",
    cls=ReturnLabel,
    evolve=evolve_return_label,
    events=(
        labels.ReturnLabelWished,
        labels.ReturnLabelVoidWished,
        labels.ReturnLabelLeased,
        labels.ReturnLabelUnasked,
        labels.ReturnLabelPresumed,
        labels.ReturnLabelObserved,
        labels.ReturnLabelResolved,
        labels.ReturnLabelScanned,
        labels.ReturnLabelReweighed,
    ),
    row=lambda label: {
        "return_id": label.return_id,
        "account": label.account,
        "state": label.state.value,
        "ask_at": sortable(label.ask_at) if label.ask_at else None,
        "absent": label.absent,
        "waits": place(label.waits_since, label.id),
    },
)

EXCHANGES: Final = Record(
    collection=collections.EXCHANGES,
    noun="exchange",
    cls=Exchange,
    evolve=evolve_exchange,
    events=(
        exchanges.ExchangeRequested,
        exchanges.ExchangeAuthorised,
        exchanges.ExchangeExtended,
        exchanges.ExchangeCompleted,
        exchanges.ExchangeRejected,
        exchanges.ExchangeCancelled,
        exchanges.ExchangeExpired,
    ),
    row=lambda each: {
        "order_id": each.order_id,
        "return_id": each.return_id,
        "state": each.state.value,
        "lapses_at": sortable(each.hold_until) if each.is_open else None,
    },
)

CLAIMS: Final = Record(
    collection=collections.CLAIMS,
    noun="claim",
    cls=Claim,
    evolve=evolve_claim,
    events=(
        claims.ClaimOpened,
        claims.EvidenceAdded,
        claims.ClaimApproved,
        claims.ClaimRejected,
        claims.ClaimWithdrawn,
        claims.ClaimRecharged,
    ),
    row=lambda each: {
        "order_id": each.order_id,
        "state": each.state.value,
        "kind": each.kind.value,
        "remedy": each.remedy.value,
    },
)
