"""Lease, call, observe: the one way in which a stored wish reaches the outside world.

The lease is committed before the call, and the call is made outside any unit. So whatever dies in between leaves
an operation in `unknown`, and an operation found there is looked up before it is sent again.
"""

from functools import partial

from tokolib.effects.model import EffectState, Observation, Operation, Outcome, Source
from tokolib.effects.outside import NotFoundOutside, NotSupported, OutsideError
from tokolib.effects.ports import Observe, Wish
from tokolib.effects.resend import Resend, resend
from tokolib.effects.words import word
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work

PERMISSION = "effects.perform"


async def perform(work: Work, wish: Wish, observe: Observe) -> Outcome | None:
    """One round for *wish*: lease it, send it or look it up, and observe the answer in a unit of its own.

    None when there was nothing to do. It asks the provider at most twice (a look-up, then one sending), and never
    waits: an operation without an answer is due again at its `next_at`. One in review is only looked up.
    """
    operation = await work.write(PERMISSION, partial(wish.claim, again_after=None))
    if operation is None:
        return None
    answers = await _ask(work, wish, operation)

    async def settle(unit: Unit) -> Outcome | None:
        outcomes = [await observe(unit, answer) for answer in answers]
        return outcomes[-1] if outcomes else None

    return await work.write(PERMISSION, settle)


async def _ask(work: Work, wish: Wish, operation: Operation) -> tuple[Observation, ...]:
    if operation.state is EffectState.REVIEW:
        return await _look_up(work, wish, operation)
    if operation.tries == 1:
        return (await _send(work, wish, operation),)
    asked_at = work.clock.now()
    if known := await _look_up(work, wish, operation):
        return known
    match resend(wish.terms, operation, asked_at):
        case Resend.LATER:
            return (_word(work, operation, EffectState.UNKNOWN, "effects.not_visible"),)
        case Resend.NEVER:
            return (_word(work, operation, EffectState.REVIEW, "effects.cannot_resend"),)
        case Resend.NOW:
            renewed = await work.write(PERMISSION, partial(wish.claim, again_after=operation.tries))
            return () if renewed is None else (await _send(work, wish, renewed),)


async def _send(work: Work, wish: Wish, operation: Operation) -> Observation:
    try:
        return await wish.send(operation)
    except OutsideError as error:
        return _word(work, operation, error.means, error.failure)
    except OSError as error:  # an adapter that let a time-out or a lost connection through
        return _word(work, operation, EffectState.UNKNOWN, type(error).__name__)


async def _look_up(work: Work, wish: Wish, operation: Operation) -> tuple[Observation, ...]:
    if not wish.terms.lookup:
        return ()
    try:
        return await wish.look_up(operation)
    except (NotFoundOutside, NotSupported):
        return ()
    except OutsideError as error:
        return (_word(work, operation, EffectState.UNKNOWN, error.failure),)
    except OSError as error:
        return (_word(work, operation, EffectState.UNKNOWN, type(error).__name__),)


def _word(work: Work, operation: Operation, state: EffectState, failure: str) -> Observation:
    """What we ourselves can say when the provider gave no observation."""
    return word(operation, state, source=Source.ANSWER, at=work.clock.now(), failure=failure)
