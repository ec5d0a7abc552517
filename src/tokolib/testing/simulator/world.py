"""The world of one simulation: a shop, its storage, a clock, a bank with books of its own, and a plan of faults."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

import attrs

from tokolib.effects.model import Observation, Operation
from tokolib.effects.resend import Dedupe
from tokolib.inventory.model import resource
from tokolib.kernel.hosting import resolved
from tokolib.kernel.ids import MAIN_LOCATION
from tokolib.kernel.policies import Policies
from tokolib.kernel.storage import Storage
from tokolib.orders.foreign.model import ForeignOrder
from tokolib.payments.events import ObservationSetAside
from tokolib.payments.ports import PaymentGateway
from tokolib.shop.opening import aopen
from tokolib.shop.opening import open as open_shop
from tokolib.tax.ports import TaxProvider
from tokolib.testing.clock import ManualClock
from tokolib.testing.fake_broker import AsyncFakeBroker, FakeBroker
from tokolib.testing.fake_courier import AsyncFakeCourier, FakeCourier
from tokolib.testing.fake_gateway import Delivery, Entry, FakeWorld
from tokolib.testing.fake_sealer import FakeSealer
from tokolib.testing.fake_tax import FakeTaxProvider
from tokolib.testing.ids import SeededIds
from tokolib.testing.simulator.book import Book
from tokolib.testing.simulator.faults import (
    Call,
    FaultPlan,
    Mode,
    faulty_broker,
    faulty_courier,
    faulty_gateway,
    faulty_storage,
    faulty_tax,
)
from tokolib.testing.simulator.purse import Purse
from tokolib.testing.simulator.watching import Watch, watched_courier, watched_gateway, watched_storage, watched_tax

LAG: Final = timedelta(minutes=10)
"""How long a charge can't be looked up at a gateway that lags."""
GOODS: Final = {"KOPI": 75_000, "TEH": 20_000, "CANGKIR": 33_333}
NEW: Final = "BARU"
"""Goods that are not out yet: none are here, and some may be promised."""
GAME: Final = "GIM"
"""A digital good."""
MILK: Final = "SUSU"
"""Goods in lots, which expire."""
TO_POINTS: Final = "kios"
"""The delivery that goes to a courier's collection points."""
PLACES: Final = (MAIN_LOCATION, "toko")
COUPON: Final = "HEMAT"
CARD: Final = "KARTU"
"""A gift card as goods, of which `gift_cards.sell_in` makes one that pays."""
PLANS: Final = ("dp30", "separuh")


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


@attrs.frozen
class Verdict:
    """How the bank has decided a dispute."""

    won: bool
    """Whether the money is the shop's."""
    reference: str
    """Under which the money came back, if it did."""


@attrs.define(eq=False, kw_only=True)
class World:
    """Everything there is."""

    setting: Setting
    style: Style
    clock: ManualClock
    bank: FakeWorld
    adapter: PaymentGateway
    taxes: TaxProvider
    """Who is asked for the taxes of what goes abroad, and is told of its invoices."""
    taxman: FakeTaxProvider
    """The books of that provider, and its switches."""
    stand_in: TaxProvider
    broker: FakeBroker
    courier: FakeCourier | AsyncFakeCourier
    """Who carries parcels: its books, and its switches."""
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
    purse: Purse = attrs.field(factory=Purse)
    verdicts: dict[str, Verdict] = attrs.field(factory=dict)
    """How the bank has decided disputes, by their references."""
    rare: Counter[str] = attrs.field(factory=Counter)
    counts: dict[str, str] = attrs.field(factory=dict)
    """The SKUs of the stock counts that are open, by their ids."""
    transfers: dict[str, str] = attrs.field(factory=dict)
    """The SKUs of the transfers, by their ids."""
    exchanges: list[str] = attrs.field(factory=list)
    """The exchanges that are open, as far as staff remember."""
    claims: list[str] = attrs.field(factory=list)
    """The claims that are open, likewise."""
    licences: dict[str, None] = attrs.field(factory=dict)
    """Licences that somebody has had."""
    lots: dict[str, date] = attrs.field(factory=dict)
    """Lots that came in, and when each expires."""
    buffers: dict[tuple[str | None, str | None], None] = attrs.field(factory=dict)
    """Of which SKUs, and where, the web has ever left some; None is all of them."""
    foreign: list[ForeignOrder] = attrs.field(factory=list)
    """Orders from elsewhere, which may be told again."""
    running: str = ""
    """The rule by which somebody acts now."""

    @property
    def gateway(self) -> str:
        """The gateway's name, and the tender's."""
        return self.adapter.name

    @property
    def resources(self) -> list[str]:
        """What the storage calls the goods that have stock."""
        return [resource(where, sku.casefold()) for where in PLACES for sku in (*GOODS, NEW, GAME, MILK, CARD, "GULA")]

    def strike(self, mode: Mode | None, number: int) -> None:
        """Let the call of this *number*, from now on, fail by *mode*; 0 is the first one of a gateway, a
        courier or a tax provider."""

        def choose(call: Call) -> Mode | None:
            if number:
                return mode if call.number == number else None
            return mode if call.name.startswith(("gateway.", "tax.", "courier.")) and not self.plan.struck else None

        self.plan.calls.clear()
        self.plan.struck.clear()
        self.plan.choose = choose

    async def restart(self) -> None:
        """The process has died: another one opens the shop."""
        self.plan.restart()
        await self.open()

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

    async def open(self, country: str | None = None) -> None:
        """Have a process open the shop; a new one is made in its *country*."""
        options: dict[str, Any] = {
            "country": country,
            "gateways": [faulty_gateway(watched_gateway(self.adapter, self.watch), self.plan)],
            "broker": faulty_broker(
                AsyncFakeBroker(self.broker) if self.setting.asynchronous else self.broker, self.plan
            ),
            "tax": faulty_tax(watched_tax(self.taxes, self.watch), self.plan),
            "tax_fallback": self.stand_in,
            "couriers": [faulty_courier(watched_courier(self.courier, self.watch), self.plan)],
            "sealer": FakeSealer(),
            "clock": self.clock,
            "ids": self.ids,
        }
        storage = faulty_storage(watched_storage(self.storage, self.watch), self.plan)
        with self.plan.quiet():
            self.shop = await aopen(storage, **options) if self.setting.asynchronous else open_shop(storage, **options)
