"""The one thing that differs between the colours: how statements go to the server and rows come back.

The cursors are raw ones: statements carry the server's own marks. Others look for marks anew in every long statement,
which is each that a unit writes; it took a fifth of a checkout.
"""

from collections.abc import Sequence
from typing import Any, Final, Protocol

import psycopg
from psycopg.adapt import AdaptersMap
from psycopg.pq.abc import PGresult
from psycopg.rows import tuple_row

Statement = tuple[str, Sequence[Any]]
NOTHING: Final[Sequence[Any]] = ()


class Wire(Protocol):
    """A connection on which one trip at a time is made."""

    @property
    def connection(self) -> psycopg.Connection[Any] | psycopg.AsyncConnection[Any]:
        """The driver's connection."""
        ...

    async def trip(self, statements: Sequence[Statement]) -> list[list[Any]]:
        """The rows of each statement; several go as a pipeline, without waiting in between.

        Raises:
            psycopg.Error: the first that a statement ended with; those after it did nothing.
        """
        ...


class BlockingCursor(psycopg.RawCursor[Any]):
    """Reads and writes values as psycopg does, whatever a host has taught its connection."""

    @property
    def adapters(self) -> AdaptersMap:
        """Those of psycopg itself."""
        return psycopg.adapters


class AwaitedCursor(psycopg.AsyncRawCursor[Any]):
    """The same, awaited."""

    @property
    def adapters(self) -> AdaptersMap:
        """Those of psycopg itself."""
        return psycopg.adapters


class BlockingWire:
    """For `Shop`: nothing is ever awaited."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    async def trip(self, statements: Sequence[Statement]) -> list[list[Any]]:
        """The rows of each statement."""
        if len(statements) == 1:
            return [_rows(self._sent(*statements[0]))]
        cursors, failed = list[psycopg.Cursor[Any]](), list[psycopg.Error]()
        try:
            with self.connection.pipeline():
                try:
                    cursors = [self._sent(*statement) for statement in statements]
                except psycopg.Error as error:
                    failed.append(error)  # out of psycopg's sight: it would log that a lost connection can't be synced
        except psycopg.Error:
            if not failed:
                raise
        if failed:
            raise failed.pop()
        return [_rows(cursor) for cursor in cursors]

    def _sent(self, text: str, values: Sequence[Any]) -> psycopg.Cursor[Any]:
        return BlockingCursor(self.connection, row_factory=tuple_row).execute(*_marked(text, values))


class AwaitedWire:
    """For `AsyncShop`."""

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self.connection = connection

    async def trip(self, statements: Sequence[Statement]) -> list[list[Any]]:
        """The rows of each statement."""
        if len(statements) == 1:
            return [await _awaited_rows(await self._sent(*statements[0]))]
        cursors, failed = list[psycopg.AsyncCursor[Any]](), list[psycopg.Error]()
        try:
            async with self.connection.pipeline():
                try:
                    cursors = [await self._sent(*statement) for statement in statements]
                except psycopg.Error as error:
                    failed.append(error)  # as above
        except psycopg.Error:
            if not failed:
                raise
        if failed:
            raise failed.pop()
        return [await _awaited_rows(cursor) for cursor in cursors]

    async def _sent(self, text: str, values: Sequence[Any]) -> psycopg.AsyncCursor[Any]:
        return await AwaitedCursor(self.connection, row_factory=tuple_row).execute(*_marked(text, values))


def _rows(cursor: psycopg.Cursor[Any]) -> list[Any]:
    return cursor.fetchall() if _answered(cursor.pgresult) else []


async def _awaited_rows(cursor: psycopg.AsyncCursor[Any]) -> list[Any]:
    return await cursor.fetchall() if _answered(cursor.pgresult) else []


def _answered(result: PGresult | None) -> bool:
    """Whether a statement answered rows, be there any. (The cursor's description is made anew each time.)"""
    return result is not None and result.nfields > 0


_MARKED: Final[dict[str, bytes]] = {}


def _marked(text: str, values: Sequence[Any]) -> tuple[bytes, Sequence[Any] | None]:
    """A statement with the server's marks, `$1` and so on, in place of each `?`; as it stands when it has no values."""
    if not values:
        return text.encode(), None
    found = _MARKED.get(text)
    if found is None:
        first, *rest = text.split("?")
        marked = "".join([first, *(f"${number}{part}" for number, part in enumerate(rest, start=1))])
        found = _MARKED[text] = marked.encode()
    return found, values
