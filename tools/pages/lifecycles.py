"""The page of lifecycles, with a diagram of each."""

import importlib
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Final

from pages.text import page

Transitions = Mapping[Enum, Mapping[type, Enum]]


LIVES: Final = (
    ("Order", "orders", {"OrderRequested": "pending_payment"}),
    ("Cart", "cart", {"CartStarted": "open"}),
    ("Shipment", "fulfilment", {"ShipmentHandedOver": "handed_over"}),
    ("Return", "returns", {"ReturnRequested": "requested"}),
    ("Product", "catalog", {"ProductAdded": "active"}),
)


def lifecycles() -> str:
    """The tables of the rooms as diagrams."""
    parts: list[str] = []
    for title, room, starts in LIVES:
        module = importlib.import_module(f"tokolib.{room}.lifecycle")
        moves: Transitions = module.TRANSITIONS
        parts += [f"## {title}", _diagram(moves, starts), _staying(moves, getattr(module, "WITHIN", {}))]
    effects = importlib.import_module("tokolib.effects.lifecycle").TRANSITIONS
    parts += [
        "## Operation",
        "A charge or refund at a gateway.\n"
        "What is known of it is the highest fact seen, whatever came first; see "
        "[Placement and payments](../explanation/placement-and-payments.md).",
        _mermaid(f"    {state.value} --> {next_.value}" for state, nexts in effects.items() for next_ in sorted(nexts)),
    ]
    return page(
        "Lifecycles",
        "Each diagram is drawn from the table that the code goes by, `TRANSITIONS` in the room's `lifecycle.py`.\n"
        "The words on the arrows are events, as `shop.orders.timeline(order)` tells them for an order.\n"
        "A command that would need an arrow that isn't there is refused, and nothing changes.",
        *parts,
    )


def _diagram(moves: Transitions, starts: Mapping[str, str]) -> str:
    lines = [f"    [*] --> {state}: {event}" for event, state in starts.items()]
    for state, events in moves.items():
        for event, next_ in events.items():
            if next_ is not state:
                lines.append(f"    {state.value} --> {next_.value}: {event.__name__}")
        if not any(next_ is not state for next_ in events.values()):
            lines.append(f"    {state.value} --> [*]")
    return _mermaid(lines)


def _mermaid(lines: Iterable[str]) -> str:
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])


def _staying(moves: Transitions, within: Mapping[Enum, Iterable[type]]) -> str:
    lines = []
    for state, events in moves.items():
        stays = [event.__name__ for event, next_ in events.items() if next_ is state]
        stays += [event.__name__ for event in within.get(state, ())]
        if stays:
            lines.append(f"- `{state.value}` stays itself under {', '.join(stays)}.")
    return "\n".join(lines)
