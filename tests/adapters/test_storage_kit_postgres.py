"""PostgreSQL passes the kit that everybody's storage must pass: in both colours, at every isolation level, in parts."""

import asyncio
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tokolib.adapters.postgres import PostgresStorage
from tokolib.adapters.postgres.awaited import AsyncPostgresStorage
from tokolib.adapters.postgres.connecting import Settings
from tokolib.adapters.sql.schema import Partitioned
from tokolib.adapters.sql.spreading import Buckets, Layout
from tokolib.testing.storage_kit import COLLECTIONS, Drive, Host, MakeStorage, OpenHost, Reopen, StorageKit


class TestPostgres(StorageKit):
    examples = 6
    isolation = "READ COMMITTED"
    split: Partitioned | None = None
    layout: Layout | None = None
    kind: Any = PostgresStorage

    @pytest.fixture
    def make_storage(self, database: Any) -> MakeStorage:
        def make(collections: Any) -> Any:
            settings = Settings(database.url, isolation=self.isolation, durable=False)
            return self.kind(settings, collections, names=database.names(), split=self.split, layout=self.layout)

        return make

    @pytest.fixture
    def reopen(self) -> Reopen:
        return lambda storage: self.kind(
            storage.settings, COLLECTIONS, names=storage.names, split=self.split, layout=self.layout
        )

    @pytest.fixture
    def open_host(self, database: Any, host_on: Any) -> OpenHost:
        return lambda storage: host_on(psycopg.connect(database.url, autocommit=True), "BEGIN")


class TestPostgresRepeatableRead(TestPostgres):
    long_form = True
    examples = 2
    isolation = "REPEATABLE READ"


class TestPostgresSerializableInParts(TestPostgres):
    """Both at once: neither makes the other easier, and a whole run of the kit is not cheap."""

    long_form = True
    examples = 2
    isolation = "SERIALIZABLE"
    split = Partitioned(3)


class TestPostgresInBuckets(TestPostgres):
    long_form = True
    examples = 10
    layout = Buckets(4)


class TestAsyncPostgres(TestPostgres):
    examples = 2
    kind = AsyncPostgresStorage

    @pytest.fixture
    def drive(self) -> Iterator[Drive]:
        with asyncio.Runner() as runner:
            yield runner.run

    @pytest.fixture
    def open_host(self, database: Any, host_on: Any) -> OpenHost:
        async def opened(storage: Any) -> Host:
            return host_on(await psycopg.AsyncConnection.connect(database.url, autocommit=True), "BEGIN")

        return opened
