"""One transaction for units that follow each other, each a savepoint in it."""

import os
import sqlite3
from collections.abc import Callable

from tokolib.adapters.sql.unit import SqlUnit
from tokolib.adapters.sqlite.joining import RELEASE, SAVEPOINT, UNDO
from tokolib.adapters.sqlite.pool import Lent
from tokolib.adapters.sqlite.session import Transaction
from tokolib.adapters.sqlite.translation import translating
from tokolib.adapters.units.homes import here, must_be_home
from tokolib.kernel.storage_errors import ConnectionLost

MakeUnit = Callable[[Transaction, str], SqlUnit]


class SharedTransaction:
    """Has the write lock from its beginning to its end."""

    def __init__(self, lent: Lent, make_unit: MakeUnit) -> None:
        self.lent = lent
        self._make_unit = make_unit
        self.is_spoilt = False
        """Whether a unit could not take back what it did."""

    def begin(self, partition: str) -> SqlUnit:
        """A unit of the calling thread.

        Raises:
            ConnectionLost: SQLite has ended the transaction by itself.
        """
        return self._make_unit(Part(self), partition)

    def is_whole(self) -> bool:
        """Whether all that became part of it is still there."""
        return self.lent.connection.in_transaction and not self.is_spoilt

    def commit(self) -> None:
        """Let all of it last."""
        self.lent.commit()

    def rollback(self) -> None:
        """End it without a trace."""
        self.lent.rollback()


class Part:
    """A savepoint, opened at once, that only its own thread may use."""

    def __init__(self, shared: SharedTransaction) -> None:
        self.connection: sqlite3.Connection = shared.lent.connection
        self._shared = shared
        self._home = here()
        self._must_be_whole()
        with translating():
            self.connection.execute(SAVEPOINT)

    def _must_be_whole(self) -> None:
        if not self._shared.is_whole():  # a savepoint outside a transaction would begin one
            raise ConnectionLost("SQLite has rolled the transaction back that this unit was part of")

    def check(self) -> None:
        """Refuse other threads, a process that was forked off, and a transaction that SQLite has ended."""
        must_be_home(self._home)
        self._must_be_whole()

    def commit(self) -> None:
        """Let what was done become part of the shared transaction."""
        self._must_be_whole()
        with translating():
            self.connection.execute(RELEASE)

    def rollback(self) -> None:
        """Take back what was done since the savepoint."""
        if os.getpid() != self._home[0] or not self._shared.is_whole():
            return
        try:
            with translating():
                self.connection.execute(UNDO)
                self.connection.execute(RELEASE)
        except BaseException:
            self._shared.is_spoilt = True
            raise
