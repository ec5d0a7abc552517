"""SQLite for `AsyncShop`: the same storage behind one thread of its own."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tokolib.adapters.awaited.runners import OneThread
from tokolib.adapters.awaited.storage import AsyncStorage
from tokolib.adapters.sql.names import Names
from tokolib.adapters.sql.schema import NAMES
from tokolib.adapters.sql.unit import SqlUnit
from tokolib.adapters.sqlite.aio import joined
from tokolib.adapters.sqlite.storage import TIMEOUT, SqliteStorage
from tokolib.adapters.units.borrowing import Borrowed
from tokolib.kernel.rows import Collection


class AsyncSqliteStorage(AsyncStorage):
    """Keeps shops in one SQLite file; the event loop never waits for the disk."""

    def __init__(
        self,
        path: str | Path,
        collections: Sequence[Collection],
        *,
        wal: bool | None = None,
        durable: bool = True,
        timeout: float = TIMEOUT,
        names: Names = NAMES,
    ) -> None:
        inner = SqliteStorage(path, collections, wal=wal, durable=durable, timeout=timeout, names=names)
        self.path = inner.path
        self._declared = inner.declared
        self._borrowed = Borrowed()
        super().__init__(inner, runner=OneThread("tokolib-sqlite"), timeout=timeout)

    async def join(self, connection: Any, partition: str) -> SqlUnit:
        """Open a unit in the transaction that the host has open on an `aiosqlite.Connection`, on that one's thread.

        Raises:
            Misuse: it is another kind of connection, is on another file, is used by another unit, or has no transaction
            open.
        """
        return SqlUnit(self._declared, await joined(connection, self.path, partition, self._borrowed), read_only=False)
