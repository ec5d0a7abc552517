"""Connections of one process: shared by threads, left alone by forked children, and never handed on half-used."""

import asyncio
import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final

import psycopg
import pytest

from tokolib.adapters.postgres import PostgresStorage
from tokolib.adapters.postgres.awaited import AsyncPostgresStorage
from tokolib.adapters.postgres.connecting import Settings
from tokolib.kernel.hosting import drive
from tokolib.kernel.rows import Collection, Kind
from tokolib.kernel.storage_errors import Busy, Misuse, Unavailable
from tokolib.testing.storage_checks.driven import Driven

NOTES: Final = Collection("notes")
Job = Callable[[AsyncPostgresStorage], Awaitable[Any]]


@pytest.fixture
def settings(postgres_url: str) -> Settings:
    """A database with tables for notes, for two at once."""
    made = Settings(postgres_url, durable=False, connections=2, timeout=0.3)
    storage = PostgresStorage(made, (NOTES,))
    storage.migrate()
    storage.close()
    return made


@pytest.fixture
def storage(settings: Settings) -> Iterator[PostgresStorage]:
    """A storage of that database."""
    made = PostgresStorage(settings, (NOTES,))
    yield made
    made.close()


def note(storage: PostgresStorage, id: str) -> None:
    """Stores a note."""
    with Driven(storage, drive).unit() as unit:
        unit.insert(NOTES, id, b"1", {})


def notes(storage: PostgresStorage) -> list[str]:
    """The ids of all notes."""
    with Driven(storage, drive).reading() as unit:
        return [row.doc.id for row in unit.scan(Kind.DOCUMENTS, name="notes").items]


async def note_awaited(storage: AsyncPostgresStorage, id: str) -> None:
    """Stores a note."""
    unit = await storage.begin("p")
    unit.insert(NOTES, id, b"1", {})
    await unit.commit()


def sessions(url: str) -> int:
    """How many others are connected to the database."""
    with psycopg.connect(url, autocommit=True) as connection:
        text = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        (row,) = connection.execute(text).fetchall()
    return int(row[0])


class TestThreads:
    """One connection for each unit, and no more than was said."""

    def test_fifty_threads_share_two_connections(self, settings: Settings) -> None:
        """Whoever finds none free waits; all get their turn, and two connections are all there ever were."""
        storage = PostgresStorage(Settings(settings.address, durable=False, connections=2, timeout=60), (NOTES,))
        threads = [threading.Thread(target=note, args=(storage, f"{number:02}")) for number in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert [f"{number:02}" for number in range(50)] == notes(storage)
        assert sessions(settings.address) <= 2
        storage.close()
        assert 0 == settled(settings.address)

    def test_all_connections_in_use(self, storage: PostgresStorage) -> None:
        """Who waited in vain is `Busy`; a free connection ends that."""
        begun, over = threading.Barrier(3), threading.Event()

        def keep_one() -> None:
            unit = storage.begin("p")
            begun.wait()
            over.wait()
            drive(unit.rollback())

        threads = [threading.Thread(target=keep_one) for _ in range(2)]
        for thread in threads:
            thread.start()
        begun.wait()
        with pytest.raises(Busy, match=r"all 2 connections were in use for 0\.3 s"):
            storage.begin("p")
        over.set()
        for thread in threads:
            thread.join()
        note(storage, "a")

        assert ["a"] == notes(storage)

    def test_closing_while_a_unit_is_open(self, settings: Settings) -> None:
        """The unit ends as it would have; its connection is closed then, and nobody gets another."""
        storage = PostgresStorage(settings, (NOTES,))
        unit = storage.begin("p")
        unit.insert(NOTES, "a", b"1", {})

        storage.close()
        with pytest.raises(Misuse, match="closed"):
            storage.begin("p")
        drive(unit.commit())

        assert 0 == settled(settings.address)
        again = PostgresStorage(settings, (NOTES,))
        assert ["a"] == notes(again)
        again.close()


def settled(url: str) -> int:
    """How many others are connected, when the server has seen that they left."""
    for _ in range(100):
        if not (found := sessions(url)):
            break
        threading.Event().wait(0.05)
    return found


FORKING = """
    import os, sys
    from tokolib.adapters.postgres import PostgresStorage
    from tokolib.adapters.postgres.connecting import Settings
    from tokolib.kernel.hosting import drive
    from tokolib.kernel.rows import Collection
    from tokolib.kernel.storage_errors import Misuse

    NOTES = Collection("notes")
    storage = PostgresStorage(Settings(sys.argv[1], durable=False), [NOTES])
    def note(id):
        unit = storage.begin("p")
        unit.insert(NOTES, id, b"1", {})
        drive(unit.commit())
    note("before")
    for name in ("first", "second"):
        unit = storage.begin("p")
        unit.insert(NOTES, name, b"1", {})
        drive(unit.flush())
        if not (child := os.fork()):
            try:
                drive(unit.get(NOTES, name))
                os._exit(9)
            except Misuse:
                drive(unit.rollback())  # as whoever opened it would
            note("child of " + name)
            if name == "first":
                storage.close()
            sys.exit(0)  # as most programs end: the interpreter takes everything down
        assert os.waitpid(child, 0)[1] == 0
        drive(unit.commit())
    note("after")
    storage.close()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_has_connections_of_its_own(settings: Settings, storage: PostgresStorage) -> None:
    """A child sells on its own, leaves its parent's unit alone, and ends: the parent commits as if nothing had been."""
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(FORKING), settings.address],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert (0, "") == (ended.returncode, ended.stderr)
    assert ["after", "before", "child of first", "child of second", "first", "second"] == notes(storage)


class TestTasks:
    """An awaited storage is for one event loop; a task may be cancelled anywhere."""

    def run(self, settings: Settings, job: Job) -> Any:
        async def whole() -> Any:
            storage = AsyncPostgresStorage(settings, (NOTES,))
            try:
                return await job(storage)
            finally:
                await storage.close()

        return asyncio.run(whole())

    @pytest.mark.parametrize("first", [True, False], ids=["in the first trip", "in a later one"])
    def test_a_task_that_is_cancelled_in_a_statement(self, settings: Settings, storage: Any, first: bool) -> None:
        """Nothing of its unit is left, and the connection is as good as new, or gone."""

        async def story(awaited: AsyncPostgresStorage) -> None:
            begun = asyncio.Event()

            async def wait() -> None:
                unit = await awaited.begin("p")
                try:
                    if not first:
                        await unit.get(NOTES, "a")
                    unit.insert(NOTES, "half", b"1", {})
                    begun.set()
                    await unit.flush()
                    await unit.commit()
                except BaseException:
                    await unit.rollback()
                    raise

            task = asyncio.create_task(wait())
            await begun.wait()
            await asyncio.sleep(0.1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            for number in range(4):
                await note_awaited(awaited, str(number))

        patient = Settings(settings.address, durable=False, connections=2, timeout=30)
        with psycopg.connect(settings.address) as other:
            other.execute("LOCK TABLE tokolib_doc_notes IN EXCLUSIVE MODE")
            timer = threading.Timer(1.0, other.rollback)
            timer.start()
            self.run(patient, story)
            timer.join()

        assert ["0", "1", "2", "3"] == notes(storage)

    def test_a_unit_that_nobody_ended(self, settings: Settings, storage: PostgresStorage) -> None:
        """A loop that ends with a unit open takes its connection along: another loop begins with all its places."""
        awaited = AsyncPostgresStorage(settings, (NOTES,))

        async def forget() -> None:
            for number in range(2):
                unit = await asyncio.create_task(awaited.begin("p"))
                unit.insert(NOTES, str(number), b"1", {})
                await unit.flush()

        async def go_on() -> None:
            await asyncio.gather(*[note_awaited(awaited, str(number)) for number in range(2)])
            await awaited.close()

        asyncio.run(forget())
        asyncio.run(go_on())

        assert ["0", "1"] == notes(storage)

    def test_one_loop_after_the_other(self, settings: Settings, storage: PostgresStorage) -> None:
        """A storage moves to the loop that uses it, and keeps nothing of one that is over."""
        awaited = AsyncPostgresStorage(settings, (NOTES,))

        for name in ("a", "b", "c"):
            asyncio.run(note_awaited(awaited, name))
        asyncio.run(awaited.close())

        assert ["a", "b", "c"] == notes(storage)

    def test_two_loops_at_once(self, settings: Settings) -> None:
        """While a unit is open on one loop, another one is refused; neither waits for ever."""
        awaited = AsyncPostgresStorage(settings, (NOTES,))
        refused: list[BaseException] = []

        def elsewhere() -> None:
            try:
                asyncio.run(note_awaited(awaited, "elsewhere"))
            except Misuse as error:
                refused.append(error)

        async def story() -> None:
            unit = await awaited.begin("p")
            await asyncio.to_thread(elsewhere)
            unit.insert(NOTES, "here", b"1", {})
            await unit.commit()
            await awaited.close()

        asyncio.run(story())

        assert ["another event loop" in str(error) for error in refused] == [True]

    def test_all_connections_in_use(self, settings: Settings) -> None:
        """A task that waited in vain is `Busy`."""

        async def story(awaited: AsyncPostgresStorage) -> None:
            units = [await asyncio.create_task(awaited.begin("p")) for _ in range(2)]
            with pytest.raises(Busy, match="all 2 connections"):
                await awaited.begin("p")
            for unit in units:
                await unit.rollback()
            await note_awaited(awaited, "a")

        self.run(settings, story)

    def test_nobody_is_there(self) -> None:
        """The same refusal as for a blocking one."""

        async def story(awaited: AsyncPostgresStorage) -> None:
            with pytest.raises(Unavailable) as refused:
                await awaited.begin("p")
            assert refused.value.hint.startswith("check that the server runs")

        self.run(Settings("postgresql://budi:s3cret@127.0.0.1:1/shop"), story)
