"""Bugs in how a gateway is asked: what is sent, sent again, looked up, and taken for an answer."""

from typing import Any

import attrs

from safety.protocol.seeding import Seed, seeded
from tokolib.effects.keys import idempotency_key
from tokolib.effects.model import EffectState, Observation, Operation
from tokolib.effects.resend import Resend
from tokolib.kernel.unit import Unit
from tokolib.orders.ending import carry_out
from tokolib.orders.model import Order
from tokolib.payments.events import Observed
from tokolib.payments.model import Intent
from tokolib.payments.ports import INTENTS
from tokolib.payments.states import Closing
from tokolib.payments.words import own_word


@seeded("tokolib.effects.perform", "_look_up")
def no_lookup(_: Any) -> Any:
    """What was sent is sent again without a look-up."""

    async def look_up(*_: object) -> tuple[Observation, ...]:
        return ()

    return look_up


@seeded("tokolib.effects.perform", "_word")
def none_means_failed(sound: Any) -> Any:
    """A look-up that finds nothing inside the lag is taken for a refusal."""

    def word(work: Any, operation: Operation, state: EffectState, failure: str) -> Observation:
        seen: Observation = sound(work, operation, state, failure)
        return attrs.evolve(seen, state=EffectState.FAILED) if failure == "effects.not_visible" else seen

    return word


@seeded("tokolib.effects.perform", "resend")
def none_inside_the_lag(_: Any) -> Any:
    """A look-up that finds nothing inside the lag lets it be sent again."""
    return lambda *_: Resend.NOW


@seeded("tokolib.effects.outside:Conflict", "means")
def duplicate_means_failed(_: Any) -> Any:
    """'Duplicate' is taken for a refusal of the charge itself."""
    return EffectState.FAILED


@seeded("tokolib.payments.advance:GatewayWish", "send")
def fresh_key(sound: Any) -> Any:
    """What is sent again has another key."""

    async def send(wish: Any, operation: Operation) -> Observation:
        again = "+" * (operation.tries - 1)
        seen: Observation = await sound(wish, attrs.evolve(operation, key=operation.key + again))
        return attrs.evolve(seen, key=operation.key)

    return send


@seeded("tokolib.effects.lifecycle", "leased")
def attempt_raised(sound: Any) -> Any:
    """After a time-out it is a new attempt, as if the one before had failed."""

    def leased(operation: Operation, **rest: Any) -> Operation:
        taken: Operation = sound(operation, **rest)
        if operation.standing is not EffectState.UNKNOWN or not rest["send"]:
            return taken
        attempt = operation.attempt + 1
        return attrs.evolve(taken, attempt=attempt, key=idempotency_key(operation.id, attempt))

    return leased


@seeded("tokolib.effects.outside:Unknown", "means")
def silence_means_failed(_: Any) -> Any:
    """A lost answer is taken for a refusal."""
    return EffectState.FAILED


@seeded("tokolib.payments.claims", "may_lease")
def lease_ignored(_: Any) -> Any:
    """The second runner takes what the first has leased."""

    def may_lease(operation: Operation, *_: object) -> bool:
        return not operation.is_settled and operation.state is not EffectState.REVIEW and operation.next_at is not None

    return may_lease


@seeded("tokolib.payments.steps", "request_charge")
def two_live_charges(sound: Any) -> Any:
    """A second charge is asked for while the first may still succeed."""

    async def request_charge(unit: Unit, intent: Intent, **rest: Any) -> Intent:
        with Seed("tokolib.payments.model:Intent", "live_charge", lambda _: None).planted():
            asked: Intent = await sound(unit, intent, **rest)
        return asked

    return request_charge


def _refused_by_us(sound: Any) -> Any:
    """Close an intent as if whatever is open had been refused."""

    def close_intent(unit: Unit, intent: Intent, closing: Closing) -> Intent:
        if (live := intent.live_charge) is not None:
            word = own_word(live, EffectState.FAILED, "payments.dropped", at=unit.now, actor=unit.ctx.actor)
            intent = unit[INTENTS].record(intent, Observed(live.id, word, unit.now))
        closed: Intent = sound(unit, intent, closing)
        return closed

    return close_intent


@seeded(
    "tokolib.orders.aftercare",
    "cancel",
    Seed("tokolib.orders.ending", "close_intent", _refused_by_us),
)
def cancel_without_a_wish(_: Any) -> Any:
    """A cancellation drops a charge that is still open.

    Without the guard behind it: a charge that was sent is asked about until its end, whatever became of its order.
    """

    async def cancel(unit: Unit, order: Order, reason: str, *, observe: Any, gateways: Any) -> Order:
        return await carry_out(unit, order, reason, observe=observe)

    return cancel


BUGS = (
    no_lookup,
    none_means_failed,
    none_inside_the_lag,
    duplicate_means_failed,
    fresh_key,
    attempt_raised,
    silence_means_failed,
    lease_ignored,
    two_live_charges,
    cancel_without_a_wish,
)
