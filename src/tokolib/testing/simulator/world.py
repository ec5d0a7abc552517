"""The world of one simulation: a shop, its storage, a clock, a bank with books of its own, and a plan of faults."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from enum import StrEnum
from random import Random
from typing import Any, Final

import attrs

from tokolib.adapters.urls import storage_from_url
from tokolib.effects.model import Observation, Operation
from tokolib.effects.resend import Dedupe
from tokolib.inventory.model import resource
from tokolib.kernel.hosting import resolved
from tokolib.kernel.ids import MAIN_LOCATION
from tokolib.kernel.money import IDR
from tokolib.kernel.policies import CaptureMoment, CouponOnCancel, PlacementPolicy, Policies, RefundOrder, StockTaken
from tokolib.kernel.quantity import KILOGRAM
from tokolib.kernel.storage import Storage
from tokolib.payments.events import ObservationSetAside
from tokolib.payments.ports import PaymentGateway
from tokolib.pricing.promotions.benefits import Scope
from tokolib.records.collections import COLLECTIONS
from tokolib.shop.opening import aopen
from tokolib.shop.opening import open as open_shop
from tokolib.testing.builders import Given
from tokolib.testing.clock import ManualClock
from tokolib.testing.fake_broker import AsyncFakeBroker, FakeBroker
from tokolib.testing.fake_gateway import AsyncFakeGateway, Delivery, Entry, FakeGateway, FakeWorld
from tokolib.testing.ids import SeededIds
from tokolib.testing.simulator.book import Book
from tokolib.testing.simulator.faults import Call, FaultPlan, Mode, faulty_broker, faulty_gateway, faulty_storage
from tokolib.testing.simulator.watching import Watch, watched_gateway, watched_storage

LAG: Final = timedelta(minutes=10)
"""How long a charge can't be looked up at a gateway that lags."""
GOODS: Final = {"KOPI": 75_000, "TEH": 20_000, "CANGKIR": 33_333}
COUPON: Final = "HEMAT"


class Style(StrEnum):
    """How a gateway knows a request that it has seen, and how soon it can be asked about it."""

    KEY = "key"
    KEY_LAG = "key+lag"
    REFERENCE = "reference"
    REFERENCE_LAG = "reference+lag"
    NONE = "none"
    NONE_LAG = "none+lag"

    @property
    def dedupe(self) -> Dedupe:
        """By what it knows a request."""
        return Dedupe(self.value.partition("+")[0])

    @property
    def lag(self) -> timedelta:
        """How long a request can't be looked up."""
        return LAG if self.value.endswith("+lag") else timedelta(0)


MakeStorage = Callable[[], Storage | str]
"""Gives a new and empty storage, or its URL, each time that it is called."""
MakeGateway = Callable[[FakeWorld], PaymentGateway]
"""Gives the adapter that a shop reaches a world by."""


@attrs.frozen(kw_only=True)
class Setting:
    """What a simulation is played with."""

    seed: int
    storage: MakeStorage | None
    gateway: MakeGateway | None
    style: Style | None
    policies: Policies | None
    settings: dict[str, Any]
    asynchronous: bool


@attrs.frozen(eq=False)
class Letter:
    """A webhook on its way."""

    entry: Entry
    delivery: Delivery


@attrs.define(eq=False, kw_only=True)
class World:
    """Everything there is."""

    setting: Setting
    style: Style
    clock: ManualClock
    bank: FakeWorld
    adapter: PaymentGateway
    broker: FakeBroker
    storage: Storage
    """The bare one, which nothing strikes and nobody watches."""
    ids: SeededIds
    shop: Any = None
    watch: Watch = attrs.field(factory=Watch)
    plan: FaultPlan = attrs.field(factory=FaultPlan)
    book: Book = attrs.field(factory=Book)
    mail: list[Letter] = attrs.field(factory=list)
    """Webhooks that were not delivered yet."""
    old_mail: list[Letter] = attrs.field(factory=list)
    """Webhooks that were, and may come again."""
    rare: Counter[str] = attrs.field(factory=Counter)
    running: str = ""
    """The rule by which somebody acts now."""

    @property
    def gateway(self) -> str:
        """The gateway's name, and the tender's."""
        return self.adapter.name

    @property
    def resources(self) -> list[str]:
        """What the storage calls the goods that have stock."""
        return [resource(MAIN_LOCATION, sku.casefold()) for sku in (*GOODS, "GULA")]

    def strike(self, mode: Mode | None, number: int) -> None:
        """Let the call of this *number*, from now on, fail by *mode*; 0 is the first one of a gateway."""

        def choose(call: Call) -> Mode | None:
            if number:
                return mode if call.number == number else None
            return mode if call.name.startswith("gateway.") and not self.plan.struck else None

        self.plan.calls.clear()
        self.plan.struck.clear()
        self.plan.choose = choose

    async def restart(self) -> None:
        """The process has died: another one opens the shop."""
        self.plan.restart()
        await self._open()

    def bank_entry(self, operation: Operation) -> Entry | None:
        """What the bank has under the key of *operation*, if anything."""
        same = (each for each in self.bank.entries if each.key == operation.key and each.kind is operation.kind)
        return next(same, None)

    def set_aside(self) -> Iterator[tuple[Observation, str]]:
        """What the shop wouldn't believe in this step, and why."""
        for stored in self.watch.fresh_events:
            if stored.topic == ObservationSetAside.topic:
                event = self.book.event(stored)
                if isinstance(event, ObservationSetAside):
                    yield event.observation, event.reason

    async def collect_mail(self) -> None:
        """Take from the bank what it wants to tell."""
        self.mail += [Letter(entry, delivery) for entry, delivery in self.bank.letters()]

    async def close(self) -> None:
        """Give the storage back."""
        await resolved(self.storage.close())

    async def _open(self, country: str | None = None) -> None:
        options: dict[str, Any] = {
            "country": country,
            "gateways": [faulty_gateway(watched_gateway(self.adapter, self.watch), self.plan)],
            "broker": faulty_broker(
                AsyncFakeBroker(self.broker) if self.setting.asynchronous else self.broker, self.plan
            ),
            "clock": self.clock,
            "ids": self.ids,
        }
        storage = faulty_storage(watched_storage(self.storage, self.watch), self.plan)
        with self.plan.quiet():
            self.shop = await aopen(storage, **options) if self.setting.asynchronous else open_shop(storage, **options)


async def make_world(setting: Setting) -> World:
    """A shop that has just opened, in a world that *setting* and its seed make."""
    luck = Random(setting.seed)
    style = luck.choice(tuple(Style))
    signs, policies = luck.random() < 0.7, _policies(luck)
    style = setting.style or style
    clock = ManualClock()
    bank = FakeWorld(clock, dedupe=style.dedupe, lookup_lag=style.lag)
    made = setting.storage() if setting.storage else "memory://"
    storage = storage_from_url(made, COLLECTIONS, asynchronous=setting.asynchronous) if isinstance(made, str) else made
    await resolved(storage.migrate())
    kind = AsyncFakeGateway if setting.asynchronous else FakeGateway
    world = World(
        setting=setting,
        style=style,
        clock=clock,
        bank=bank,
        adapter=setting.gateway(bank) if setting.gateway else kind(bank, "fake", signs),
        broker=FakeBroker(),
        storage=storage,
        ids=SeededIds(setting.seed),
    )
    await world._open("ID")
    with world.plan.quiet():
        await _furnish(world, setting.policies or policies, luck)
    world.watch.fresh(None, 0)
    return world


def _policies(luck: Random) -> Policies:
    return Policies(
        placement=luck.choice(tuple(PlacementPolicy)),
        stock_taken=luck.choice(tuple(StockTaken)),
        coupon_on_cancel=luck.choice(tuple(CouponOnCancel)),
        capture=luck.choice(tuple(CaptureMoment)),
        refund_order=luck.choice(tuple(RefundOrder)),
    )


async def _furnish(world: World, policies: Policies, luck: Random) -> None:
    shop, given = world.shop, Given(world.shop)
    hold_minutes = luck.choice((15, 60))
    own = {"policies": policies, "hold_minutes": hold_minutes, "quote_minutes": 3 * 24 * 60, "transfer_hours": 6}
    changes = own | world.setting.settings
    await resolved(shop.settings.change(**changes))
    await resolved(given.goods(GOODS, stock=12))
    await resolved(given.goods({"GULA": 14_500}, unit=KILOGRAM, weight="1 kg", stock="15"))
    await resolved(given.goods({"PAKET": 100_000}, components={"KOPI": 1, "TEH": 2}))
    await resolved(given.delivery({"jne": 18_000}))
    await resolved(given.delivery({"kurir": 30_000}, cod=False))
    await resolved(shop.promotions.percent("hemat", 10, coupon=COUPON, usage_limit=2))
    await resolved(shop.promotions.fixed("ongkir", IDR(5_000), on=Scope.SHIPPING))
