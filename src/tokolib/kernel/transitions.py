"""The refusal of a move that a lifecycle has not: one shape for whatever has a life, with a code per room.

What was asked and what is possible are commands, as the shop's doors call them; both are read off the table.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, ClassVar, Protocol, TypeVar

import attrs

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.machine import Kind, Machine

S = TypeVar("S", bound=StrEnum)


@attrs.frozen
class IllegalTransition(TokolibError):
    """It is in a state that does not allow this; nothing was changed. Each room refuses with one of its own."""

    code: ClassVar[str] = "kernel.illegal_transition"
    status: ClassVar[int] = 409
    thing: ClassVar[str] = "this"
    """What it is the life of, in a word."""
    id: str
    """Empty where there is none yet."""
    state: str
    asked: str
    """The command that is refused, such as `orders.cancel`."""
    allowed: tuple[str, ...]
    """The commands that its lifecycle allows now; none where nobody can do anything more."""
    why: str

    def __str__(self) -> str:
        allowed = ", ".join(self.allowed) or "nothing"
        named = f"{self.thing} {self.id}" if self.id else self.thing
        like_that = " like that" if self.asked in self.allowed else ""  # another form of the command is possible
        return f"{named}: {self.asked} is not possible{like_that}: {self.why}; possible now: {allowed}"


class _Living(Protocol):
    @property
    def id(self) -> str: ...


def led(
    machine: Machine[S],
    refusal: type[IllegalTransition],
    subject: _Living,
    state: S,
    kind: Kind,
    *,
    asked: str = "",
) -> S:
    """The state that *kind* leads *subject* to; *asked* names the command where the table names another one first.

    Raises:
        IllegalTransition: *refusal*, where the table has no such edge. Nothing was changed.
    """
    target = machine.target(state, kind)
    if target is None:
        while_in = (each for each in machine.states if machine.edge(each, kind) is not None)
        raise refused(machine, refusal, subject, state, asked or machine.command(kind), while_in)
    return target


def refused(
    machine: Machine[S], refusal: type[IllegalTransition], subject: _Living, state: S, asked: str, while_in: Iterable[S]
) -> IllegalTransition:
    """The refusal of *asked*, which is possible *while_in* other states."""
    others = " or ".join(while_in)
    needs = f"this is for one that is {others}" if others else "this is for none that is there"
    why = f"it is {state}, and {needs}"
    return refusal(subject.id, state, asked, machine.legal(state, subject), why)


def unbegun(machine: Machine[Any], refusal: type[IllegalTransition], kind: Kind) -> IllegalTransition:
    """The refusal of what happens to something that isn't there yet."""
    return refusal("", "", machine.command(kind), machine.begun_by, "there is none yet")
