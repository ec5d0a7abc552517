"""A savepoint in the transaction that the host has open: ours ends with it, and what lasts is the host's to say."""

import os
import sqlite3

from tokolib.adapters.sqlite.translation import translating
from tokolib.kernel.storage_errors import Misuse

MARK = "tokolib_unit"


class Savepoint:
    """Opened at once; the host's transaction is never committed, rolled back or closed by it."""

    def __init__(self, connection: object) -> None:
        if not isinstance(connection, sqlite3.Connection):
            raise Misuse(f"a SQLite shop joins a sqlite3.Connection, not {type(connection).__name__}")
        if not connection.in_transaction:
            # A savepoint outside a transaction begins one, and its release commits it.
            raise Misuse("no transaction is open on the host's connection; execute BEGIN IMMEDIATE on it first")
        if connection.text_factory is not str:
            raise Misuse("the host's connection has a text_factory of its own; tokolib needs str")
        self.connection = connection
        self._pid = os.getpid()
        with translating():
            connection.execute(f"SAVEPOINT {MARK}")

    def check(self) -> None:
        """Refuse a process that was forked off, and a transaction that the host has ended."""
        if os.getpid() != self._pid:
            raise Misuse("a unit of work belongs to the process that began it")
        if not self.connection.in_transaction:
            raise Misuse("the host has ended its transaction before the unit of work inside it")

    def commit(self) -> None:
        """Let what was done become part of the host's transaction."""
        self.check()
        with translating():
            self.connection.execute(f"RELEASE {MARK}")

    def rollback(self) -> None:
        """Take back what was done; the host's transaction goes on as it was before."""
        if os.getpid() == self._pid and self.connection.in_transaction:
            with translating():
                self.connection.execute(f"ROLLBACK TO {MARK}")
                self.connection.execute(f"RELEASE {MARK}")
