"""PostgreSQL passes the kit while the server itself ends three commits of ten with a serialization failure."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import attrs
import psycopg
import pytest

from tokolib.adapters.postgres import PostgresStorage
from tokolib.adapters.postgres.connecting import Settings
from tokolib.kernel.hosting import drive, resolved
from tokolib.kernel.rows import Can, Capabilities, Collection
from tokolib.kernel.storage_errors import Serialization, Unsupported
from tokolib.testing.storage_kit import COLLECTIONS, MakeStorage, Reopen, StorageKit

PLANTED: Final = """
    CREATE SEQUENCE faults;
    CREATE FUNCTION fail_some() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        -- A transaction that has no number yet gets one here, and its fate with it: the same in each run.
        IF abs(hashint8(pg_current_xact_id()::text::bigint)) % 10 < 3 THEN
            PERFORM nextval('faults');  -- which no rollback takes back
            RAISE EXCEPTION 'could not serialize access due to an injected fault' USING ERRCODE = '40001';
        END IF;
        RETURN NULL;
    END $$;
"""
"""Raises at COMMIT, for it is deferred until then: the driver hears of it where it hears of a real one."""

HOSTS_OWN: Final = "a commit of the host that fails is for the host to run again"


class Server:
    """A database with the fault in it."""

    def __init__(self, database: Any) -> None:
        self.url = database.url
        self.names = database.names
        with self.connected() as connection:
            connection.execute(PLANTED)

    def connected(self) -> "psycopg.Connection[Any]":
        return psycopg.connect(self.url, autocommit=True)

    def infect(self, schema: str) -> None:
        """Let every table fail some of those who write to it, but that of the migrations, which nobody runs again."""
        text = "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename <> 'tokolib_schema'"
        with self.connected() as connection:
            for (table,) in connection.execute(text, [schema]).fetchall():
                connection.execute(
                    f"CREATE CONSTRAINT TRIGGER fail AFTER INSERT OR UPDATE OR DELETE ON {schema}.{table}"
                    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail_some()"
                )

    @property
    def injected(self) -> int:
        with self.connected() as connection:
            (row,) = connection.execute("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM faults").fetchall()
        return int(row[0])


class AgainUnit:
    """A unit that runs again whole when its commit asks for that, as `Work` would have it run.

    What was read must be the same the second time: else the decision is the caller's, who hears of the failure.
    """

    def __init__(self, begin: Callable[[], Any]) -> None:
        self._begin = begin
        self._unit = begin()
        self._told: list[tuple[str, Any, Any, Any]] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            answer = drive(resolved(getattr(self._unit, name)(*args, **kwargs)))
            self._told.append((name, args, kwargs, answer))
            return answer

        return call

    def commit(self) -> None:
        while True:
            try:
                return drive(self._unit.commit())
            except Serialization as error:
                if "injected" not in str(error):
                    raise
                self._run_again(error)

    def _run_again(self, error: Serialization) -> None:
        self._unit = self._begin()
        for name, args, kwargs, answer in self._told:
            if answer != drive(resolved(getattr(self._unit, name)(*args, **kwargs))):
                drive(self._unit.rollback())
                raise error

    def rollback(self) -> None:
        drive(self._unit.rollback())


class AgainOutbox:
    """An outbox each of whose calls is made again when it asks for that."""

    def __init__(self, outbox: Any) -> None:
        self._outbox = outbox

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            while True:
                try:
                    return drive(getattr(self._outbox, name)(*args, **kwargs))
                except Serialization:
                    continue

        return call


class FailingStorage:
    """A storage on a server that fails some commits, as its callers know it: they send again what may be sent again."""

    def __init__(self, server: Server, storage: PostgresStorage) -> None:
        self._server = server
        self._storage = storage

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    @property
    def capabilities(self) -> Capabilities:
        whole = self._storage.capabilities
        return attrs.evolve(whole, lacks={**whole.lacks, Can.JOIN: HOSTS_OWN})

    def join(self, connection: Any, partition: str) -> Any:
        raise Unsupported(Can.JOIN, HOSTS_OWN)

    def migrate(self, *, dry_run: bool = False) -> Sequence[str]:
        done = self._storage.migrate(dry_run=dry_run)
        if done and not dry_run:
            self._server.infect(self._storage.names.schema)
        return done

    def begin(self, partition: str, *, read_only: bool = False) -> Any:
        return AgainUnit(lambda: self._storage.begin(partition, read_only=read_only))

    def outbox(self, partition: str) -> Any:
        return AgainOutbox(self._storage.outbox(partition))


@pytest.fixture(scope="module")
def server(database: Any) -> Iterator[Server]:
    made = Server(database)
    yield made
    assert 0 < made.injected  # or these tests would be the same as those without


class TestPostgresThatFailsCommits(StorageKit):
    long_form = True
    examples = 2

    @pytest.fixture
    def make_storage(self, server: Server) -> MakeStorage:
        def make(collections: Sequence[Collection]) -> Any:
            settings = Settings(server.url, durable=False)
            return FailingStorage(server, PostgresStorage(settings, collections, names=server.names()))

        return make

    @pytest.fixture
    def reopen(self, server: Server) -> Reopen:
        def again(storage: Any) -> Any:
            return FailingStorage(server, PostgresStorage(storage.settings, COLLECTIONS, names=storage.names))

        return again
