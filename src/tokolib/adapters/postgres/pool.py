"""Connections of one process, lent to one unit each: the last one that came back goes first, so that few stay warm."""

import asyncio
import os
import threading
from collections.abc import Hashable
from typing import Any, Protocol

import attrs
import psycopg

from tokolib.adapters.postgres.connecting import Settings, furnish
from tokolib.adapters.postgres.translation import connect_error
from tokolib.adapters.postgres.wire import AwaitedWire, BlockingWire, Wire
from tokolib.adapters.units.homes import CLOSED, open_already
from tokolib.kernel.hosting import drive
from tokolib.kernel.storage_errors import Busy, Misuse


@attrs.frozen(eq=False)
class Lent:
    """A connection, and the thread or task that has it."""

    wire: Wire
    who: Hashable


class Pool(Protocol):
    """Lends connections and takes them back, in either colour."""

    async def lend(self, who: Hashable | None = None) -> Lent:
        """A connection with no transaction open, for *who*: the calling thread or task, unless another is named."""
        ...

    async def take_back(self, lent: Lent) -> None:
        """Let the next unit have it."""
        ...

    async def close(self) -> None:
        """Close what is idle; what is lent closes when it comes back."""
        ...


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
        self.must_be_outside(who)
        self._inside.add(who)

    def must_be_outside(self, who: Hashable) -> None:
        """Refuse somebody who has a unit open.

        Raises:
            Misuse: who has one.
        """
        if who in self._inside:
            raise open_already(self._noun)

    def leave(self, who: Hashable) -> None:
        """Note that it is over."""
        self._inside.discard(who)

    @property
    def are_over(self) -> bool:
        """Whether nobody has one open."""
        return not self._inside


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

    async def lend(self, who: Hashable | None = None) -> Lent:
        """A connection with no transaction open, for *who*: the calling thread, unless another is named.

        Raises:
            Misuse: it has one already, or the storage is closed.
            Busy: all were in use for as long as we may wait.
            Unavailable, AdapterConfig: none can be opened.
        """
        if self._closed:
            raise Misuse(CLOSED)
        if os.getpid() != self._pid:
            self._inherited.append(self._idle)  # they are the parent's: closing one would end its session
            self._start()
        me = threading.get_ident() if who is None else who
        self._turns.enter(me)
        try:
            if not self._places.acquire(timeout=self._settings.timeout):
                raise too_many(self._settings)
            try:
                if self._closed:  # while we waited
                    raise Misuse(CLOSED)
                return Lent(self._pop() or self._connect(), me)
            except BaseException:
                self._places.release()
                raise
        except BaseException:
            self._turns.leave(me)
            raise

    def must_have_none(self) -> None:
        """Refuse a thread that has a connection already.

        Raises:
            Misuse: it has.
        """
        if os.getpid() == self._pid:
            self._turns.must_be_outside(threading.get_ident())

    def _pop(self) -> BlockingWire | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _connect(self) -> BlockingWire:
        try:
            connection = psycopg.connect(self._settings.address, **self._settings.connecting())
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
        lost = wire.connection.broken
        if is_idle(wire.connection):
            self._idle.append(wire)
        else:
            wire.connection.close()
        if lost or self._closed:  # asked last: who closes meanwhile may not see what was put back
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
    """For `AsyncShop`: one event loop at a time. What a loop that is over has left behind goes with it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._closed = False
        self._pid = os.getpid()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lent: set[AwaitedWire] = set()
        self._idle: list[AwaitedWire] = []
        self._start()

    def _start(self) -> None:
        self._places = asyncio.BoundedSemaphore(self._settings.connections)
        self._turns = Turns("task")

    async def lend(self, who: Hashable | None = None) -> Lent:
        """A connection with no transaction open, for *who*: the calling task, unless another is named.

        Raises what the blocking one does.

        Raises:
            Misuse: another event loop, which still runs, has a unit open.
        """
        if self._closed:
            raise Misuse(CLOSED)
        if os.getpid() != self._pid:
            raise Misuse("an awaited storage is for one process; open the shop anew in this one")
        await self._move_to(asyncio.get_running_loop())
        me = asyncio.current_task() if who is None else who
        self._turns.enter(me)
        try:
            try:
                async with asyncio.timeout(self._settings.timeout):
                    await self._places.acquire()
            except TimeoutError as error:
                raise too_many(self._settings) from error
            try:
                if self._closed:  # while we waited
                    raise Misuse(CLOSED)
                wire = self._idle.pop() if self._idle else await self._connect()
                self._lent.add(wire)
                return Lent(wire, me)
            except BaseException:
                self._places.release()
                raise
        except BaseException:
            self._turns.leave(me)
            raise

    async def _move_to(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._loop is not loop:
            if self._loop is not None:
                if not self._turns.are_over and not self._loop.is_closed():
                    raise Misuse("this storage is in use on another event loop; open the shop anew on this one")
                self._idle += self._lent  # of units that the loop didn't live to see the end of
                self._lent.clear()
                await self._drain()
                self._start()
            self._loop = loop

    async def _connect(self) -> AwaitedWire:
        try:
            connection = await psycopg.AsyncConnection.connect(self._settings.address, **self._settings.connecting())
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
        if os.getpid() != self._pid or not isinstance(wire, AwaitedWire) or wire not in self._lent:
            return
        self._lent.remove(wire)
        try:
            lost = wire.connection.broken
            if is_idle(wire.connection):
                self._idle.append(wire)
            else:
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
        if self._pid == os.getpid():
            await self._drain()


def is_idle(connection: psycopg.Connection[Any] | psycopg.AsyncConnection[Any]) -> bool:
    """Whether it can be lent again as it is."""
    if connection.closed or connection.info.transaction_status is not psycopg.pq.TransactionStatus.IDLE:
        return False
    return connection.pgconn.pipeline_status == psycopg.pq.PipelineStatus.OFF  # it is a bare number
