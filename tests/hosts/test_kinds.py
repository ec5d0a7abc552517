"""What can't be joined is refused before anything is opened or begun, and the refusal says what would do."""

import asyncio
import pickle
import sqlite3
from contextlib import closing

import psycopg
import pytest
from psycopg import ClientCursor
from psycopg.rows import dict_row
from psycopg.types.string import TextLoader
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_scoped_session, create_async_engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from tokolib import Basket, aopen, open
from tokolib.adapters.hosts.errors import UnsupportedDriver
from tokolib.kernel.errors import HostMismatch, InvalidInput
from tokolib.kernel.storage_errors import Misuse, Unsupported

ONE = Basket({"KOPI": 1})


def place(shop, transaction):
    return shop.within(transaction).orders.place(ONE, tender="cash", key="k")


@pytest.mark.parametrize("given", [None, "default", object(), sqlite3, create_engine("sqlite://"), sessionmaker()])
def test_what_is_no_transaction_is_refused_at_once(on_file, given):
    """`within` itself says so, before any command."""
    with open(on_file().shop) as shop, pytest.raises(InvalidInput) as refused:
        shop.within(given)
    assert ["transaction"] == [fault.path for fault in refused.value.faults]


def test_a_cache_of_django_is_no_database(on_file):
    """It is a proxy of the same class."""
    from django.utils.connection import ConnectionProxy

    with open(on_file().shop) as shop, pytest.raises(InvalidInput):
        shop.within(ConnectionProxy({"default": object()}, "default"))


def test_a_shop_in_memory_joins_nothing():
    """It is in no database; the reason is told."""
    with closing(sqlite3.connect(":memory:")) as connection, open("memory://", country="ID") as shop:
        connection.execute("BEGIN")
        with pytest.raises(Unsupported):
            shop.within(connection)


def test_another_kind_of_database_is_refused(on_file, on_server):
    """Each storage joins its own driver's connections only."""
    file, server = on_file(), on_server()
    with (
        open(file.shop) as small,
        open(server.shop, tenant=server.tenant) as big,
        closing(sqlite3.connect(file.path, isolation_level=None)) as sqlite,
        psycopg.connect(server.url) as postgres,
    ):
        sqlite.execute("BEGIN IMMEDIATE")
        postgres.execute("SELECT 1")
        with pytest.raises(Misuse, match=r"not sqlite3\.Connection"):
            place(big, sqlite)
        with pytest.raises(Misuse, match=r"not psycopg\.Connection"):
            place(small, postgres)
        with pytest.raises(Misuse, match=r"not sqlite3\.Cursor"):
            place(small, sqlite.cursor())


@pytest.mark.parametrize("driver", ["psycopg2", "pg8000", "asyncpg"])
def test_other_drivers_are_named(on_file, driver):
    """Nothing is connected: the driver's name is enough."""
    engine = create_engine("postgresql+psycopg://nobody@nowhere.invalid/nothing")
    engine.dialect.driver = driver
    with open(on_file().shop) as shop, Session(engine) as session, pytest.raises(UnsupportedDriver) as refused:
        place(shop, session)
    error = refused.value
    assert (driver, ("sqlite3", "aiosqlite", "psycopg")) == (error.driver, error.supported)
    assert driver in str(error)
    assert "postgresql+psycopg://" in error.hint
    assert error.problem() == pickle.loads(pickle.dumps(error)).problem()


def test_an_awaited_session_in_a_blocking_shop(on_file):
    """Refused by `within`, so that nothing waits in the middle of a unit."""
    database = on_file()
    engine = create_async_engine(f"sqlite+aiosqlite:///{database.path}")
    with open(database.shop) as shop, pytest.raises(HostMismatch):
        shop.within(AsyncSession(engine))


def test_a_closed_connection_is_refused(on_file):
    """In our words, not in the driver's."""
    database = on_file()
    connection = sqlite3.connect(database.path)
    connection.close()
    with open(database.shop) as shop, pytest.raises(Misuse, match="closed"):
        place(shop, connection)


def test_an_awaited_shop_never_uses_sqlite3_on_the_loops_thread(on_file):
    """A connection of sqlite3 itself is refused there; one of aiosqlite has its thread, and sqlite3 checks that."""
    database = on_file()
    asyncio.run(awaited(database))
    asyncio.run(refused(database))


async def refused(database):
    """A blocking connection in an awaited shop."""
    async with aopen(database.shop) as shop:
        with closing(sqlite3.connect(database.path, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            with pytest.raises(Misuse, match=r"aiosqlite\.Connection, not sqlite3\.Connection"):
                await place(shop, connection)


async def awaited(database):
    """Rows of the host's own making, and sqlite3's check of threads (its default) switched on."""
    import aiosqlite

    async with aopen(database.shop) as shop, aiosqlite.connect(database.path, isolation_level=None) as connection:
        connection.row_factory = lambda cursor, row: {"nothing": row}
        await connection.execute("BEGIN IMMEDIATE")
        order = await place(shop, connection)
        assert "placed" == str(order.state)
        await connection.commit()
        assert "9 pcs" == str(await shop.stock.available("KOPI"))


def test_scoped_sessions_are_the_session_of_the_moment(on_file):
    """As Flask-SQLAlchemy has them."""
    from sqlalchemy import event

    database = on_file()
    engine = create_engine(f"sqlite:///{database.path}")
    event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    sessions = scoped_session(sessionmaker(engine))
    with open(database.shop) as shop:
        place(shop, sessions)
        sessions.commit()
        assert "9 pcs" == str(shop.stock.available("KOPI"))
        place(shop, sessions)
        sessions.close()
    sessions.remove()
    engine.dispose()

    async def story():
        awaited = create_async_engine(f"sqlite+aiosqlite:///{database.path}")
        event.listen(awaited.sync_engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
        event.listen(awaited.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        sessions = async_scoped_session(lambda: AsyncSession(awaited), scopefunc=asyncio.current_task)
        async with aopen(database.shop) as shop:
            await shop.within(sessions).orders.place(ONE, tender="cash", key="other")
            await sessions.commit()
            assert "8 pcs" == str(await shop.stock.available("KOPI"))
        await sessions.remove()
        await awaited.dispose()

    asyncio.run(story())


def test_a_session_that_has_failed_is_refused(on_file):
    """SQLAlchemy wants it rolled back first; its reason is repeated."""
    from sqlalchemy import MetaData, String, event
    from sqlalchemy.exc import IntegrityError
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    class Base(DeclarativeBase):
        metadata = MetaData()

    class Note(Base):
        __tablename__ = "notes"
        words: Mapped[str] = mapped_column(String, primary_key=True)

    database = on_file()
    with database.outside() as connection:
        connection.execute("CREATE UNIQUE INDEX notes_words ON notes (words)")
        connection.execute("INSERT INTO notes VALUES ('visit')")
    engine = create_engine(f"sqlite:///{database.path}")
    event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with open(database.shop) as shop, Session(engine) as session:
        session.add(Note(words="visit"))
        with pytest.raises(IntegrityError):
            session.flush()
        with pytest.raises(Misuse, match="rolled back"):
            place(shop, session)
        session.rollback()

        session.add(Note(words="another visit"))
        place(shop, session)
        session.commit()
    assert ["another visit", "visit"] == database.notes()
    engine.dispose()


def test_what_a_host_taught_its_connection_does_not_reach_us(on_server):
    """Cursors, rows and adapters of the host's own are the host's own matter."""
    database = on_server()

    class Shouting(TextLoader):
        def load(self, data):
            return super().load(data).upper()

    with (
        open(database.shop, tenant=database.tenant) as shop,
        psycopg.connect(database.url, cursor_factory=ClientCursor, row_factory=dict_row) as connection,
    ):
        for name in ("text", "int8", "int4", "bytea", "jsonb"):
            connection.adapters.register_loader(name, Shouting)
        connection.prepare_threshold = None
        with connection.transaction():
            order = place(shop, connection)
        assert order == shop.orders.get(order.id)
        assert shop.verify().ok


def test_a_connection_in_the_middle_of_a_pipeline(on_server):
    """Nobody knows yet what became of its statements: joined once they are through."""
    database = on_server()
    with open(database.shop, tenant=database.tenant) as shop, psycopg.connect(database.url) as connection:
        with connection.transaction():
            with connection.pipeline():
                connection.execute("INSERT INTO notes VALUES ('visit')")
                with pytest.raises(Misuse):
                    place(shop, connection)
            place(shop, connection)
        assert (["visit"], "9 pcs") == (database.notes(), str(shop.stock.available("KOPI")))
