"""What a host's own sub-states must fulfil: the proofs that our lifecycles pass, all faults at once, with paths.

Every sub-state can be reached, none is a dead end, a person can leave each, and each name means one thing. The state
itself can always be left, so a table can't take a way away from us or add an outcome.
"""

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, Final

from tokolib.kernel.errors import Fault, shown
from tokolib.kernel.machine import Machine, reached, stranded
from tokolib.kernel.refinement import Refinement

REFINABLE: Final = {
    "order": ("tokolib.orders.lifecycle", "ORDER"),
    "shipment": ("tokolib.fulfilment.lifecycle", "SHIPMENT"),
    "return": ("tokolib.returns.lifecycle", "RETURN"),
}
"""Whose states can have sub-states: where each table is; loaded when a shop has some."""

MOST_TABLES: Final = 30
MOST_SUB_STATES: Final = 50
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


def refinement_faults(tables: object) -> Iterator[Fault]:
    """Everything that is wrong with *tables*."""
    if not isinstance(tables, Sequence) or not all(isinstance(each, Refinement) for each in tables):
        yield Fault("refinements", "kernel.wrong_type", "must be a list of Refinement", shown(tables))
        return
    if len(tables) > MOST_TABLES:
        yield Fault("refinements", "shop.too_many_refinements", f"must be at most {MOST_TABLES}", str(len(tables)))
        return
    taken: dict[tuple[str, str], str] = {}
    refined: dict[tuple[str, str], str] = {}
    for number, table in enumerate(tables):
        path = f"refinements[{number}]"
        yield from _place_faults(path, table, refined)
        faults = [*_shape_faults(path, table)]
        yield from faults or _proof_faults(path, table, taken)


def _machine(name: object) -> Machine[Any] | None:
    if not isinstance(name, str) or name not in REFINABLE:
        return None
    module, constant = REFINABLE[name]
    found: Machine[Any] = getattr(import_module(module), constant)
    return found


def _place_faults(path: str, table: Refinement, refined: dict[tuple[str, str], str]) -> Iterator[Fault]:
    machine = _machine(table.machine)
    if machine is None:
        message = f"must be one of {', '.join(REFINABLE)}"
        yield Fault(f"{path}.machine", "shop.unknown_machine", message, shown(table.machine))
    elif table.state not in machine.edges:
        known = ", ".join(machine.edges)
        yield Fault(f"{path}.state", "shop.unknown_state", f"must be one of {known}", shown(table.state))
    elif (first := refined.setdefault((table.machine, table.state), path)) != path:
        yield Fault(f"{path}.state", "shop.refined_twice", f"{first} has refined this state", table.state)


def _shape_faults(path: str, table: Refinement) -> Iterator[Fault]:
    """What keeps the table from being read at all."""
    moves: Any = table.moves
    pairs = isinstance(moves, tuple) and all(isinstance(each, tuple) and len(each) == 2 for each in moves)
    if not pairs or not all(isinstance(targets, tuple) for _, targets in moves):
        message = "must be a mapping from each sub-state to a list of those that it may be moved to"
        yield Fault(f"{path}.moves", "kernel.wrong_type", message, shown(moves))
        return
    if not 0 < len(moves) <= MOST_SUB_STATES:
        message = f"must name 1 to {MOST_SUB_STATES} sub-states"
        yield Fault(f"{path}.moves", "shop.bad_sub_states", message, str(len(moves)))
    for name, _ in moves:
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            message = "must be at most 40 of a to z, 0 to 9 and _, beginning with a letter"
            yield Fault(f"{path}.moves", "shop.bad_name", message, shown(name))
    known = {name for name, _ in moves}
    ends: Any = table.ends
    if not isinstance(ends, tuple):
        yield Fault(f"{path}.ends", "kernel.wrong_type", "must be a list of sub-states", shown(ends))
        return
    named = [("initial", table.initial), *((f"ends[{at}]", end) for at, end in enumerate(ends))]
    named += [(f"moves[{name}][{at}]", to) for name, targets in moves for at, to in enumerate(targets)]
    for where, name in named:
        if name not in known:
            yield Fault(f"{path}.{where}", "shop.unknown_sub_state", "must be one of the table's own", shown(name))


def _proof_faults(path: str, table: Refinement, taken: dict[tuple[str, str], str]) -> Iterator[Fault]:
    """Where the table fails the proofs: names, reachability, no dead end, a way out."""
    machine = _machine(table.machine)
    ours = () if machine is None else tuple(machine.edges)
    for name in table.sub_states:
        first = taken.setdefault((table.machine, name), path)
        if name in ours:
            yield Fault(f"{path}.moves[{name}]", "shop.name_taken", "is a state of ours", name)
        elif first != path or table.sub_states.count(name) > 1:
            yield Fault(f"{path}.moves[{name}]", "shop.name_taken", f"is a sub-state of {first} already", name)
    moves = dict(table.moves)
    for name in sorted(moves.keys() - reached([table.initial], moves)):
        yield Fault(f"{path}.moves[{name}]", "shop.unreachable", f"can't be reached from {table.initial}", name)
    for name in sorted(stranded(moves, table.ends)):
        if moves[name]:
            message = f"no end can be reached from it; ends: {', '.join(table.ends) or 'none'}"
            yield Fault(f"{path}.moves[{name}]", "shop.dead_end", message, name)
        else:
            yield Fault(f"{path}.moves[{name}]", "shop.no_way_out", "has no move, and is none of the ends", name)


def told(tables: Sequence[Refinement]) -> str:
    """Tables as one line, for whoever compares two."""
    each = (f"{table.machine}/{table.state} ({', '.join(_moves(table))})" for table in tables)
    return "; ".join(each) or "none"


def _moves(table: Refinement) -> Iterator[str]:
    for name, targets in table.moves:
        mark = "*" if name in table.ends else ""
        yield f"{name}{mark} > {' | '.join(targets)}" if targets else f"{name}{mark}"
