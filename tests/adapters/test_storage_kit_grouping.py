"""Group commit passes the kit that everybody's storage must pass, in SQLite and in PostgreSQL."""

import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tokolib.adapters.grouping import GroupCommit
from tokolib.adapters.postgres import PostgresStorage
from tokolib.adapters.postgres.connecting import Settings
from tokolib.adapters.sqlite import SqliteStorage
from tokolib.testing.storage_kit import COLLECTIONS, MakeStorage, OpenBackup, OpenHost, Reopen, StorageKit


class TestGroupsInSqlite(StorageKit):
    long_form = True
    examples = 5

    @pytest.fixture
    def make_storage(self, tmp_path: Path) -> MakeStorage:
        names = (tmp_path / f"shop-{number}.db" for number in range(9))
        return lambda collections: GroupCommit(SqliteStorage(next(names), collections, wal=True), patience=1.0)

    @pytest.fixture
    def reopen(self) -> Reopen:
        return lambda storage: GroupCommit(SqliteStorage(storage.inner.path, COLLECTIONS, wal=True))  # type: ignore[attr-defined]

    @pytest.fixture
    def open_host(self, host_on: Any) -> OpenHost:
        return lambda storage: host_on(
            sqlite3.connect(storage.inner.path, isolation_level=None),  # type: ignore[attr-defined]
            "BEGIN IMMEDIATE",
        )

    @pytest.fixture
    def open_backup(self) -> OpenBackup:
        return lambda path: GroupCommit(SqliteStorage(path, COLLECTIONS, wal=True))


class TestGroupsInPostgres(StorageKit):
    long_form = True
    examples = 3
    isolation = "READ COMMITTED"
    most = 64

    @pytest.fixture
    def make_storage(self, database: Any) -> MakeStorage:
        def make(collections: Any) -> GroupCommit:
            settings = Settings(database.url, isolation=self.isolation, durable=False)
            inner = PostgresStorage(settings, collections, names=database.names())
            return GroupCommit(inner, most=self.most, patience=1.0)

        return make

    @pytest.fixture
    def open_host(self, database: Any, host_on: Any) -> OpenHost:
        return lambda storage: host_on(psycopg.connect(database.url, autocommit=True), "BEGIN")

    @pytest.fixture
    def reopen(self) -> Reopen:
        def again(storage: Any) -> GroupCommit:
            return GroupCommit(PostgresStorage(storage.inner.settings, COLLECTIONS, names=storage.inner.names))

        return again


class TestGroupsInPostgresSerializable(TestGroupsInPostgres):
    examples = 2
    isolation = "SERIALIZABLE"


class TestGroupsOfOneInPostgres(TestGroupsInPostgres):
    examples = 2
    most = 1
