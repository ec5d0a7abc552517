"""Payments: M5, M7, X1 and X3 from the history of each, and as alarms what rests too long or waits for a person.

The fold that makes a payment out of what was observed keeps these promises. Here its history is read as evidence: that
nothing was asked for, and nothing folded in, that should not have been.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from tokolib.desk.verify import differences
from tokolib.desk.verify.streams import Replayed, Step
from tokolib.desk.verify.tally import Tally
from tokolib.desk.verify.walk import Findings
from tokolib.effects.keys import idempotency_key, requested_as
from tokolib.effects.lifecycle import OPERATION, is_open, mismatch
from tokolib.effects.model import EffectKind, EffectState, Observation, Operation, Source
from tokolib.kernel.unit import Unit
from tokolib.orders.model import Order, OrderState
from tokolib.payments.events import Observed, OperationRequested
from tokolib.payments.folding import REFERENCES
from tokolib.payments.model import Intent
from tokolib.payments.requests import attempt_of
from tokolib.payments.set_aside import Quarantine
from tokolib.payments.tenders import STORED
from tokolib.payments.totals import ASKED
from tokolib.payments.waiting import CaseKind, cases

OVERDUE: Final = timedelta(hours=1)
"""So long after it is due a wish may wait for somebody to call `tick`."""
_RESTORE: Final = "restore the payment's rows from a backup, and compare it with the provider's"
_LOOK: Final = "look at it with the provider's list beside you: shop.reviews.list() tells the ways out"
_NONE: Final = timedelta(0)
_PATIENCE: Final = {CaseKind.PAYOUT: timedelta(days=7), CaseKind.DISPUTE: timedelta(days=3)}
"""How long what is a person's ordinary work may wait before it is told of."""
_PROMISED: Final = {CaseKind.OBSERVATION: "L2", CaseKind.LOSS: "M5"}
_MOVES: Final = frozenset({EffectKind.CHARGE, EffectKind.CAPTURE, EffectKind.REFUND})
"""What moves money at our wish."""


def check_intent(
    unit: Unit, replayed: Replayed, intent: Intent, epoch: int, references: Tally, found: Findings
) -> None:
    """All of one payment, step by step, and as it stands now."""
    row = f"payment {intent.id}"
    steps = replayed.steps
    for at, step in enumerate(steps):
        before = step.before if isinstance(step.before, Intent) else None
        after = step.after if isinstance(step.after, Intent) else None
        if after is None:
            continue
        _keeps_history(before, after, row, found)
        match step.recorded.event:
            case OperationRequested(operation=operation) if before is not None:
                _asked(before, operation, row, found)
            case Observed(operation_id=id, observation=seen) if before is not None:
                _folded(before.operation(id), seen, f"{row}, operation {id}", found)
        if after.closed is None and _ends_a_unit(steps, at):
            told = f"{after.surplus} too much, and neither kept nor given back"
            found.expect(after.surplus.is_zero, "M5", row, told, "refund the surplus")
    differences.check_intent(intent, row, found)
    _keys(intent, epoch, row, found)
    for kind, provider, reference in sorted(set(_references(steps))):
        references.said(f"key {REFERENCES}:{provider} {kind}:{reference}", intent.id)
    _waiting(intent, unit.now, row, found)


def _ends_a_unit(steps: Sequence[Step], at: int) -> bool:
    """Whether a unit of work may have ended behind that step: its events have one instant."""
    return at + 1 == len(steps) or steps[at + 1].recorded.at != steps[at].recorded.at


def _keeps_history(before: Intent | None, after: Intent, row: str, found: Findings) -> None:
    """X1: what is known of an operation never falls back, and its tries only rise."""
    known = {each.id: each for each in before.operations} if before is not None else {}
    for now in after.operations:
        if (then := known.get(now.id)) is None or then is now:
            continue
        taken_back = (then.standing, now.standing) == (EffectState.SUCCEEDED, EffectState.FAILED)
        allowed = now.standing is then.standing or OPERATION.edge(then.standing, now.standing) is not None
        grown = set(then.facts) <= set(now.facts) and then.tries <= now.tries and then.attempt == now.attempt
        fits = allowed and grown and (now.sequence > then.sequence or not taken_back)
        told = f"operation {now.id} went from {then.standing} back to {now.standing}"
        found.expect(fits, "X1", row, told, _RESTORE)


def _asked(before: Intent, wish: Operation, row: str, found: Findings) -> None:
    """X1 and M5 of a wish, by what was known when it was written down."""
    attempt = attempt_of(before, wish.kind, wish.about)
    fits = wish.attempt == attempt and wish.standing is EffectState.REQUESTED
    found.expect(fits, "X1", row, f"operation {wish.id} is attempt {wish.attempt}, not {attempt}", _RESTORE)
    claimed = wish.provider in STORED  # in the books themselves, in this very unit: nobody is asked
    if wish.kind in ASKED and not claimed and (live := before.live_charge) is not None:
        found.broken("X1", row, f"{wish.id} was asked for while {live.id} could still succeed", _RESTORE)
    if wish.kind is EffectKind.REFUND:
        there = before.refundable
        told = f"{wish.amount} was asked back of {there}"
        found.expect(wish.amount <= there, "M5", row, told, "review the refunds, and stop the one too many")


def _folded(operation: Operation | None, seen: Observation, row: str, found: Findings) -> None:
    """X3 and M7 of an observation, by what was known when it came."""
    if operation is not None:
        found.expect(seen.fact not in operation.facts, "X3", row, f"counts fact {seen.fact} twice", _RESTORE)
        reason = mismatch(operation, seen)
        found.expect(not reason, "X3", row, f"takes in what is not about it: {reason}", _RESTORE)
    if seen.source is Source.SHOP and seen.kind in _MOVES:
        told = f"{seen.kind} succeeded by the shop's own word"
        found.expect(seen.state is not EffectState.SUCCEEDED, "M7", row, told, _RESTORE)


def _keys(intent: Intent, epoch: int, row: str, found: Findings) -> None:
    """X1: each operation's id and key are made of its intent, its number, the shop's epoch then, and its attempt.

    Numbers have no gap but in a shop that was restored: what it has forgotten keeps its number.
    """
    number = 0
    for each in intent.operations:
        if each.key:
            number += 1
            made = requested_as(each.id)
            fits = made is not None and made.intent == intent.id and each.key == idempotency_key(each.id, each.attempt)
            fits = fits and made is not None and made.epoch <= epoch and (epoch > 0 or made.number == number)
        else:
            fits = each.id.startswith(f"{intent.id}.s") and each.attempt == 1
        found.expect(fits, "X1", row, f"operation {each.id} has the key {each.key!r}", _RESTORE)


def _references(steps: Iterable[Step]) -> Iterable[tuple[str, str, str]]:
    """The providers' names for what happened here; each belongs to one payment."""
    for step in steps:
        if isinstance(event := step.recorded.event, Observed):
            seen = event.observation
            if seen.reference and seen.source is not Source.PERSON:
                yield seen.kind, seen.provider, seen.reference


def _waiting(intent: Intent, now: datetime, row: str, found: Findings) -> None:
    for case in cases(intent):
        if case.since + _PATIENCE.get(case.kind, _NONE) <= now:
            told = f"{case.kind} {case.id} of {case.amount} waits since {case.since.isoformat()}: {case.why}"
            found.waits(_PROMISED.get(case.kind, "L1"), row, told, _LOOK)
    for each in intent.operations:
        machine = is_open(each) and each.state is not EffectState.REVIEW and each.unasked_since is None
        if machine and each.next_at is not None and each.next_at + OVERDUE < now:
            told = f"operation {each.id} is {each.standing}, and was due {each.next_at.isoformat()}"
            found.waits("L1", row, told, "call shop.tick()")


def check_pending(unit: Unit, order: Order, found: Findings) -> None:
    """L1: an order that was not paid in time is ended."""
    due = order.due_until
    if order.state is OrderState.PENDING_PAYMENT and due is not None and due + OVERDUE < unit.now:
        found.waits("L1", f"order {order.id}", f"was to be paid until {due.isoformat()}", "call shop.tick()")


def check_quarantine(quarantine: Quarantine, found: Findings) -> None:
    """L2: what belongs to nothing here waits for a person."""
    if quarantine.decision is not None:
        return
    seen = quarantine.observation
    told = f"{seen.provider} tells of {seen.kind} {seen.reference or seen.key} of {seen.amount}: {quarantine.reason}"
    found.waits(
        "L2", f"observation {quarantine.id}", told, "find out whose it is, with the provider: shop.reviews.accept"
    )
