"""SQLAlchemy's `Session` and `Connection`, and their awaited twins, as transactions of the host.

A `Session` begins its transaction by itself when it is first used, and commits it with everything in it: so its first
use may be ours. A `Connection` has begun one when it says so. What counts in the end is what the database was told:
see `_must_have_begun` for SQLite.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import attrs
from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, async_scoped_session
from sqlalchemy.orm import Session, scoped_session

from tokolib.adapters.hosts.errors import UnsupportedDriver
from tokolib.adapters.hosts.session_commit import after_session_commit
from tokolib.adapters.hosts.transaction import HostTransaction, no_transaction
from tokolib.kernel.storage_errors import Misuse

DRIVERS: Final = frozenset({"pysqlite", "aiosqlite", "psycopg"})
"""By SQLAlchemy's names."""

SILENT: Final = (
    "SQLite was not told to begin: Python's sqlite3 doesn't say so by itself, and a savepoint alone would be committed "
    'when it ends. Set isolation_level = None on each new connection (event "connect"), and execute BEGIN IMMEDIATE '
    'when a transaction begins (event "begin")'
)
START: Final = "SELECT 1"
"""psycopg begins a transaction with its first statement."""


def of(given: Any) -> HostTransaction:
    """The transaction that *given* has open, or begins when it is first used.

    Raises:
        InvalidInput: it is neither a session nor a connection.
    """
    match given:
        case scoped_session() | async_scoped_session():
            return of(given())
        case Session():
            return OnSession(given)
        case Connection():
            return OnConnection(given)
        case AsyncSession():
            return OnAsyncSession(given)
        case AsyncConnection():
            return OnAsyncConnection(given)
        case _:
            raise no_transaction(given)


@attrs.frozen(eq=False)
class OnSession:
    """In the transaction of a session."""

    session: Session

    def connection(self) -> Any:
        """The driver's connection."""
        with _usable("session"):
            _check(self.session.get_bind().dialect)
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
        with _usable("connection"):
            _check(self.given.dialect)
            _must_be_in_transaction(self.given)
            return _driver(self.given)

    def after_commit(self, call: Callable[[], object]) -> None:
        """It never is."""


@attrs.frozen(eq=False)
class OnAsyncSession:
    """In the transaction of an awaited session."""

    session: AsyncSession

    async def connection(self) -> Any:
        """The driver's connection."""
        with _usable("session"):
            _check(self.session.get_bind().dialect)
            return await _awaited_driver(await self.session.connection())

    def after_commit(self, call: Callable[[], object]) -> None:
        """The session says when."""
        after_session_commit(self.session.sync_session, call)


@attrs.frozen(eq=False)
class OnAsyncConnection:
    """In the transaction of an awaited connection, which says that it will commit, and never that it has."""

    given: AsyncConnection

    async def connection(self) -> Any:
        """The driver's connection."""
        with _usable("connection"):
            _check(self.given.dialect)
            _must_be_in_transaction(self.given)
            return await _awaited_driver(self.given)

    def after_commit(self, call: Callable[[], object]) -> None:
        """It never is."""


def _check(dialect: Dialect) -> None:
    """Refuse a driver before a connection of it is asked for."""
    if dialect.driver not in DRIVERS:
        raise UnsupportedDriver(dialect.driver)


@contextmanager
def _usable(what: str) -> Iterator[None]:
    """Say of a session or connection that was closed, or has failed, that no transaction is open on it."""
    try:
        yield
    except InvalidRequestError as error:
        reason = str(error).partition("\n")[0]
        raise Misuse(f"the host's {what} has no transaction that can go on: {reason}") from error


def _must_be_in_transaction(connection: Connection | AsyncConnection) -> None:
    if not connection.in_transaction():
        raise Misuse("no transaction is open on the host's connection; work inside `connection.begin()`")


def _driver(connection: Connection) -> Any:
    driver = connection.connection.driver_connection
    if _is_idle(driver):
        connection.exec_driver_sql(START)
    _must_have_begun(connection, driver)
    return driver


async def _awaited_driver(connection: AsyncConnection) -> Any:
    driver = (await connection.get_raw_connection()).driver_connection
    if _is_idle(driver):
        await connection.exec_driver_sql(START)
    _must_have_begun(connection.sync_connection, driver)
    return driver


def _is_idle(driver: Any) -> bool:
    """Whether PostgreSQL has not heard of the transaction yet."""
    return hasattr(driver, "info") and driver.info.transaction_status.name == "IDLE"


def _must_have_begun(connection: Connection | None, driver: Any) -> None:
    """Refuse a transaction that SQLite doesn't know of.

    sqlite3 begins one before an INSERT, UPDATE or DELETE, but neither for SQLAlchemy's `begin` nor before a SAVEPOINT.
    A savepoint without it is a transaction to SQLite, which ends, committed, with the savepoint.
    """
    if connection is None or connection.dialect.name != "sqlite":
        return
    tells = getattr(driver, "autocommit", None) is False or (
        driver.isolation_level is None and bool(connection.dispatch.begin)
    )
    if not driver.in_transaction or (connection.in_nested_transaction() and not tells):
        raise Misuse(SILENT)
