"""A savepoint in the transaction that the host has open on aiosqlite, for `AsyncShop`.

Everything goes through the connection's public methods, and so to its own thread: the event loop never waits for
the disk.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tokolib.adapters.sql.session import Query, Step, refuse_missed
from tokolib.adapters.sqlite.counting import Counted
from tokolib.adapters.sqlite.joining import PLACES, RELEASE, SAVEPOINT, UNDO, Standing, must_be_joinable, must_be_on
from tokolib.adapters.sqlite.translation import REFUSABLE, translating
from tokolib.adapters.units.borrowing import Borrowed, named_type
from tokolib.kernel.storage_errors import Misuse

if TYPE_CHECKING:
    import aiosqlite

PACKAGE = "aiosqlite"


async def joined(connection: Any, path: Path, partition: str, borrowed: Borrowed) -> "AioSession":
    """A savepoint that is open.

    Raises:
        Misuse: *connection* is none of aiosqlite, is on another file, is used by another task just now, or has no
            transaction open.
    """
    if all(kind.__module__.partition(".")[0] != PACKAGE for kind in type(connection).__mro__):
        raise Misuse(f"an awaited SQLite shop joins an aiosqlite.Connection, not {named_type(connection)}")
    must_be_joinable(connection)
    leave = borrowed.take(connection)
    try:
        with translating():
            cursor = await connection.cursor()
            cursor.row_factory = None  # whatever the host makes of its own rows
            await cursor.execute(PLACES)
            must_be_on(path, [(number, name, file) for number, name, file in await cursor.fetchall()])
            await cursor.execute(SAVEPOINT)
    except BaseException:
        leave()
        raise
    return AioSession(connection, cursor, partition, leave)


class AioSession:
    """Questions and changes of one partition inside the host's transaction, which is never ended by it."""

    def __init__(
        self,
        connection: "aiosqlite.Connection",
        cursor: "aiosqlite.Cursor",
        partition: str,
        leave: Callable[[], None],
    ) -> None:
        self.partition = partition
        self._connection = connection
        self._cursor = cursor
        self._leave = leave
        self._standing = Standing(connection)

    def check(self) -> None:
        """Refuse a process that was forked off, and a transaction that the host has ended."""
        self._standing.check()

    async def answers(self, *queries: Query) -> list[list[Any]]:
        """The rows that each query finds."""
        found = []
        with translating():
            for text, values in queries:
                await self._cursor.execute(text, values)
                found.append([*await self._cursor.fetchall()])
        return found

    async def send(self, steps: Sequence[Step]) -> list[Sequence[int]]:
        """Make changes, one row after the other."""
        effects = []
        for step in steps:
            hit = await self._sent(step)
            refuse_missed([step], [hit])
            effects.append(hit)
        return effects

    async def _sent(self, step: Step) -> Sequence[int]:
        rows = Counted(step, self._connection)
        try:
            await self._cursor.executemany(step.change.text, rows)
        except REFUSABLE as error:
            raise rows.refused(error) from error
        return rows.that_took_effect()

    async def run(self, text: str) -> None:
        """A statement without values."""
        with translating():
            await self._cursor.execute(text)

    async def commit(self) -> None:
        """Let what was done become part of the host's transaction."""
        try:
            self.check()
            with translating():
                await self._cursor.execute(RELEASE)
                await self._cursor.close()
        finally:
            self._leave()

    async def rollback(self) -> None:
        """Take back what was done; the host's transaction goes on as it was before."""
        try:
            if self._standing.is_here:
                with translating():
                    await self._cursor.execute(UNDO)
                    await self._cursor.execute(RELEASE)
                    await self._cursor.close()
        finally:
            self._leave()
