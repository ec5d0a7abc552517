"""The hosts: each opens transactions in its own way, writes a row of its own in them, and ends them.

A story is written once, as a coroutine, and played in each host; blocking ones never wait in it.
"""

import asyncio
import secrets
import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any, Final

import aiosqlite
import attrs
import django
import django.conf
import django.db
import psycopg
import pytest
from django.db import transaction as django_transaction
from sqlalchemy import create_engine, event, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from tokolib import IDR, aopen, open, upgrade_schema
from tokolib.kernel.hosting import drive, resolved
from tokolib.testing.clock import ManualClock
from tokolib.testing.fake_gateway import AsyncFakeGateway, FakeGateway, FakeWorld

PATIENCE: Final = 0.2
"""Seconds that a host waits for a lock."""


django.conf.settings.configure(DATABASES={}, LOGGING_CONFIG=None)
django.setup()


@attrs.frozen
class Transaction:
    """One that a host has open."""

    given: Any
    """What the shop is handed."""
    run: Callable[[str], Awaitable[Any]]
    """Executes a statement of the host in it."""
    savepoint: Callable[[], Any]
    """A savepoint of the host: rolled back when an error leaves it, else released."""

    async def note(self, words: str) -> None:
        """A row of the host's own."""
        await self.run(f"INSERT INTO notes (words) VALUES ('{words}')")  # noqa: S608


def marked(run: Callable[[str], Awaitable[Any]]) -> Callable[[], Any]:
    """Savepoints by hand."""

    @asynccontextmanager
    async def savepoint() -> AsyncIterator[None]:
        await run("SAVEPOINT mine")
        try:
            yield
        except BaseException:
            await run("ROLLBACK TO SAVEPOINT mine")
            await run("RELEASE SAVEPOINT mine")
            raise
        await run("RELEASE SAVEPOINT mine")

    return savepoint


def entering(make: Callable[[], Any]) -> Callable[[], Any]:
    """A blocking context manager for a story."""

    @asynccontextmanager
    async def entered() -> AsyncIterator[Any]:
        with make() as value:
            yield value

    return entered


class Host:
    """A host on one database."""

    tells = False
    """Whether it says when it has committed."""

    def __init__(self, where: str, begin: str = "BEGIN IMMEDIATE") -> None:
        self.where = where
        self.begin = begin

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Committed at the end, rolled back after an error."""
        raise NotImplementedError
        yield

    @asynccontextmanager
    async def nothing_open(self) -> AsyncIterator[Any]:
        """Something to hand to the shop that has no transaction."""
        raise NotImplementedError
        yield

    async def close(self) -> None:
        """Give everything back."""


class OnSqlite3(Host):
    @asynccontextmanager
    async def nothing_open(self):
        with closing(sqlite3.connect(self.where, isolation_level=None, timeout=PATIENCE)) as connection:
            yield connection

    @asynccontextmanager
    async def transaction(self):
        async with self.nothing_open() as connection:

            async def run(statement):
                return connection.execute(statement).fetchall()

            connection.execute(self.begin)
            try:
                yield Transaction(connection, run, marked(run))
            except BaseException:
                connection.rollback()
                raise
            connection.commit()


class OnAiosqlite(Host):
    @asynccontextmanager
    async def nothing_open(self):
        async with aiosqlite.connect(self.where, isolation_level=None, timeout=PATIENCE) as connection:
            yield connection

    @asynccontextmanager
    async def transaction(self):
        async with self.nothing_open() as connection:
            run = connection.execute_fetchall
            await run(self.begin)
            try:
                yield Transaction(connection, run, marked(run))
            except BaseException:
                await connection.rollback()
                raise
            await connection.commit()


class OnPsycopg(Host):
    @asynccontextmanager
    async def nothing_open(self):
        with psycopg.connect(self.where) as connection:
            yield connection

    @asynccontextmanager
    async def transaction(self):
        async with self.nothing_open() as connection:

            async def run(statement):
                return connection.execute(statement)

            with connection.transaction():
                yield Transaction(connection, run, entering(connection.transaction))


class OnAsyncPsycopg(Host):
    @asynccontextmanager
    async def nothing_open(self):
        async with await psycopg.AsyncConnection.connect(self.where) as connection:
            yield connection

    @asynccontextmanager
    async def transaction(self):
        async with self.nothing_open() as connection, connection.transaction():
            yield Transaction(connection, connection.execute, connection.transaction)


def told_to_begin(engine: Any, begin: str) -> Any:
    """*engine*, of which SQLite hears when a transaction begins; the recipe of the documentation."""
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def connected(connection, _record):
            connection.isolation_level = None

        @event.listens_for(engine, "begin")
        def began(connection):
            connection.exec_driver_sql(begin)

    return engine


class OnEngine(Host):
    """SQLAlchemy's `Connection`."""

    def __init__(self, where: str, begin: str = "BEGIN IMMEDIATE") -> None:
        super().__init__(where, begin)
        self.engine = told_to_begin(create_engine(where, connect_args=patience(where)), begin)

    @asynccontextmanager
    async def nothing_open(self):
        with self.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def transaction(self):
        with self.engine.begin() as connection:

            async def run(statement):
                return connection.execute(text(statement))

            yield Transaction(connection, run, entering(connection.begin_nested))

    async def close(self):
        self.engine.dispose()


class OnSession(OnEngine):
    """SQLAlchemy's `Session`."""

    tells = True

    @asynccontextmanager
    async def nothing_open(self):
        with Session(self.engine, autobegin=False) as session:
            yield session

    @asynccontextmanager
    async def transaction(self):
        with Session(self.engine) as session, session.begin():

            async def run(statement):
                return session.execute(text(statement))

            yield Transaction(session, run, entering(session.begin_nested))


class OnAsyncEngine(Host):
    """SQLAlchemy's `AsyncConnection`."""

    def __init__(self, where: str, begin: str = "BEGIN IMMEDIATE") -> None:
        super().__init__(where, begin)
        address = where.replace("sqlite://", "sqlite+aiosqlite://")
        self.engine = create_async_engine(address, connect_args=patience(where))
        told_to_begin(self.engine.sync_engine, begin)

    @asynccontextmanager
    async def nothing_open(self):
        async with self.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def transaction(self):
        async with self.engine.begin() as connection:

            async def run(statement):
                return await connection.execute(text(statement))

            yield Transaction(connection, run, connection.begin_nested)

    async def close(self):
        await self.engine.dispose()


class OnAsyncSession(OnAsyncEngine):
    """SQLAlchemy's `AsyncSession`."""

    tells = True

    @asynccontextmanager
    async def nothing_open(self):
        async with AsyncSession(self.engine, autobegin=False) as session:
            yield session

    @asynccontextmanager
    async def transaction(self):
        async with AsyncSession(self.engine) as session, session.begin():

            async def run(statement):
                return await session.execute(text(statement))

            yield Transaction(session, run, session.begin_nested)


def patience(where: str) -> dict[str, Any]:
    return {"timeout": PATIENCE} if where.startswith("sqlite") else {}


class OnDjango(Host):
    """Django's `atomic()`."""

    tells = True

    def __init__(self, where: str, begin: str = "BEGIN IMMEDIATE", **options: Any) -> None:
        super().__init__(where, begin)
        databases = django.db.connections.configure_settings(
            {
                "default": {},
                "toko": postgres_settings(where, options) if "://" in where else file_settings(where, begin),
            }
        )
        django.db.connections.settings["toko"] = databases["toko"]

    @asynccontextmanager
    async def nothing_open(self):
        yield django.db.connections["toko"]

    @asynccontextmanager
    async def transaction(self):
        connection = django.db.connections["toko"]

        async def run(statement):
            with connection.cursor() as cursor:
                cursor.execute(statement)

        with django_transaction.atomic(using="toko"):
            yield Transaction(connection, run, entering(lambda: django_transaction.atomic(using="toko")))

    async def close(self):
        django.db.connections["toko"].close()
        del django.db.connections["toko"], django.db.connections.settings["toko"]


def file_settings(where: str, begin: str) -> dict[str, Any]:
    options = {"timeout": PATIENCE, "transaction_mode": begin.partition(" ")[2] or "DEFERRED"}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": where, "OPTIONS": options}


def postgres_settings(where: str, options: dict[str, Any]) -> dict[str, Any]:
    found = psycopg.conninfo.conninfo_to_dict(where)
    names = {"NAME": "dbname", "USER": "user", "HOST": "host", "PORT": "port"}
    address = {ours: found[theirs] for ours, theirs in names.items() if theirs in found}
    return {"ENGINE": "django.db.backends.postgresql", "OPTIONS": options, **address}


HOSTS: Final[dict[str, tuple[type[Host], str, bool]]] = {
    "sqlite3": (OnSqlite3, "{path}", False),
    "psycopg": (OnPsycopg, "{url}", False),
    "connection-sqlite": (OnEngine, "sqlite:///{path}", False),
    "connection-postgres": (OnEngine, "{sqlalchemy}", False),
    "session-sqlite": (OnSession, "sqlite:///{path}", False),
    "session-postgres": (OnSession, "{sqlalchemy}", False),
    "django-sqlite": (OnDjango, "{path}", False),
    "django-postgres": (OnDjango, "{url}", False),
    "aiosqlite": (OnAiosqlite, "{path}", True),
    "psycopg-async": (OnAsyncPsycopg, "{url}", True),
    "async-connection-sqlite": (OnAsyncEngine, "sqlite:///{path}", True),
    "async-connection-postgres": (OnAsyncEngine, "{sqlalchemy}", True),
    "async-session-sqlite": (OnAsyncSession, "sqlite:///{path}", True),
    "async-session-postgres": (OnAsyncSession, "{sqlalchemy}", True),
}
"""Each with its address, and whether it is awaited."""


class Awaited:
    """A shop, or a door of it, whose every command is awaited, whatever its colour."""

    def __init__(self, subject: Any) -> None:
        self._subject = subject

    def __getattr__(self, name: str) -> Any:
        from tokolib.kernel.hosting import Service

        found = getattr(self._subject, name)
        if isinstance(found, Service):
            return Awaited(found)

        async def call(*args: Any, **kwargs: Any) -> Any:
            return await resolved(found(*args, **kwargs))

        return call


@attrs.frozen
class Database:
    """Where a shop and its host's own table are."""

    path: Path | None
    url: str
    tenant: str = "default"

    @property
    def shop(self) -> str:
        """The URL that a shop is opened by."""
        return f"sqlite:///{self.path}?durable=0" if self.path else f"{self.url}?durable=0"

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file."""
        return self.path is not None

    @contextmanager
    def outside(self) -> Iterator[Any]:
        """A connection of nobody else, each statement for itself."""
        if self.path is not None:
            with closing(sqlite3.connect(self.path, isolation_level=None, timeout=PATIENCE)) as connection:
                yield connection
        else:
            with psycopg.connect(self.url, autocommit=True) as connection:
                yield connection

    def notes(self) -> list[str]:
        """What the host has committed."""
        with self.outside() as connection:
            return [words for (words,) in connection.execute("SELECT words FROM notes ORDER BY words").fetchall()]

    def everything(self) -> dict[str, list[Any]]:
        """What the shop has committed: each row of each of its tables."""
        tables = TABLES_SQLITE if self.path else TABLES_POSTGRES
        with self.outside() as connection:
            names = sorted(name for (name,) in connection.execute(tables).fetchall())
            return {name: self._rows(connection, name) for name in names}

    def _rows(self, connection: Any, table: str) -> list[Any]:
        try:
            where = f"WHERE partition = '{self.tenant}'"
            return sorted(map(repr, connection.execute(f"SELECT * FROM {table} {where}").fetchall()))  # noqa: S608
        except (sqlite3.OperationalError, psycopg.errors.UndefinedColumn):  # a table about the schema
            return []


TABLES_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'tokolib_%'"
TABLES_POSTGRES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'tokolib_%'"


@attrs.frozen
class Stage:
    """A shop, its host, and what can be seen from outside."""

    shop: Awaited
    bare: Any
    host: Host
    database: Database
    hints: list[str]
    world: FakeWorld
    clock: ManualClock

    def within(self, transaction: Any) -> Awaited:
        """The shop inside of what the host has open."""
        return Awaited(self.bare.within(getattr(transaction, "given", transaction)))

    async def left(self) -> str:
        """How many are left to sell."""
        return str(await self.shop.stock.available("KOPI"))


@pytest.fixture(scope="session")
def file_with_a_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the tables of a shop and of its host, to be copied."""
    path = tmp_path_factory.mktemp("hosts") / "toko.db"
    with open(f"sqlite:///{path}?durable=0", country="ID") as shop, closing(sqlite3.connect(path)) as connection:
        furnish(shop)
        connection.execute("CREATE TABLE notes (words text NOT NULL)")
    return path


@pytest.fixture(scope="session")
def server_with_a_shop(postgres: Any) -> str:
    """The URL of a database with the same tables."""
    url = postgres.database()
    upgrade_schema(f"{url}?durable=0")
    with open(f"{url}?durable=0", country="ID"), psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE notes (words text NOT NULL)")
    return url


def furnish(shop: Any) -> None:
    """What every shop here sells."""
    for sku in ("KOPI", "TEH"):
        shop.catalog.put(sku, sku.capitalize())
        shop.prices.put(sku, IDR(75_000))
        shop.stock.receive(sku, 10, key=f"opening-{sku}")


@pytest.fixture
def on_file(file_with_a_shop: Path, tmp_path: Path) -> Callable[[], Database]:
    """Makes a file of this test's own."""
    return lambda: Database(shutil.copy(file_with_a_shop, tmp_path / "toko.db"), "")


@pytest.fixture
def on_server(server_with_a_shop: str) -> Callable[[], Database]:
    """Makes a tenant of this test's own, on a server."""

    def make() -> Database:
        database = Database(None, server_with_a_shop, f"t{secrets.token_hex(4)}")
        with database.outside() as connection:
            connection.execute("DELETE FROM notes")
        with open(database.shop, country="ID", tenant=database.tenant) as shop:
            furnish(shop)
        return database

    return make


Play = Callable[..., None]


@pytest.fixture
def play_in(on_file: Callable[[], Database], on_server: Callable[[], Database]) -> Callable[[str], Play]:
    """Plays a story in the host of that name; what `Host` takes in addition may be given."""

    def of(name: str) -> Play:
        made, address, awaited = HOSTS[name]
        database = (on_file if "path" in address else on_server)()
        plus = database.url.replace("postgresql://", "postgresql+psycopg://")
        where = address.format(path=database.path, url=database.url, sqlalchemy=plus)

        def play(story: Callable[[Stage], Awaitable[None]], **options: Any) -> None:
            performance = _perform(story, lambda: made(where, **options), database, awaited)
            asyncio.run(performance) if awaited else drive(performance)

        return play

    return of


@pytest.fixture(params=HOSTS)
def play(request: pytest.FixtureRequest, play_in: Callable[[str], Play]) -> Play:
    """Plays a story in each host; the shop's books must be sound after it."""
    return play_in(request.param)


@pytest.fixture(params=[name for name in HOSTS if "postgres" in name or "psycopg" in name])
def play_on_postgres(request: pytest.FixtureRequest, play_in: Callable[[str], Play]) -> Play:
    """The hosts that are on PostgreSQL."""
    return play_in(request.param)


@pytest.fixture(params=[name for name in HOSTS if "sqlite" in name])
def play_on_sqlite(request: pytest.FixtureRequest, play_in: Callable[[str], Play]) -> Play:
    """The hosts that are on SQLite."""
    return play_in(request.param)


async def _perform(
    story: Callable[[Stage], Awaitable[None]], make: Callable[[], Host], database: Database, awaited: bool
) -> None:
    clock, hints = ManualClock(), []
    world = FakeWorld(clock)
    options = {
        "tenant": database.tenant,
        "clock": clock,
        "gateways": [(AsyncFakeGateway if awaited else FakeGateway)(world)],
        "on_commit": lambda: hints.append("hint"),
    }
    shop = await aopen(database.shop, **options) if awaited else open(database.shop, **options)
    host = make()
    try:
        await story(Stage(Awaited(shop), shop, host, database, hints, world, clock))
        report = await resolved(shop.verify())
        assert report.ok, [str(each) for each in report.violations]
    finally:
        await host.close()
        await resolved(shop.close())
