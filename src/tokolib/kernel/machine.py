"""A lifecycle as data: its states, where a life begins, the edges between them, and who can walk them.

Each room declares its lifecycles as literal tables of this type, and its `evolve` and `check` go by them: what stands
in no table can't happen. So one table is the rule, the proof (`tests/machines`) and the drawing
(`docs/reference/lifecycles/`). No callbacks hang on an edge: what an event entails is decided beside the table.

A `Machine` is *chosen*: somebody decides an event, and an edge leads on. A `Derived` one is *read*: its states follow
from ledgers by the first case that holds, so it can't be moved, and a move of the ledger moves it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Generic, TypeAlias, TypeVar

import attrs

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.events import Event

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A")

Kind: TypeAlias = type[Event] | StrEnum
"""What happens on an edge: an event of ours, or the state that somebody outside was seen in."""


@attrs.frozen
class Guard(Generic[A]):
    """A named condition beside the state, on which an edge may be walked."""

    name: str
    says: str
    """The condition in words, as the reference prints it."""
    test: Callable[[A], bool]
    refusal: Callable[[A], TokolibError] | None = None
    """What a command is refused with when it doesn't hold; None where nobody asks for the edge by name."""

    def __call__(self, subject: A) -> bool:
        """Whether it holds for *subject*."""
        return self.test(subject)

    def require(self, subject: A) -> None:
        """Pass when it holds.

        Raises:
            TokolibError: its refusal, when it doesn't. Nothing was changed.
        """
        if not self(subject) and self.refusal is not None:
            raise self.refusal(subject)


@attrs.frozen
class Edge(Generic[S]):
    """Where something leads, who can make it happen, and on which conditions."""

    state: S
    by: tuple[str, ...] = ()
    """The commands that ask for it, such as `orders.cancel`, and are refused where it is missing."""
    guards: tuple[Guard[Any], ...] = ()
    entailed_by: tuple[str, ...] = ()
    """Those that ask for something else, and lead along it too; `tick` and `webhooks.receive` are no person's."""

    @property
    def walkers(self) -> tuple[str, ...]:
        """Every command that can lead along it."""
        return tuple(dict.fromkeys((*self.by, *self.entailed_by)))

    def open_to(self, subject: object) -> bool:
        """Whether no guard would refuse *subject*; one that nobody is refused by waits for what the command brings."""
        return all(guard.refusal is None or guard.test(subject) for guard in self.guards)


MACHINES: frozenset[str] = frozenset({"tick", "webhooks.receive"})
"""The commands that a clock or a provider calls, and no operator needs to."""


@attrs.frozen
class Machine(Generic[S]):
    """One lifecycle."""

    name: str
    about: str
    """What it is the life of, in a sentence."""
    states: Mapping[S, str]
    """All its states, with what each means."""
    begins: Mapping[Kind, tuple[S, ...]]
    """What a life begins with, and in which states it can."""
    begun_by: tuple[str, ...]
    edges: Mapping[S, Mapping[Kind, Edge[S]]]
    ends: frozenset[S]
    """Where a life may rest for good: nobody has to do anything more. An end may have edges out of it."""

    def edge(self, state: S, kind: Kind) -> Edge[S] | None:
        """The edge that something takes from a state; None where it can't happen."""
        return self.edges[state].get(kind)

    def target(self, state: S, kind: Kind) -> S | None:
        """The state that it leads to; None where it can't happen."""
        edge = self.edges[state].get(kind)
        return None if edge is None else edge.state

    def legal(self, state: S, subject: object) -> tuple[str, ...]:
        """The commands of a person that can be asked for in a state: first those that leave it.

        What a guard would refuse *subject* is not among them.
        """
        edges = [edge for edge in self.edges[state].values() if edge.open_to(subject)]
        edges.sort(key=lambda edge: edge.state is state)
        return _of_people(by for edge in edges for by in edge.by)

    def command(self, kind: Kind) -> str:
        """The command that something is known by: a person's that asks for it, else one that entails it.

        What no command leads to is called by its own name.
        """
        edges = [found for edges in self.edges.values() if (found := edges.get(kind)) is not None]
        asking = (*(by for edge in edges for by in edge.by), *(self.begun_by if kind in self.begins else ()))
        walking = (by for edge in edges for by in edge.walkers)
        return next(iter((*_of_people(asking), *asking, *walking)), name_of(kind))

    def require(self, state: S, kind: Kind, subject: object) -> None:
        """Pass when every guard of the edge holds for *subject*, in their order.

        Raises:
            TokolibError: the refusal of the first that doesn't. Nothing was changed.
        """
        for guard in self.edges[state][kind].guards:
            guard.require(subject)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Everything that can happen in some state, in the order of the table."""
        return tuple(dict.fromkeys(kind for edges in self.edges.values() for kind in edges))

    @property
    def moves(self) -> Mapping[S, tuple[S, ...]]:
        """From each state the states that edges lead to."""
        return {state: tuple(edge.state for edge in edges.values()) for state, edges in self.edges.items()}

    @property
    def starts(self) -> frozenset[S]:
        """The states in which a life can begin."""
        return frozenset(state for states in self.begins.values() for state in states)

    def exits(self, state: S) -> tuple[str, ...]:
        """The commands by which a person can leave a state."""
        return _of_people(by for edge in self.edges[state].values() if edge.state is not state for by in edge.walkers)

    def guards(self) -> Iterator[Guard[Any]]:
        """The guards of its edges, each once."""
        seen = {guard.name: guard for edges in self.edges.values() for edge in edges.values() for guard in edge.guards}
        yield from seen.values()


@attrs.frozen
class Case(Generic[S, A]):
    """A state that is read off, and the condition under which it is."""

    state: S
    when: Guard[A]


@attrs.frozen
class Derived(Generic[S, A]):
    """A lifecycle that nobody moves: its state is the first case that holds."""

    name: str
    about: str
    states: Mapping[S, str]
    """All its states, with what each means."""
    cases: tuple[Case[S, A], ...]
    """The last one holds always, so that there is a state for whatever the ledgers say."""
    ends: frozenset[S]
    exits: Mapping[S, tuple[str, ...]]
    """From each state that is no end, the commands of a person that move the ledgers on."""
    _tests: tuple[tuple[Callable[[A], bool], S], ...] = attrs.field(init=False, repr=False, eq=False)
    """The cases but the last, laid out for reading: every event of an order reads three of these."""

    @_tests.default
    def _laid_out(self) -> tuple[tuple[Callable[[A], bool], S], ...]:
        return tuple((case.when.test, case.state) for case in self.cases[:-1])

    def read(self, facts: A) -> S:
        """The state that *facts* are in."""
        for holds, state in self._tests:
            if holds(facts):
                return state
        return self.cases[-1].state

    def guards(self) -> Iterator[Guard[Any]]:
        """The conditions of all cases but the last, each once."""
        yield from {case.when.name: case.when for case in self.cases[:-1]}.values()


def otherwise(state: S) -> "Case[S, Any]":
    """The last case of a derived lifecycle."""
    return Case(state, Guard("otherwise", "otherwise", lambda _: True))


def staying(state: S, *kinds: Kind, by: tuple[str, ...] = (), entailed_by: tuple[str, ...] = ()) -> dict[Kind, Edge[S]]:
    """Edges under which *state* stays itself."""
    return {kind: Edge(state, by, entailed_by=entailed_by) for kind in kinds}


def _of_people(commands: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in commands if each not in MACHINES))


def name_of(kind: Kind) -> str:
    """What a kind is called: an event by its class, a state by its value."""
    return kind.__name__ if isinstance(kind, type) else kind.value


def reached(starts: Iterable[A], moves: Mapping[A, Iterable[A]]) -> frozenset[A]:
    """Everything that *moves* lead to from *starts*, these among it."""
    seen: set[A] = set()
    todo = list(starts)
    while todo:
        if (state := todo.pop()) not in seen:
            seen.add(state)
            todo += moves.get(state, ())
    return frozenset(seen)


def stranded(moves: Mapping[A, Iterable[A]], ends: Iterable[A]) -> frozenset[A]:
    """The states from which no end can be reached."""
    back: dict[A, list[A]] = {}
    for state, targets in moves.items():
        for target in targets:
            back.setdefault(target, []).append(state)
    ending: frozenset[A] = reached(ends, back)
    return frozenset(moves) - ending
