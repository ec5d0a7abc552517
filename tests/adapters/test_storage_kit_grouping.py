"""Group commit passes the kit that everybody's storage must pass, in SQLite and in PostgreSQL."""

import sqlite3
from itertools import count
from pathlib import Path
from typing import Any

import attrs
import psycopg
import pytest

from tokolib.adapters.grouping import GroupCommit
from tokolib.adapters.postgres import PostgresStorage
from tokolib.adapters.postgres.connecting import Settings
from tokolib.adapters.sql.names import Names
from tokolib.adapters.sqlite import SqliteStorage
from tokolib.testing.storage_kit import COLLECTIONS, MakeStorage, OpenBackup, OpenHost, Reopen, StorageKit

NUMBERS = count(1)
"""Of schemas: each storage has one of its own, which costs less than a database for each."""


@pytest.fixture(scope="module")
def database(postgres: Any) -> Any:
    return postgres.database()


@attrs.frozen
class Host:
    """A host that uses the driver by itself."""

    connection: Any
    opening: str

    def begin(self) -> None:
        self.connection.execute(self.opening)

    def commit(self) -> None:
        self.connection.execute("COMMIT")

    def rollback(self) -> None:
        self.connection.execute("ROLLBACK")

    def close(self) -> None:
        self.connection.close()


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
    def open_host(self) -> OpenHost:
        return lambda storage: Host(sqlite3.connect(storage.inner.path, isolation_level=None), "BEGIN IMMEDIATE")  # type: ignore[attr-defined]

    @pytest.fixture
    def open_backup(self) -> OpenBackup:
        return lambda path: GroupCommit(SqliteStorage(path, COLLECTIONS, wal=True))


class TestGroupsInPostgres(StorageKit):
    long_form = True
    examples = 3
    isolation = "READ COMMITTED"
    most = 64

    @pytest.fixture
    def make_storage(self, database: str) -> MakeStorage:
        def make(collections: Any) -> GroupCommit:
            names = Names(schema=f"s{next(NUMBERS)}")
            with psycopg.connect(database, autocommit=True) as connection:
                connection.execute(f"CREATE SCHEMA {names.schema}")
            settings = Settings(database, isolation=self.isolation, durable=False)
            return GroupCommit(PostgresStorage(settings, collections, names=names), most=self.most, patience=1.0)

        return make

    @pytest.fixture
    def open_host(self, database: str) -> OpenHost:
        return lambda storage: Host(psycopg.connect(database, autocommit=True), "BEGIN")

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
