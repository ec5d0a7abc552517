"""Stock compared with a model, step by random step: what the adapter does is what forty lines of Python do."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final

import attrs
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tokolib.kernel.rows import Demand, HoldState, Kind, Level
from tokolib.kernel.storage_errors import StorageError
from tokolib.testing.storage_checks.driven import Driven
from tokolib.testing.storage_checks.setting import NOW, Setting, pages

RESOURCES: Final = ("kopi", "teh")
LIVE: Final = (HoldState.LEASED, HoldState.KEPT)
HOLD_IDS: Final = st.sampled_from([f"h{number}" for number in range(8)])
RESOURCE: Final = st.sampled_from(RESOURCES)


@attrs.define
class ModelHold:
    """A hold as the model sees it."""

    resource: str
    quantity: int
    state: HoldState
    until: datetime | None

    def stands(self, now: datetime) -> bool:
        """Whether it can still be kept or taken."""
        return self.state in LIVE and (self.until is None or self.until > now)


@attrs.define
class Model:
    """Stock that is counted anew at every question. A lease that ran out counts until somebody is refused."""

    on_hand: dict[str, int] = attrs.Factory(lambda: dict.fromkeys(RESOURCES, 0))
    holds: dict[str, ModelHold] = attrs.Factory(dict)

    def held(self, resource: str) -> int:
        """The steps of every hold that nobody has ended."""
        return sum(one.quantity for one in self.holds.values() if one.resource == resource and one.state in LIVE)

    def level(self, resource: str, now: datetime) -> Level:
        """What must be answered."""
        held = sum(one.quantity for one in self.holds.values() if one.resource == resource and one.stands(now))
        return Level(self.on_hand[resource], held, self.on_hand[resource] - held)

    def adjust(self, resource: str, delta: int) -> bool:
        """Whether it is accepted, and done."""
        if self.on_hand[resource] + delta < self.held(resource):
            return False
        self.on_hand[resource] += delta
        return True

    def hold(self, id: str, resource: str, quantity: int, leave: int, until: datetime | None, now: datetime) -> bool:
        """Whether it is accepted, and done."""
        if (found := self.holds.get(id)) is not None:
            return (found.resource, found.quantity) == (resource, quantity) and found.stands(now)
        if self.on_hand[resource] - self.held(resource) < quantity + leave:
            ended = [one for one in self.holds.values() if one.resource == resource and one.state in LIVE]
            expired = [one for one in ended if not one.stands(now)]
            if self.level(resource, now).available < quantity + leave:
                return False
            for one in expired:
                one.state = HoldState.EXPIRED
        state = HoldState.KEPT if until is None else HoldState.LEASED
        self.holds[id] = ModelHold(resource, quantity, state, until)
        return True

    def keep(self, id: str, now: datetime) -> bool:
        """Whether it is accepted, and done."""
        if id not in self.holds or not self.holds[id].stands(now):
            return False
        self.holds[id].state, self.holds[id].until = HoldState.KEPT, None
        return True

    def take(self, id: str, now: datetime) -> bool:
        """Whether it is accepted, and done."""
        if id not in self.holds or not self.holds[id].stands(now):
            return False
        self.holds[id].state = HoldState.TAKEN
        self.on_hand[self.holds[id].resource] -= self.holds[id].quantity
        return True

    def release(self, id: str) -> bool:
        """It is always accepted."""
        if id in self.holds and self.holds[id].state in LIVE:
            self.holds[id].state = HoldState.RELEASED
        return True


class StockMachine(RuleBasedStateMachine):
    """Does the same to a storage and to a model, and looks at both after every step."""

    store: Driven
    partition: str

    @initialize()
    def start(self) -> None:
        """Nothing on hand."""
        self.model = Model()
        self.now = NOW

    def _same(self, accepted: bool, write: Any) -> None:
        try:
            with self.store.unit(self.partition) as unit:
                write(unit)
        except StorageError:
            assert not accepted
        else:
            assert accepted

    @rule(resource=RESOURCE, delta=st.integers(-4, 6))
    def adjust(self, resource: str, delta: int) -> None:
        """Goods come and go."""
        accepted = self.model.adjust(resource, delta)
        self._same(accepted, lambda unit: unit.adjust(resource, delta))

    @rule(
        id=HOLD_IDS,
        resource=RESOURCE,
        quantity=st.integers(1, 4),
        leave=st.integers(0, 3),
        minutes=st.none() | st.integers(1, 4),
    )
    def hold(self, id: str, resource: str, quantity: int, leave: int, minutes: int | None) -> None:
        """Somebody holds, for some minutes or for good, and leaves some to others."""
        until = None if minutes is None else self.now + timedelta(minutes=minutes)
        accepted = self.model.hold(id, resource, quantity, leave, until, self.now)
        demands = [Demand(id, resource, quantity, "o", leave)]
        self._same(accepted, lambda unit: unit.hold(demands, until=until, now=self.now))

    @rule(id=HOLD_IDS)
    def keep(self, id: str) -> None:
        """A hold is kept."""
        self._same(self.model.keep(id, self.now), lambda unit: unit.keep([id], now=self.now))

    @rule(id=HOLD_IDS)
    def take(self, id: str) -> None:
        """Goods leave."""
        self._same(self.model.take(id, self.now), lambda unit: unit.take([id], now=self.now))

    @rule(id=HOLD_IDS)
    def release(self, id: str) -> None:
        """A hold is given back."""
        self._same(self.model.release(id), lambda unit: unit.release([id]))

    @rule(minutes=st.integers(1, 3))
    def wait(self, minutes: int) -> None:
        """Time goes on."""
        self.now += timedelta(minutes=minutes)

    @invariant()
    def both_agree(self) -> None:
        """Levels, states and stored counters are those of the model."""
        with self.store.reading(self.partition) as unit:
            levels = unit.levels(RESOURCES, now=self.now)
            holds = unit.holds(list(self.model.holds))
            rows = pages(unit.scan, Kind.STOCK)
        assert {name: self.model.level(name, self.now) for name in RESOURCES} == levels
        assert {id: one.state for id, one in self.model.holds.items()} == {id: h.state for id, h in holds.items()}
        for row in rows:
            assert (self.model.on_hand[row.resource], self.model.held(row.resource)) == (row.on_hand, row.held)


class ModelChecks(Setting):
    """Random stories of stock."""

    @pytest.mark.filterwarnings("default")
    def test_stock_does_what_its_model_does(self, store: Driven) -> None:
        """After any sequence of adjusting, holding, keeping, taking, releasing and waiting, adapter and model agree."""
        numbers = count()

        class Machine(StockMachine):
            def __init__(self) -> None:
                super().__init__()
                self.store = store
                self.partition = f"story-{next(numbers)}"

        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=self.examples * max(settings().max_examples // 100, 1),
                stateful_step_count=25,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
