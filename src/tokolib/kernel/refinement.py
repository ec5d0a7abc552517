"""How a host makes a state of ours finer: sub-states of its own, and the moves between them.

A sub-state adds no outcome. Entering the state enters its `initial` sub-state; leaving it is possible from every
sub-state, by the same commands as ever; between sub-states somebody moves, with a reason. An aggregate keeps the
tables that it was made under, as it keeps its policies: a table of tomorrow doesn't strand an order of today.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Protocol, TypeAlias, cast

import attrs

from tokolib.kernel.errors import TokolibError, shortened
from tokolib.kernel.machine import Guard

Moves: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]


def _as_moves(moves: Mapping[str, Iterable[str]] | Moves) -> Moves:
    """A table by name as pairs. What is no table stays what it is: `open` says what is wrong with it."""
    if not isinstance(moves, Mapping):
        return moves
    return tuple((name, _as_names(targets)) for name, targets in moves.items())


def _as_names(names: Iterable[str]) -> tuple[str, ...]:
    given: Any = names
    listed = isinstance(given, Iterable) and not isinstance(given, str)
    return tuple(given) if listed else cast(tuple[str, ...], given)


@attrs.frozen
class Refinement:
    """The sub-states of one state. It is checked when it is given to `open` or `settings.change`, all tables at once.

    `Refinement("order", "placed", initial="to_pick", moves={"to_pick": ["packed"], "packed": []}, ends=["packed"])`
    """

    machine: str
    """`order`, `shipment` or `return`."""
    state: str
    """The state that is refined, such as `placed`."""
    initial: str = attrs.field(kw_only=True)
    """The sub-state in which the state is entered."""
    moves: Moves = attrs.field(kw_only=True, converter=_as_moves)
    """Every sub-state, with those that it may be moved to; a mapping will do."""
    ends: tuple[str, ...] = attrs.field(kw_only=True, converter=_as_names)
    """Sub-states in which nothing more is to be done before the state itself is left."""

    @property
    def sub_states(self) -> tuple[str, ...]:
        """The names of all sub-states, in the order of the table."""
        return tuple(name for name, _ in self.moves)

    def moves_from(self, sub_state: str) -> tuple[str, ...]:
        """Where a sub-state may be moved to."""
        return dict(self.moves).get(sub_state, ())


@attrs.frozen
class IllegalSubState(TokolibError):
    """The table of sub-states has no such move; nothing was changed."""

    code: ClassVar[str] = "kernel.illegal_sub_state"
    status: ClassVar[int] = 409
    machine: str
    id: str
    state: str
    sub_state: str
    """Where it stands; empty when its state has no sub-states."""
    asked: str = attrs.field(converter=shortened)
    """The sub-state that it was to be moved to; empty where there is none to name."""
    allowed: tuple[str, ...]
    """The sub-states that it can be moved to now."""

    def __str__(self) -> str:
        if not self.sub_state:
            return f"{self.machine} {self.id} is {self.state}, which has no sub-states"
        allowed = ", ".join(self.allowed) or "nothing"
        where = f"{self.state}/{self.sub_state}"
        return f"{self.machine} {self.id} is {where}: it can't be moved to {self.asked!r}; possible now: {allowed}"

    @property
    def hint(self) -> str:
        return "what counts are the shop's refinements when the order was placed: see its `refinements`"


class Refined(Protocol):
    """An aggregate that has sub-states where the shop wants them."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def state(self) -> str:
        """The state that we know."""
        ...

    @property
    def sub_state(self) -> str:
        """Where it stands within that; empty where nobody has refined the state."""
        ...

    @property
    def refinements(self) -> tuple[Refinement, ...]:
        """The tables that it was made under."""
        ...


def refined(machine: str) -> Guard[Refined]:
    """The guard of a move between sub-states: that there are some."""

    def refusal(subject: Refined) -> IllegalSubState:
        return IllegalSubState(machine, subject.id, subject.state, "", "", ())

    says = "the shop has refined the state into sub-states"
    return Guard("refined", says, lambda subject: bool(subject.sub_state), refusal)


def of_machine(machine: str, tables: Sequence[Refinement]) -> tuple[Refinement, ...]:
    """The tables for one machine."""
    return tuple(table for table in tables if table.machine == machine)


def entered(machine: str, state: str, tables: Sequence[Refinement]) -> str:
    """The sub-state in which *state* is entered; empty when nobody has refined it."""
    found = _table(machine, state, tables)
    return found.initial if found else ""


def entering(machine: str, subject: Refined, state: str) -> dict[str, Any]:
    """The fields that change as *subject* enters *state*; none where it stands there already."""
    if state is subject.state:
        return {}
    return {"state": state, "sub_state": entered(machine, state, subject.refinements)}


def moved(machine: str, subject: Refined, wanted: str) -> str:
    """*wanted*, where the table of its state has that move.

    Raises:
        IllegalSubState: it hasn't.
    """
    found = _table(machine, subject.state, subject.refinements)
    allowed = found.moves_from(subject.sub_state) if found else ()
    if wanted not in allowed:
        raise IllegalSubState(machine, subject.id, subject.state, subject.sub_state, wanted, allowed)
    return wanted


def _table(machine: str, state: str, tables: Sequence[Refinement]) -> Refinement | None:
    return next((each for each in tables if (each.machine, each.state) == (machine, state)), None)
