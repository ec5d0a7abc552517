"""What only an awaited storage can get wrong: cancelled tasks, and turns."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tokolib.adapters.awaited.storage import AsyncStorage
from tokolib.adapters.awaited.unit import BlockingUnit
from tokolib.adapters.memory.awaited import AsyncMemoryStorage
from tokolib.adapters.sqlite.awaited import AsyncSqliteStorage
from tokolib.kernel.errors import HostMismatch
from tokolib.kernel.hosting import drive
from tokolib.kernel.rows import Collection
from tokolib.kernel.storage_errors import Busy, Misuse

NOTES = Collection("notes")


@asynccontextmanager
async def opened(path: Path, timeout: float = 1.0) -> AsyncIterator[AsyncSqliteStorage]:
    """A migrated storage."""
    storage = AsyncSqliteStorage(path / "shop.db", [NOTES], timeout=timeout)
    await storage.migrate()
    try:
        yield storage
    finally:
        await storage.close()


async def count(storage: AsyncSqliteStorage) -> int:
    """How many notes there are."""
    unit = await storage.begin("p", read_only=True)
    try:
        return len(await unit.get_many(NOTES, [str(number) for number in range(100)]))
    finally:
        await unit.rollback()


@pytest.mark.parametrize("ticks", range(6))
def test_a_cancelled_unit_is_whole_or_gone(tmp_path: Path, ticks: int) -> None:
    """Wherever a task is cancelled, its unit is committed whole or not at all, and the next one gets its turn."""

    async def write(storage: AsyncSqliteStorage, acknowledged: list[int]) -> None:
        for number in range(0, 100, 2):
            unit = await storage.begin("p")
            try:
                unit.insert(NOTES, str(number), b"1", {})
                await unit.flush()
                unit.insert(NOTES, str(number + 1), b"1", {})
                await unit.commit()
                acknowledged.append(number)
            except BaseException:
                await unit.rollback()
                raise

    async def story() -> None:
        async with opened(tmp_path) as storage:
            acknowledged: list[int] = []
            task = asyncio.create_task(write(storage, acknowledged))
            while len(acknowledged) < 3:
                await asyncio.sleep(0)
            for _ in range(ticks):
                await asyncio.sleep(0.0005)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            stored = await count(storage)
            assert 0 == stored % 2
            assert 0 <= stored // 2 - len(acknowledged) <= 1
            unit = await storage.begin("p")
            unit.insert(NOTES, "98", b"1", {})
            await unit.commit()
            assert stored + 1 == await count(storage)

    asyncio.run(story())


def test_a_cancelled_begin_leaves_no_unit_open(tmp_path: Path) -> None:
    """A task that is cancelled while its unit begins holds nobody up."""

    async def story() -> None:
        async with opened(tmp_path) as storage:
            for _ in range(20):
                task = asyncio.create_task(storage.begin("p"))
                await asyncio.sleep(0)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
            assert 0 == await count(storage)

    asyncio.run(story())


def test_the_loop_goes_on_while_the_file_is_locked(tmp_path: Path) -> None:
    """Waiting for another process's lock blocks one task, not the event loop; then it is `Busy`."""

    async def story() -> None:
        async with opened(tmp_path, timeout=0.3) as storage, opened(tmp_path) as other:
            unit = await other.begin("p")
            task = asyncio.create_task(storage.begin("p"))
            beats = 0
            while not task.done():
                await asyncio.sleep(0.01)
                beats += 1
            with pytest.raises(Busy):
                await task
            await unit.rollback()
            assert beats >= 10
            assert 0 == await count(storage)

    asyncio.run(story())


@pytest.mark.parametrize("make", [AsyncMemoryStorage, AsyncSqliteStorage])
def test_a_task_waits_for_its_turn_and_not_for_ever(
    tmp_path: Path, make: type[AsyncStorage], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second unit of the same task is refused at once; one of another task after the timeout, never before."""
    asked: list[float] = []
    running_out: list[asyncio.Timeout] = []

    def timeout(seconds: float) -> asyncio.Timeout:
        asked.append(seconds)
        running_out.append(asyncio.timeout_at(None))
        return running_out[-1]

    monkeypatch.setattr("tokolib.adapters.awaited.storage.asyncio.timeout", timeout)

    async def story() -> None:
        storage = make(*([tmp_path / "shop.db"] if make is AsyncSqliteStorage else []), [NOTES], timeout=0.2)
        await storage.migrate()
        unit = await storage.begin("p")
        asked.clear()

        with pytest.raises(Misuse):
            await storage.begin("p")
        assert [] == asked

        second = asyncio.create_task(storage.begin("p"))
        for _ in range(100):
            await asyncio.sleep(0)
        assert [0.2] == asked
        assert not second.done()

        running_out[-1].reschedule(asyncio.get_running_loop().time())
        with pytest.raises(Busy) as refused:
            await second
        assert "another unit of work stayed open for 0.2 s" == refused.value.detail

        third = asyncio.create_task(storage.begin("p"))
        await asyncio.sleep(0)
        await unit.rollback()
        await (await third).rollback()
        assert [0.2, 0.2] == asked
        await storage.close()

    asyncio.run(story())


def test_a_storage_of_another_event_loop_is_refused() -> None:
    """Units that take turns in a second event loop are refused in the port's words."""
    storage = AsyncMemoryStorage([NOTES])

    async def take_turns() -> None:
        unit = await storage.begin("p")
        second = asyncio.create_task(storage.begin("p"))
        await asyncio.sleep(0)
        await unit.rollback()
        await (await second).rollback()

    asyncio.run(take_turns())
    with pytest.raises(Misuse, match="one event loop"):
        asyncio.run(take_turns())


def test_a_unit_that_is_cancelled_while_its_storage_closes_is_rolled_back(tmp_path: Path) -> None:
    """When the thread has ended before the cancelled unit is known to have begun, its end comes on the spot."""

    async def story() -> None:
        storage = AsyncSqliteStorage(tmp_path / "shop.db", [NOTES])
        await storage.migrate()
        begun = threading.Event()
        begin = storage._inner.begin
        units: list[BlockingUnit] = []

        def noting(partition: str, *, read_only: bool = False) -> BlockingUnit:
            units.append(begin(partition, read_only=read_only))
            begun.set()
            return units[0]

        storage._inner.begin = noting  # type: ignore[method-assign]
        task = asyncio.create_task(storage.begin("p"))
        await asyncio.sleep(0)
        begun.wait()
        storage._runner.stop()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

        assert [True] == [unit.closed for unit in units]
        await storage.close()

    asyncio.run(story())


def test_a_cancelled_close_gives_the_thread_back(tmp_path: Path) -> None:
    """A task that is cancelled while it closes the storage leaves no thread behind."""

    async def story() -> None:
        before = threading.active_count()
        storage = AsyncSqliteStorage(tmp_path / "shop.db", [NOTES])
        await storage.migrate()
        task = asyncio.create_task(storage.close())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

        await storage.close()
        assert before == threading.active_count()

    asyncio.run(story())


def test_a_unit_that_outlives_its_storage_can_be_rolled_back(tmp_path: Path) -> None:
    """Closing the storage under an open unit leaves its rollback harmless."""

    async def story() -> None:
        storage = AsyncSqliteStorage(tmp_path / "shop.db", [NOTES])
        await storage.migrate()
        unit = await storage.begin("p")
        unit.insert(NOTES, "0", b"1", {})
        await storage.close()
        await unit.rollback()
        async with opened(tmp_path) as again:
            assert 0 == await count(again)

    asyncio.run(story())


def test_an_awaited_storage_does_not_run_by_hand(tmp_path: Path) -> None:
    """Stepped without an event loop it says that it must be awaited, and never hangs."""
    storage = AsyncSqliteStorage(tmp_path / "shop.db", [NOTES])
    with pytest.raises(HostMismatch):
        drive(storage.migrate())
