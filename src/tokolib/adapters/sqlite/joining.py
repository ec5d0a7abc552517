"""A savepoint in the transaction that the host has open: ours ends with it, and what lasts is the host's to say."""

import os
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Protocol

from tokolib.adapters.sqlite.translation import translating
from tokolib.adapters.units.borrowing import Borrowed, named_type
from tokolib.kernel.storage_errors import Misuse

SAVEPOINT: Final = "SAVEPOINT tokolib_unit"
RELEASE: Final = "RELEASE tokolib_unit"
UNDO: Final = "ROLLBACK TO tokolib_unit"
PLACES: Final = "PRAGMA database_list"


class Host(Protocol):
    """What is asked of a connection before it is joined, blocking or not."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open on it."""
        ...

    @property
    def text_factory(self) -> object:
        """What it makes of text."""
        ...


def must_be_joinable(connection: Host) -> None:
    """Refuse a connection that is closed, has no transaction open, or doesn't answer text.

    Raises:
        Misuse: in all these cases.
    """
    try:
        open_, text = connection.in_transaction, connection.text_factory
    except (sqlite3.ProgrammingError, ValueError) as error:
        raise Misuse(f"the host's connection is closed: {error}") from error
    if not open_:
        # A savepoint outside a transaction begins one, and its release commits it.
        raise Misuse("no transaction is open on the host's connection; execute BEGIN IMMEDIATE on it first")
    if text is not str:
        raise Misuse("the host's connection has a text_factory of its own; tokolib needs str")


def must_be_on(path: Path, databases: Iterable[tuple[int, str, str]]) -> None:
    """Refuse a connection whose *databases* (what `PLACES` answers) don't say that it is open on the shop's own file.

    Raises:
        Misuse: it is on another file, or on none: the shop's rows would be written into another shop.
    """
    [found] = [file for _, name, file in databases if name == "main"]
    try:
        same = os.path.samefile(found, path)
    except OSError:  # one of them is in memory, or was deleted
        same = found == os.path.realpath(path)
    if not same:
        raise Misuse(f"the host's connection is on {found or 'a database in memory'}, and the shop is on {path}")


class Standing:
    """That the transaction of the host is still there, in the process that began the unit."""

    def __init__(self, connection: Host) -> None:
        self._connection = connection
        self._pid = os.getpid()

    @property
    def is_here(self) -> bool:
        """Whether there is something left to end."""
        return os.getpid() == self._pid and self._connection.in_transaction

    def check(self) -> None:
        """Refuse a process that was forked off, and a transaction that the host has ended."""
        if os.getpid() != self._pid:
            raise Misuse("a unit of work belongs to the process that began it")
        if not self._connection.in_transaction:
            raise Misuse("the host has ended its transaction before the unit of work inside it")


class Savepoint:
    """Opened at once; the host's transaction is never committed, rolled back or closed by it."""

    def __init__(self, connection: object, path: Path, borrowed: Borrowed) -> None:
        if not isinstance(connection, sqlite3.Connection):
            raise Misuse(f"a SQLite shop joins a sqlite3.Connection, not {named_type(connection)}")
        must_be_joinable(connection)
        self.connection = connection
        self._standing = Standing(connection)
        self._leave: Callable[[], None] = borrowed.take(connection)
        try:
            with translating():
                cursor = connection.cursor()
                cursor.row_factory = None  # whatever the host makes of its own rows
                must_be_on(path, cursor.execute(PLACES))
                cursor.execute(SAVEPOINT)
        except BaseException:
            self._leave()
            raise

    def check(self) -> None:
        """Refuse a process that was forked off, and a transaction that the host has ended."""
        self._standing.check()

    def commit(self) -> None:
        """Let what was done become part of the host's transaction."""
        try:
            self.check()
            with translating():
                self.connection.execute(RELEASE)
        finally:
            self._leave()

    def rollback(self) -> None:
        """Take back what was done; the host's transaction goes on as it was before."""
        try:
            if self._standing.is_here:
                with translating():
                    self.connection.execute(UNDO)
                    self.connection.execute(RELEASE)
        finally:
            self._leave()
