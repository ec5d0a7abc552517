"""In every state that is no end a person has a way out, tried on a shop.

Each story brings one thing into one state and lets a member of staff lead it out by a command of the shop's doors.
"""

import pytest
from pages.machines import lifecycles
from stories import EXITS, stand

from tokolib.kernel.hosting import command
from tokolib.kernel.machine import Derived


def test_every_state_that_is_no_end_has_its_story():
    """None is left out, and none is told of a state that isn't there."""
    wanted = {(each.name, state) for each in lifecycles() for state in each.states if state not in each.ends}

    assert wanted == set(EXITS)


@pytest.mark.parametrize(("machine", "state"), EXITS, ids=str)
def test_a_person_leads_it_out(machine, state, monkeypatch):
    """The command that the table names is given by staff, and the state is left; the books stay sound."""
    at = stand()
    now, leave = EXITS[machine, state](at)
    assert state == now()
    given = set()
    bound = command.__get__

    def noted(self, instance, owner):
        given.add(self.__name__)
        return bound(self, instance, owner)

    with monkeypatch.context() as patched:
        patched.setattr(command, "__get__", noted)
        leave()

    assert state != now()
    assert given & {name.rpartition(".")[2] for name in exits_of(machine, state)}
    assert at.shop.verify()


def exits_of(name, state):
    """The commands that the table names."""
    (each,) = [each for each in lifecycles() if each.name == name]
    return each.exits.get(state, ()) if isinstance(each, Derived) else each.exits(state)
