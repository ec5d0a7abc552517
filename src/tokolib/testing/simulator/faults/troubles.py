"""What a struck call raises, and how it is struck: before it took effect, after, or instead."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, TypeVar

from tokolib.effects.outside import AuthFailed, Transient, Unknown
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.hosting import MaybeAwaitable, resolved
from tokolib.kernel.storage_errors import Busy, CommitUnknown, ConnectionLost, Serialization, Unavailable
from tokolib.testing.simulator.faults.plan import LASTING, Crash, FaultPlan, Mode

P = TypeVar("P")
WHY: Final = "a planned fault"
READS: Final = frozenset(
    {"read", "get", "get_many", "find", "history", "ledger", "levels", "holds", "seen", "value", "scan"}
)
SENT: Final = READS | {"flush"}
"""What a unit sends before it is committed."""

Trouble = Callable[[Mode], BaseException]
"""What a call raises, by how it fails: a new error each time, for a raised one keeps its traceback."""


def trouble_of_storage(method: str, mode: Mode) -> BaseException:
    """What *method* of a storage, a unit or an outbox raises."""
    if mode.is_crash:
        return Crash(f"{mode} storage.{method}")
    if mode is Mode.FAILURE:
        return Unavailable(WHY)
    if method in LASTING and mode is Mode.TIME_OUT:
        return CommitUnknown(WHY)
    if method in SENT or method == "rollback":
        return ConnectionLost(WHY)
    return Serialization(WHY) if method == "commit" else Busy(WHY)


def trouble_outside(port: str, method: str, provider: str, mode: Mode) -> BaseException:
    """What the adapter of a *provider* raises: the request was certainly not taken, or it may have been."""
    match mode:
        case Mode.ERROR:
            return Transient(provider, WHY)
        case Mode.FAILURE:
            return AuthFailed(provider, WHY)
        case Mode.TIME_OUT:
            return Unknown(provider, "", WHY)
        case _:
            return Crash(f"{mode} {port}.{method}")


async def _nothing(_: object) -> None:
    return None


async def struck(
    plan: FaultPlan,
    name: str,
    trouble: Trouble,
    call: Callable[[], MaybeAwaitable[P]],
    undo: Callable[[P | None], Awaitable[None]] = _nothing,
) -> P:
    """What *call* answers, unless the plan strikes it: then *undo* gets the answer that nobody else will.

    Raises:
        Crash: the process dies before or after the call, or has died. Whatever the plan has for this call, or the
        call itself raises.
    """
    mode = plan.count(name)
    if mode is None:
        return await resolved(call())
    answer: P | None = None
    if mode.takes_effect:
        with suppress(TokolibError, OSError):  # a refusal is an answer, too, and lost
            answer = await resolved(call())
    await undo(answer)
    raise trouble(mode)
