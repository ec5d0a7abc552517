"""The pages of lifecycles: one for each, with its diagram, its states in words, its edges, and who can leave it."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

from pages.machines import Lifecycle
from pages.machines import lifecycles as found
from pages.text import page, table
from tokolib.desk.refining import REFINABLE
from tokolib.effects.lifecycle import OPERATION, PLACES
from tokolib.kernel.machine import Derived, Edge, Kind, Machine, name_of

FOLDER: Final = "reference/lifecycles"


def lifecycles() -> str:
    """The list of all of them."""
    rows = [
        (f"[{_title(each)}](lifecycles/{_slug(each)}.md)", str(len(each.states)), _kind(each), each.about)
        for each in found()
    ]
    return page(
        "Lifecycles",
        "Each page is drawn from the table that the code goes by: what stands in no table can't happen.\n"
        "Tests prove of each that it is whole, that every state is reached, that nobody gets stuck, and that a person "
        "can lead it out of every state that is no end.",
        table(("lifecycle", "states", "how it moves", "what it is the life of"), rows),
        "A state *by events* is left when somebody decides one; the commands are named beside each edge.\n"
        "A state *read off* ledgers is never set: it is the first case that holds, and moves when they do.",
        "The states of "
        + ", ".join(REFINABLE)
        + " can be made finer: [Refine a lifecycle](../how-to/refine-a-lifecycle.md).",
    )


def pages() -> Mapping[str, Callable[[], str]]:
    """The page of each, by its place."""
    return {f"{FOLDER}/{_slug(each)}.md": partial(_page, each) for each in found()}


def _page(each: Lifecycle) -> str:
    return _derived(each) if isinstance(each, Derived) else _chosen(each)


def _chosen(each: Machine[Any]) -> str:
    begins = "; ".join(f"{name_of(kind)} ({', '.join(states)})" for kind, states in each.begins.items())
    parts = [
        each.about,
        _diagram(each),
        f"It begins with {begins}, by {_commands(each.begun_by)}.",
        "## States",
        _states(each, each.states, {state: _commands(each.exits(state)) or "–" for state in each.states}),
        "## Edges",
        "The conditions must hold beside the state, or nothing changes.",
        table(("from", "what happens", "to", "condition", "by"), _rows(each)),
    ]
    if each is OPERATION:
        parts += _fold()
    if each.name in REFINABLE:
        parts.append("Its states can be [made finer](../../how-to/refine-a-lifecycle.md) by the shop itself.")
    return page(_title(each), *parts)


def _derived(each: Derived[Any, Any]) -> str:
    rows = [(str(at), case.when.says, f"`{case.state}`") for at, case in enumerate(each.cases, start=1)]
    return page(
        _title(each),
        each.about,
        "Nobody sets this state: it is the first case that holds, and moves when the ledgers do.",
        _mermaid(["    [*] --> case1", *_choices(each)], kind="stateDiagram-v2"),
        "## States",
        _states(each, each.states, {state: _commands(each.exits.get(state, ())) or "–" for state in each.states}),
        "## Cases",
        table(("case", "condition", "state"), rows),
    )


def _choices(each: Derived[Any, Any]) -> Iterable[str]:
    last = len(each.cases)
    for at, case in enumerate(each.cases, start=1):
        if at == last:
            yield f"    case{at - 1} --> {case.state}: otherwise"
            return
        yield f"    state case{at} <<choice>>"
        yield f"    case{at} --> {case.state}: {_label(case.when.name)}"
        if at < last - 1:
            yield f"    case{at} --> case{at + 1}: no"


def _states(each: Lifecycle, states: Mapping[Any, str], exits: Mapping[Any, str]) -> str:
    rows = [(f"`{state}`", words, "yes" if state in each.ends else "", exits[state]) for state, words in states.items()]
    return table(("state", "what it says", "may rest for good", "a person leaves it by"), rows)


def _rows(each: Machine[Any]) -> Iterable[tuple[str, ...]]:
    for state, edges in each.edges.items():
        alike: dict[Edge[Any], list[str]] = {}
        for kind, edge in edges.items():
            alike.setdefault(edge, []).append(name_of(kind))
        for edge, names in alike.items():
            to = "stays" if edge.state is state else f"`{edge.state}`"
            guards = "; ".join(guard.says for guard in edge.guards)
            yield f"`{state}`", ", ".join(names), to, guards, _commands(edge.walkers)


def _diagram(each: Machine[Any]) -> str:
    lines = [f"    [*] --> {state}: {name_of(kind)}" for kind, states in each.begins.items() for state in states]
    for state, edges in each.edges.items():
        for target, kinds in _leaving(state, edges).items():
            lines.append(f"    {state} --> {target}: {', '.join(kinds)}")
        if state in each.ends:
            lines.append(f"    {state} --> [*]")
    return _mermaid(lines, kind="stateDiagram-v2")


def _leaving(state: Any, edges: Mapping[Kind, Edge[Any]]) -> Mapping[Any, list[str]]:
    """What leads where, several events to one state on one arrow; a guard's name stands behind its event."""
    found: dict[Any, list[str]] = {}
    for kind, edge in edges.items():
        if edge.state is not state:
            guards = f" [{', '.join(_label(guard.name) for guard in edge.guards)}]" if edge.guards else ""
            found.setdefault(edge.state, []).append(f"{_label(name_of(kind))}{guards}")
    return found


def _fold() -> list[str]:
    rows = [(f"`{state}`", str(tier), str(rank)) for state, (tier, rank) in PLACES.items()]
    return [
        "## Which fact counts",
        "What happens on an edge is a fact: the state that somebody outside is seen to say.\n"
        "Facts come late, twice and out of order, so the higher place counts, whichever came first: the higher tier, "
        "within a tier the provider's own later sequence, and at one sequence the higher rank.\n"
        "See [Placement and payments](../../explanation/placement-and-payments.md).",
        table(("fact", "tier", "rank"), rows),
    ]


def _mermaid(lines: Iterable[str], *, kind: str) -> str:
    return "\n".join(["```mermaid", kind, *lines, "```"])


def _commands(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _label(name: str) -> str:
    return name.replace("_", " ")


def _title(each: Lifecycle) -> str:
    return _label(each.name).capitalize()


def _slug(each: Lifecycle) -> str:
    return each.name.replace("_", "-")


def _kind(each: Lifecycle) -> str:
    return "read off" if isinstance(each, Derived) else "by events"
