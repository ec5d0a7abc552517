"""Our own storages pass the kit that everybody's must pass."""

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiosqlite
import attrs
import pytest

from tokolib.adapters.memory import MemoryStorage
from tokolib.adapters.memory.awaited import AsyncMemoryStorage
from tokolib.adapters.sqlite import SqliteStorage
from tokolib.adapters.sqlite.awaited import AsyncSqliteStorage
from tokolib.testing.storage_kit import (
    COLLECTIONS,
    Drive,
    MakeStorage,
    OpenBackup,
    OpenHost,
    Reopen,
    StorageKit,
)

SMALL = 2 * 1024 * 1024


@attrs.frozen
class SqliteHost:
    """A host that uses sqlite3, or aiosqlite, by itself: what it answers may have to be awaited."""

    connection: Any

    def begin(self) -> Any:
        return self.connection.execute("BEGIN IMMEDIATE")

    def commit(self) -> Any:
        return self.connection.execute("COMMIT")

    def rollback(self) -> Any:
        return self.connection.execute("ROLLBACK")

    def close(self) -> Any:
        return self.connection.close()


def sqlite_host(storage: Any) -> SqliteHost:
    """A host beside a storage, with no transaction open."""
    return SqliteHost(sqlite3.connect(storage.path, isolation_level=None))


class OnOneLoop(StorageKit):
    """The kit for an async adapter."""

    @pytest.fixture
    def drive(self) -> Iterator[Drive]:
        with asyncio.Runner() as runner:
            yield runner.run


class TestMemory(StorageKit):
    @pytest.fixture
    def make_storage(self) -> MakeStorage:
        return lambda collections: MemoryStorage(collections, max_body=SMALL)

    @pytest.fixture
    def reopen(self) -> Reopen:
        return lambda storage: MemoryStorage(COLLECTIONS)


class TestAsyncMemory(OnOneLoop):
    examples = 8

    @pytest.fixture
    def make_storage(self) -> MakeStorage:
        return lambda collections: AsyncMemoryStorage(collections, timeout=0.5, max_body=SMALL)

    @pytest.fixture
    def reopen(self) -> Reopen:
        return lambda storage: AsyncMemoryStorage(COLLECTIONS)


class TestSqlite(StorageKit):
    examples = 10
    wal: bool | None = None

    @pytest.fixture
    def make_storage(self, tmp_path: Path) -> MakeStorage:
        names = (tmp_path / f"shop-{number}.db" for number in range(9))
        return lambda collections: SqliteStorage(next(names), collections, wal=self.wal)

    @pytest.fixture
    def reopen(self) -> Reopen:
        return lambda storage: SqliteStorage(storage.path, COLLECTIONS, wal=self.wal)  # type: ignore[attr-defined]

    @pytest.fixture
    def open_host(self) -> OpenHost:
        return sqlite_host

    @pytest.fixture
    def open_backup(self) -> OpenBackup:
        return lambda path: SqliteStorage(path, COLLECTIONS, wal=self.wal)


class TestSqliteWithWriteAheadLog(TestSqlite):
    wal = True


class TestAsyncSqlite(OnOneLoop):
    examples = 8

    @pytest.fixture
    def make_storage(self, tmp_path: Path) -> MakeStorage:
        names = (tmp_path / f"shop-{number}.db" for number in range(9))
        return lambda collections: AsyncSqliteStorage(next(names), collections, timeout=0.5)

    @pytest.fixture
    def reopen(self) -> Reopen:
        return lambda storage: AsyncSqliteStorage(storage.path, COLLECTIONS)  # type: ignore[attr-defined]

    @pytest.fixture
    def open_host(self) -> OpenHost:
        async def opened(storage: Any) -> SqliteHost:
            return SqliteHost(await aiosqlite.connect(storage.path, isolation_level=None))

        return opened

    @pytest.fixture
    def open_backup(self) -> OpenBackup:
        return lambda path: AsyncSqliteStorage(path, COLLECTIONS)
