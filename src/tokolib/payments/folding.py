"""`fold`: the step that takes an observation in, wherever it came from. It never raises for what the outside says."""

from typing import Final

import attrs

from tokolib.effects.keys import intent_of
from tokolib.effects.model import EffectKind, Observation, Operation, Outcome, Source, Verdict
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.hosting import resolved
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.payments.events import ObservationQuarantined, ObservationSetAside, Observed
from tokolib.payments.fold import decide, find, set_aside
from tokolib.payments.model import Intent
from tokolib.payments.ports import INTENTS, QUARANTINES
from tokolib.payments.refunding import give_back_surplus, stop_refunds, stop_replaced
from tokolib.payments.tenders import BANK_TRANSFER
from tokolib.payments.totals import Delta, difference

INBOX: Final = "webhook"
"""The scope, with a provider behind, of the keys of delivered messages."""
REFERENCES: Final = "payments.reference"
"""The scope, with a provider behind, of the keys that say which payment a reference belongs to."""


@attrs.frozen(kw_only=True)
class Folded:
    """What an observation did: the intent after it, the money that moved, and whether it came too late."""

    intent: Intent | None
    """None when it belongs to nothing in this shop."""
    delta: Delta
    late: bool
    """Money came in for an intent that was closed: place the order after all and reopen, or refund."""
    outcome: Outcome


async def fold(unit: Unit, seen: Observation) -> Folded:
    """Fold *seen* into its intent, and ask for the refund of what it paid too much.

    The same fact twice changes nothing. One that contradicts the books, or belongs to nothing here, is kept and
    answered as quarantined.
    """
    intent = await intent_of_seen(unit, seen)
    if intent is None:
        return await _quarantine(unit, seen)
    made = decide(intent, seen, unit.now, epoch=await unit.epoch())
    if await _is_taken(unit, intent, seen):
        made = set_aside(intent, seen, "payments.reference_taken", unit.now)
    if not made:
        return _folded(intent, intent, find(intent, seen), Verdict.DUPLICATE)
    after = unit[INTENTS].record(intent, *made)
    match made[0]:
        case ObservationSetAside(reason=reason):
            return _folded(intent, after, find(after, seen), Verdict.QUARANTINED, reason)
        case Observed(operation_id=id):
            await _remember(unit, after, seen)
            given = await _without_surplus(
                unit, intent, await stop_refunds(unit, await stop_replaced(unit, intent, after, id))
            )
            return _folded(intent, given, given.operation(id), Verdict.APPLIED)
        case _:
            raise TypeError(f"an observation makes no {type(made[0]).__name__}")


async def _without_surplus(unit: Unit, before: Intent, after: Intent) -> Intent:
    """What came too much, or a bank leaves to the shop, goes back the way it came; when that way has failed, a person
    hands it over.
    """
    if after.closed is not None:
        return after
    now, then = after.totals, before.totals
    more = now.captured > then.captured or now.claimed + now.disputed < then.claimed + then.disputed
    return await give_back_surplus(unit, after, None if more else BANK_TRANSFER.name)


def _folded(before: Intent, after: Intent, met: Operation | None, verdict: Verdict, reason: str = "") -> Folded:
    """What became of an observation that *met* an operation, if it did."""
    delta = difference(before.totals, after.totals, after.amount.currency)
    outcome = Outcome(verdict, after.id, after.order_id, met, reason)
    late = after.closed is not None and delta.captured.minor_units > 0
    return Folded(intent=after, delta=delta, late=late, outcome=outcome)


async def intent_of_seen(unit: Unit, seen: Observation) -> Intent | None:
    """The intent that *seen* is about: by what we named it ourselves, else by a provider's reference."""
    for name in (seen.intent, intent_of(seen.operation_id), intent_of(seen.key), intent_of(seen.about)):
        if name and (intent := await unit[INTENTS].find(name)) is not None:
            return intent
    for kind, reference in ((seen.kind, seen.reference), (EffectKind.CHARGE, seen.about)):
        if (owner := await _owner(unit, seen.provider, kind, reference)) is not None:
            return await unit[INTENTS].find(owner)
    return None


async def _owner(unit: Unit, provider: str, kind: EffectKind, reference: str) -> str | None:
    if not reference:
        return None
    known = await resolved(unit.work.seen(f"{REFERENCES}:{provider}", f"{kind}:{reference}", fingerprint(reference)))
    return None if known is None else known.result.decode()


async def _is_taken(unit: Unit, intent: Intent, seen: Observation) -> bool:
    if seen.source is Source.PERSON:
        return False
    owner = await _owner(unit, seen.provider, seen.kind, seen.reference)
    return owner is not None and owner != intent.id


async def _remember(unit: Unit, intent: Intent, seen: Observation) -> None:
    if not seen.reference or seen.source is Source.PERSON:
        return
    if await _owner(unit, seen.provider, seen.kind, seen.reference) is None:
        scope, key = f"{REFERENCES}:{seen.provider}", f"{seen.kind}:{seen.reference}"
        unit.work.remember(scope, key, fingerprint(seen.reference), intent.id.encode())


def quarantine_id(seen: Observation) -> str:
    """The id under which *seen* waits where it belongs to nothing in this shop: the same for each delivery."""
    return f"obs_{fingerprint(seen.fact, seen.key, seen.operation_id)[:26]}"


async def _quarantine(unit: Unit, seen: Observation) -> Folded:
    reason = "payments.unknown_reference"
    id = quarantine_id(seen)
    known = await unit[QUARANTINES].find(id)
    if known is None:
        unit[QUARANTINES].record(None, ObservationQuarantined(id, seen, reason, unit.now))
    nothing = Money(0, seen.amount.currency)
    return Folded(
        intent=None,
        delta=Delta(nothing, nothing, nothing, nothing),
        late=False,
        outcome=Outcome(Verdict.DUPLICATE if known else Verdict.QUARANTINED, reason=reason),
    )
