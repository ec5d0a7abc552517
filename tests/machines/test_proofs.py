"""What every lifecycle has to prove, whichever room it is of: it is whole, nobody gets stuck, and a person can act."""

from functools import cache

import pytest
from pages.machines import declared, lifecycles

import tokolib
from tokolib.kernel.hosting import command
from tokolib.kernel.machine import MACHINES, Derived, Machine, reached, stranded

ALL = lifecycles()
CHOSEN = [each for each in ALL if isinstance(each, Machine)]
READ = [each for each in ALL if isinstance(each, Derived)]


def named(each):
    return each.name


def commands_of(each):
    """Every command that a lifecycle names."""
    if isinstance(each, Derived):
        return {name for names in each.exits.values() for name in names}
    return {*each.begun_by, *(by for edges in each.edges.values() for edge in edges.values() for by in edge.walkers)}


def test_every_lifecycle_that_the_source_declares_is_found(record_property):
    """None escapes the proofs: as many are found as the source's text declares."""
    edges = sum(len(edges) for each in CHOSEN for edges in each.edges.values())
    states = sum(len(each.states) for each in ALL)
    cases, guards = sum(len(each.cases) for each in READ), sum(len([*each.guards()]) for each in ALL)
    record_property("counted", f"{len(ALL)} lifecycles, {states} states, {edges} edges, {cases} cases, {guards} guards")

    assert declared() == len(ALL)


@pytest.mark.parametrize("each", ALL, ids=named)
def test_every_state_has_its_row_and_its_words(each):
    """The table, its words and the enumeration name the same states."""
    states = set(type(next(iter(each.states))))

    assert states == set(each.states)
    assert all(each.states.values())
    if isinstance(each, Machine):
        assert states == set(each.edges)
    else:
        assert states == {case.state for case in each.cases}


@pytest.mark.parametrize("each", CHOSEN, ids=named)
def test_every_state_is_reached_from_a_beginning(each):
    """No state is there for nothing."""
    assert set(each.states) == reached(each.starts, each.moves)


@pytest.mark.parametrize("each", CHOSEN, ids=named)
def test_no_state_is_a_dead_end(each):
    """From every state an end can be reached, and whatever has no way out is an end."""
    leaving = {state: [to for to in targets if to is not state] for state, targets in each.moves.items()}

    assert set() == stranded(each.moves, each.ends)
    assert {state for state, targets in leaving.items() if not targets} <= each.ends


@pytest.mark.parametrize("each", ALL, ids=named)
def test_a_person_can_leave_every_state_that_is_no_end(each):
    """There is a command for it, of a door that people use."""
    exits = {
        state: set(each.exits(state) if isinstance(each, Machine) else each.exits.get(state, ()))
        for state in each.states
    }

    assert [] == [state for state in each.states if state not in each.ends and not exits[state] - MACHINES]


@pytest.mark.parametrize("each", ALL, ids=named)
def test_every_command_that_a_table_names_is_one_of_the_shop(each):
    """`orders.cancel` is a command of the door `orders`; `tick` and `webhooks.receive` are the machine's."""
    assert [] == sorted(name for name in commands_of(each) if not is_command(name))


def is_command(name):
    door, _, method = name.rpartition(".")
    if not door:
        return isinstance(vars_of(tokolib.Shop).get(name), command)
    kind = doors()[door]
    return isinstance(vars_of(kind).get(method), command)


def vars_of(kind):
    return {name: value for base in reversed(kind.__mro__) for name, value in vars(base).items()}


@cache
def doors():
    """The class behind each door."""
    with tokolib.open("memory://", country="ID") as shop:
        names = [name for name in dir(shop) if not name.startswith("_")]
        return {name: type(getattr(shop, name)) for name in names}


@pytest.mark.parametrize("each", READ, ids=named)
def test_a_state_that_is_read_off_is_always_there(each):
    """The last case holds whatever the ledgers say, and no case names a condition twice."""
    names = [case.when.name for case in each.cases]

    assert len(names) == len(set(names))
    assert each.cases[-1].when(object())
    assert set(each.exits) <= set(each.states) - each.ends
