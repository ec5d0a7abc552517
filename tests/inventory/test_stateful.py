"""Stock under whatever people do: a model beside the real thing, on memory and SQLite, compared after each step."""

import tempfile
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from tokolib.adapters.memory.storage import MemoryStorage
from tokolib.adapters.sqlite.storage import SqliteStorage
from tokolib.inventory import moving, steps
from tokolib.inventory.errors import BelowHeld, HoldEnded, NotHeld, OutOfStock
from tokolib.inventory.lifecycle import evolve_item
from tokolib.inventory.ports import STOCK_ITEMS
from tokolib.kernel.hosting import drive
from tokolib.kernel.rows import HoldState
from tokolib.kernel.storage_errors import StorageError
from tokolib.kernel.unit import Unit
from tokolib.records.collections import COLLECTIONS

KEYS = ("kopi-250", "gula")
GOODS = st.fixed_dictionaries({}, optional={key: st.sampled_from((5, 6, 2, 1)) for key in KEYS}).filter(bool)
SHARES = st.fixed_dictionaries({key: st.sampled_from((1, 2, 4, 0, 7)) for key in KEYS})
REACHED = {
    "held for a time", "held without a term", "too little to hold", "kept", "keeping lapsed", "taken", "taking lapsed",
    "a part taken", "a part of what lapsed", "more than is held", "released", "releasing lapsed",
    "adjusted", "adjusted below what is held", "adjusted over a lapsed hold",
}  # fmt: skip
"""What a run must have come across, or it has shown nothing about it."""


@attrs.define
class Held:
    """A hold in the model."""

    key: str
    quantity: int
    until: datetime | None


class Shelves:
    """The model: what is on hand, and what is held until when. It knows nothing of ids, rows or units of work."""

    def __init__(self) -> None:
        self.on_hand = dict.fromkeys(KEYS, 0)
        self.holds: dict[str, Held] = {}
        self.shipped = 0

    def live(self, now: datetime) -> dict[str, Held]:
        return {id: one for id, one in self.holds.items() if one.until is None or one.until > now}

    def lapsed(self, now: datetime) -> dict[str, Held]:
        live = self.live(now)
        return {id: one for id, one in self.holds.items() if id not in live}

    def available(self, key: str, now: datetime) -> int:
        return self.on_hand[key] - sum(one.quantity for one in self.live(now).values() if one.key == key)


class StockMachine(RuleBasedStateMachine):
    """Receives, holds, keeps, ships, releases, corrects, and lets time pass."""

    orders = Bundle("orders")
    stockroom: Any
    """The class of the shop under test, and what makes its storage."""
    make: Any
    reached: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.room = self.stockroom(self.make())
        self.model = Shelves()
        self.count = 0

    @property
    def now(self) -> datetime:
        now: datetime = self.room.clock.now()
        return now

    def run(self, step: Any, *args: Any, **more: Any) -> Any:
        try:
            return self.room.do(lambda unit: step(unit, *args, **more))
        except StorageError as error:
            raise steps.explain_refusal(error) from error

    @rule(key=st.sampled_from(KEYS), quantity=st.integers(1, 10))
    def receive(self, key: str, quantity: int) -> None:
        self.room.stock.receive(key, quantity)
        self.model.on_hand[key] += quantity

    @initialize(target=orders, goods=GOODS, hours=st.integers(0, 3))
    def open_the_shop(self, goods: dict[str, int], hours: int) -> Any:
        for key in KEYS:
            self.receive(key, 12)
        return self.promise(goods, hours)

    @rule(target=orders, goods=GOODS, hours=st.integers(0, 3))
    def hold(self, goods: dict[str, int], hours: int) -> Any:
        return self.promise(goods, hours)

    def promise(self, goods: dict[str, int], hours: int) -> Any:
        self.count += 1
        until = self.now + timedelta(hours=hours) if hours else None
        short = {key for key, steps in goods.items() if steps > self.model.available(key, self.now)}
        try:
            ids = self.run(steps.hold, goods, location="main", channel="web", owner=f"ord_{self.count}", until=until)
        except OutOfStock as error:
            self.reached["too little to hold"] += 1
            assert short == {one.sku.lower() for one in error.shortages}
            return multiple()
        assert not short
        self.reached["held for a time" if until else "held without a term"] += 1
        for id, key in zip(ids, sorted(goods), strict=True):
            self.model.holds[id] = Held(key, goods[key], until)
        return tuple(ids)

    @rule(order=orders, late=st.booleans())
    def keep(self, order: tuple[str, ...], late: bool) -> None:
        self.pass_(order, late)
        if self.expect("kept", "keeping lapsed", steps.keep, order):
            for id in order:
                self.model.holds[id].until = None

    @rule(order=consumes(orders), late=st.booleans())
    def release(self, order: tuple[str, ...], late: bool) -> None:
        self.pass_(order, late)
        self.reached["released" if self.stand(order) else "releasing lapsed"] += 1
        self.run(steps.release, order)
        for id in order:
            self.model.holds.pop(id, None)

    @rule(order=consumes(orders), late=st.booleans())
    def take(self, order: tuple[str, ...], late: bool) -> None:
        self.pass_(order, late)
        if self.expect("taken", "taking lapsed", steps.take, order, refers_to="shp_1"):
            self.leave(order)

    @rule(target=orders, order=consumes(orders), share=SHARES, late=st.booleans())
    def part(self, order: tuple[str, ...], share: dict[str, int], late: bool) -> Any:
        self.pass_(order, late)
        known = [self.model.holds[id] for id in order]
        goods = {f"main|{one.key}": share[one.key] for one in known if share[one.key]}
        stands = self.stand(order)
        enough = stands and all(goods.get(f"main|{one.key}", 0) <= one.quantity for one in known)
        try:
            left = self.run(steps.take_part, order, goods, refers_to="shp_2")
        except (HoldEnded, NotHeld) as error:
            assert not enough
            assert isinstance(error, NotHeld if stands else HoldEnded)
            self.reached["more than is held" if stands else "a part of what lapsed"] += 1
            return order if stands else multiple()
        assert enough
        if goods:
            self.reached["a part taken"] += 1
        for id, one in zip(order, known, strict=True):
            gone = goods.get(f"main|{one.key}", 0)
            del self.model.holds[id]
            self.model.on_hand[one.key] -= gone
            if gone < one.quantity:
                (rest,) = [id for id in left if id.endswith(f"|{one.key}")]
                self.model.holds[rest] = Held(one.key, one.quantity - gone, one.until)
        assert len(left) == sum(goods.get(f"main|{one.key}", 0) < one.quantity for one in known)
        return tuple(left)

    @rule(key=st.sampled_from(KEYS), change=st.sampled_from((-12, -6, -1, 3)))
    def adjust(self, key: str, change: int) -> None:
        allowed = self.model.available(key, self.now) + change >= 0 or change > 0
        try:
            self.room.stock.adjust(key, change, reason="hitung")
        except BelowHeld:
            self.reached["adjusted below what is held"] += 1
            assert not allowed
            return
        assert allowed
        over = change < 0 and any(one.key == key for one in self.model.lapsed(self.now).values())
        self.reached["adjusted over a lapsed hold" if over else "adjusted"] += 1
        self.model.on_hand[key] += change

    @rule(key=st.sampled_from(KEYS), quantity=st.integers(1, 3), broken=st.booleans())
    def come_back(self, key: str, quantity: int, broken: bool) -> None:
        if broken:
            self.run(moving.write_off_returned, {key: quantity}, refers_to="ret_1", reason="pecah")
        else:
            self.run(moving.restock, {key: quantity}, refers_to="ret_1")
            self.model.on_hand[key] += quantity

    @rule(key=st.sampled_from(KEYS), threshold=st.integers(1, 9))
    def watch(self, key: str, threshold: int) -> None:
        self.room.stock.threshold(key, threshold)

    @rule(minutes=st.sampled_from([1, 59, 60, 180]))
    def wait(self, minutes: int) -> None:
        self.room.clock.pass_(minutes=minutes)

    def pass_(self, order: tuple[str, ...], late: bool) -> None:
        """When *late*, the time goes by until the first lease of *order* ends: at this very instant it is over."""
        live = self.model.live(self.now)
        ends = [until for id in order if id in live and (until := live[id].until)]
        if late and ends:
            self.room.clock.pass_(seconds=(min(ends) - self.now).total_seconds())

    def stand(self, order: tuple[str, ...]) -> bool:
        return set(order) <= set(self.model.live(self.now))

    def expect(self, done: str, refused: str, step: Any, order: tuple[str, ...], **more: Any) -> bool:
        stands = self.stand(order)
        self.reached[done if stands else refused] += 1
        try:
            self.run(step, order, **more)
        except HoldEnded:
            assert not stands
            return False
        assert stands
        return True

    def leave(self, order: tuple[str, ...]) -> None:
        for id in order:
            gone = self.model.holds.pop(id)
            self.model.on_hand[gone.key] -= gone.quantity

    @invariant()
    def the_books_are_right(self) -> None:
        """S1 to S4, and the model: on hand is the sum of movements, held the sum of holds, nothing is negative."""
        entries, holds = self.room.entries(), self.room.holds()
        for key in KEYS:
            level = self.room.level(key)
            assert self.model.on_hand[key] == level.on_hand
            assert self.model.available(key, self.now) == level.available
            assert level.on_hand == sum(one.amount for one in entries if one.account == f"main|{key}")
            live = [one for one in holds if one.resource == f"main|{key}" and self.stands(one)]
            assert level.on_hand - level.available == sum(one.quantity for one in live)
            assert 0 <= level.available <= level.on_hand
        assert sorted((one.id, one.quantity, one.until) for one in holds if self.stands(one)) == sorted(
            (id, one.quantity, one.until) for id, one in self.model.live(self.now).items()
        )
        taken = sorted((one.id, one.resource, -one.quantity) for one in holds if one.state is HoldState.TAKEN)
        assert taken == sorted((one.batch, one.account, one.amount) for one in entries if one.kind == "ship")
        assert len({one.id for one in entries}) == len(entries)

    def stands(self, hold: Any) -> bool:
        if hold.state is HoldState.LEASED:
            return bool(hold.until > self.now)
        return hold.state is HoldState.KEPT

    def teardown(self) -> None:
        """Replaying a stock item's history gives it again."""
        for key in KEYS:

            async def step(unit: Unit, key: str = key) -> None:
                id = f"stk_{key}"
                state = None
                for recorded in await unit[STOCK_ITEMS].history(id):
                    state = evolve_item(state, recorded.event)
                assert state == await unit[STOCK_ITEMS].find(id)

            drive(self.room.work.read(step))
        self.room.storage.close()


def check(stockroom: Any, make: Any, examples: int) -> Counter[str]:
    """Run the machine; how often it came across what."""
    reached: Counter[str] = Counter()
    own = {"stockroom": stockroom, "make": staticmethod(make), "reached": reached}
    machine = type("Machine", (StockMachine,), own)
    settled = settings(max_examples=examples, stateful_step_count=30, suppress_health_check=[HealthCheck.too_slow])
    run_state_machine_as_test(machine, settings=settled)  # type: ignore[no-untyped-call]
    return reached


def test_stock_in_memory_is_the_model(in_memory: Any) -> None:
    """After each of many random steps the memory storage agrees with the model and the promises S1 to S4."""
    reached: Counter[str] = Counter()
    for _ in range(3):  # chance may leave something out once, and not three times
        reached += check(type(in_memory()), lambda: MemoryStorage(COLLECTIONS), 150)
        if set(reached) == REACHED:
            break

    assert set(reached) == REACHED, sorted(reached.items())


def test_stock_on_sqlite_is_the_model(in_memory: Any) -> None:
    """The same on a file."""
    with tempfile.TemporaryDirectory() as folder:
        paths = (Path(folder) / f"{number}.db" for number in range(100_000))
        check(type(in_memory()), lambda: SqliteStorage(next(paths), COLLECTIONS, durable=False), 20)
