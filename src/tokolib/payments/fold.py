"""What an observation means for an intent: a fact about an operation, a new operation, or a contradiction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import attrs

from tokolib.effects import lifecycle as effects
from tokolib.effects.keys import read_key, seen_operation_id
from tokolib.effects.model import EffectKind, EffectState, Observation, Operation, Source
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.ctx import System
from tokolib.kernel.events import Event
from tokolib.kernel.ids import OperationId
from tokolib.payments.disputes import DECIDED, DECIDED_LOST, LOST, decided_id
from tokolib.payments.events import ObservationSetAside, Observed
from tokolib.payments.lifecycle import ACCEPTED, evolve
from tokolib.payments.model import Intent
from tokolib.payments.reserves import names
from tokolib.payments.set_aside import Review
from tokolib.payments.totals import ASKED, MONEY_IN
from tokolib.payments.waiting import CAPTURE_FAILED, RELEASE_FAILED
from tokolib.payments.words import own_word

K = EffectKind
_OUTSIDE: Final = frozenset({K.CAPTURE, K.REFUND, K.REVERSAL, K.CHARGEBACK, K.CHARGEBACK_REVERSAL})
"""What a provider may do without being asked by us."""
_WISHED: Final = frozenset({K.CHARGE, K.AUTHORISE, K.CAPTURE, K.REFUND, K.VOID})
"""What we may have asked for, and forgotten when the storage was restored."""


def decide(intent: Intent, seen: Observation, at: datetime, *, epoch: int) -> tuple[Event, ...]:
    """The events that *seen* makes, in the shop's *epoch*; none when it is known already."""
    if (forgotten := forgotten_id(intent, seen, epoch)) is not None:
        return _recalled(intent, seen, forgotten, at)
    seen = placed(intent, seen)
    operation = find(intent, seen)
    if operation is None:
        return _unrequested(intent, seen, at)
    if seen.fact in operation.facts:
        return ()
    if reason := effects.mismatch(operation, seen):
        return set_aside(intent, seen, reason, at, operation.id)
    made = (Observed(operation.id, seen, at), *_given_up(intent, operation, seen, at))
    made = (*made, *_said_wrongly(intent, operation, seen, at))
    if reason := _for_a_person(intent, operation, seen):
        return (*made, *set_aside(intent, seen, reason, at, operation.id))
    return made


def forgotten_id(intent: Intent, seen: Observation, epoch: int) -> OperationId | None:
    """The id under which *seen* was asked for in an earlier epoch, by a wish that a restore has made us forget.

    None for what is known, and for a movement that tells the key of a charge which is.
    """
    wished = read_key(seen.key)
    if wished is None or wished.intent != intent.id or wished.epoch >= epoch or seen.kind not in _WISHED:
        return None
    return wished.operation if intent.operation(wished.operation) is None else None


def _recalled(intent: Intent, seen: Observation, id: OperationId, at: datetime) -> tuple[Event, ...]:
    """The events of a forgotten wish that the outside tells of: it has its old id, and the charge that it is about."""
    if seen.amount.currency != intent.amount.currency:
        return set_aside(intent, seen, "effects.other_currency", at)
    seen = attrs.evolve(seen, about=_charge_meant(intent, seen))
    made = Observed(id, seen, at)
    recalled = evolve(intent, made).operation(id)
    return (made,) if recalled is None else (made, *_given_up(intent, recalled, seen, at))


def _charge_meant(intent: Intent, seen: Observation) -> str:
    """The operation that *seen* is about, by its id where it is known; a report may tell its own key instead."""
    if seen.kind in ASKED:
        return ""
    of = [each for each in intent.operations if each.provider == seen.provider and each.kind in ASKED | MONEY_IN]
    if named := [each for each in of if seen.about in names(each)]:
        return named[0].id
    stood = [each for each in of if each.succeeded]
    return stood[0].id if len(stood) == 1 else seen.about


def _for_a_person(intent: Intent, operation: Operation, seen: Observation) -> str:
    """Why a refusal is somebody's case: goods may have left for a capture, a customer misses what isn't released."""
    if seen.state is not EffectState.FAILED or seen.source is Source.SHOP:
        return ""
    if seen.kind is K.CAPTURE:
        return CAPTURE_FAILED
    held = intent.operation(operation.about) if seen.kind is K.VOID else None
    return RELEASE_FAILED if held is not None and held.kind is K.AUTHORISE else ""


def _given_up(intent: Intent, void: Operation, seen: Observation, at: datetime) -> tuple[Event, ...]:
    """A void that succeeded ends its charge, unless the money came all the same: that weighs more."""
    charge = intent.operation(void.about)
    if seen.kind is not K.VOID or seen.state is not EffectState.SUCCEEDED or charge is None:
        return ()
    word = own_word(charge, EffectState.FAILED, "payments.voided", at=seen.occurred_at, actor=System())
    return () if word.fact in charge.facts else (Observed(charge.id, word, at),)


def _said_wrongly(intent: Intent, chargeback: Operation, seen: Observation, at: datetime) -> tuple[Event, ...]:
    """The bank says that a dispute is lost, and nobody but a person has told of money that came back: it did not."""
    lost = seen.kind is K.CHARGEBACK and seen.state is EffectState.SUCCEEDED and LOST in seen.details
    said = intent.operation(decided_id(intent.id, chargeback.id))
    if not lost or seen.source is Source.PERSON or said is None or not said.succeeded or len(said.facts) > 1:
        return ()
    word = own_word(said, EffectState.FAILED, DECIDED_LOST, at=seen.occurred_at, actor=System())
    return (Observed(said.id, attrs.evolve(word, sequence=said.sequence + 1), at),)


def placed(intent: Intent, seen: Observation) -> Observation:
    """*seen*, where a movement that nobody here asked for says by `about`, and not by our key, whose it is."""
    asked_for = any(each.key == seen.key and each.kind is seen.kind for each in intent.operations)
    if seen.kind not in _OUTSIDE or not seen.key or asked_for:
        return seen
    return attrs.evolve(seen, about=seen.about or seen.key, key="")


def find(intent: Intent, seen: Observation) -> Operation | None:
    """The operation that *seen* is about: by id or key, or where it has neither by the provider's reference."""
    same = [each for each in intent.operations if each.kind is seen.kind]
    for each in same:
        if each.id == seen.operation_id or (seen.key and each.key == seen.key):
            return each
    same = [each for each in same if each.reason != DECIDED or each.standing is not EffectState.FAILED]
    if not same or seen.operation_id or not seen.reference:
        return None
    if seen.kind is K.CHARGEBACK_REVERSAL and (decided := _decided(same, seen)) is not None:
        return decided
    if seen.key:
        return next((each for each in same if _is_accepted(each, seen)), None)
    own = own_id(intent, seen)
    for each in same:
        if each.id == own or (each.provider == seen.provider and seen.reference in each.references):
            return each
    return None


def _decided(reversals: Sequence[Operation], seen: Observation) -> Operation | None:
    """Where the provider tells at last what a person has said before without its name, that operation.

    One that has a name is that movement and no other: a charge may be disputed twice over the same amount.
    """
    if any(seen.reference in each.references for each in reversals):
        return None
    said = (each for each in reversals if each.reason == DECIDED and not each.references)
    return next((each for each in said if (each.provider, each.amount) == (seen.provider, seen.amount)), None)


def _is_accepted(operation: Operation, seen: Observation) -> bool:
    """Whether a person has said that *operation* is what goes by the reference of *seen*, whatever key it has."""
    named = operation.provider == seen.provider and seen.reference in operation.references
    return named and operation.reason == ACCEPTED


def own_id(intent: Intent, seen: Observation) -> OperationId:
    """The id of an operation that *seen* brings with it: the same for everything said about the same reference."""
    return seen_operation_id(intent.id, fingerprint(seen.provider, seen.kind, seen.reference)[:12])


def _unrequested(intent: Intent, seen: Observation, at: datetime) -> tuple[Event, ...]:
    said = seen.source is Source.PERSON or bool(seen.placed_by)
    receipt = said and seen.kind is K.CHARGE and not seen.key
    by_itself = seen.kind in _OUTSIDE and (seen.kind is not K.CAPTURE or intent.authorises)
    if (seen.operation_id and not seen.placed_by) or not (receipt or by_itself):
        return set_aside(intent, seen, "payments.unknown_operation", at)
    if not seen.reference and not seen.operation_id:
        return set_aside(intent, seen, "payments.no_reference", at)
    if seen.amount.currency != intent.amount.currency:
        return set_aside(intent, seen, "effects.other_currency", at)
    id = OperationId(seen.operation_id) if seen.operation_id else own_id(intent, seen)
    return (Observed(id, seen, at),)


def set_aside(
    intent: Intent, seen: Observation, reason: str, at: datetime, operation_id: str = ""
) -> tuple[Event, ...]:
    """Keep *seen* for a person, once."""
    if Review(seen.fact, reason, operation_id, seen.amount, at) in intent.reviews:
        return ()
    return (ObservationSetAside(operation_id, seen, reason, at),)
