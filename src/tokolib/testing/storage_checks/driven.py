"""A storage of either colour as plain blocking calls, so that a check reads like a story."""

import asyncio
import inspect
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, TypeVar

from tokolib.kernel import hosting
from tokolib.kernel.hosting import MaybeAwaitable, resolved
from tokolib.kernel.storage import Storage, UnitOfWork
from tokolib.kernel.storage_errors import StorageError

T = TypeVar("T")
Drive = Callable[[Coroutine[Any, Any, Any]], Any]
Step = Callable[[UnitOfWork], Awaitable[T]]
Job = Callable[[Storage], Coroutine[Any, Any, T]]

PATIENCE: Final = 60
"""Tries of a retryable unit; more than any fair storage needs for eight rivals."""


class Plain:
    """*inner* with every answer waited for."""

    def __init__(self, inner: object, drive: Drive) -> None:
        self._inner = inner
        self._drive = drive

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not inspect.isroutine(found):
            return found
        return lambda *args, **kwargs: self._drive(resolved(found(*args, **kwargs)))


class Driven:
    """A storage whose units are `with` blocks: committed at the end, rolled back after an error."""

    def __init__(self, storage: Storage, drive: Drive) -> None:
        self.storage = storage
        self.drive = drive

    def begin(self, partition: str = "p", *, read_only: bool = False) -> Any:
        """An open unit."""
        return Plain(self.drive(resolved(self.storage.begin(partition, read_only=read_only))), self.drive)

    @contextmanager
    def unit(self, partition: str = "p") -> Iterator[Any]:
        """A unit that is committed."""
        unit = self.begin(partition)
        try:
            yield unit
            unit.commit()
        except BaseException:
            unit.rollback()
            raise

    @contextmanager
    def reading(self, partition: str = "p") -> Iterator[Any]:
        """A unit that only reads."""
        unit = self.begin(partition, read_only=True)
        try:
            yield unit
        finally:
            unit.rollback()

    def join(self, connection: object, partition: str = "p") -> Any:
        """An open unit in the transaction of a host."""
        return Plain(self.drive(resolved(self.storage.join(connection, partition))), self.drive)

    def outbox(self, partition: str = "p") -> Any:
        """The outbox of a partition."""
        return Plain(self.storage.outbox(partition), self.drive)

    def migrate(self) -> Sequence[str]:
        """What the storage did to its schema."""
        done: Sequence[str] = self.drive(resolved(self.storage.migrate()))
        return done

    def close(self) -> None:
        """Close the storage."""
        self.drive(resolved(self.storage.close()))

    def together(self, jobs: Sequence[Job[T]]) -> list[T | StorageError]:
        """What each job answered or was refused with, when all ran at once: threads, or tasks of one loop.

        Any other error is raised: it crossed the port.
        """
        found: list[T | BaseException]
        if self.storage.capabilities.asynchronous:
            found = self.drive(_gathered([job(self.storage) for job in jobs]))
        else:
            found = _threaded(self.storage, jobs)
        answers: list[T | StorageError] = []
        for one in found:
            if isinstance(one, BaseException) and not isinstance(one, StorageError):
                raise one
            answers.append(one)
        return answers


async def _gathered(calls: Sequence[Coroutine[Any, Any, T]]) -> list[T | BaseException]:
    return list(await asyncio.gather(*calls, return_exceptions=True))


def _threaded(storage: Storage, jobs: Sequence[Job[T]]) -> list[T | BaseException]:
    found: dict[int, T | BaseException] = {}
    barrier = threading.Barrier(len(jobs))

    def work(number: int, job: Job[T]) -> None:
        barrier.wait()
        try:
            found[number] = hosting.drive(job(storage))
        except BaseException as error:  # noqa: BLE001 - handed to the check, which looks at it
            found[number] = error

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [found[number] for number in range(len(jobs))]


async def one_try(storage: Storage, step: Step[T], partition: str = "p") -> T:
    """What *step* answers in a unit of its own, committed."""
    unit = await resolved(storage.begin(partition))
    try:
        answer = await step(unit)
        await resolved(unit.commit())
    except BaseException:
        await resolved(unit.rollback())
        raise
    return answer


async def patiently(storage: Storage, step: Step[T], partition: str = "p") -> T:
    """What *step* answers, run again whole as long as the storage asks for that."""
    return await insisted(storage, partial(one_try, storage, step, partition))


async def insisted(storage: Storage, call: Callable[[], MaybeAwaitable[T]]) -> T:
    """What *call* answers, made again as long as the storage asks for that."""
    attempt = 0
    while True:
        attempt += 1
        try:
            return await resolved(call())
        except StorageError as error:
            if not error.retryable or attempt == PATIENCE:
                raise
            await resolved(storage.pause(attempt))
