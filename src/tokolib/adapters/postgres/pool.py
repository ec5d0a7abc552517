"""Connections of one process, lent to one unit each: the last one that came back goes first, so that few stay warm."""

import asyncio
import os
import threading
from collections.abc import Hashable
from typing import Any, Final, Protocol

import attrs
import psycopg

from tokolib.adapters.postgres.connecting import Settings, furnish
from tokolib.adapters.postgres.translation import connect_error
from tokolib.adapters.postgres.wire import AwaitedWire, BlockingWire, Wire
from tokolib.kernel.hosting import drive
from tokolib.kernel.storage_errors import Busy, Misuse


@attrs.frozen(eq=False)
class Lent:
    """A connection, and the thread or task that has it."""

    wire: Wire
    who: Hashable


class Pool(Protocol):
    """Lends connections and takes them back, in either colour."""

    async def lend(self) -> Lent:
        """A connection with no transaction open."""
        ...

    async def take_back(self, lent: Lent) -> None:
        """Let the next unit have it."""
        ...

    async def close(self) -> None:
        """Close what is idle; what is lent closes when it comes back."""
        ...


OPEN_ALREADY: Final = "this {} has a unit of work open already; commit it or roll it back first"


class Turns:
    """Who has a unit open: a thread or a task that waits for itself would wait for ever."""

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._inside: set[Hashable] = set()

    def enter(self, who: Hashable) -> None:
        """Note that *who* has a unit open.

        Raises:
            Misuse: it has one already.
        """
        if who in self._inside:
            raise Misuse(OPEN_ALREADY.format(self._noun))
        self._inside.add(who)

    def leave(self, who: Hashable) -> None:
        """Note that it is over."""
        self._inside.discard(who)


def too_many(settings: Settings) -> Busy:
    """What a unit is told that got no connection in time."""
    return Busy(f"all {settings.connections} connections were in use for {settings.timeout:g} s")


class BlockingPool:
    """For `Shop`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._closed = False
        self._inherited: list[list[BlockingWire]] = []
        self._start()

    def _start(self) -> None:
        self._pid = os.getpid()
        self._idle: list[BlockingWire] = []
        self._places = threading.BoundedSemaphore(self._settings.connections)
        self._turns = Turns("thread")

    async def lend(self) -> Lent:
        """A connection with no transaction open.

        Raises:
            Misuse: this thread has one already, or the storage is closed.
            Busy: all were in use for as long as we may wait.
            Unavailable, AdapterConfig: none can be opened.
        """
        if self._closed:
            raise Misuse("this storage is closed")
        if os.getpid() != self._pid:
            self._inherited.append(self._idle)  # they are the parent's: closing one would end its session
            self._start()
        me = threading.get_ident()
        self._turns.enter(me)
        try:
            if not self._places.acquire(timeout=self._settings.timeout):
                raise too_many(self._settings)
            try:
                return Lent(self._pop() or self._connect(), me)
            except BaseException:
                self._places.release()
                raise
        except BaseException:
            self._turns.leave(me)
            raise

    def _pop(self) -> BlockingWire | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _connect(self) -> BlockingWire:
        try:
            connection = psycopg.connect(self._settings.address, autocommit=True, prepare_threshold=2)
        except psycopg.Error as error:
            raise connect_error(error) from error
        wire = BlockingWire(connection)
        try:
            drive(furnish(wire, self._settings))
        except BaseException:
            connection.close()
            raise
        return wire

    async def take_back(self, lent: Lent) -> None:
        """Keep a connection for the next unit; one that is lost takes the idle ones with it, for they are lost too."""
        wire = lent.wire
        if os.getpid() != self._pid or not isinstance(wire, BlockingWire):
            return
        if is_idle(wire.connection) and not self._closed:
            self._idle.append(wire)
        else:
            lost = wire.connection.broken
            wire.connection.close()
            if lost or self._closed:
                self._drain()
        self._turns.leave(lent.who)
        self._places.release()

    def _drain(self) -> None:
        while (wire := self._pop()) is not None:
            wire.connection.close()

    async def close(self) -> None:
        """Close what is idle; what is lent closes when it comes back."""
        self._closed = True
        if self._pid == os.getpid():
            self._drain()


class AwaitedPool:
    """For `AsyncShop`: one event loop at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._closed = False
        self._pid = os.getpid()
        self._idle: list[AwaitedWire] = []
        self._places = asyncio.BoundedSemaphore(settings.connections)
        self._turns = Turns("task")

    async def lend(self) -> Lent:
        """A connection with no transaction open; raises what the blocking one does."""
        if self._closed:
            raise Misuse("this storage is closed")
        if os.getpid() != self._pid:
            raise Misuse("an awaited storage is for one process; open the shop anew in this one")
        me = asyncio.current_task()
        self._turns.enter(me)
        try:
            try:
                async with asyncio.timeout(self._settings.timeout):
                    await self._places.acquire()
            except TimeoutError as error:
                raise too_many(self._settings) from error
            try:
                return Lent(self._idle.pop() if self._idle else await self._connect(), me)
            except BaseException:
                self._places.release()
                raise
        except BaseException:
            self._turns.leave(me)
            raise

    async def _connect(self) -> AwaitedWire:
        try:
            connection = await psycopg.AsyncConnection.connect(
                self._settings.address, autocommit=True, prepare_threshold=2
            )
        except psycopg.Error as error:
            raise connect_error(error) from error
        wire = AwaitedWire(connection)
        try:
            await furnish(wire, self._settings)
        except BaseException:
            await connection.close()
            raise
        return wire

    async def take_back(self, lent: Lent) -> None:
        """Keep a connection for the next unit, if it can be used again."""
        wire = lent.wire
        if os.getpid() != self._pid or not isinstance(wire, AwaitedWire):
            return
        try:
            if is_idle(wire.connection) and not self._closed:
                self._idle.append(wire)
            else:
                lost = wire.connection.broken
                await wire.connection.close()
                if lost or self._closed:
                    await self._drain()
        finally:
            self._turns.leave(lent.who)
            self._places.release()

    async def _drain(self) -> None:
        while self._idle:
            await self._idle.pop().connection.close()

    async def close(self) -> None:
        """Close what is idle; what is lent closes when it comes back."""
        self._closed = True
        await self._drain()


def is_idle(connection: psycopg.Connection[Any] | psycopg.AsyncConnection[Any]) -> bool:
    """Whether it can be lent again as it is."""
    return not connection.closed and connection.info.transaction_status is psycopg.pq.TransactionStatus.IDLE
