"""The code lives by its table: every event in every state is an edge that is walked, or is refused. Nothing else."""

import attrs
import pytest
from pages.machines import lifecycles

from tokolib.effects.lifecycle import OPERATION
from tokolib.kernel.machine import MACHINES, Machine
from tokolib.kernel.transitions import IllegalTransition


def test_every_chosen_lifecycle_is_lived(lives, record_property):
    """No table is left without its code being driven through it."""
    driven = sum(len(life.machine.states) * len(life.machine.kinds) for life in lives)
    record_property("counted", f"{driven} pairs of a state and an event")

    chosen = {each.name for each in lifecycles() if isinstance(each, Machine)}
    assert chosen == {life.machine.name for life in lives} | {OPERATION.name}


def test_every_event_is_an_edge_or_is_refused(life_in_a_state):
    """Complete: there is no third thing that an event can be."""
    life, state = life_in_a_state
    machine = life.machine
    for kind in {*machine.kinds, *machine.begins}:
        subject = life.subject(state)
        assert state == life.state_of(subject)
        event = life.event(kind, subject)

        target = machine.target(state, kind)

        if target is None:
            with pytest.raises(life.refusals):
                life.evolve(subject, event)
        else:
            assert target == life.state_of(life.evolve(subject, event)), kind


def test_a_life_begins_as_its_table_says(life):
    """What begins a life makes one; everything else is refused where there is none."""
    machine = life.machine
    subject = life.subject(next(iter(machine.states)))
    for kind in {*machine.kinds, *machine.begins}:
        event = life.event(kind, subject)
        if kind in machine.begins:
            assert life.state_of(life.evolve(None, event)) in machine.begins[kind]
        else:
            with pytest.raises((*life.refusals, TypeError)):
                life.evolve(None, event)


def test_an_event_of_another_room_is_refused(life_in_a_state):
    """A mistake of ours never passes for something that happened."""
    life, state = life_in_a_state
    with pytest.raises((*life.refusals, TypeError)):
        life.evolve(life.subject(state), life.foreign)


def test_a_refusal_is_told_in_commands(life_in_a_state):
    """What was asked and what is possible now are commands of the shop's doors, never the names of events."""
    life, state = life_in_a_state
    machine, subject = life.machine, life.subject(state)
    commands = {by for edges in machine.edges.values() for edge in edges.values() for by in edge.walkers}
    for kind in machine.kinds:
        if machine.edge(state, kind) is not None or not issubclass(life.refusals[0], IllegalTransition):
            continue
        with pytest.raises(IllegalTransition) as refused:
            life.evolve(subject, life.event(kind, subject))

        told = refused.value
        assert (told.id, told.state, told.allowed) == (subject.id, state, machine.legal(state, subject))
        assert set(told.allowed) <= commands - MACHINES
        assert told.asked in commands
        assert str(state) in told.why


def test_a_state_is_entered_in_its_first_sub_state(refinable_in_a_state):
    """Where a host has refined every state, whatever leads to another one enters that one's initial sub-state."""
    life, state = refinable_in_a_state
    subject = life.subject(state)
    for kind, edge in life.machine.edges[state].items():
        for sub_state in (f"{state}_one", f"{state}_two"):
            standing = attrs.evolve(subject, sub_state=sub_state)
            if edge.state is not state:
                assert f"{edge.state}_one" == life.evolve(standing, life.event(kind, standing)).sub_state
            elif not kind.__name__.endswith("Refined"):
                assert sub_state == life.evolve(standing, life.event(kind, standing)).sub_state
