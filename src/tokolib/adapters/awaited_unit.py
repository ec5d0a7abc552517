"""A blocking unit of work whose answers are awaited."""

from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any, ParamSpec, Protocol, TypeVar

from tokolib.adapters.runners import Runner
from tokolib.kernel.asks import Ask
from tokolib.kernel.rows import (
    Collection,
    Doc,
    Entry,
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
from tokolib.kernel.storage import UnitOfWork

P = ParamSpec("P")
T = TypeVar("T")


class BlockingUnit(UnitOfWork, Protocol):
    """A unit of work that answers at once: its writes are the port's, and its reads never need to be awaited."""

    @property
    def closed(self) -> bool: ...
    def read(self, *asks: Ask[Any]) -> tuple[Any, ...]: ...
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
    def flush(self) -> None: ...
    def commit(self) -> None: ...
    def rollback(self) -> None: ...


class AwaitedUnit:
    """*unit* for a task: reads and endings go to the runner, writes are recorded on the spot.

    The turn is given back when the unit is over, by whatever ended it.
    """

    def __init__(self, unit: BlockingUnit, runner: Runner, leave: Callable[[], None]) -> None:
        def awaited(call: Callable[P, T]) -> Callable[P, Coroutine[Any, Any, T]]:
            async def answer(*args: P.args, **kwargs: P.kwargs) -> T:
                return await runner.run(lambda: call(*args, **kwargs), if_over_leave)

            return answer

        def if_over_leave() -> None:
            if unit.closed:
                leave()

        self.read = awaited(unit.read)
        self.get = awaited(unit.get)
        self.get_many = awaited(unit.get_many)
        self.find = awaited(unit.find)
        self.history = awaited(unit.history)
        self.ledger = awaited(unit.ledger)
        self.levels = awaited(unit.levels)
        self.holds = awaited(unit.holds)
        self.seen = awaited(unit.seen)
        self.value = awaited(unit.value)
        self.scan = awaited(unit.scan)

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

        self.flush = awaited(unit.flush)
        self.commit = awaited(unit.commit)
        self.rollback = awaited(unit.rollback)
