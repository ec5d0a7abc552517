"""SQLAlchemy's `AsyncSession` and `AsyncConnection` as transactions of the host."""

from collections.abc import Callable
from typing import Any

import attrs
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, async_scoped_session

from tokolib.adapters.hosts.session_commit import after_session_commit
from tokolib.adapters.hosts.sqlalchemy import check_driver, must_be_in_transaction, must_have_begun, usable
from tokolib.adapters.hosts.transaction import START, HostTransaction, is_idle, no_transaction


def of(given: Any) -> HostTransaction:
    """The transaction that *given* has open, or begins when it is first used.

    Raises:
        InvalidInput: it is neither a session nor a connection.
    """
    match given:
        case async_scoped_session():
            return of(given())
        case AsyncSession():
            return OnAsyncSession(given)
        case AsyncConnection():
            return OnAsyncConnection(given)
        case _:
            raise no_transaction(given)


@attrs.frozen(eq=False)
class OnAsyncSession:
    """In the transaction of an awaited session."""

    session: AsyncSession

    async def connection(self) -> Any:
        """The driver's connection."""
        with usable("session"):
            check_driver(self.session.get_bind().dialect)
            return await _driver(await self.session.connection())

    def after_commit(self, call: Callable[[], object]) -> None:
        """The session says when."""
        after_session_commit(self.session.sync_session, call)


@attrs.frozen(eq=False)
class OnAsyncConnection:
    """In the transaction of an awaited connection, which says that it will commit, and never that it has."""

    given: AsyncConnection

    async def connection(self) -> Any:
        """The driver's connection."""
        with usable("connection"):
            check_driver(self.given.dialect)
            must_be_in_transaction(self.given)
            return await _driver(self.given)

    def after_commit(self, call: Callable[[], object]) -> None:
        """It never is."""


async def _driver(connection: AsyncConnection) -> Any:
    driver = (await connection.get_raw_connection()).driver_connection
    if is_idle(driver):
        await connection.exec_driver_sql(START)
    if connection.sync_connection is not None:
        must_have_begun(connection.sync_connection, driver)
    return driver
