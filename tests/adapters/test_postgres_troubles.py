"""What a server can do to a shop: it isn't there, lets nobody in, can't be written to, goes away, comes back."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import psycopg
import pytest

import tokolib
from tokolib.adapters.postgres import PostgresStorage
from tokolib.adapters.postgres.connecting import Settings
from tokolib.adapters.urls import storage_from_url
from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.hosting import drive, resolved
from tokolib.kernel.rows import Collection, Kind
from tokolib.kernel.schema_errors import SchemaOutdated
from tokolib.kernel.storage_errors import Busy, CommitUnknown, ConnectionLost, Misuse, Unavailable
from tokolib.records.collections import COLLECTIONS
from tokolib.testing.builders import Given
from tokolib.testing.postgres import PostgresServer, postgres_server
from tokolib.testing.storage_checks.driven import Driven

NOTES: Final = Collection("notes")
Open = Callable[..., PostgresStorage]


@pytest.fixture
def opened(postgres_url: str) -> Iterator[Open]:
    """Opens storages of one database; the first one makes the tables."""
    made: list[PostgresStorage] = []

    def open_one(address: str = postgres_url, **options: Any) -> PostgresStorage:
        storage = PostgresStorage(Settings(address, **{"durable": False, **options}), (NOTES,))
        if not made:
            storage.migrate()
        made.append(storage)
        return storage

    yield open_one
    for storage in made:
        storage.close()


def note(storage: PostgresStorage, id: str) -> None:
    """Stores a note."""
    with Driven(storage, drive).unit() as unit:
        unit.insert(NOTES, id, b"1", {})


def notes(storage: PostgresStorage) -> list[str]:
    """The ids of all notes."""
    with Driven(storage, drive).reading() as unit:
        return [row.doc.id for row in unit.scan(Kind.DOCUMENTS, name="notes").items]


def run(url: str, statement: str) -> None:
    """Let somebody else say something to the server."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture
def asked(postgres_url: str) -> "Iterator[psycopg.Connection[Any]]":
    """A connection of somebody else."""
    with psycopg.connect(postgres_url) as connection:
        yield connection


def sessions(url: str) -> int:
    """How many others are connected to the database."""
    with psycopg.connect(url, autocommit=True) as connection:
        text = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        (row,) = connection.execute(text).fetchall()
    return int(row[0])


class TestGettingIn:
    """Who can't get in is told why, and what to do; a password is never repeated."""

    def refusal(self, url: str) -> Unavailable:
        storage = PostgresStorage(Settings(url, durable=False), (NOTES,))
        with pytest.raises(Unavailable) as refused:
            storage.begin("p")
            notes(storage)
        storage.close()
        assert "s3cret" not in f"{refused.value!r} {refused.value} {storage.settings!r}"
        return refused.value

    def test_nobody_is_there(self) -> None:
        """A port at which nobody listens."""
        refused = self.refusal("postgresql://budi:s3cret@127.0.0.1:1/shop")

        assert refused.hint.startswith("check that the server runs, and host, port")

    def test_there_is_no_such_database(self, postgres_url: str) -> None:
        """A database that was never created."""
        refused = self.refusal(postgres_url.rpartition("/")[0] + "/toko_yang_lain")

        assert "create the database first: createdb NAME" == refused.hint

    def test_there_is_no_such_user(self, postgres_url: str) -> None:
        """A user that the server doesn't know."""
        refused = self.refusal(postgres_url.replace("postgres@", "nobody_here:s3cret@"))

        assert "check the user in the URL, and pg_hba.conf on the server" == refused.hint

    def test_a_user_has_too_many_connections(self, postgres_url: str) -> None:
        """A limit of the server or of a user is reached."""
        run(postgres_url, "DROP ROLE IF EXISTS crowded; CREATE ROLE crowded LOGIN CONNECTION LIMIT 0")

        refused = self.refusal(postgres_url.replace("postgres@", "crowded:s3cret@"))

        assert "open fewer connections (?connections=), or allow more on the server" == refused.hint

    def test_a_server_that_never_answers(self) -> None:
        """A machine that takes the call and says nothing: the wait is bounded by the timeout of the URL."""
        import socket

        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"postgresql://budi:s3cret@127.0.0.1:{silent.getsockname()[1]}/shop"
            storage = PostgresStorage(Settings(url, timeout=0.5), (NOTES,))
            begun = time.monotonic()
            with pytest.raises(Unavailable):
                storage.begin("p")
        assert time.monotonic() - begun < 30

    def test_a_database_of_another_encoding(self, postgres: PostgresServer) -> None:
        """What isn't UTF-8 couldn't keep every name: it is refused."""
        run(postgres.url(), "DROP DATABASE IF EXISTS latin")
        run(postgres.url(), "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'")
        storage = PostgresStorage(Settings(postgres.url("latin"), durable=False), (NOTES,))

        with pytest.raises(AdapterConfig, match="the database keeps LATIN1; create one with UTF8"):
            storage.begin("p")

        run(postgres.url(), "DROP DATABASE latin")

    def test_a_server_without_fsync(self, postgres: PostgresServer, postgres_url: str) -> None:
        """A server that may lose what it acknowledged is refused, unless the URL says `durable=0`."""
        storage = PostgresStorage(Settings(postgres_url), (NOTES,))
        run(postgres_url, "SELECT 1")
        with psycopg.connect(postgres_url) as connection:
            (row,) = connection.execute("SHOW fsync").fetchall()
        assert "off" == row[0], "the tests' server is a fast one"

        with pytest.raises(AdapterConfig, match=r"fsync = off: .* open with \?durable=0"):
            storage.begin("p")
        assert [] == tokolib_tables(postgres_url)

    def test_a_server_that_acknowledges_early(self, postgres_url: str, opened: Open) -> None:
        """`synchronous_commit = off` in the server's configuration is switched on for every unit."""
        run(postgres_url, f"ALTER DATABASE {postgres_url.rpartition('/')[2]} SET synchronous_commit = off")
        storage = opened()
        assert "off" == setting(storage, "synchronous_commit")

        with postgres_server("newest", durable=True) as durable:
            url = durable.database()
            run(url, f"ALTER DATABASE {url.rpartition('/')[2]} SET synchronous_commit = off")
            storage = PostgresStorage(Settings(url), (NOTES,))
            assert "on" == setting(storage, "synchronous_commit")
            storage.close()


def tokolib_tables(url: str) -> list[Any]:
    """The tables that a refused opening has left."""
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT 1 FROM pg_tables WHERE tablename LIKE 'tokolib%'").fetchall()


def setting(storage: PostgresStorage, name: str) -> str:
    """A setting as a unit's connection has it."""
    unit = storage.begin("p")
    wire = unit._session._wire
    (row,) = wire.connection.execute(f"SHOW {name}").fetchall()
    drive(unit.rollback())
    return str(row[0])


class TestTheUrl:
    """What stands in the URL is used, and a password in it stays there."""

    def test_our_parameters_and_libpqs(self, postgres_url: str) -> None:
        """`prefix` and `schema` name the tables; what is libpq's reaches the server, blanks and all."""
        url = f"{postgres_url}?durable=0&prefix=toko_&schema=kedai&application_name=kedai%20kopi&sslmode=prefer"
        storage = storage_from_url(url, (NOTES,))
        storage.migrate()

        assert "kedai kopi" == setting(storage, "application_name")
        assert "UTF8" == setting(storage, "client_encoding")
        note(storage, "a")
        with psycopg.connect(postgres_url) as connection:
            assert [("a",)] == connection.execute("SELECT id FROM kedai.toko_doc_notes").fetchall()
        storage.close()

    def test_a_password_is_never_repeated(self) -> None:
        """Neither a storage nor any error about its URL shows a password, however it was mistyped."""
        for url in (
            "postgresql://budi:s3cret@host:port/shop",
            "postgresql://budi:s3/cret@host/shop",
            "postgresql://budi:s3%cret@host/shop",
            "postgresql://budi:s3cret@host/shop?isolation=none",
            "postgresql://host/shop?password=s3cret#top",
            "postgresql://budi:p@s3cret@host/shop#top",
        ):
            with pytest.raises(AdapterConfig) as refused:
                storage_from_url(url, (NOTES,))
            told = f"{refused.value} {refused.value!r} {refused.value.__cause__}"
            assert "s3" not in told and "cret" not in told, told

    def test_a_socket_in_place_of_a_host(self) -> None:
        """Three slashes and `host=` name a socket's folder."""
        storage = storage_from_url("postgresql:///shop?host=/nowhere", (NOTES,))

        with pytest.raises(Unavailable, match="/nowhere"):
            storage.begin("p")

    def test_an_unknown_parameter(self) -> None:
        """A parameter that is neither ours nor libpq's is named."""
        with pytest.raises(AdapterConfig, match="no parameter 'isolaton'"):
            storage_from_url("postgresql://host/shop?isolaton=serializable", (NOTES,))


class TestGoingAway:
    """A server that was stopped, killed, or has ended a session."""

    @pytest.mark.parametrize("ending", ["restart", "kill"])
    def test_between_two_units(self, postgres: PostgresServer, opened: Open, ending: str) -> None:
        """Idle connections are dead: one unit is told to run again, and the next one has a new connection."""
        storage = opened()
        note(storage, "before")
        if ending == "kill":
            postgres.kill()
        postgres.restart()

        with pytest.raises(ConnectionLost):
            note(storage, "after")
        note(storage, "after")

        assert ["after", "before"] == notes(storage)

    @pytest.mark.parametrize("asynchronous", [False, True])
    def test_nothing_is_logged(
        self, postgres: PostgresServer, postgres_url: str, caplog: pytest.LogCaptureFixture, asynchronous: bool
    ) -> None:
        """A lost connection is an error of the port, and nothing besides: the driver has nothing to add to the log."""
        url = f"{postgres_url}?durable=0"

        async def story() -> None:
            storage = storage_from_url(url, (NOTES,), asynchronous=asynchronous)
            await resolved(storage.migrate())
            postgres.kill()
            postgres.restart()
            unit = await resolved(storage.begin("p"))
            with pytest.raises(ConnectionLost):
                await resolved(unit.get(NOTES, "a"))
            await resolved(unit.rollback())
            await resolved(storage.close())

        asyncio.run(story()) if asynchronous else drive(story())

        assert [] == [record.message for record in caplog.records if record.name == "psycopg"]

    def test_a_shop_does_not_notice(self, postgres: PostgresServer, postgres_url: str) -> None:
        """A command of a shop finds every idle connection dead, and succeeds by its own tries."""
        url = f"{postgres_url}?durable=0"
        storage = storage_from_url(url, COLLECTIONS)
        storage.migrate()
        storage.close()
        with tokolib.open(url, country="ID") as shop:
            Given(shop).goods({"KOPI-250": 75_000}, stock=10)
            barrier = threading.Barrier(4)

            def ask() -> None:
                barrier.wait()
                for _ in range(5):
                    shop.stock.level("KOPI-250")

            threads = [threading.Thread(target=ask) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            postgres.restart()

            cart = shop.carts.start({"KOPI-250": 1})
            shop.orders.place(shop.carts.quote(cart), tender="cash", key="till-1")

            assert 9 == shop.stock.available("KOPI-250").steps

    def test_in_the_middle_of_a_unit(self, postgres: PostgresServer, opened: Open) -> None:
        """A unit whose server was killed leaves nothing, says that it may be run again, and is over."""
        storage = opened()
        unit = storage.begin("p")
        unit.insert(NOTES, "half", b"1", {})
        drive(unit.flush())
        postgres.kill()
        with pytest.raises(ConnectionLost):
            drive(unit.get(NOTES, "half"))
        with pytest.raises((ConnectionLost, CommitUnknown)):
            drive(unit.commit())
        with pytest.raises(Unavailable):
            storage.begin("p")
        postgres.restart()

        assert [] == notes(storage)

    def test_a_unit_that_failed_is_never_committed(self, opened: Open) -> None:
        """COMMIT after a failed statement rolls back without a word: who swallowed the failure is told."""
        storage = opened()
        unit = storage.begin("p")
        unit.insert(NOTES, "lost", b"1", {})
        drive(unit.flush())
        with pytest.raises(Misuse):
            drive(unit.get(NOTES, "\ud800"))  # no text that the server could be sent
        with pytest.raises(psycopg.Error):
            unit._session._wire.connection.execute("SELECT 1 / 0")

        with pytest.raises(Misuse, match="has failed before"):
            drive(unit.commit())

        assert [] == notes(storage)

    @pytest.mark.parametrize("limit", ["idle_in_transaction_session_timeout", "idle_session_timeout"])
    def test_the_server_ends_a_session_that_is_idle(self, opened: Open, postgres_url: str, limit: str) -> None:
        """Whatever limit an administrator has set, the unit may be run again."""
        run(postgres_url, f"ALTER DATABASE {postgres_url.rpartition('/')[2]} SET {limit} = '100ms'")
        storage = opened()
        note(storage, "a")
        unit = None
        if limit.startswith("idle_in"):
            unit = storage.begin("p")
            drive(unit.get(NOTES, "a"))
            drive(unit.get(NOTES, "b"))  # the server's patience begins behind a statement that came alone
        time.sleep(0.5)
        with pytest.raises(ConnectionLost):
            if unit is None:
                notes(storage)
            else:
                drive(unit.get(NOTES, "a"))
        if unit is not None:
            drive(unit.rollback())

        assert ["a"] == notes(storage)


class TestNotNow:
    """A server that won't do it now, or not at all."""

    def test_a_lock_that_others_keep(self, opened: Open, asked: "psycopg.Connection[Any]") -> None:
        """Who waits longer than the timeout for a lock is `Busy`, and nothing was done."""
        storage = opened(timeout=0.2)
        asked.execute("LOCK TABLE tokolib_doc_notes IN EXCLUSIVE MODE")

        with pytest.raises(Busy):
            note(storage, "a")
        asked.rollback()
        note(storage, "a")

        assert ["a"] == notes(storage)

    def test_a_timeout_of_zero_waits_for_no_lock(self, opened: Open, asked: "psycopg.Connection[Any]") -> None:
        """`timeout=0` means not to wait; the server's own 0 would mean for ever."""
        storage = opened(timeout=0)
        asked.execute("LOCK TABLE tokolib_doc_notes IN EXCLUSIVE MODE")

        with pytest.raises(Busy):
            note(storage, "a")

    def test_an_administrator_cancels(self, opened: Open, postgres_url: str, asked: "psycopg.Connection[Any]") -> None:
        """A statement that was cancelled is `Busy`, and the connection can be used again."""
        storage = opened(timeout=30)
        asked.execute("LOCK TABLE tokolib_doc_notes IN EXCLUSIVE MODE")
        found: list[BaseException] = []

        def wait() -> None:
            try:
                note(storage, "a")
            except Busy as error:
                found.append(error)

        thread = threading.Thread(target=wait)
        thread.start()
        text = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            while not connection.execute(text).fetchall():
                time.sleep(0.05)
        thread.join()
        asked.rollback()

        assert 1 == len(found)
        assert [] == notes(storage)

    def test_a_server_that_only_reads(self, opened: Open, postgres_url: str) -> None:
        """Reads go on; a write says what to connect to."""
        note(opened(), "a")
        run(postgres_url, f"ALTER DATABASE {postgres_url.rpartition('/')[2]} SET default_transaction_read_only = on")
        storage = opened()

        assert ["a"] == notes(storage)
        with pytest.raises(Unavailable) as refused:
            note(storage, "b")

        assert "connect to the primary server" in refused.value.hint
        assert ["a"] == notes(storage)

    def test_a_schema_that_is_missing(self, postgres_url: str) -> None:
        """A shop isn't opened where its tables are missing; whoever dropped them later is told as well."""
        url = f"{postgres_url}?durable=0&schema=kedai"
        storage = storage_from_url(url, COLLECTIONS)
        with pytest.raises(SchemaOutdated):
            tokolib.open(storage)
        storage.close()
        storage = storage_from_url(url, (NOTES,))
        storage.migrate()
        run(postgres_url, "DROP SCHEMA kedai CASCADE")

        with pytest.raises(Unavailable) as refused:
            note(storage, "a")
        storage.close()

        assert "schema upgrade" in refused.value.hint
        assert "schema check" in refused.value.hint
        assert "put back a backup" in refused.value.hint

    def test_tables_that_nobody_remembers(self, postgres_url: str) -> None:
        """The table of migrations was dropped: all is to be made anew, and is there."""
        storage = storage_from_url(f"{postgres_url}?durable=0", COLLECTIONS)
        storage.migrate()
        run(postgres_url, "DROP TABLE tokolib_schema")

        with pytest.raises(Unavailable, match="already exists") as refused:
            storage.migrate()
        storage.close()

        assert "no record of how they were made" in refused.value.hint

    def test_a_table_of_another_program(self, postgres_url: str) -> None:
        """A table that has our name and not our columns."""
        run(postgres_url, "CREATE TABLE tokolib_schema (words text)")
        storage = storage_from_url(f"{postgres_url}?durable=0", COLLECTIONS)

        with pytest.raises(Unavailable, match='column "version" does not exist') as refused:
            storage.migrate()
        storage.close()

        assert "?prefix=" in refused.value.hint
