"""Storages, their units and their outboxes, struck by a plan; units wait only where the inner storage does."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from tokolib.kernel.hosting import MaybeAwaitable, resolved
from tokolib.kernel.storage import Outbox, Storage, UnitOfWork
from tokolib.kernel.storage_errors import Misuse
from tokolib.testing.simulator.faults.plan import OUTBOX, FaultPlan
from tokolib.testing.simulator.faults.troubles import SENT, struck, trouble_of_storage


class _Unit:
    """A unit of work whose calls are counted. After a fault it is closed and has left nothing, or is committed."""

    def __init__(self, inner: UnitOfWork, plan: FaultPlan) -> None:
        self._inner = inner
        self._plan = plan
        self._over = False

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name not in SENT:
            return found

        async def call(*args: Any, **kwargs: Any) -> Any:
            trouble = partial(trouble_of_storage, name)
            return await struck(self._plan, f"storage.{name}", trouble, partial(found, *args, **kwargs), self._end)

        return call

    async def commit(self) -> None:
        """Commit, unless the plan says otherwise."""
        trouble = partial(trouble_of_storage, "commit")
        await struck(self._plan, "storage.commit", trouble, self._inner.commit, self._end)
        self._over = True

    async def rollback(self) -> None:
        """Leave no trace. It costs nothing, and counts for nothing, when the unit is over."""
        if self._over:
            return
        if self._plan.is_dead:  # what a database does for a client that is gone
            await self._end(None)
            return
        trouble = partial(trouble_of_storage, "rollback")
        await struck(self._plan, "storage.rollback", trouble, self._inner.rollback, self._end)
        self._over = True

    async def _end(self, _: object) -> None:
        self._over = True
        await resolved(self._inner.rollback())


class _Outbox:
    """An outbox whose calls are counted."""

    def __init__(self, inner: Outbox, plan: FaultPlan) -> None:
        self._inner = inner
        self._plan = plan

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name not in OUTBOX:
            return found

        async def call(*args: Any, **kwargs: Any) -> Any:
            trouble = partial(trouble_of_storage, name)
            return await struck(self._plan, f"outbox.{name}", trouble, partial(found, *args, **kwargs))

        return call


class _Storage:
    """A storage whose calls are counted."""

    def __init__(self, inner: Storage, plan: FaultPlan) -> None:
        self._inner = inner
        self._plan = plan
        self._closed = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def migrate(self, *, dry_run: bool = False) -> Any:
        """Bring the schema up to date, unless the plan says otherwise."""
        trouble = partial(trouble_of_storage, "migrate")
        return await struck(self._plan, "storage.migrate", trouble, lambda: self._inner.migrate(dry_run=dry_run))

    async def begin(self, partition: str, *, read_only: bool = False) -> UnitOfWork:
        """Open a unit, unless the plan says otherwise."""
        return await self._opened("begin", lambda: self._inner.begin(partition, read_only=read_only))

    async def join(self, connection: Any, partition: str) -> UnitOfWork:
        """Open a unit in the host's transaction, unless the plan says otherwise."""
        return await self._opened("join", lambda: self._inner.join(connection, partition))

    async def _opened(self, method: str, call: Callable[[], MaybeAwaitable[UnitOfWork]]) -> UnitOfWork:
        if self._closed:
            raise Misuse("this storage was closed, and what it wraps was not: wrap it again")

        async def undo(unit: UnitOfWork | None) -> None:
            if unit is not None:
                await resolved(unit.rollback())

        begun = await struck(self._plan, f"storage.{method}", partial(trouble_of_storage, "begin"), call, undo)
        return cast(UnitOfWork, _Unit(begun, self._plan))

    def outbox(self, partition: str) -> Outbox:
        """The outbox of a partition, counted as well."""
        return cast(Outbox, _Outbox(self._inner.outbox(partition), self._plan))

    def pause(self, attempt: int) -> None:
        """Not at all: what others would do meanwhile, a plan does."""

    def close(self) -> None:
        """Begin no more units; the inner storage stays open."""
        self._closed = True


def faulty_storage(storage: Storage, plan: FaultPlan) -> Storage:
    """*storage*, struck by *plan*: `storage.begin`, `storage.read`, ..., `storage.commit`, `outbox.claim`, ...

    An error of a unit closes it, as the port says. A time-out of `commit` is `CommitUnknown`: it happened.
    """
    return cast(Storage, _Storage(storage, plan))
