"""Six traps of hosts' transactions, each with the stories by which it shows."""

import asyncio
import contextvars
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from tokolib import Basket, TokolibError, aopen, open
from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.storage_errors import Misuse, Unavailable

ONE = Basket({"KOPI": 1})


def test_t1_psycopg_commits_at_the_end_of_its_transaction_block(on_server):
    """On an idle connection that block would be ours, and its end a commit that the host could not undo.

    So an idle connection is refused; and in a block of the host's we make savepoints, so that its rollback holds.
    """
    database = on_server()
    with open(database.shop, tenant=database.tenant) as shop, psycopg.connect(database.url) as connection:
        with pytest.raises(Misuse, match="no transaction is open"):
            shop.within(connection).orders.place(ONE, tender="cash", key="k")
        assert psycopg.pq.TransactionStatus.IDLE == connection.info.transaction_status

        connection.execute("INSERT INTO notes VALUES ('visit')")
        shop.within(connection).orders.place(ONE, tender="cash", key="k")
        assert psycopg.pq.TransactionStatus.INTRANS == connection.info.transaction_status
        connection.rollback()

        assert "10 pcs" == str(shop.stock.available("KOPI"))
        assert [] == database.notes()


def test_t2_after_commit_fires_for_savepoints_too(play_in):
    """SQLAlchemy tells of a released savepoint as of a commit; the hint waits for the outermost one."""

    async def story(stage):
        async with stage.host.transaction() as transaction:
            async with transaction.savepoint():
                await stage.within(transaction).orders.place(ONE, tender="cash", key="k")
                async with transaction.savepoint():
                    await transaction.note("deeper")
                assert [] == stage.hints
            assert [] == stage.hints
        assert ["hint"] == stage.hints

    for name in ("session-sqlite", "async-session-sqlite"):
        play_in(name)(story)


def test_t2_a_session_inside_of_somebody_elses_transaction_tells_nothing(on_file):
    """Its commit is not the real one: a test that rolls the connection back would have heard of an order."""
    database, hints = on_file(), []
    engine = create_engine(f"sqlite:///{database.path}")
    with (
        open(database.shop, on_commit=lambda: hints.append("hint")) as shop,
        engine.connect() as connection,
        Session(connection, join_transaction_mode="create_savepoint") as session,
    ):
        connection.execute(text("INSERT INTO notes VALUES ('outer')"))
        session.execute(text("INSERT INTO notes VALUES ('inner')"))
        with pytest.raises(Misuse, match="BEGIN IMMEDIATE"):  # a savepoint of which nobody knows what is around it
            shop.within(session).orders.place(ONE, tender="cash", key="k")
        session.rollback()
        connection.rollback()

    engine = in_order(create_engine(f"sqlite:///{database.path}"))
    with (
        open(database.shop, on_commit=lambda: hints.append("hint")) as shop,
        engine.connect() as connection,
        Session(connection, join_transaction_mode="create_savepoint") as session,
    ):
        connection.begin()
        shop.within(session).orders.place(ONE, tender="cash", key="k")
        session.commit()
        assert [] == hints
        connection.rollback()
        assert "10 pcs" == str(shop.stock.available("KOPI"))
    assert [] == hints
    engine.dispose()


def in_order(engine):
    """*engine*, of which SQLite hears when a transaction begins."""
    from sqlalchemy import event

    event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def test_t3_sqlite_under_sqlalchemy_is_not_told_to_begin(on_file):
    """By default a savepoint is all that SQLite hears of, and its end commits: refused, with the way out."""
    database = on_file()
    before = database.everything()
    engine = create_engine(f"sqlite:///{database.path}")
    with open(database.shop) as shop, Session(engine) as session:
        with pytest.raises(Misuse) as refused:
            shop.within(session).orders.place(ONE, tender="cash", key="k")
        assert "BEGIN IMMEDIATE" in str(refused.value)
        session.rollback()

        session.begin_nested()  # SQLite is in a transaction by now, but in that of the savepoint only
        session.execute(text("INSERT INTO notes VALUES ('visit')"))
        with pytest.raises(Misuse, match="BEGIN IMMEDIATE"):
            shop.within(session).orders.place(ONE, tender="cash", key="k")
        session.rollback()
        assert before == database.everything()

        session.execute(text("INSERT INTO notes VALUES ('visit')"))  # this does begin one
        shop.within(session).orders.place(ONE, tender="cash", key="k")
        session.rollback()
        assert (before, "10 pcs") == (database.everything(), str(shop.stock.available("KOPI")))
    engine.dispose()


def test_t3_aiosqlite_neither(on_file):
    """The same driver behind a thread."""
    database = on_file()
    before = database.everything()

    async def story():
        engine = create_async_engine(f"sqlite+aiosqlite:///{database.path}")
        async with aopen(database.shop) as shop, AsyncSession(engine) as session:
            with pytest.raises(Misuse, match="BEGIN IMMEDIATE"):
                await shop.within(session).orders.place(ONE, tender="cash", key="k")
            await session.rollback()
            nested = await session.begin_nested()
            await session.execute(text("INSERT INTO notes VALUES ('visit')"))
            with pytest.raises(Misuse, match="BEGIN IMMEDIATE"):
                await shop.within(session).orders.place(ONE, tender="cash", key="k")
            await nested.rollback()
        await engine.dispose()

    asyncio.run(story())
    assert before == database.everything()


def test_t3_the_trap_is_real(on_file):
    """Without the refusal the order would be sold although the session was rolled back."""
    database = on_file()
    engine = create_engine(f"sqlite:///{database.path}")
    with Session(engine) as session:
        with session.begin_nested():
            session.execute(text("INSERT INTO notes VALUES ('sold')"))
        session.rollback()
    engine.dispose()
    assert ["sold"] == database.notes()


WITHOUT_GREENLET = """
import sys
sys.modules["greenlet"] = None
import tokolib
from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session
from tokolib import Basket
url = sys.argv[1]
engine = create_engine(url.partition("?")[0])
event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
with tokolib.open(url) as shop, Session(engine) as session, session.begin():
    print(shop.within(session).orders.place(Basket({"KOPI": 1}), tender="cash", key="k").state)
"""


def test_t4_a_blocking_session_needs_no_greenlet(on_file):
    """SQLAlchemy 2.1 installs it with `sqlalchemy[asyncio]` only; nobody who blocks has to have it."""
    database = on_file()
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_GREENLET, database.shop], capture_output=True, text=True, check=False
    )
    assert ("placed\n", "", 0) == (ran.stdout, ran.stderr, ran.returncode)


def test_t5_nothing_is_kept_by_thread_or_context(on_file):
    """A web framework may open the transaction in one thread and context, and use it in another."""
    database = on_file()
    with open(database.shop) as shop, ThreadPoolExecutor(1) as elsewhere:
        connection = elsewhere.submit(
            lambda: sqlite3.connect(database.path, isolation_level=None, check_same_thread=False)
        ).result()
        connection.execute("BEGIN IMMEDIATE")
        inside = elsewhere.submit(contextvars.Context().run, shop.within, connection).result()
        order = contextvars.Context().run(inside.orders.place, ONE, tender="cash", key="k")
        assert order == elsewhere.submit(inside.orders.get, order.id).result()
        assert "10 pcs" == str(shop.stock.available("KOPI")), "the shop itself is in no transaction"
        connection.execute("COMMIT")
        assert "9 pcs" == str(shop.stock.available("KOPI"))
        connection.close()


@pytest.mark.parametrize("url", ["sqlite:///:memory:", "sqlite:///file:toko?mode=memory&cache=shared"])
def test_t6_sqlite_in_memory_is_refused(url):
    """One connection for all threads oversells, and a shared cache is locked all the time: memory:// is made for it."""
    with pytest.raises(AdapterConfig):
        open(url, country="ID")


def test_t6_eight_threads_in_one_transaction_never_oversell(on_file):
    """Two commands on one connection would share their savepoints: the second is refused until the first is over."""
    database = on_file()
    with (
        open(database.shop) as shop,
        closing(sqlite3.connect(database.path, isolation_level=None, check_same_thread=False)) as connection,
    ):
        connection.execute("BEGIN IMMEDIATE")
        start = threading.Barrier(8)
        ends = []

        def buy(number):
            start.wait()
            for attempt in range(3):
                try:
                    shop.within(connection).orders.place(ONE, tender="cash", key=f"{number}-{attempt}")
                    ends.append("sold")
                except TokolibError as error:
                    ends.append(error.code)

        buyers = [threading.Thread(target=buy, args=(number,)) for number in range(8)]
        for buyer in buyers:
            buyer.start()
        for buyer in buyers:
            buyer.join()
        connection.execute("COMMIT")

        assert {"sold"} <= set(ends) <= {"sold", "storage.misuse", "inventory.out_of_stock"}
        assert f"{10 - ends.count('sold')} pcs" == str(shop.stock.available("KOPI"))
        assert shop.verify().ok


def test_t6_two_threads_in_one_transaction_are_refused(on_server):
    """psycopg lets one thread in after the other, and their savepoints would undo each other: the second is told what
    is the matter, even while the first waits for the server.
    """
    database = on_server()
    ended = []
    with (
        open(database.shop, tenant=database.tenant) as shop,
        psycopg.connect(database.url) as connection,
        psycopg.connect(database.url) as other,
        psycopg.connect(database.url, autocommit=True) as outside,
    ):
        inside = shop.within(connection)
        connection.execute("SELECT 1")
        inside.stock.available("KOPI")  # from here on it is known to be in the shop's database
        other.execute("LOCK TABLE tokolib_doc_orders IN ACCESS EXCLUSIVE MODE")
        first = threading.Thread(target=lambda: ended.append(inside.orders.place(ONE, tender="cash", key="first")))
        first.start()
        while not outside.execute("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchall():
            time.sleep(0.02)

        with pytest.raises(Misuse, match="another command is under way in this transaction"):
            inside.orders.place(ONE, tender="cash", key="second")

        other.rollback()
        first.join()
        connection.commit()
        assert (1, "9 pcs") == (len(ended), str(shop.stock.available("KOPI")))


def test_a_hosts_transaction_that_only_reads(on_server):
    """Reading goes on in it; a command that writes says that it is the host's transaction that can't."""
    database = on_server()
    with open(database.shop, tenant=database.tenant) as shop, psycopg.connect(database.url) as connection:
        connection.execute("SET TRANSACTION READ ONLY")
        assert "10 pcs" == str(shop.within(connection).stock.available("KOPI"))
        with pytest.raises(Unavailable, match="read-only transaction") as refused:
            shop.within(connection).orders.place(ONE, tender="cash", key="k")
        assert refused.value.hint.startswith("the host's transaction is read-only")


def test_t6_two_tasks_in_one_transaction_are_refused(play_in):
    """`asyncio.gather` on one session is the same mistake."""

    async def story(stage):
        async with stage.host.transaction() as transaction:
            ends = await asyncio.gather(
                *(stage.within(transaction).orders.place(ONE, tender="cash", key=f"k{n}") for n in range(4)),
                return_exceptions=True,
            )
            sold = sum(not isinstance(end, BaseException) for end in ends)
            assert all(isinstance(end, Misuse) for end in ends if isinstance(end, BaseException))
            assert 1 <= sold < 4
            await stage.within(transaction).orders.place(ONE, tender="cash", key="afterwards")
        assert f"{9 - sold} pcs" == await stage.left()

    for name in ("aiosqlite", "psycopg-async"):
        play_in(name)(story)
