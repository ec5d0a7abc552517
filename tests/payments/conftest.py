"""A shop that only pays: memory storage, the two records of the room, a desk that folds and adds up."""

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from tokolib.adapters.memory.storage import MemoryStorage
from tokolib.effects.model import Observation, Outcome
from tokolib.kernel.configuration import SettingsChanged
from tokolib.kernel.ctx import AllowAll, Ctx
from tokolib.kernel.defaults import defaults
from tokolib.kernel.hosting import Blocking, drive
from tokolib.kernel.ids import OrderId
from tokolib.kernel.money import IDR, Money
from tokolib.kernel.unit import SETTINGS, Unit
from tokolib.kernel.work import Work
from tokolib.payments import steps
from tokolib.payments.folding import Folded, fold
from tokolib.payments.lifecycle import evolve
from tokolib.payments.model import Intent
from tokolib.payments.ports import INTENTS
from tokolib.payments.service import PaymentsService
from tokolib.payments.tenders import tender
from tokolib.payments.webhooks import WebhookService
from tokolib.records.collections import COLLECTIONS
from tokolib.records.registry import repositories
from tokolib.testing.fake_gateway import FakeGateway, FakeWorld

PRICE = IDR(100_000)


class ManualClock:
    """A clock that moves when told to."""

    def __init__(self):
        self.instant = datetime(2026, 1, 31, 2, 0, tzinfo=UTC)

    def now(self):
        return self.instant

    def pass_(self, **kwargs):
        self.instant += timedelta(**kwargs)


class CountingIds:
    def __init__(self):
        self.count = 0

    def new(self, prefix):
        self.count += 1
        return f"{prefix}_{self.count:026}"

    def secret(self):
        return "secret"


class Desk:
    """The one door: folds, and posts what moved."""

    def __init__(self):
        self.folded: list[Folded] = []
        self.posted = {"captured": 0, "refunded": 0, "pending_refund": 0, "disputed": 0}
        self.crash = False

    async def __call__(self, unit: Unit, observation: Observation, /) -> Outcome:
        if self.crash:
            self.crash = False
            raise Crash
        folded = await fold(unit, observation)
        self.folded.append(folded)
        for name in self.posted:
            self.posted[name] += getattr(folded.delta, name).minor_units
        return folded.outcome


class Crash(BaseException):
    """The process dies."""


@attrs.define
class Till:
    """Everything a test needs."""

    clock: ManualClock
    world: FakeWorld
    gateway: FakeGateway
    desk: Desk
    work: Work
    payments: PaymentsService[Blocking]
    webhooks: WebhookService[Blocking]

    def write(self, step):
        return drive(self.work.write("test", step))

    def read(self, step):
        return drive(self.work.read(step))

    def open(self, amount: Money = PRICE, by: str = "fake", order: str = "ord_1", **kwargs) -> Intent:
        async def step(unit):
            intent = await steps.open_intent(unit, OrderId(order), amount, tender(by, {"fake"}), **kwargs)
            return await steps.settle_at_once(unit, intent, self.desk)

        return self.write(step)

    def intent(self, order: str = "ord_1") -> Intent:
        return self.payments.intent(order)

    def advance(self, order: str = "ord_1") -> Intent:
        return self.payments.advance(order)

    def change(self, function, *args, order: str = "ord_1") -> Intent:
        """Run a step on the intent of an order."""

        async def step(unit):
            return await function(unit, await steps.intent_of_order(unit, order), *args)

        return self.write(step)

    def deliver(self):
        return [self.webhooks.receive("fake", headers, body) for headers, body in self.world.webhooks()]

    def replayed(self, intent: Intent) -> Intent:
        """The intent made again from its stored history."""

        async def step(unit):
            history = await unit[INTENTS].history(intent.id)
            state = None
            for recorded in history:
                state = evolve(state, recorded.event)
            return state

        return self.read(step)


def make_till(**world) -> Till:
    clock, desk = ManualClock(), Desk()
    there = FakeWorld(clock, **world)
    gateway = FakeGateway(there)
    work = Work(
        storage=MemoryStorage(COLLECTIONS),
        repositories=repositories(),
        clock=clock,
        ids=CountingIds(),
        access=AllowAll(),
        ctx=Ctx(),
    )
    gateways = {"fake": gateway}

    async def found_shop(unit):
        unit[SETTINGS].record(None, SettingsChanged(defaults("ID")))

    drive(work.write("test", found_shop))
    return Till(
        clock,
        there,
        gateway,
        desk,
        work,
        PaymentsService(work, True, desk, gateways),
        WebhookService(work, True, desk, gateways),
    )


@pytest.fixture
def till() -> Till:
    """A shop whose gateway shows virtual accounts that customers pay later."""
    return make_till()


@pytest.fixture(scope="session")
def new_till():
    """Makes shops over other worlds: instant, without deduplication, ..."""
    return make_till


@pytest.fixture
def crash():
    """What a dying process raises."""
    return Crash
