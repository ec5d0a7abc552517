"""A client who never gives up: whatever fails, the same request goes out again under the same key.

The process that serves it may die: then there is a next one, new objects over the same storage and the same worlds.
What is refused for good (a declined card, goods that are gone) is refused to this client as to any other.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import attrs

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import Kind, OutboxRow
from tokolib.kernel.storage import Storage
from tokolib.kernel.storage_errors import StorageError
from tokolib.orders.model import Order, OrderState, PaymentStatus
from tokolib.payments.ports import PaymentGateway
from tokolib.shop.opening import aopen, open
from tokolib.stored_value.paying import Credit
from tokolib.tax.ports import TaxProvider
from tokolib.testing.clock import ManualClock
from tokolib.testing.fake_broker import AsyncFakeBroker, FakeBroker
from tokolib.testing.fake_courier import AsyncFakeCourier, FakeCourier
from tokolib.testing.fake_gateway import AsyncFakeGateway, FakeGateway, FakeWorld
from tokolib.testing.fake_tax import AsyncFakeTaxProvider, FakeTaxProvider
from tokolib.testing.ids import SeededIds
from tokolib.testing.simulator.faults import (
    Crash,
    FaultPlan,
    faulty_broker,
    faulty_courier,
    faulty_gateway,
    faulty_storage,
    faulty_tax,
)
from tokolib.testing.simulator.looking import Looking

TRIES: Final = 20
"""More than any plan of a few faults can spoil."""
MOST_TICKS: Final = 100
"""More than any story needs to come to rest."""
SERVER_FAULT: Final = 500
"""From this HTTP status on a client may send the same request again."""


class GaveUp(Exception):
    """What should have come about by trying again didn't."""


@attrs.define(eq=False)
class Client(Looking):
    """Whoever uses a shop through its doors, with the hand on its clock and its payment provider's world."""

    storage: Storage
    plan: FaultPlan
    seed: int = 0
    clock: ManualClock = attrs.field(factory=ManualClock)
    broker: FakeBroker = attrs.field(factory=FakeBroker)
    signs_all_fields: bool = True
    """Whether the provider's webhooks are believed, or looked up first."""
    sends_on: bool = False
    """Whether the shop has a broker."""
    files: bool = False
    """Whether the shop has a tax provider, who works out the taxes of what goes abroad and keeps its invoices."""
    books: bool = False
    """Whether the shop has an account at a courier."""
    world: FakeWorld = attrs.field()
    courier: FakeCourier | AsyncFakeCourier = attrs.field()
    taxman: FakeTaxProvider = attrs.field()
    shop: Any = None
    sent_before: frozenset[str] = frozenset()
    """The events that had reached whoever listened before."""
    ticks: int = 0
    """How often it was waited."""
    _ids: SeededIds = attrs.field()

    @world.default
    def _world(self) -> FakeWorld:
        return FakeWorld(self.clock)

    @courier.default
    def _account(self) -> FakeCourier | AsyncFakeCourier:
        return AsyncFakeCourier() if self.waits else FakeCourier()

    @taxman.default
    def _taxman(self) -> FakeTaxProvider:
        return FakeTaxProvider(self.clock)

    @_ids.default
    def _seeded(self) -> SeededIds:
        return SeededIds(self.seed)

    @property
    def waits(self) -> bool:
        """Whether the shop's commands are awaited."""
        return self.storage.capabilities.asynchronous

    # The process and its end.

    async def begin(self) -> None:
        """The first process, whose opening isn't struck: the later ones' is."""
        with self.plan.quiet():
            self.shop = await self._opened()
            self.sent_before = frozenset(row.event_id for row in await outbox_rows(self.storage) if row.done)

    async def restart(self) -> None:
        """The next process; one that dies while it opens the shop is followed by another."""
        for _ in range(TRIES):
            self.plan.restart()
            try:
                self.shop = await self._opened()
            except (Crash, StorageError):
                continue
            return
        raise GaveUp("the shop did not open again")

    def gateway(self) -> PaymentGateway:
        """The adapter by which the shop reaches its payment provider, new for each process."""
        kind = AsyncFakeGateway if self.waits else FakeGateway
        return kind(self.world, webhook_signs_all_fields=self.signs_all_fields)

    def taxes(self) -> TaxProvider:
        """The adapter by which the shop reaches its tax provider, new for each process."""
        return AsyncFakeTaxProvider(self.clock, inner=self.taxman) if self.waits else self.taxman

    async def _opened(self) -> Any:
        broker = AsyncFakeBroker(self.broker) if self.waits else self.broker
        options: dict[str, Any] = {
            "gateways": [faulty_gateway(self.gateway(), self.plan)],
            "broker": faulty_broker(broker, self.plan) if self.sends_on else None,
            "tax": faulty_tax(self.taxes(), self.plan) if self.files else None,
            "couriers": [faulty_courier(self.courier, self.plan)] if self.books else (),
            "clock": self.clock,
            "ids": self._ids,
        }
        storage = faulty_storage(self.storage, self.plan)
        return await aopen(storage, **options) if self.waits else open(storage, **options)

    # Wishes.

    async def does(self, act: Callable[[Any], Any]) -> Any:
        """What *act* answers of the shop, asked for until there is an answer.

        Raises:
            TokolibError: a refusal, which another try would meet as well. GaveUp: there is none after many tries.
        """
        error: BaseException | None = None
        try:
            for _ in range(TRIES):
                self.plan.request += 1
                try:
                    return await resolved(act(self.shop))
                except Crash as crash:
                    error = crash
                    await self.restart()
                except TokolibError as refusal:
                    if refusal.status < SERVER_FAULT and not getattr(refusal, "retryable", False):
                        raise
                    error = refusal
                self.clock.forward(seconds=1)
            raise GaveUp(f"no answer after {TRIES} tries") from error
        finally:
            del error  # it knows this frame: the two, and the whole shop, would wait for the garbage collector

    async def order(self, wanted: Any, *, key: str, tender: str = "fake", credit: Sequence[Credit] = ()) -> Order:
        """An order of a basket or a quote, placed, and as it is once its gateway has answered."""
        placed: Order = await self.does(lambda shop: shop.orders.place(wanted, tender=tender, key=key, credit=credit))
        while placed.state is OrderState.PENDING_PAYMENT and not await self._has_answered(placed):
            placed = await self.after_a_minute(placed)
        return placed

    async def _has_answered(self, order: Order) -> bool:
        operations = (await self.intent(order.id)).operations
        return any(each.references for each in operations if each.provider == "fake")

    async def repeats(self, act: Callable[[Any], Any], *, until: Callable[[], Awaitable[bool]]) -> None:
        """Do it, and wait for what comes of it, *until* it is as wished: a provider may refuse it a few times.

        Raises:
            GaveUp: it was never so.
        """
        for _ in range(TRIES):
            await self.does(act)
            if await until():
                return
            await self.drain()
        raise GaveUp(f"not as wished after {TRIES} tries")

    async def until(self, order: Order, *states: OrderState | PaymentStatus) -> Order:
        """The order once it, or its payment, is in one of *states*, minutes and ticks later.

        Raises:
            GaveUp: it never was.
        """
        found = await self.look(order.id)
        while found.state not in states and found.payment not in states:
            found = await self.after_a_minute(found)
        return found

    async def after_a_minute(self, order: Order) -> Order:
        """The order after a minute and a tick.

        Raises:
            GaveUp: that was tried very often.
        """
        self.ticks += 1
        if self.ticks > MOST_TICKS:
            raise GaveUp(f"order {order.id} rests in {order.state}, {order.payment}")
        self.clock.forward(minutes=1)
        await self.does(lambda shop: shop.tick())
        return await self.look(order.id)

    # What is done with goods.

    async def ship(self, order: Order) -> Order:
        """The order after all its goods were handed over and have arrived."""
        shipment = await self.does(lambda shop: shop.shipments.hand_over(order.id, key=f"ship-{order.id}"))
        await self.does(lambda shop: shop.shipments.delivered(shipment.id))
        return await self.look(order.id)

    # The provider's messages, and what comes of waiting.

    async def deliver(self) -> int:
        """Hand over what the provider sends now, each message until it is acknowledged; how many there were."""
        messages = self.world.webhooks()
        for headers, body in messages:
            await self.does(_receiving(headers, body))
        return len(messages)

    async def drain(self) -> None:
        """Tick and deliver until nothing waits: for an answer, a retry or a broker.

        Raises:
            GaveUp: something waits for ever.
        """
        while True:
            await self.deliver()
            ticked = await self.does(lambda shop: shop.tick())
            if not await self.something_waits():
                return
            self.ticks += 1
            if self.ticks > MOST_TICKS:
                raise GaveUp(f"not at rest after {self.ticks} ticks: {ticked}")
            self.clock.forward(minutes=6)

    async def something_waits(self) -> bool:
        """Whether anything is still to come: a message, an answer, an end, an event on its way out."""
        if self.world.has_news or (self.sends_on and any(not row.done for row in await outbox_rows(self.storage))):
            return True
        if self.files and any(filing.turn is not None for filing in await self.filings()):
            return True
        if self.books and any(booked.ask_at is not None for booked in await self.bookings()):
            return True
        orders = await self.orders()
        if any(order.state is OrderState.PENDING_PAYMENT for order in orders):
            return True
        return any([(await self.intent(order.id)).ask_at is not None for order in orders])


def _receiving(headers: dict[str, str], body: bytes) -> Callable[[Any], Any]:
    return lambda shop: shop.webhooks.receive("fake", headers, body)


async def outbox_rows(storage: Storage) -> tuple[OutboxRow, ...]:
    """All that went out of a shop, or is to go."""
    unit = await resolved(storage.begin("default", read_only=True))
    try:
        page = await resolved(unit.scan(Kind.OUTBOX, limit=10_000))
    finally:
        await resolved(unit.rollback())
    return tuple(row for row in page.items if isinstance(row, OutboxRow))
