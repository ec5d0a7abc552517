"""What a provider answered, where it is no answer: the mistake is the adapter's, and the operation stays as it was.

An adapter translates whatever its provider says. One that raises what no port names, or answers with what is no
observation, has told nothing: so nothing is folded in, and the operation is looked up when it is due again.
"""

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from typing import ClassVar, Final, TypeVar

import attrs

from tokolib.effects.model import EffectKind, EffectState, Observation, Source
from tokolib.effects.outside import OutsideError
from tokolib.kernel.annotations import unkept
from tokolib.kernel.errors import Fault, HostMismatch, TokolibError, shortened, shown
from tokolib.kernel.lines import LONGEST as LONGEST_LINE
from tokolib.kernel.money import Money

T = TypeVar("T")
_TYPES: Final = {
    "kind": EffectKind,
    "state": EffectState,
    "amount": Money,
    "occurred_at": datetime,
    "source": Source,
    "sequence": int,
}
_TEXTS: Final = ("provider", "intent", "operation_id", "key", "reference", "about", "failure")

_NAMES: Final = ("key", "reference", "about")
"""What a provider calls things by: as long as a name that a person gives at most."""


@attrs.frozen
class UnusableAnswer(TokolibError):
    """The adapter of a provider answered with what is no answer. It may have happened: it is looked up later."""

    code: ClassVar[str] = "effects.unusable_answer"
    status: ClassVar[int] = 502
    provider: str
    call: str
    """What was asked: the port's method."""
    key: str
    """The key of the operation, under which the provider knows it."""
    faults: tuple[Fault, ...]
    """What is wrong with the answer."""

    def __str__(self) -> str:
        told = "; ".join(f"{each} ({each.value})" if each.value else f"{each}" for each in self.faults)
        return f"{self.provider} gave no usable answer to {self.call} {self.key}: {told}"

    @property
    def hint(self) -> str:
        return (
            f"mend {self.call} in the adapter of {self.provider}; nothing was believed of this answer, and tick() "
            "goes on with the operation"
        )


async def answer(provider: str, call: str, key: str, ask: Callable[[], Awaitable[T]]) -> T:
    """What *ask* answers, or raises of what a port may raise.

    Raises:
        OutsideError, OSError: the provider's refusal, or its silence.
        UnusableAnswer: anything else that *ask* raised, or a refusal whose reason is no text.
    """
    try:
        return await ask()
    except OutsideError as error:
        if faults := tuple(_text("failure", error.failure)):
            raise UnusableAnswer(provider, call, key, faults) from error
        raise
    except (OSError, HostMismatch):
        raise
    except Exception as error:
        told = shortened(f"{type(error).__name__}: {error}", 200)
        raise UnusableAnswer(provider, call, key, (Fault("", "effects.raised", f"it raised {told}"),)) from error


def observation(provider: str, call: str, key: str, seen: object) -> Observation:
    """*seen*, which must be an observation that can be folded in.

    Raises:
        UnusableAnswer: it is none.
    """
    faults = tuple(_faults(seen))
    if faults or not isinstance(seen, Observation):
        raise UnusableAnswer(provider, call, key, faults)
    return seen


def observations(provider: str, call: str, key: str, kind: EffectKind, seen: object) -> tuple[Observation, ...]:
    """*seen*, what a look-up of the operation of *kind* with that *key* found.

    A movement about a charge may tell the charge's key. So there are other kinds under *key*, but never they alone.

    Raises:
        UnusableAnswer: one of them is no observation, or all that go by *key* are of other kinds.
    """
    if not isinstance(seen, tuple):
        fault = Fault("", "kernel.wrong_type", "must be a tuple of Observations", shown(seen))
        raise UnusableAnswer(provider, call, key, (fault,))
    found = tuple(observation(provider, call, key, each) for each in seen)
    named = [each.kind for each in found if each.key == key]
    if named and kind not in named:
        fault = Fault("kind", "effects.other_kind", f"must be {kind} under this key", shown(named[0].value))
        raise UnusableAnswer(provider, call, key, (fault,))
    return found


def _faults(seen: object) -> Iterator[Fault]:
    if not isinstance(seen, Observation):
        yield Fault("", "kernel.wrong_type", "must be an Observation", shown(seen))
        return
    for name, wanted in _TYPES.items():
        if not isinstance(value := getattr(seen, name), wanted):
            yield Fault(name, "kernel.wrong_type", f"must be {wanted.__name__}", shown(value))
    for name in _TEXTS:
        yield from _text(name, getattr(seen, name))
    for name in _NAMES:
        if isinstance(value := getattr(seen, name), str) and len(value) > LONGEST_LINE:
            message = f"must be at most {LONGEST_LINE} characters"
            yield Fault(name, "effects.too_long", message, shown(shortened(value, 40)))
    yield from _details(seen.details)


def _details(details: object) -> Iterator[Fault]:
    if not isinstance(details, tuple) or not all(isinstance(pair, tuple) and len(pair) == 2 for pair in details):
        yield Fault("details", "kernel.wrong_type", "must be a tuple of pairs of texts", shown(details))
        return
    for pair in details:
        for text in pair:
            yield from _text("details", text)


def _text(name: str, value: object) -> Iterator[Fault]:
    if not isinstance(value, str):
        yield Fault(name, "kernel.wrong_type", "must be text", shown(value))
    yield from unkept(name, value)
