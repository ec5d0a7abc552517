"""What a host's connection must be, so that a unit of ours may be a part of the transaction that is open on it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from weakref import WeakSet

import psycopg
from psycopg.pq import TransactionStatus

from tokolib.adapters.postgres.translation import translated
from tokolib.adapters.postgres.wire import NOTHING, Wire
from tokolib.adapters.sql.names import Names
from tokolib.adapters.sql.session import Query
from tokolib.adapters.units.borrowing import named_type
from tokolib.kernel.storage_errors import Misuse

Connection = psycopg.Connection[Any] | psycopg.AsyncConnection[Any]


def must_be_joinable(connection: Connection) -> None:
    """Refuse a connection on which no transaction is open that can go on.

    Raises:
        Misuse: saying why it can't.
    """
    match connection.info.transaction_status:
        case TransactionStatus.INTRANS:
            return
        case TransactionStatus.INERROR:
            raise Misuse("the host's transaction has failed; roll it back, and begin another")
        case TransactionStatus.ACTIVE:
            raise Misuse("the host's connection is in the middle of a pipeline or another statement; let it end first")
        case TransactionStatus.UNKNOWN:
            raise Misuse("the host's connection is closed, or was lost")
        case _:
            # psycopg's `transaction()` on an idle connection commits at its end: the host could undo nothing.
            raise Misuse("no transaction is open on the host's connection; work inside `connection.transaction()`")


class Place:
    """The database that a shop is in, by its own connections; a host's connection is asked once whether it is there.

    Addresses tell nothing (a socket, a name, a pool before the server), so both sides are asked for what only this
    table of this running server has.
    """

    def __init__(self, names: Names, own: Callable[[Query], Awaitable[Sequence[Any]]]) -> None:
        self._question: Query = (
            f"SELECT current_database(), to_regclass('{names.fixed('schema')}')::oid, pg_postmaster_start_time()",
            NOTHING,
        )
        self._own = own
        self._known: Sequence[Any] | None = None
        self._there: WeakSet[Connection] = WeakSet()

    async def must_be_that_of(self, wire: Wire) -> None:
        """Refuse a connection to another database, or one that finds other tables by our names.

        Raises:
            Misuse: the shop's rows would be written into another shop.
        """
        if wire.connection in self._there:
            return
        try:
            [[found]] = await wire.trip([self._question])
        except psycopg.Error as error:
            raise translated(error) from error
        if found != self._known:
            self._known = known = await self._own(self._question)  # even again: the server may have been started anew
            if found != known:
                raise Misuse(_elsewhere(found[0], known[0]))
        self._there.add(wire.connection)


def _elsewhere(found: str, known: str) -> str:
    if found != known:
        return f"the host's connection is to the database {found!r}, and the shop is in {known!r}"
    return f"the host's connection is to another {found!r} than the shop's, or finds other tables by the shop's names"


def blocking_connection(connection: Any) -> psycopg.Connection[Any]:
    """A host's connection for `Shop`.

    Raises:
        Misuse: it is something else.
    """
    if not isinstance(connection, psycopg.Connection):
        raise Misuse(f"a PostgreSQL shop joins a psycopg.Connection, not {named_type(connection)}")
    return connection


def awaited_connection(connection: Any) -> psycopg.AsyncConnection[Any]:
    """A host's connection for `AsyncShop`.

    Raises:
        Misuse: it is something else.
    """
    if not isinstance(connection, psycopg.AsyncConnection):
        raise Misuse(f"an awaited PostgreSQL shop joins a psycopg.AsyncConnection, not {named_type(connection)}")
    return connection
