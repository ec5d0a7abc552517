"""Sees what the shop really stores, whatever was answered to whom, and lets others act between its units.

`watched_storage` stands between the faults and the storage, so that a commit whose answer was lost counts as what it
is. A *moment* is a point at which the shop holds nothing open: before a unit begins, before and after a gateway's call.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from inspect import iscoroutinefunction
from typing import Any, Final, cast

import attrs

from tokolib.fulfilment.couriers.ports import Courier
from tokolib.kernel.hosting import drive, resolved
from tokolib.kernel.rows import StoredEvent
from tokolib.kernel.storage import Storage, UnitOfWork
from tokolib.payments.ports import PaymentGateway
from tokolib.tax.ports import TaxProvider

STOCK: Final = frozenset({"hold", "keep", "take", "release", "adjust"})
WRITES: Final = STOCK | {"insert", "replace", "delete", "post", "count", "remember"}
CALLS: Final = frozenset({"create", "refund", "query", "authorise", "capture", "void", "submit_evidence"})
FILING: Final = frozenset({"commit", "void", "refund"})
BOOKING: Final = frozenset({"book", "look_up", "void", "book_pickup", "look_up_pickups", "cancel_pickup", "track"})

Meanwhile = Callable[[], Awaitable[None]]


@attrs.define(eq=False)
class Watch:
    """What was committed since `fresh`, and who acts in between."""

    streams: dict[str, None] = attrs.field(factory=dict)
    """The histories that grew, in order."""
    events: list[StoredEvent] = attrs.field(factory=list)
    """All events that were ever committed."""
    fresh_from: int = 0
    writes: int = 0
    stock_moved: bool = False
    _moments: int = 0
    _at: int = 0
    _meanwhile: Meanwhile | None = None

    def fresh(self, meanwhile: Meanwhile | None, at: int) -> None:
        """Forget what was seen, and let *meanwhile* happen at the *at*th moment from now."""
        self.streams.clear()
        self.fresh_from, self.writes, self.stock_moved = len(self.events), 0, False
        self._moments, self._at, self._meanwhile = 0, at, meanwhile

    @property
    def fresh_events(self) -> list[StoredEvent]:
        """The events that were committed since `fresh`."""
        return self.events[self.fresh_from :]

    def be_alone(self) -> None:
        """Let nobody act in between any more."""
        self._meanwhile = None

    async def moment(self) -> None:
        """The shop holds nothing open now."""
        self._moments += 1
        if self._meanwhile is not None and self._moments >= self._at:
            meanwhile, self._meanwhile = self._meanwhile, None
            await meanwhile()

    def committed(self, events: list[StoredEvent], writes: int, stock_moved: bool) -> None:
        """A unit was committed."""
        self.writes += writes
        self.stock_moved |= stock_moved
        self.events += events
        self.streams.update(dict.fromkeys(event.stream for event in events))


class _Unit:
    def __init__(self, inner: UnitOfWork, watch: Watch) -> None:
        self._inner = inner
        self._watch = watch
        self._events: list[StoredEvent] = []
        self._writes = 0
        self._stock_moved = False

    def __getattr__(self, name: str) -> Any:
        if name in WRITES:
            self._writes += 1
            self._stock_moved |= name in STOCK
        return getattr(self._inner, name)

    def append(self, stream: str, events: Sequence[StoredEvent], *, expected: int) -> None:
        """Add to a history."""
        self._inner.append(stream, events, expected=expected)
        self._writes += 1
        self._events += events

    async def commit(self) -> None:
        """Make it lasting, and seen."""
        await resolved(self._inner.commit())
        self._watch.committed(self._events, self._writes, self._stock_moved)


class _Storage:
    def __init__(self, inner: Storage, watch: Watch) -> None:
        self._inner = inner
        self._watch = watch

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def begin(self, partition: str, *, read_only: bool = False) -> UnitOfWork:
        """Open a unit."""
        await self._watch.moment()
        unit = await resolved(self._inner.begin(partition, read_only=read_only))
        return unit if read_only else cast(UnitOfWork, _Unit(unit, self._watch))


class _Provider:
    def __init__(self, inner: object, watch: Watch, calls: Collection[str]) -> None:
        self._inner = inner
        self._watch = watch
        self._calls = calls

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name not in self._calls:
            return found

        async def call(*args: Any, **kwargs: Any) -> Any:
            await self._watch.moment()
            answer = await resolved(found(*args, **kwargs))
            await self._watch.moment()
            return answer

        def call_at_once(*args: Any, **kwargs: Any) -> Any:
            return drive(call(*args, **kwargs), name)

        return call if iscoroutinefunction(found) else call_at_once


def watched_storage(storage: Storage, watch: Watch) -> Storage:
    """*storage*, whose commits *watch* sees."""
    return cast(Storage, _Storage(storage, watch))


def watched_gateway(gateway: PaymentGateway, watch: Watch) -> PaymentGateway:
    """*gateway*, around whose calls *watch* has moments."""
    return cast(PaymentGateway, _Provider(gateway, watch, CALLS))


def watched_tax(provider: TaxProvider, watch: Watch) -> TaxProvider:
    """*provider*, around whose calls about documents *watch* has moments."""
    return cast(TaxProvider, _Provider(provider, watch, FILING))


def watched_courier(courier: Courier, watch: Watch) -> Courier:
    """*courier*, around whose calls about bookings *watch* has moments."""
    return cast(Courier, _Provider(courier, watch, BOOKING))
