"""What the database asks to run again surfaces as RetryTransaction, at once; and run again, it succeeds."""

import threading
from contextlib import contextmanager

import psycopg
import pytest

from tokolib import Basket, open
from tokolib.kernel.storage_errors import Misuse, RetryTransaction

ONE = Basket({"KOPI": 1})


@contextmanager
def a_rival(database):
    """Somebody who has the last word on the stock of KOPI, and keeps it until told otherwise."""
    with open(database.shop, tenant=database.tenant) as shop, database.outside() as connection:
        connection.execute("BEGIN IMMEDIATE" if database.is_sqlite else "BEGIN")
        shop.within(connection).stock.adjust("KOPI", -1, reason="broken")
        yield connection


def test_a_lock_that_stays_with_others(play_on_postgres):
    """The host's own lock_timeout counts inside; the host rolls back, and runs all of it again."""

    async def story(stage):
        with a_rival(stage.database) as rival:
            with pytest.raises(RetryTransaction) as refused:
                async with stage.host.transaction() as transaction:
                    await transaction.run("SET LOCAL lock_timeout = '100ms'")
                    await transaction.note("first")
                    await stage.within(transaction).orders.place(ONE, tender="cash", key="k")
            assert "storage.busy" == refused.value.cause
            rival.execute("COMMIT")
        await again(stage)

    play_on_postgres(story)


def test_a_file_that_is_locked_by_others(play_on_sqlite):
    """A transaction that was begun without the write lock gets it when it first writes, or not at all."""

    async def story(stage):
        with a_rival(stage.database) as rival:
            with pytest.raises(RetryTransaction) as refused:
                async with stage.host.transaction() as transaction:
                    await stage.within(transaction).orders.place(ONE, tender="cash", key="k")
            assert "storage.busy" == refused.value.cause
            rival.execute("COMMIT")
        await again(stage)

    play_on_sqlite(story, begin="BEGIN")


async def again(stage):
    async with stage.host.transaction() as transaction:
        await transaction.note("second")
        await stage.within(transaction).orders.place(ONE, tender="cash", key="k")
    assert (["second"], "8 pcs") == (stage.database.notes(), await stage.left())


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_snapshot_that_is_too_old(play_on_postgres, level):
    """What the host's isolation level asks for is asked of the host (SQLSTATE 40001)."""

    async def story(stage):
        with pytest.raises(RetryTransaction) as refused:
            async with stage.host.transaction() as transaction:
                await transaction.run(f"SET TRANSACTION ISOLATION LEVEL {level}")
                await transaction.note("first")
                with a_rival(stage.database) as rival:
                    rival.execute("COMMIT")
                await stage.within(transaction).orders.place(ONE, tender="cash", key="k")
        assert "storage.serialization" == refused.value.cause
        await again(stage)

    play_on_postgres(story)


def test_a_deadlock(play_in):
    """A row of the host's and our stock, locked in opposite order: we are told, and so is the host (40P01)."""

    async def story(stage):
        database, meet = stage.database, threading.Barrier(2, timeout=10)
        with database.outside() as connection:
            connection.execute("INSERT INTO notes VALUES ('visit')")

        def stock_first():
            with psycopg.connect(database.url) as other, other.transaction():
                other.execute("SET LOCAL deadlock_timeout = '10s'")  # it is the other one who finds out
                stage.bare.within(other).stock.adjust("KOPI", -1, reason="broken")
                meet.wait()
                other.execute("UPDATE notes SET words = 'theirs'")

        def row_first(transaction, wait):
            transaction.execute("SET LOCAL deadlock_timeout = '50ms'")
            transaction.execute("UPDATE notes SET words = words || ', ours'")
            wait()
            stage.bare.within(transaction).orders.place(ONE, tender="cash", key="k")

        rival = threading.Thread(target=stock_first)
        rival.start()
        with psycopg.connect(database.url) as connection:
            with pytest.raises(RetryTransaction) as refused, connection.transaction():
                row_first(connection, meet.wait)
            assert "storage.serialization" == refused.value.cause
            rival.join()
            with connection.transaction():
                row_first(connection, lambda: None)
        assert (["theirs, ours"], "8 pcs") == (database.notes(), await stage.left())

    play_in("psycopg")(story)


def test_a_failed_transaction_is_refused(play_on_postgres):
    """After an error PostgreSQL takes nothing more until the host rolls back; nothing of ours is tried."""

    async def story(stage):
        with pytest.raises(Misuse, match="failed"):
            async with stage.host.transaction() as transaction:
                with pytest.raises(Exception, match="nowhere"):
                    await transaction.run("SELECT * FROM nowhere")
                await stage.within(transaction).orders.place(ONE, tender="cash", key="k")
        assert "10 pcs" == await stage.left()

    play_on_postgres(story)


def test_the_hosts_own_error_after_a_retry_is_its_own(play_on_postgres):
    """When we could not get a lock our part is undone, and the host may also go on without it."""

    async def story(stage):
        with a_rival(stage.database) as rival:
            async with stage.host.transaction() as transaction:
                await transaction.run("SET LOCAL lock_timeout = '100ms'")
                await transaction.note("without")
                with pytest.raises(RetryTransaction):
                    await stage.within(transaction).orders.place(ONE, tender="cash", key="k")
            rival.execute("ROLLBACK")
        assert (["without"], "10 pcs") == (stage.database.notes(), await stage.left())

    play_on_postgres(story)
