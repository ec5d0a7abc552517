"""A blocking storage in an async coat: its calls go to a runner, and units take turns.

The coat is for one event loop. A task that is cancelled while a commit is under way is told so at once; the
commit is carried to its end all the same, and only then does the next unit get its turn.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol, TypeVar

import attrs

from tokolib.adapters.awaited.runners import Runner
from tokolib.adapters.awaited.unit import AwaitedUnit, BlockingUnit
from tokolib.adapters.jitter import jitter
from tokolib.adapters.units.homes import CLOSED, open_already
from tokolib.kernel.errors import HostMismatch
from tokolib.kernel.hosting import MaybeAwaitable, drive, resolved
from tokolib.kernel.rows import BackupReport, Capabilities, Claimed, DeadLetter, Page
from tokolib.kernel.storage import Outbox, UnitOfWork
from tokolib.kernel.storage_errors import Busy, Misuse

T = TypeVar("T")


class BlockingStorage(Protocol):
    """A storage that answers at once."""

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        ...

    def migrate(self, *, dry_run: bool = False) -> Sequence[str]:
        """Bring the schema up to date."""
        ...

    def begin(self, partition: str, *, read_only: bool = False) -> BlockingUnit:
        """Open a unit."""
        ...

    def join(self, connection: Any, partition: str) -> MaybeAwaitable[UnitOfWork]:
        """Open a unit in the host's transaction."""
        ...

    def backup(self, target: Path) -> BackupReport:
        """Copy everything committed into a new file."""
        ...

    def outbox(self, partition: str) -> Outbox:
        """The outbox of a partition."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...


class Turns:
    """Lets one task in at a time."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._lock = asyncio.Lock()
        self._owner: asyncio.Task[object] | None = None
        self.closed = False

    async def enter(self) -> Callable[[], None]:
        """Wait for the turn; the answer gives it back, and is harmless the second time.

        Raises:
            Misuse: this task has the turn already, the storage is closed, or it was used in another event loop.
            Busy: another task kept it for longer than the timeout.
            HostMismatch: nobody runs an event loop.
        """
        if self.closed:
            raise Misuse(CLOSED)
        try:
            me = asyncio.current_task()
        except RuntimeError as error:  # stepped by hand, without an event loop
            raise HostMismatch("an awaited storage") from error
        if self._owner is not None and self._owner is me:
            raise open_already("task")
        try:
            async with asyncio.timeout(self._timeout):
                await self._lock.acquire()
        except TimeoutError as error:
            raise Busy(f"another unit of work stayed open for {self._timeout:g} s") from error
        except RuntimeError as error:  # asyncio's lock belongs to the loop in which a task first waited for it
            raise Misuse("an awaited storage is for one event loop; open the shop anew in this one") from error
        self._owner = me
        given_back = False

        def leave() -> None:
            nonlocal given_back
            if not given_back:
                given_back = True
                self._owner = None
                self._lock.release()

        return leave


class AsyncStorage:
    """*inner* for `AsyncShop`."""

    def __init__(self, inner: BlockingStorage, *, runner: Runner, timeout: float) -> None:
        self.capabilities = attrs.evolve(inner.capabilities, asynchronous=True)
        self._inner = inner
        self._runner = runner
        self._turns = Turns(timeout)

    async def migrate(self, *, dry_run: bool = False) -> Sequence[str]:
        """Bring the schema up to date."""
        leave = await self._turns.enter()
        return await self._runner.run(lambda: self._inner.migrate(dry_run=dry_run), leave)

    async def backup(self, target: Path) -> BackupReport:
        """Copy everything committed into a new file."""
        leave = await self._turns.enter()
        return await self._runner.run(lambda: self._inner.backup(target), leave)

    async def join(self, connection: Any, partition: str) -> UnitOfWork:
        """Open a unit in the host's transaction."""
        return await resolved(self._inner.join(connection, partition))

    async def begin(self, partition: str, *, read_only: bool = False) -> AwaitedUnit:
        """Open a unit once no other is open."""
        leave = await self._turns.enter()
        begun: list[BlockingUnit] = []

        def begin() -> None:
            begun.append(self._inner.begin(partition, read_only=read_only))

        def roll_back() -> None:
            for unit in begun:
                drive(resolved(unit.rollback()))

        try:
            await self._runner.run(begin)
        except asyncio.CancelledError:  # it may begin all the same, with nobody left to end it
            self._runner.soon(roll_back, leave)
            raise
        except BaseException:
            leave()
            raise
        return AwaitedUnit(begun[0], self._runner, leave)

    def outbox(self, partition: str) -> "AwaitedOutbox":
        """The outbox of a partition."""
        return AwaitedOutbox(self._inner.outbox(partition), self._runner, self._turns)

    async def pause(self, attempt: int) -> None:
        """Wait a little before a retry."""
        await asyncio.sleep(jitter(attempt))

    async def close(self) -> None:
        """Give back files, connections and the thread."""
        if not self._turns.closed:
            self._turns.closed = True
            try:
                await self._runner.run(self._inner.close)
            finally:
                self._runner.stop()


class AwaitedOutbox:
    """An outbox whose calls are awaited, each in a turn of its own."""

    def __init__(self, inner: Outbox, runner: Runner, turns: Turns) -> None:
        self._inner = inner
        self._runner = runner
        self._turns = turns

    async def claim(self, *, now: datetime, lease: timedelta, limit: int = 100) -> Sequence[Claimed]:
        """Events that are due."""
        return await self._in_turn(lambda: self._inner.claim(now=now, lease=lease, limit=limit))

    async def done(self, ids: Sequence[str], *, now: datetime) -> None:
        """Mark events as delivered."""
        await self._in_turn(lambda: self._inner.done(ids, now=now))

    async def retry(self, id: str, *, at: datetime, error: str) -> None:
        """Give an event back."""
        await self._in_turn(lambda: self._inner.retry(id, at=at, error=error))

    async def bury(self, id: str, *, now: datetime, error: str) -> None:
        """Give an event up."""
        await self._in_turn(lambda: self._inner.bury(id, now=now, error=error))

    async def dead(self, *, after: str | None = None, limit: int = 100) -> Page[DeadLetter]:
        """The dead letters."""
        return await self._in_turn(lambda: self._inner.dead(after=after, limit=limit))

    async def revive(self, ids: Sequence[str], *, now: datetime) -> int:
        """Let dead letters go out again."""
        return await self._in_turn(lambda: self._inner.revive(ids, now=now))

    async def replay(self, *, since: datetime, until: datetime, now: datetime) -> int:
        """Let events go out again that were done."""
        return await self._in_turn(lambda: self._inner.replay(since=since, until=until, now=now))

    async def purge(self, *, before: datetime) -> int:
        """Forget what was done."""
        return await self._in_turn(lambda: self._inner.purge(before=before))

    async def _in_turn(self, call: Callable[[], MaybeAwaitable[T]]) -> T:
        leave = await self._turns.enter()
        return await self._runner.run(lambda: drive(resolved(call())), leave)
