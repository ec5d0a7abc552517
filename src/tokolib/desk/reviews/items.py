"""Things that wait, as items of the queue: each kind of thing says what it is, and what was sent and seen of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

import attrs

from tokolib.desk.reviews.model import (
    CAPTURE_AGAIN,
    DISMISS,
    REFUND_AGAIN,
    RELEASE_AGAIN,
    WAYS,
    ReviewItem,
    ReviewKind,
    WayOut,
    in_words,
)
from tokolib.documents.filing.events import FilingObserved
from tokolib.documents.filing.model import NO_REFUNDS, TaxFiling
from tokolib.documents.filing.states import is_stuck
from tokolib.effects.lifecycle import TWO_REFERENCES
from tokolib.effects.model import Observation, Operation
from tokolib.kernel.events import Recorded
from tokolib.kernel.ids import OrderId
from tokolib.kernel.verification import Lapse
from tokolib.orders.model import Order
from tokolib.payments.events import ObservationSetAside, Observed
from tokolib.payments.model import Intent
from tokolib.payments.set_aside import Quarantine
from tokolib.payments.waiting import (
    CAPTURE_FAILED,
    NOBODY_TO_ASK,
    REFUND_REFUSED,
    RELEASE_FAILED,
    VOID_REFUSED,
    Case,
    CaseKind,
    cases,
)
from tokolib.reconciliation.model import Settlement, SettlementState

BLOCK_OVERDUE: Final = "orders.block_overdue"
"""Why a block waits: its time is over, and only a person may end it."""

_AGAIN: Final = {
    CAPTURE_FAILED: CAPTURE_AGAIN,
    RELEASE_FAILED: CAPTURE_AGAIN,
    REFUND_REFUSED: REFUND_AGAIN,
    VOID_REFUSED: RELEASE_AGAIN,
}


def of_intent(intent: Intent, history: Sequence[Recorded], *, payouts: bool) -> Iterator[ReviewItem]:
    """The items of a payment: its *payouts*, or else all others."""
    for case in cases(intent):
        if (case.kind is CaseKind.PAYOUT) is payouts:
            seen = _seen(case, history)
            yield ReviewItem(
                id=case.id,
                kind=ReviewKind(case.kind),
                what=_case_in_words(intent, case, seen),
                why=case.why,
                since=case.since,
                amount=seen[0].amount if case.review is not None and seen else case.amount,
                provider=_provider(case, seen),
                order_id=intent.order_id,
                operation=case.operation,
                seen=seen,
                row=None,
                ways=_ways(case),
            )


def _ways(case: Case) -> tuple[WayOut, ...]:
    if case.why == TWO_REFERENCES and case.operation is not None and case.operation.is_settled:
        return (DISMISS,)
    ways = WAYS[ReviewKind(case.kind)]
    return (_AGAIN[case.why], *ways) if case.why in _AGAIN else ways


def _provider(case: Case, seen: Sequence[Observation]) -> str:
    if case.operation is not None:
        return case.operation.provider
    return seen[0].provider if seen else ""


def _seen(case: Case, history: Sequence[Recorded]) -> tuple[Observation, ...]:
    """What was seen: of an observation that was set aside itself, of an operation all that was taken in."""
    events = [each.event for each in history if isinstance(each.event, Observed | ObservationSetAside)]
    if case.review is not None:
        same = [each.observation for each in events if each.observation.fact == case.review.fact]
        return tuple(same[-1:])
    about = case.operation
    return tuple(each.observation for each in events if about is not None and each.operation_id == about.id)


def _case_in_words(intent: Intent, case: Case, seen: Sequence[Observation]) -> str:
    if case.kind is CaseKind.LOSS:
        return f"{case.amount} of order {intent.order_id} went back twice"
    if case.kind is CaseKind.OBSERVATION and seen:
        return f"{observation_in_words(seen[0])}, told of order {intent.order_id}"
    return operation_in_words(case.operation) if case.operation is not None else intent.order_id


def operation_in_words(one: Operation) -> str:
    """An operation by its names, here and outside."""
    named = in_words(reference=one.reference, key=one.key, tries=one.tries, failure=one.failure)
    return f"{one.kind} {one.id} of {one.amount} by {one.provider} for {one.subject}" + (f" ({named})" if named else "")


def observation_in_words(seen: Observation) -> str:
    """An observation by the names that the outside gave."""
    named = in_words(reference=seen.reference, key=seen.key, about=seen.about)
    told = f"{seen.provider} tells of a {seen.kind} of {seen.amount}: {seen.state}"
    return f"{told} ({named})" if named else told


def of_quarantine(one: Quarantine) -> Iterator[ReviewItem]:
    """The item of an observation that belongs to nothing; none when it was decided."""
    if one.decision is None:
        yield ReviewItem(
            id=one.id,
            kind=ReviewKind.QUARANTINE,
            what=observation_in_words(one.observation),
            why=one.reason,
            since=one.at,
            amount=one.observation.amount,
            provider=one.observation.provider,
            order_id=None,
            operation=None,
            seen=(one.observation,),
            row=None,
            ways=WAYS[ReviewKind.QUARANTINE],
        )


def of_filing(filing: TaxFiling, history: Sequence[Recorded]) -> Iterator[ReviewItem]:
    """The item of a filing that a machine can't go on with."""
    turn, since = filing.turn, filing.waits_since
    if turn is None or since is None:
        return
    events = [each.event for each in history if isinstance(each.event, FilingObserved)]
    stuck = is_stuck(turn)
    yield ReviewItem(
        id=filing.id,
        kind=ReviewKind.FILING if stuck else ReviewKind.UNASKED,
        what=f"{turn.provider} is to be told of {_document(filing, turn)}: {operation_in_words(turn)}",
        why=", ".join(turn.reviews) or turn.failure if stuck else NOBODY_TO_ASK,
        since=since,
        amount=turn.amount,
        provider=turn.provider,
        order_id=filing.order_id,
        operation=turn,
        seen=tuple(each.observation for each in events if each.operation_id == turn.id),
        row=None,
        ways=WAYS[ReviewKind.FILING] if stuck else (WAYS[ReviewKind.UNASKED][0], WAYS[ReviewKind.FILING][1]),
    )


def _document(filing: TaxFiling, turn: Operation) -> str:
    if turn.subject == filing.document_id:
        return f"invoice {filing.document.number}"
    return f"credit note {filing.note(turn.subject).number}"


@attrs.frozen
class ByHand:
    """The credit notes that wait to be stated at one provider, by the first of them."""

    first: TaxFiling
    count: int
    more: bool
    """Whether there are more than were counted."""

    @property
    def id(self) -> str:
        """The item's."""
        return f"tax:{self.first.provider}"

    @property
    def since(self) -> datetime | None:
        """Since when the first does."""
        return self.first.waits_since


def of_provider(one: ByHand) -> Iterator[ReviewItem]:
    """The one item of a provider that keeps nothing that goes back."""
    turn, since, name = one.first.turn, one.since, one.first.provider
    if turn is None or since is None:
        return
    count = f"{one.count} or more" if one.more else str(one.count)
    yield ReviewItem(
        id=one.id,
        kind=ReviewKind.BY_HAND,
        what=f"{count} invoices have credit notes to be stated at {name} by hand, the first is "
        f"{_document(one.first, turn)}; {name} says: {one.first.no_refunds}",
        why=NO_REFUNDS,
        since=since,
        amount=turn.amount,
        provider=name,
        order_id=one.first.order_id,
        operation=turn,
        seen=(),
        row=None,
        ways=WAYS[ReviewKind.BY_HAND],
    )


def of_order(order: Order, now: datetime) -> Iterator[ReviewItem]:
    """The items of an order: its blocks that wait for a person, and whose time is over *now*."""
    if order.escalates_at is None:
        return
    for block in order.blocks:
        if block.then is Lapse.ESCALATE and block.until is not None and block.until <= now:
            owner = f", of {block.owner}" if block.owner else ""
            yield ReviewItem(
                id=f"{order.id}:{block.code}:{block.owner}",
                kind=ReviewKind.BLOCK,
                what=f"order {order.reference} is stopped by {block.code}{owner}: {block.reason}",
                why=BLOCK_OVERDUE,
                since=block.until,
                amount=order.total,
                provider="",
                order_id=order.id,
                operation=None,
                seen=(),
                row=None,
                ways=WAYS[ReviewKind.BLOCK],
            )


def of_settlement(one: Settlement) -> Iterator[ReviewItem]:
    """The item of a row that fits nothing in the books; none for any other."""
    if one.standing is not SettlementState.REVIEW:
        return
    named = in_words(reference=one.row.reference, key=one.row.key)
    yield ReviewItem(
        id=one.id,
        kind=ReviewKind.SETTLEMENT,
        what=f"row {one.row.name}: {one.row.kind} of {one.row.gross}" + (f" ({named})" if named else ""),
        why=one.why,
        since=one.taken_at,
        amount=one.row.gross,
        provider=one.row.provider,
        order_id=None if one.order_id is None else OrderId(one.order_id),
        operation=None,
        seen=(),
        row=one.row,
        ways=WAYS[ReviewKind.SETTLEMENT],
    )
