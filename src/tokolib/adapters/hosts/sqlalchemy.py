"""SQLAlchemy's `Session` and `Connection` as transactions of the host; `sqlalchemy_async` has their awaited twins.

A `Session` begins its transaction by itself when it is first used, and commits it with everything in it: so its first
use may be ours. A `Connection` has begun one when it says so. What counts in the end is what the database was told:
see `must_have_begun` for SQLite.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Final, Protocol

import attrs
from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session, scoped_session

from tokolib.adapters.hosts.errors import UnsupportedDriver
from tokolib.adapters.hosts.session_commit import after_session_commit
from tokolib.adapters.hosts.transaction import START, HostTransaction, is_idle, no_transaction
from tokolib.kernel.storage_errors import Misuse

DRIVERS: Final = frozenset({"pysqlite", "aiosqlite", "psycopg"})
"""By SQLAlchemy's names."""

SILENT: Final = (
    "SQLite was not told to begin: Python's sqlite3 doesn't say so by itself, and a savepoint alone would be committed "
    'when it ends. Set isolation_level = None on each new connection (event "connect"), and execute BEGIN IMMEDIATE '
    'when a transaction begins (event "begin")'
)


def of(given: Any) -> HostTransaction:
    """The transaction that *given* has open, or begins when it is first used.

    Raises:
        InvalidInput: it is neither a session nor a connection.
    """
    match given:
        case scoped_session():
            return of(given())
        case Session():
            return OnSession(given)
        case Connection():
            return OnConnection(given)
        case _:
            return _awaited(given)


def _awaited(given: Any) -> HostTransaction:
    """Loaded for those who have such a thing: without greenlet it can't be."""
    if any(kind.__module__.startswith("sqlalchemy.ext.asyncio") for kind in type(given).__mro__):
        found: HostTransaction = import_module("tokolib.adapters.hosts.sqlalchemy_async").of(given)
        return found
    raise no_transaction(given)


@attrs.frozen(eq=False)
class OnSession:
    """In the transaction of a session."""

    session: Session

    def connection(self) -> Any:
        """The driver's connection."""
        with usable("session"):
            check_driver(self.session.get_bind().dialect)
            return _driver(self.session.connection())

    def after_commit(self, call: Callable[[], object]) -> None:
        """The session says when."""
        after_session_commit(self.session, call)


@attrs.frozen(eq=False)
class OnConnection:
    """In the transaction of a connection, which says that it will commit, and never that it has."""

    given: Connection

    def connection(self) -> Any:
        """The driver's connection."""
        with usable("connection"):
            check_driver(self.given.dialect)
            must_be_in_transaction(self.given)
            return _driver(self.given)

    def after_commit(self, call: Callable[[], object]) -> None:
        """It never is."""


def _driver(connection: Connection) -> Any:
    driver = connection.connection.driver_connection
    if is_idle(driver):
        connection.exec_driver_sql(START)
    must_have_begun(connection, driver)
    return driver


def check_driver(dialect: Dialect) -> None:
    """Refuse a driver before a connection of it is asked for.

    Raises:
        UnsupportedDriver: nothing of ours runs on it.
    """
    if dialect.driver not in DRIVERS:
        raise UnsupportedDriver(dialect.driver)


@contextmanager
def usable(what: str) -> Iterator[None]:
    """Say of a session or connection that was closed, or has failed, that no transaction is open on it."""
    try:
        yield
    except InvalidRequestError as error:
        reason = str(error).partition("\n")[0]
        raise Misuse(f"the host's {what} has no transaction that can go on: {reason}") from error


class Begun(Protocol):
    """A connection of SQLAlchemy, awaited or not."""

    def in_transaction(self) -> bool:
        """Whether a transaction is open on it."""
        ...


def must_be_in_transaction(connection: Begun) -> None:
    """Refuse a connection without one.

    Raises:
        Misuse: none is open.
    """
    if not connection.in_transaction():
        raise Misuse("no transaction is open on the host's connection; work inside `connection.begin()`")


def must_have_begun(connection: Connection, driver: Any) -> None:
    """Refuse a transaction that SQLite doesn't know of.

    sqlite3 begins one before an INSERT, UPDATE or DELETE, but neither for SQLAlchemy's `begin` nor before a SAVEPOINT.
    A savepoint without it is a transaction to SQLite, which ends, committed, with the savepoint.

    Raises:
        Misuse: it has not begun, or nobody can say whether it has.
    """
    if connection.dialect.name != "sqlite":
        return
    tells = getattr(driver, "autocommit", None) is False or (
        driver.isolation_level is None and bool(connection.dispatch.begin)
    )
    if not driver.in_transaction or (connection.in_nested_transaction() and not tells):
        raise Misuse(SILENT)
