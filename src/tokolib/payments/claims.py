"""Which operation of an intent a runner takes, so that two never call for the same one at once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from tokolib.effects.lifecycle import is_open, may_lease, sends
from tokolib.effects.model import EffectKind, EffectState, Operation
from tokolib.effects.ports import Observe
from tokolib.effects.resend import LEASE, MOST_TRIES, REVIEW_WAIT, Terms, wait
from tokolib.kernel.clock import sortable
from tokolib.kernel.unit import Unit
from tokolib.payments.events import OperationLeased, OperationUnasked
from tokolib.payments.model import Intent
from tokolib.payments.ports import INTENTS
from tokolib.payments.reserves import FINAL
from tokolib.payments.totals import ASKED
from tokolib.payments.words import own_word


async def claim(
    unit: Unit,
    intent_id: str,
    operation_id: str,
    *,
    again_after: int | None,
    terms: Terms,
    observe: Observe,
    at_once: bool = False,
) -> Operation | None:
    """Lease an operation in order to send it or look it up; see `effects.ports.Wish.claim`.

    One that has been silent for too many tries goes to a person instead; what nobody wants any more is not sent. One
    in review is leased to be looked up now and then, or *at_once*, where its provider can be asked at all.
    """
    intent = await unit[INTENTS].find(intent_id)
    operation = intent.operation(operation_id) if intent is not None else None
    if intent is None or operation is None or not may_lease(operation, unit.now, again_after, at_once=at_once):
        return None
    if again_after is None and _waits_for_others(intent, operation):
        return None
    said, why = _instead(intent, operation, unit.now, again_after, terms)
    if said is not None:
        await observe(unit, own_word(operation, said, why, at=unit.now, actor=unit.ctx.actor))
    if why:
        return None
    reviewed = operation.state is EffectState.REVIEW
    pause = REVIEW_WAIT if reviewed else wait(operation.tries + 1)
    mute = reviewed and not terms.lookup
    leased = OperationLeased(
        operation_id=operation.id,
        at=unit.now,
        lease_until=unit.now + LEASE,
        next_at=None if mute else unit.now + pause,
        send=sends(operation, again_after),
    )
    taken = unit[INTENTS].record(intent, leased).operation(operation.id)
    return None if mute else taken


async def unask(unit: Unit, intent_id: str, operation_id: str) -> None:
    """Note that no gateway of its name is there to be asked for an operation that is due; a person is told."""
    intent = await unit[INTENTS].get(intent_id)
    operation = intent.operation(operation_id)
    due = operation is not None and operation.next_at is not None and operation.next_at <= unit.now
    if operation is not None and due and operation.unasked_since is None:
        unit[INTENTS].record(intent, OperationUnasked(operation.id, unit.now))


def _instead(
    intent: Intent, operation: Operation, now: datetime, again_after: int | None, terms: Terms
) -> tuple[EffectState | None, str]:
    """What to say of *operation* instead of sending it or looking it up, and why it isn't; no why: it is."""
    if operation.kind is EffectKind.VOID and _is_pointless(intent, operation.about):
        return EffectState.FAILED, "payments.nothing_to_void"
    if again_after is None:
        silent = operation.state is EffectState.UNKNOWN and operation.tries >= MOST_TRIES
        return (EffectState.REVIEW, "effects.no_answer") if silent else (None, "")
    if operation.kind not in ASKED or not intent.is_over:
        return None, ""
    if not terms.lookup:
        return EffectState.REVIEW, "effects.cannot_resend"
    sent_at = operation.sent_at or operation.requested_at
    seen_by_now = now - sent_at > max(LEASE, terms.lookup_lag)
    return EffectState.FAILED if seen_by_now else None, "payments.never_taken"


def _is_pointless(intent: Intent, voided: str) -> bool:
    """Whether nothing is left to be given up or released."""
    known = intent.operation(voided)
    if known is None or not known.succeeded:
        return known is not None and known.is_settled
    return not any(each.authorisation.id == known.id and each.left for each in intent.reserves)


def _waits_for_others(intent: Intent, operation: Operation) -> bool:
    """Whether a last capture would make the gateway release what an earlier one may still take."""
    if operation.kind is not EffectKind.CAPTURE or operation.reason != FINAL:
        return False
    others = (each for each in intent.operations if each.kind is EffectKind.CAPTURE and each.id != operation.id)
    waiting = (each for each in others if each.about == operation.about and each.reason != FINAL)
    return any(is_open(each) and each.state is not EffectState.REVIEW for each in waiting)


async def due(unit: Unit, *, limit: int = 100) -> tuple[Intent, ...]:
    """Intents that a gateway is to be asked about now, the longest waiting first."""
    after_now = unit.now + timedelta(microseconds=1)  # the index's range is half-open
    page = await unit[INTENTS].where("ask", since="", until=sortable(after_now), limit=limit)
    return page.items


async def back(unit: Unit, gateways: Iterable[str], *, limit: int = 100) -> tuple[Intent, ...]:
    """Intents that wait for one of *gateways* that was not there, and is now."""
    found: list[Intent] = []
    for name in sorted(gateways):
        found += (await unit[INTENTS].where("absent", equals={"absent": name}, limit=limit)).items
    return tuple(found[:limit])
