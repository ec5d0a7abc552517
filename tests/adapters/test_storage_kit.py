"""Our own storages pass the kit that everybody's must pass."""

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiosqlite
import pytest

from tokolib.adapters.memory import MemoryStorage
from tokolib.adapters.memory.awaited import AsyncMemoryStorage
from tokolib.adapters.sqlite import SqliteStorage
from tokolib.adapters.sqlite.awaited import AsyncSqliteStorage
from tokolib.testing.storage_kit import (
    COLLECTIONS,
    Drive,
    Host,
    MakeStorage,
    OpenBackup,
    OpenHost,
    Reopen,
    StorageKit,
)

SMALL = 2 * 1024 * 1024
BEGIN = "BEGIN IMMEDIATE"


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
    def open_host(self, host_on: Any) -> OpenHost:
        return lambda storage: host_on(sqlite3.connect(storage.path, isolation_level=None), BEGIN)  # type: ignore[attr-defined]

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
    def open_host(self, host_on: Any) -> OpenHost:
        async def opened(storage: Any) -> Host:
            return host_on(await aiosqlite.connect(storage.path, isolation_level=None), BEGIN)

        return opened

    @pytest.fixture
    def open_backup(self) -> OpenBackup:
        return lambda path: AsyncSqliteStorage(path, COLLECTIONS)
