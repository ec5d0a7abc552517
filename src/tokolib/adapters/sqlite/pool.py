"""Connections of one process: each open unit has one for itself, and a thread has one open unit at most."""

import os
import sqlite3
import threading
from collections.abc import Hashable
from typing import Final

from tokolib.adapters.sqlite.connecting import Settings, connect
from tokolib.adapters.sqlite.forking import guard
from tokolib.adapters.sqlite.same_file import SameFile
from tokolib.adapters.sqlite.translation import commit_error, translating
from tokolib.adapters.units.homes import CLOSED, STRAYED, here, open_already
from tokolib.kernel.storage_errors import Busy, Misuse

IDLE: Final = 8


class Lent:
    """A connection in a transaction, lent to one unit on one thread."""

    def __init__(self, pool: "Pool", connection: sqlite3.Connection, who: Hashable, *, writes: bool) -> None:
        self.connection = connection
        self.home = (os.getpid(), who)
        self.writes = writes
        self._pool = pool
        guard(self)

    def check(self) -> None:
        """Refuse other threads, and a process that was forked off."""
        if here() != self.home:
            raise Misuse(STRAYED)

    def commit(self) -> None:
        """Let what was done last, and let the next unit have the connection."""
        try:
            self.connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise commit_error(error) from error
        finally:
            self._pool.take_back(self)

    def rollback(self) -> None:
        """End the transaction if it is open, and let the next unit have the connection."""
        self._pool.take_back(self)


class Pool:
    """Lends connections. Writers of one process stand in line here, which is fairer and faster than asking SQLite."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._file = SameFile(settings.path)
        self._closed = False
        self._inherited: list[list[sqlite3.Connection]] = []
        self._start()

    def _start(self) -> None:
        self._pid = os.getpid()
        self._idle: list[sqlite3.Connection] = []
        self._busy: set[Hashable] = set()
        self._writer = threading.Lock()

    def lend(self, *, writes: bool, who: Hashable | None = None) -> Lent:
        """A connection with a transaction open on it: one that has the write lock, or one that reads.

        It is for *who*: the calling thread, unless another is named.

        Raises:
            Misuse: it has a unit open, or the storage is closed.
            Busy: the write lock stayed with others for as long as we may wait.
            Unavailable: the file can't be used, or is not the one any more that it was.
        """
        if self._closed:
            raise Misuse(CLOSED)
        if os.getpid() != self._pid:
            self._inherited.append(self._idle)  # closing a parent's connection would break its locks
            self._start()
        me = threading.get_ident() if who is None else who
        self.must_have_none(me)
        if writes and not self._writer.acquire(timeout=self._settings.timeout):
            raise Busy(f"another unit of work stayed open for {self._settings.timeout:g} s")
        try:
            connection = self._begin("BEGIN IMMEDIATE" if writes else "BEGIN")
        except BaseException:
            if writes:
                self._writer.release()
            raise
        self._busy.add(me)
        return Lent(self, connection, me, writes=writes)

    def must_have_none(self, who: Hashable) -> None:
        """Refuse somebody who has a connection already.

        Raises:
            Misuse: who has one.
        """
        if who in self._busy and os.getpid() == self._pid:
            raise open_already()

    def _begin(self, text: str) -> sqlite3.Connection:
        self._file.check()  # with a write-ahead log SQLite itself writes on into a file that nobody can find any more
        connection = self._pop() or self._connect()
        try:
            with translating():
                connection.execute(text)
        except BaseException:
            connection.close()
            raise
        return connection

    def _connect(self) -> sqlite3.Connection:
        connection = connect(self._settings)
        try:
            self._file.check()  # it was made just now, or replaced
        except BaseException:
            connection.close()
            raise
        return connection

    def _pop(self) -> sqlite3.Connection | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def take_back(self, lent: Lent) -> None:
        """End what is open on a connection and keep it for the next unit."""
        if lent.home[0] != os.getpid():
            return
        try:
            self._tidy(lent.connection)
        finally:
            self._busy.discard(lent.home[1])
            if lent.writes:
                self._writer.release()

    def _tidy(self, connection: sqlite3.Connection) -> None:
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error:
            connection.close()  # which rolls back as well
            return
        if len(self._idle) < IDLE:
            self._idle.append(connection)
        else:
            connection.close()
        if self._closed:  # asked last: who closes meanwhile may not see what was put back
            self._drain()

    def _drain(self) -> None:
        while (connection := self._pop()) is not None:
            connection.close()

    def close(self) -> None:
        """Close what is idle; what is lent closes when it comes back."""
        self._closed = True
        if self._pid == os.getpid():
            self._drain()
