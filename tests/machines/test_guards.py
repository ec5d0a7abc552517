"""What the stories show together: guards met both ways, states that are read off, and who walks each edge."""

from typing import Any

from pages.machines import lifecycles
from stories import EXITS, OTHERS, tell_all

from tokolib.effects import lifecycle as effects
from tokolib.kernel.machine import Derived, Guard, Machine, name_of


def test_every_guard_is_met_both_ways(monkeypatch, record_property):
    """Each holds in some story and fails in another; one that is never seen both ways says nothing."""
    guards = [(each.name, guard) for each in lifecycles() for guard in each.guards()]
    met: dict[int, set[bool]] = {id(guard): set() for _, guard in guards}
    asked = Guard.__call__

    def noted(self, subject):
        answer = asked(self, subject)
        met.setdefault(id(self), set()).add(answer)
        return answer

    def read(self, facts):
        """As it is written down, guard by guard; the laid out form must say the same."""
        state = next((case.state for case in self.cases[:-1] if case.when(facts)), self.cases[-1].state)
        assert state is laid_out(self, facts)
        return state

    laid_out = Derived.read
    monkeypatch.setattr(Guard, "__call__", noted)
    monkeypatch.setattr(Derived, "read", read)
    tell_all()

    record_property("counted", f"{len(guards)} guards, each true and false, in {len(EXITS) + len(OTHERS)} stories")
    assert [] == [f"{name}: {guard.name} {met[id(guard)]}" for name, guard in guards if met[id(guard)] != {True, False}]


def test_every_state_that_is_read_off_is_seen(monkeypatch):
    """No state of a derived lifecycle is there for nothing: each is read in some story."""
    seen: dict[str, set[Any]] = {each.name: set() for each in lifecycles() if isinstance(each, Derived)}
    read = Derived.read

    def noted(self, facts):
        state = read(self, facts)
        seen[self.name].add(state)
        return state

    monkeypatch.setattr(Derived, "read", noted)
    tell_all()

    derived = [each for each in lifecycles() if isinstance(each, Derived)]
    assert [] == [f"{each.name}: {state}" for each in derived for state in each.states if state not in seen[each.name]]


def test_whoever_walks_an_edge_is_named_beside_it(given, storing, monkeypatch, record_property):
    """Of every event that a story stores, the table names the command that was given."""
    walked: set[tuple[str, str, str]] = set()
    unnamed: set[tuple[str, str, str]] = set()
    target = Machine.target

    def led(self, state, kind):
        edge = self.edge(state, kind)
        if edge is not None and storing and given:
            (walked if given[0] in edge.walkers else unnamed).add((self.name, name_of(kind), given[0]))
        return target(self, state, kind)

    monkeypatch.setattr(Machine, "target", led)
    tell_all()

    record_property("counted", f"{len(walked)} pairs of an event and the command that led to it")
    assert set() == unnamed
    assert ("order", "ReserveChanged", "shipments.hand_over") in walked


def test_whoever_moves_an_operation_is_named_beside_its_edge(given, monkeypatch, record_property):
    """The same of facts, and of whoever takes an operation in order to ask: `orders.place` asks at once."""
    walked: set[tuple[str, str, str]] = set()
    unnamed: set[tuple[str, str, str]] = set()

    def noted(move):
        def moving(operation, *seen, **lease):
            after = move(operation, *seen, **lease)
            if after.state is not operation.state and given:
                edge = effects.OPERATION.edge(operation.state, after.state)
                named = walked if edge is not None and given[0] in edge.walkers else unnamed
                named.add((operation.state.value, after.state.value, given[0]))
            return after

        return moving

    monkeypatch.setattr(effects, "fold", noted(effects.fold))
    monkeypatch.setattr(effects, "leased", noted(effects.leased))
    tell_all()

    record_property("counted", f"{len(walked)} moves of an operation and the command that led to each")
    assert set() == unnamed
    assert ("unknown", "succeeded", "orders.place") in walked
