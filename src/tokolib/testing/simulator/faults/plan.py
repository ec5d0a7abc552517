"""The plan: it counts calls, says which of them fail and how, and remembers what struck."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import Final

import attrs

from tokolib.kernel.quick import quick

OUTBOX: Final = frozenset({"claim", "done", "retry", "bury", "dead", "revive", "replay", "purge"})
LASTING: Final = (OUTBOX - {"dead"}) | {"commit", "migrate"}
"""What lasts once it took effect, so that a lost answer leaves that unknown."""


class Crash(BaseException):
    """The process dies here. Nothing in the library catches it, and nothing after it reaches a port."""


class Mode(StrEnum):
    """How a call fails."""

    BEFORE = "before"
    """The process dies before the call."""
    AFTER = "after"
    """The call takes effect, and the process dies before it hears of that."""
    ERROR = "error"
    """The call has no effect, and may be made again: a storage asks for that, a provider can't be reached."""
    FAILURE = "failure"
    """The call has no effect, and trying again is nobody's duty: a storage can't be used, a provider lets us not in."""
    TIME_OUT = "time_out"
    """The call takes effect, and its answer is lost."""

    @property
    def takes_effect(self) -> bool:
        """Whether the call does what it was made for."""
        return self in (Mode.AFTER, Mode.TIME_OUT)

    @property
    def is_crash(self) -> bool:
        """Whether the process dies."""
        return self in (Mode.BEFORE, Mode.AFTER)


@attrs.frozen
class Call:
    """One call of a port."""

    number: int
    """Its number in the plan, from 1."""
    name: str
    """The port and the method: `storage.commit`, `gateway.create`."""
    request: int = 0
    """The request that it served, as `plan.request` said."""

    @property
    def lasts(self) -> bool:
        """Whether something outside the process may be another after it: a commit, any word to a provider."""
        port, _, method = self.name.partition(".")
        return port not in ("storage", "outbox") or method in LASTING

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


_call: Final = quick(Call)


@attrs.frozen
class Strike:
    """One fault that happened."""

    call: Call
    mode: Mode

    def __str__(self) -> str:
        return f"{self.mode} {self.call}"


Choose = Callable[[Call], Mode | None]
"""How a call fails, or None: it doesn't."""


def never(_: Call) -> None:
    """No fault at all: a plan that only counts."""


@attrs.define(eq=False)
class FaultPlan:
    """Counts calls, and strikes those that *choose* says."""

    choose: Choose = never
    calls: list[Call] = attrs.field(factory=list)
    """Every call that was counted."""
    struck: list[Strike] = attrs.field(factory=list)
    """Every fault that happened, in order."""
    crashes: int = 0
    """How many processes have died."""
    is_dead: bool = False
    request: int = 0
    """The number of the request that is served now, for whoever counts requests."""
    _quiet: bool = False

    @classmethod
    def at(cls, faults: Mapping[int, Mode]) -> "FaultPlan":
        """The plan that strikes the calls of these numbers."""

        def choose(call: Call) -> Mode | None:
            return faults.get(call.number)

        return cls(choose)

    def restart(self) -> None:
        """Begin the next process; the numbers go on."""
        self.is_dead = False

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """A while in which nothing is counted, and nothing strikes; a dead process is no obstacle either."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

    def count(self, name: str) -> Mode | None:
        """How the call that is made now fails, or None.

        Raises:
            Crash: the process is dead already. The call isn't counted.
        """
        if self._quiet:
            return None
        if self.is_dead:
            raise Crash(f"{name} by a dead process")
        call = _call(len(self.calls) + 1, name, self.request)
        self.calls.append(call)
        if (mode := self.choose(call)) is not None:
            self.struck.append(Strike(call, mode))
            if mode.is_crash:
                self.is_dead = True
                self.crashes += 1
        return mode
