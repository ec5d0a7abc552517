"""A person's decision about what no rule could: kept in the history of the thing, with who and when."""

from typing import Final

import attrs

from tokolib.desk.reviews.errors import DecidedOtherwise, NotAcceptable, NotDismissible
from tokolib.desk.reviews.model import WAYS, ReviewKind
from tokolib.effects.keys import intent_of
from tokolib.effects.model import EffectKind, EffectState, Observation, Operation, Verdict
from tokolib.effects.ports import Observe
from tokolib.kernel.errors import Fault, InvalidInput, NotFound
from tokolib.kernel.unit import Unit
from tokolib.payments.errors import Contradiction
from tokolib.payments.events import CaseDecided, ObservationSetAside, Observed, QuarantineDecided
from tokolib.payments.fold import own_id
from tokolib.payments.model import Intent
from tokolib.payments.ports import INTENTS, QUARANTINES
from tokolib.payments.set_aside import Decision, Quarantine
from tokolib.payments.steps import intent_of_order
from tokolib.payments.waiting import Case, CaseKind, cases
from tokolib.payments.words import own_word

_DISMISSIBLE: Final = frozenset({CaseKind.OBSERVATION, CaseKind.REFUSED, CaseKind.LOSS})


async def accept(
    unit: Unit, id: str, order_id: str | None, *, reference: str, reason: str, observe: Observe
) -> Decision:
    """Take the observation *id* for true: what it tells of is folded into the payment of an order, as it would have
    been had it come with the right name.

    Raises:
        NotFound, NotAcceptable, DecidedOtherwise, InvalidInput, Contradiction: see `reviews.accept`.
    """
    quarantine = await unit[QUARANTINES].find(id)
    if quarantine is not None:
        if order_id is None:
            raise InvalidInput((Fault("order", "reviews.order_needed", "must say whose it is", "None"),))
        intent = await intent_of_order(unit, order_id)
        if (known := _known(quarantine.decision, accepted=True, order_id=intent.order_id)) is not None:
            return known
        await _believe(unit, intent, quarantine.observation, reference, observe)
        made = _decision(unit, id, quarantine.reason, accepted=True, reason=reason, order_id=intent.order_id)
        return _put_away(unit, quarantine, made)
    home = await _home(unit, id)
    intent = home if order_id is None else await intent_of_order(unit, order_id)
    if (known := _known(_decided(home, id), accepted=True, order_id=intent.order_id)) is not None:
        return known
    case = _case(home, id)
    if case.review is None or case.kind is not CaseKind.OBSERVATION:
        raise NotAcceptable(id, case.kind, _ways(case))
    seen = await _set_aside(unit, home, case.review.fact)
    await _believe(unit, intent, seen, reference, observe)
    if case.operation is not None and case.operation.kind is seen.kind:
        await _give_up(unit, case.operation, seen, observe)
    made = _decision(unit, id, case.why, accepted=True, reason=reason, order_id=intent.order_id)
    unit[INTENTS].record(await unit[INTENTS].get(home.id), CaseDecided(made))
    return made


async def dismiss(unit: Unit, id: str, *, reason: str) -> Decision:
    """Put the item *id* away; no money moves.

    Raises:
        NotFound, NotDismissible, DecidedOtherwise: see `reviews.dismiss`.
    """
    quarantine = await unit[QUARANTINES].find(id)
    if quarantine is not None:
        if (known := _known(quarantine.decision, accepted=False)) is not None:
            return known
        return _put_away(unit, quarantine, _decision(unit, id, quarantine.reason, accepted=False, reason=reason))
    intent = await _home(unit, id)
    if (known := _known(_decided(intent, id), accepted=False)) is not None:
        return known
    case = _case(intent, id)
    settled = case.kind is CaseKind.OPERATION and case.operation is not None and case.operation.is_settled
    if case.kind not in _DISMISSIBLE and not settled:
        raise NotDismissible(id, case.kind, _ways(case))
    made = _decision(unit, id, case.why, accepted=False, reason=reason)
    unit[INTENTS].record(intent, CaseDecided(made))
    return made


async def _home(unit: Unit, id: str) -> Intent:
    """The payment that the item *id* waits in.

    Raises:
        NotFound: it names none.
    """
    if (home := await unit[INTENTS].find(intent_of(id))) is None:
        raise NotFound("review", id)
    return home


def _ways(case: Case) -> tuple[str, ...]:
    return tuple(each.command for each in WAYS[ReviewKind(case.kind)])


def _put_away(unit: Unit, quarantine: Quarantine, made: Decision) -> Decision:
    unit[QUARANTINES].record(quarantine, QuarantineDecided(made))
    return made


def _decision(unit: Unit, id: str, why: str, *, accepted: bool, reason: str, order_id: str = "") -> Decision:
    by = str(unit.ctx.actor)
    return Decision(case=id, why=why, accepted=accepted, reason=reason, by=by, at=unit.now, order_id=order_id)


def _decided(intent: Intent, id: str) -> Decision | None:
    """What was decided about a case that waits no more."""
    if any(each.id == id for each in cases(intent)):
        return None
    return next((each for each in reversed(intent.decisions) if each.case == id), None)


def _known(decision: Decision | None, *, accepted: bool, order_id: str = "") -> Decision | None:
    """The same decision, made before.

    Raises:
        DecidedOtherwise: it was another one.
    """
    if decision is None or (decision.accepted, decision.order_id) == (accepted, order_id):
        return decision
    raise DecidedOtherwise(decision.case, decision.accepted, decision.by, decision.reason)


def _case(intent: Intent, id: str) -> Case:
    for each in cases(intent):
        if each.id == id:
            return each
    raise NotFound("review", id)


async def _set_aside(unit: Unit, intent: Intent, fact: str) -> Observation:
    """The observation of that digest, whole, as the history has it."""
    for each in reversed(await unit[INTENTS].history(intent.id)):
        if isinstance(event := each.event, Observed | ObservationSetAside) and event.observation.fact == fact:
            return event.observation
    raise NotFound("observation", fact)


async def _believe(unit: Unit, intent: Intent, seen: Observation, reference: str, observe: Observe) -> None:
    """Fold *seen* into *intent* as something that the outside did by itself, by a person's word that it is so."""
    named = reference or seen.reference or seen.key
    if not named:
        message = "must name it, as the provider does: it has told no reference"
        raise InvalidInput((Fault("reference", "reviews.reference_needed", message, "''"),))
    told = attrs.evolve(seen, intent=intent.id, operation_id="", key="", reference=named)
    told = attrs.evolve(told, operation_id=own_id(intent, told), placed_by=str(unit.ctx.actor))
    outcome = await observe(unit, told)
    if outcome.verdict is Verdict.QUARANTINED:
        raise Contradiction(intent.order_id, named, outcome.reason)


async def _give_up(unit: Unit, operation: Operation, seen: Observation, observe: Observe) -> None:
    """Money that came under the name of a charge, and isn't what was asked for, leaves nothing to wait for of it."""
    paid = seen.kind is EffectKind.CHARGE and seen.state is EffectState.SUCCEEDED
    if paid and not operation.is_settled:
        word = own_word(operation, EffectState.FAILED, "payments.paid_otherwise", at=unit.now, actor=unit.ctx.actor)
        await observe(unit, word)
