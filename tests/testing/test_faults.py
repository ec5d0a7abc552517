"""Planned faults: a call that is struck does what its mode says, and nothing else."""

import asyncio

import pytest

import tokolib
from tokolib import IDR
from tokolib.adapters.memory import MemoryStorage
from tokolib.adapters.memory.awaited import AsyncMemoryStorage
from tokolib.desk.ports import Broker
from tokolib.effects.outside import AuthFailed, Transient, Unknown
from tokolib.kernel.errors import HostMismatch
from tokolib.kernel.hosting import drive, resolved
from tokolib.kernel.rows import Collection
from tokolib.kernel.storage_errors import CommitUnknown, Serialization, Unavailable
from tokolib.payments.ports import Charge
from tokolib.records.collections import COLLECTIONS
from tokolib.testing import (
    AsyncFakeGateway,
    FakeBroker,
    FakeGateway,
    FakeTaxProvider,
    FakeWorld,
    ManualClock,
    StorageKit,
)
from tokolib.testing.simulator.faults import (
    Crash,
    FaultPlan,
    Mode,
    faulty,
    faulty_broker,
    faulty_gateway,
    faulty_storage,
    faulty_tax,
)
from tokolib.testing.storage_checks.setting import COLLECTIONS as KIT

NOTES = Collection("notes", ())
CHARGE = Charge(key="k", amount=IDR(9), order_id="ord_1", expires_at=None)


async def write(storage, id):
    """One note in one unit, as `Work` does it: rolled back whatever is raised."""
    unit = await resolved(storage.begin("default"))
    try:
        unit.insert(NOTES, id, b"{}", {})
        await resolved(unit.commit())
    except BaseException:
        await resolved(unit.rollback())
        raise


async def is_there(storage, id):
    """Whether the note was stored."""
    unit = await resolved(storage.begin("default", read_only=True))
    try:
        return await resolved(unit.get(NOTES, id)) is not None
    finally:
        await resolved(unit.rollback())


@pytest.fixture(params=[MemoryStorage, AsyncMemoryStorage])
def storage_kind(request):
    """Both colours of a storage."""
    return request.param


OUTCOMES = [
    (Mode.BEFORE, Crash, False),
    (Mode.AFTER, Crash, True),
    (Mode.ERROR, Serialization, False),
    (Mode.FAILURE, Unavailable, False),
    (Mode.TIME_OUT, CommitUnknown, True),
]


@pytest.mark.parametrize(("mode", "raised", "stored"), OUTCOMES)
def test_a_commit_fails_as_planned(storage_kind, mode, raised, stored):
    """It happened or it didn't, as the mode says; the storage goes on, and calls are counted by name."""

    async def body():
        inner = storage_kind((NOTES,))
        plan = FaultPlan.at({2: mode})
        with pytest.raises(raised):
            await write(faulty_storage(inner, plan), "n1")
        assert stored == await is_there(inner, "n1")
        assert [f"{mode} 2 storage.commit"] == [str(each) for each in plan.struck]
        plan.restart()
        await write(faulty_storage(inner, plan), "n2")
        assert await is_there(inner, "n2")
        assert ["begin", "commit", "begin", "commit"] == [each.name.removeprefix("storage.") for each in plan.calls]

    asyncio.run(body())


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("number", [1, 2, 3])
def test_no_fault_leaves_a_unit_open(storage_kind, number, mode):
    """Whatever strikes where, the next unit gets its turn: nothing is left locked."""

    async def body():
        inner = storage_kind((NOTES,))
        plan = FaultPlan.at({number: mode})
        with pytest.raises((Crash, Exception)):
            await is_there(faulty_storage(inner, plan), "n1")
        plan.restart()
        assert not await is_there(faulty_storage(inner, plan), "n1")

    asyncio.run(body())


def test_the_dead_make_no_calls():
    """After a crash every port refuses, uncounted, until there is a next process."""
    world = FakeWorld(ManualClock(), instant=True)
    plan = FaultPlan.at({1: Mode.AFTER})
    gateway, broker = faulty_gateway(FakeGateway(world), plan), faulty_broker(FakeBroker(), plan)

    with pytest.raises(Crash):
        gateway.create(CHARGE)
    with pytest.raises(Crash):
        broker.publish([])
    with plan.quiet():
        gateway.create(CHARGE)

    assert (1, 1, 1) == (world.charges_of("k"), len(plan.calls), plan.crashes)
    plan.restart()
    gateway.create(CHARGE)
    assert 2 == len(plan.calls)


@pytest.mark.parametrize(
    ("mode", "raised", "charges"),
    [
        (Mode.BEFORE, Crash, 0),
        (Mode.AFTER, Crash, 1),
        (Mode.ERROR, Transient, 0),
        (Mode.FAILURE, AuthFailed, 0),
        (Mode.TIME_OUT, Unknown, 1),
    ],
)
@pytest.mark.parametrize("kind", [FakeGateway, AsyncFakeGateway])
def test_a_gateway_fails_as_planned(kind, mode, raised, charges):
    """The charge was taken or it wasn't; what isn't a call of the port is passed on."""

    async def body():
        world = FakeWorld(ManualClock(), instant=True)
        gateway = faulty_gateway(kind(world), FaultPlan.at({1: mode}))
        with pytest.raises(raised):
            await resolved(gateway.create(CHARGE))
        assert ("fake", charges) == (gateway.name, world.charges_of("k"))

    asyncio.run(body())


def test_a_wrapper_keeps_the_colour_of_its_adapter():
    """A blocking shop takes the blocking ones and refuses a gateway that waits."""
    clock, plan = ManualClock(), FaultPlan()
    world = FakeWorld(clock)
    storage = faulty_storage(MemoryStorage(COLLECTIONS), plan)
    broker, tax = faulty_broker(FakeBroker(), plan), faulty_tax(FakeTaxProvider(clock), plan)
    parts = {"gateways": [faulty_gateway(FakeGateway(world), plan)], "broker": broker, "tax": tax, "clock": clock}
    with tokolib.open(storage, country="ID", **parts) as shop:
        shop.catalog.put("KOPI-250", "Kopi")
    with pytest.raises(HostMismatch):
        tokolib.open(storage, country="ID", gateways=[faulty_gateway(AsyncFakeGateway(world), plan)], clock=clock)

    assert {"storage.migrate", "storage.begin", "storage.read", "storage.commit"} <= {each.name for each in plan.calls}


def test_any_other_port_can_be_struck():
    """By the names of its methods."""
    plan = FaultPlan.at({2: Mode.ERROR})
    broker: Broker = faulty("queue", FakeBroker(), plan, "publish")

    assert [] == broker.publish([])
    with pytest.raises(Transient):
        broker.publish([])
    assert ["queue.publish", "queue.publish"] == [each.name for each in plan.calls]


def test_faults_may_be_chosen_call_by_call():
    """As a simulator draws them: asked with each call's number and name."""
    asked = []

    def choose(call):
        asked.append(str(call))
        return Mode.ERROR if call.name == "storage.commit" else None

    with pytest.raises(Serialization):
        drive(write(faulty_storage(MemoryStorage((NOTES,)), FaultPlan(choose)), "n1"))

    assert ["1 storage.begin", "2 storage.commit"] == asked


class TestFaultyStorage(StorageKit):
    """Without a fault, the wrapper keeps every sentence of the port."""

    @pytest.fixture
    def make_storage(self):
        """A wrapped storage in memory."""
        return lambda collections: faulty_storage(MemoryStorage(collections), FaultPlan())

    @pytest.fixture
    def reopen(self):
        """What is in memory is gone with it."""
        return lambda storage: faulty_storage(MemoryStorage(KIT), FaultPlan())
