"""A blocking unit of work whose answers are awaited."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from tokolib.adapters.runners import Runner
from tokolib.kernel.rows import (
    Collection,
    Demand,
    Doc,
    Entry,
    Facts,
    Kind,
    Level,
    Page,
    Row,
    Scalar,
    ScanRow,
    Seen,
    StoredEvent,
    StoredHold,
)

T = TypeVar("T")


class BlockingUnit(Protocol):
    """A unit of work that answers at once."""

    @property
    def closed(self) -> bool: ...
    def get(self, collection: Collection, id: str) -> Doc | None: ...
    def get_many(self, collection: Collection, ids: Sequence[str]) -> dict[str, Doc]: ...
    def find(
        self,
        collection: Collection,
        index: str,
        *,
        equals: Row | None = None,
        since: Scalar = None,
        until: Scalar = None,
        after: str | None = None,
        limit: int = 100,
        descending: bool = False,
    ) -> Page[Doc]: ...
    def history(self, stream: str, *, after: int = 0, limit: int = 1000) -> Sequence[StoredEvent]: ...
    def ledger(
        self,
        name: str,
        *,
        account: str | None = None,
        refers_to: str | None = None,
        after: str | None = None,
        limit: int = 1000,
    ) -> Page[Entry]: ...
    def levels(self, resources: Sequence[str], *, now: datetime) -> dict[str, Level]: ...
    def holds(self, ids: Sequence[str]) -> dict[str, StoredHold]: ...
    def seen(self, scope: str, key: str, fingerprint: str) -> Seen | None: ...
    def value(self, counter: str) -> int: ...
    def scan(self, kind: Kind, *, name: str = "", after: str | None = None, limit: int = 1000) -> Page[ScanRow]: ...
    def insert(
        self, collection: Collection, id: str, body: bytes, columns: Row, facts: Facts | None = None
    ) -> None: ...
    def replace(
        self,
        collection: Collection,
        id: str,
        body: bytes,
        columns: Row,
        *,
        expected: int,
        facts: Facts | None = None,
    ) -> None: ...
    def delete(self, collection: Collection, id: str, *, expected: int) -> None: ...
    def append(self, stream: str, events: Sequence[StoredEvent], *, expected: int) -> None: ...
    def post(self, name: str, entries: Sequence[Entry]) -> None: ...
    def count(self, name: str, delta: int, *, floor: int | None = 0, ceiling: int | None = None) -> None: ...
    def hold(self, demands: Sequence[Demand], *, until: datetime | None, now: datetime) -> None: ...
    def keep(self, holds: Sequence[str], *, now: datetime) -> None: ...
    def take(self, holds: Sequence[str], *, now: datetime) -> None: ...
    def release(self, holds: Sequence[str]) -> None: ...
    def adjust(self, resource: str, delta: int) -> None: ...
    def remember(self, scope: str, key: str, fingerprint: str, result: bytes) -> None: ...
    def flush(self) -> None: ...
    def commit(self) -> None: ...
    def rollback(self) -> None: ...


class AwaitedUnit:
    """*unit* for a task: reads and endings go to the runner, writes are recorded on the spot.

    The turn is given back when the unit is over, by whatever ended it.
    """

    def __init__(self, unit: BlockingUnit, runner: Runner, leave: Callable[[], None]) -> None:
        self._runner = runner
        self._unit = unit
        self._leave = leave
        self.insert = unit.insert
        self.replace = unit.replace
        self.delete = unit.delete
        self.append = unit.append
        self.post = unit.post
        self.count = unit.count
        self.hold = unit.hold
        self.keep = unit.keep
        self.take = unit.take
        self.release = unit.release
        self.adjust = unit.adjust
        self.remember = unit.remember

    async def _run(self, call: Callable[[], T]) -> T:
        return await self._runner.run(call, self._if_over_leave)

    def _if_over_leave(self) -> None:
        if self._unit.closed:
            self._leave()

    async def get(self, collection: Collection, id: str) -> Doc | None:
        """The document, or None."""
        return await self._run(lambda: self._unit.get(collection, id))

    async def get_many(self, collection: Collection, ids: Sequence[str]) -> dict[str, Doc]:
        """The documents that exist, by id."""
        return await self._run(lambda: self._unit.get_many(collection, ids))

    async def find(
        self,
        collection: Collection,
        index: str,
        *,
        equals: Row | None = None,
        since: Scalar = None,
        until: Scalar = None,
        after: str | None = None,
        limit: int = 100,
        descending: bool = False,
    ) -> Page[Doc]:
        """One page of documents by a declared index."""
        return await self._run(
            lambda: self._unit.find(
                collection,
                index,
                equals=equals,
                since=since,
                until=until,
                after=after,
                limit=limit,
                descending=descending,
            )
        )

    async def history(self, stream: str, *, after: int = 0, limit: int = 1000) -> Sequence[StoredEvent]:
        """The events of a stream."""
        return await self._run(lambda: self._unit.history(stream, after=after, limit=limit))

    async def ledger(
        self,
        name: str,
        *,
        account: str | None = None,
        refers_to: str | None = None,
        after: str | None = None,
        limit: int = 1000,
    ) -> Page[Entry]:
        """One page of a ledger."""
        return await self._run(
            lambda: self._unit.ledger(name, account=account, refers_to=refers_to, after=after, limit=limit)
        )

    async def levels(self, resources: Sequence[str], *, now: datetime) -> dict[str, Level]:
        """The level of each resource."""
        return await self._run(lambda: self._unit.levels(resources, now=now))

    async def holds(self, ids: Sequence[str]) -> dict[str, StoredHold]:
        """The holds that exist."""
        return await self._run(lambda: self._unit.holds(ids))

    async def seen(self, scope: str, key: str, fingerprint: str) -> Seen | None:
        """What a key answered the first time."""
        return await self._run(lambda: self._unit.seen(scope, key, fingerprint))

    async def value(self, counter: str) -> int:
        """The value of a counter."""
        return await self._run(lambda: self._unit.value(counter))

    async def scan(self, kind: Kind, *, name: str = "", after: str | None = None, limit: int = 1000) -> Page[ScanRow]:
        """One page of a group."""
        return await self._run(lambda: self._unit.scan(kind, name=name, after=after, limit=limit))

    async def flush(self) -> None:
        """Send what was recorded."""
        await self._run(self._unit.flush)

    async def commit(self) -> None:
        """Send what was recorded and make it lasting."""
        await self._run(self._unit.commit)

    async def rollback(self) -> None:
        """Leave no trace."""
        await self._run(self._unit.rollback)
