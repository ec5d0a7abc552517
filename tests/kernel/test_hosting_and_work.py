"""One body in two colours, and a unit of work that is decided again when the storage asks for it."""

import asyncio
import inspect
from datetime import UTC, datetime, timedelta

import attrs
import pytest

from tokolib.adapters.units.answering import answer
from tokolib.kernel.configuration import SETTINGS_ID, ShopSettings
from tokolib.kernel.ctx import AllowAll, Ctx, Decision
from tokolib.kernel.defaults import defaults
from tokolib.kernel.errors import Forbidden, HostMismatch, KeyReused, NotFound
from tokolib.kernel.hosting import Service, command, drive, resolved
from tokolib.kernel.rows import Demand, HoldState, Level, Seen, StoredHold
from tokolib.kernel.storage_errors import AlreadyExists, HoldGone, KeyMismatch, KeyTaken, Refused, VersionConflict
from tokolib.kernel.unit import SETTINGS, Port
from tokolib.kernel.work import ATTEMPTS, Work, once

NOW = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)


class Luck:
    """Ids that count."""

    def __init__(self):
        self.last = 0

    def new(self, prefix):
        self.last += 1
        return f"{prefix}_{self.last}"

    def secret(self):
        return "s" * 43


class Clock:
    def now(self):
        return NOW


class FakeUnit:
    """A unit that records its calls, and refuses to commit as often as it was told."""

    def __init__(self, storage):
        self.storage = storage
        self.calls = []

    def commit(self):
        self.calls.append("commit")
        if self.storage.refusals:
            raise self.storage.refusals.pop(0)
        self.storage.keys |= dict(self.storage.pending)
        return self.storage.answer(None)

    def rollback(self):
        self.calls.append("rollback")
        return self.storage.answer(None)

    def read(self, *asks):
        return self.storage.answer(tuple(answer(self, ask) for ask in asks))

    def seen(self, scope, key, fingerprint):
        found = self.storage.keys.get((scope, key))
        if found is None:
            return None
        if found[0] != fingerprint:
            raise KeyMismatch(scope, key)
        return Seen(found[1])

    def remember(self, scope, key, fingerprint, result):
        self.storage.pending = [((scope, key), (fingerprint, result))]

    def levels(self, resources, *, now):
        return {resource: Level(3, 1, 2) for resource in resources}

    def holds(self, ids):
        return {id_: StoredHold(id_, "main|a", 1, "ord_1", HoldState.LEASED, None) for id_ in ids}

    def value(self, counter):
        return 7

    def __getattr__(self, name):
        return lambda *args, **kwargs: self.calls.append((name, args, kwargs))


class FakeStorage:
    """Blocking, or awaiting with every answer a coroutine."""

    def __init__(self, *refusals, waits=False):
        self.refusals = list(refusals)
        self.waits = waits
        self.units, self.keys, self.pending, self.pauses = [], {}, [], []

    def answer(self, value):
        if not self.waits:
            return value

        async def later():
            await asyncio.sleep(0)
            return value

        return later()

    def begin(self, partition, *, read_only=False):
        self.units.append(FakeUnit(self))
        return self.answer(self.units[-1])

    def pause(self, attempt):
        self.pauses.append(attempt)
        return self.answer(None)


class SettingsBook:
    """The repository of the one settings document."""

    written = 0

    def __init__(self, unit):
        self.unit = unit

    async def find(self, id_):
        assert id_ == SETTINGS_ID
        return ShopSettings(id_, 1, defaults("ID"))

    def write(self):
        type(self).written += 1


def work(storage, access=None):
    return Work(storage, {"settings": SettingsBook}, Clock(), Luck(), access or AllowAll(), Ctx())


async def answer_42(unit):
    return 42


def test_a_write_runs_commits_and_answers():
    """One unit, one commit, no rollback."""
    storage = FakeStorage()

    assert 42 == drive(work(storage).write("orders.place", answer_42))
    assert [["commit"]] == [unit.calls for unit in storage.units]


def test_a_write_is_decided_again_whole_when_the_storage_asks():
    """A conflict leaves nothing; the step runs anew in a new unit after a pause."""
    storage = FakeStorage(VersionConflict("orders", "ord_1", 3), KeyTaken("orders.place", "k"))
    runs = []

    async def step(unit):
        runs.append(unit)
        return len(runs)

    assert 3 == drive(work(storage).write("orders.place", step))
    assert [["commit", "rollback"], ["commit", "rollback"], ["commit"]] == [unit.calls for unit in storage.units]
    assert [1, 2] == storage.pauses
    assert 3 == len({id(unit) for unit in runs})


def test_a_write_gives_up_in_the_end():
    """Eight conflicts are told, not hidden."""
    storage = FakeStorage(*[VersionConflict("orders", "ord_1", 3)] * 20)

    with pytest.raises(VersionConflict):
        drive(work(storage).write("orders.place", answer_42))
    assert ATTEMPTS == len(storage.units)


@pytest.mark.parametrize(
    "refusal", [Refused("hold", "main|a", 3, 2), AlreadyExists("c", "i", "x"), HoldGone("h", "taken")]
)
def test_a_refusal_for_good_is_raised_at_once(refusal):
    """No retry makes stock out of nothing."""
    storage = FakeStorage(refusal)

    with pytest.raises(type(refusal)):
        drive(work(storage).write("orders.place", answer_42))
    assert [["commit", "rollback"]] == [unit.calls for unit in storage.units]


def test_a_failing_step_leaves_nothing():
    """Whatever it raises, the unit is rolled back; a read always is."""
    storage = FakeStorage()

    async def step(unit):
        raise KeyboardInterrupt

    for call in (work(storage).write("x.y", step), work(storage).read(step)):
        with pytest.raises(KeyboardInterrupt):
            drive(call)
    assert 42 == drive(work(storage).read(answer_42))
    assert [["rollback"]] * 3 == [unit.calls for unit in storage.units]


def test_who_may_not_opens_nothing():
    """The access policy is asked before any unit is opened."""

    class Closed:
        def check(self, ctx, permission):
            return Decision(allowed=False, reason="closed")

    storage = FakeStorage()
    with pytest.raises(Forbidden, match="closed"):
        drive(work(storage, Closed()).write("orders.place", answer_42))
    assert [] == storage.units


def test_one_key_runs_once():
    """The second call answers the first one's id; another request under it is refused; without a key it runs."""
    storage, runs = FakeStorage(), []

    def wish(key, request):
        async def step(unit):
            async def make():
                runs.append(unit)
                return f"ord_{len(runs)}"

            return await once(unit, "orders.place", key, request, make)

        return drive(work(storage).write("orders.place", step))

    assert ("ord_1", True) == wish("web-1", {"quote": "quo_1"})
    assert ("ord_1", False) == wish("web-1", {"quote": "quo_1"})
    with pytest.raises(KeyReused) as caught:
        wish("web-1", {"quote": "quo_2"})
    assert isinstance(caught.value.__cause__, KeyMismatch)
    assert ("ord_2", True) == wish(None, {"quote": "quo_1"})
    assert ("ord_3", True) == wish(None, {"quote": "quo_1"})


def test_a_unit_gives_its_repositories_and_the_storage():
    """One repository for each key, the shop's day, and the calls that go straight through."""
    storage, wiring = FakeStorage(), None
    SettingsBook.written = 0

    async def step(unit):
        assert unit[SETTINGS] is unit[SETTINGS]
        with pytest.raises(KeyError):
            unit[Port("nobody")]
        assert "2026-02-01" == (await unit.today()).isoformat()
        assert "IDR" == (await unit.settings()).currency
        assert ("ord_1", "s" * 43) == (unit.new_id("ord"), unit.secret())
        assert 2 == (await unit.levels(["main|a"]))["main|a"].available
        assert HoldState.LEASED is (await unit.holds(["h"]))["h"].state
        assert 7 == await unit.counter("coupon:A")
        unit.hold([Demand("h", "main|a", 1, "ord_1")], until=unit.now + timedelta(hours=1))
        unit.keep(["h"])
        unit.take(["h"])
        unit.release(["h"])
        unit.adjust("main|a", 1)
        unit.post("stock", [])
        unit.count("coupon:A", 1, ceiling=5)

    wiring = work(storage)
    drive(wiring.write("x.y", step))

    names = [call if isinstance(call, str) else call[0] for call in storage.units[0].calls]
    assert ["hold", "keep", "take", "release", "adjust", "post", "count", "commit"] == names
    assert NOW == storage.units[0].calls[1][2]["now"]
    assert 1 == SettingsBook.written


class Till(Service):
    """A door with one command."""

    def __init__(self, work, *, blocking):
        self.work, self.blocking = work, blocking

    @command
    async def ring(self, times: int) -> int:
        """Ring."""

        async def step(unit):
            return times * 2

        return await self.work.write("till.ring", step)


def test_a_command_blocks_or_is_awaited():
    """The same body: a result on one face, a coroutine on the other."""
    blocking = Till(work(FakeStorage()), blocking=True)
    awaiting = Till(work(FakeStorage(VersionConflict("a", "b", 1), waits=True)), blocking=False)

    assert 6 == blocking.ring(3)
    coroutine = awaiting.ring(3)
    assert inspect.iscoroutine(coroutine)
    assert 6 == asyncio.run(coroutine)
    assert isinstance(Till.ring, command)
    assert (
        ("Ring.", "ring") == (blocking.ring.__doc__, blocking.ring.__name__) == (Till.ring.__doc__, Till.ring.__name__)
    )


def test_a_waiting_part_in_a_blocking_shop_is_named_and_closed():
    """The call is closed, its `finally` runs, and the error says which command it was."""
    closed = []

    class Door(Service):
        blocking = True

        @command
        async def open(self) -> None:
            try:
                await asyncio.sleep(0)
            finally:
                closed.append(True)

    with pytest.raises(HostMismatch, match="open waited") as caught:
        Door().open()
    assert [True] == closed
    assert "aopen" in caught.value.hint


def test_a_rollback_that_waits_does_not_hide_the_mismatch():
    """An async rollback ignores the closing; the mismatch is still what is told."""

    @attrs.define
    class Wait:
        def __await__(self):
            yield

    async def stubborn():
        try:
            await Wait()
        finally:
            await Wait()

    call = stubborn()
    with pytest.raises(HostMismatch):
        drive(call)
    with pytest.raises(GeneratorExit):
        call.send(None)


def test_resolved_takes_both():
    """A value as it is, an awaitable awaited."""

    async def five():
        return 5

    assert (5, 5) == (drive(resolved(5)), drive(resolved(five())))


def test_a_flush_sends_what_was_touched():
    """A refusal shows there, before the commit."""
    storage = FakeStorage()
    SettingsBook.written = 0

    async def step(unit):
        await unit.settings()
        await unit.flush()
        return SettingsBook.written

    assert 1 == drive(work(storage).write("x.y", step))
    assert ["flush", "commit"] == [call if isinstance(call, str) else call[0] for call in storage.units[0].calls]


def test_a_rehearsal_answers_and_is_given_up():
    """What was recorded is sent, so that a refusal would show, and then taken back."""
    storage = FakeStorage()

    async def step(unit):
        unit.adjust("main|kopi", 1)
        return "seen"

    assert "seen" == drive(work(storage).rehearse("test", step))
    adjusted, flushed, given_up = storage.units[-1].calls
    assert ("adjust", ("main|kopi", 1), {}) == adjusted
    assert "flush" == flushed[0]
    assert "rollback" == given_up


def test_a_rehearsal_refuses_what_the_command_would():
    """By the access policy before anything is opened, and by the step itself."""
    storage = FakeStorage()

    async def step(unit):
        raise NotFound("order", "ord_none")

    with pytest.raises(NotFound):
        drive(work(storage).rehearse("test", step))
    assert "rollback" == storage.units[-1].calls[-1]
