"""The life of a rule of the shop, which is put and stopped: a promotion, a coupon, a price list, a way to deliver."""

from enum import StrEnum
from typing import Protocol

from tokolib.kernel.machine import Edge, Kind, Machine, name_of


class RuleState(StrEnum):
    """Whether a rule counts."""

    RUNNING = "running"
    STOPPED = "stopped"


def rule(
    name: str, about: str, *, put: Kind, stop: Kind, put_by: tuple[str, ...], stopped_by: str
) -> Machine[RuleState]:
    """The lifecycle of a rule: putting it makes, changes or revives it, and stopping it can be undone."""
    edges = {put: Edge(RuleState.RUNNING, put_by), stop: Edge(RuleState.STOPPED, (stopped_by,))}
    return Machine(
        name=name,
        about=about,
        states={RuleState.RUNNING: "it counts from now on", RuleState.STOPPED: "it no longer counts, and is kept"},
        begins={put: (RuleState.RUNNING,)},
        begun_by=put_by,
        edges={RuleState.RUNNING: edges, RuleState.STOPPED: edges},
        ends=frozenset({RuleState.STOPPED}),
    )


class Rule(Protocol):
    """What is put and stopped."""

    @property
    def active(self) -> bool:
        """Whether it runs."""
        ...


def runs(machine: Machine[RuleState], held: Rule | None, kind: Kind) -> bool:
    """Whether a rule runs after something has happened to it; *held* is None before it was first put.

    Raises:
        TypeError: the table doesn't know that there.
    """
    if held is None:
        target = next(iter(machine.begins.get(kind, ())), None)
    else:
        target = machine.target(RuleState.RUNNING if held.active else RuleState.STOPPED, kind)
    if target is None:
        raise TypeError(f"a {machine.name} doesn't know {name_of(kind)} here")
    return target is RuleState.RUNNING
