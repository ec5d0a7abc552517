"""One transaction on one connection, begun with the first trip; or a savepoint in the host's."""

import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, Protocol

import psycopg
from psycopg.pq import TransactionStatus

from tokolib.adapters.postgres.combining import Combiner, effects
from tokolib.adapters.postgres.translation import WAYS_OUT, WAYS_OUT_INSIDE, commit_error, refused, translated
from tokolib.adapters.postgres.wire import NOTHING, Statement, Wire
from tokolib.adapters.sql.session import Query, Step, refuse_missed
from tokolib.adapters.units.homes import here, must_be_home
from tokolib.kernel.storage_errors import ConnectionLost, Misuse

REFUSABLE: Final = (psycopg.Error, UnicodeError, OverflowError)
SAVEPOINT: Final[Statement] = ("SAVEPOINT tokolib_unit", NOTHING)
RELEASE: Final[Statement] = ("RELEASE SAVEPOINT tokolib_unit", NOTHING)
UNDO: Final[Statement] = ("ROLLBACK TO SAVEPOINT tokolib_unit", NOTHING)


class Transaction(Protocol):
    """How a transaction begins and ends: whole statements, to go along with others."""

    opening: Sequence[Statement]
    ways_out: Mapping[str, str]
    """What to do about errors in it, by SQLSTATE."""

    async def commit(self, wire: Wire) -> None:
        """End it so that it lasts."""
        ...

    async def rollback(self, wire: Wire) -> None:
        """End it without a trace."""
        ...


class PostgresSession:
    """Questions and changes of one partition in one transaction."""

    def __init__(
        self,
        wire: Wire,
        partition: str,
        transaction: Transaction,
        combiner: Combiner,
        end: Callable[[], Awaitable[None]],
    ) -> None:
        self.partition = partition
        self._wire = wire
        self._transaction = transaction
        self._combiner = combiner
        self._end = end
        self._home = here()
        self._begun = False

    def check(self) -> None:
        """Refuse other threads, and a process that was forked off."""
        must_be_home(self._home)

    async def answers(self, *queries: Query) -> list[list[Any]]:
        """The rows that each query finds."""
        try:
            return await self._trip(queries)
        except REFUSABLE as error:
            raise translated(error, self._transaction.ways_out) from error

    async def send(self, steps: Sequence[Step]) -> list[Sequence[int]]:
        """Make changes, all in one statement."""
        if not steps:
            return []
        try:
            [[answers]] = await self._trip([self._combiner.statement(steps)])
        except REFUSABLE as error:
            raise refused(error, steps, self._transaction.ways_out) from error
        found = effects(steps, answers)
        refuse_missed(steps, found)
        return found

    async def run(self, text: str) -> None:
        """A statement without values."""
        await self.answers((text, NOTHING))

    async def _trip(self, statements: Sequence[Statement]) -> list[list[Any]]:
        if self._begun:
            return await self._wire.trip(statements)
        self._begun = True
        opening = self._transaction.opening
        return (await self._wire.trip([*opening, *statements]))[len(opening) :]

    async def commit(self) -> None:
        """End the transaction so that it lasts, and give the connection back."""
        try:
            if self._begun:
                await self._transaction.commit(self._wire)
        finally:
            await self._end()

    async def rollback(self) -> None:
        """End the transaction without a trace, and give the connection back; a forked process leaves it alone."""
        if os.getpid() != self._home[0]:
            return
        try:
            if self._begun:
                await self._transaction.rollback(self._wire)
        finally:
            await self._end()


class OwnTransaction:
    """From BEGIN to COMMIT."""

    ways_out = WAYS_OUT

    def __init__(self, begin: str) -> None:
        self.opening: Sequence[Statement] = [(begin, NOTHING)]

    async def commit(self, wire: Wire) -> None:
        """COMMIT; when its answer is lost, nobody knows."""
        if wire.connection.closed:
            raise ConnectionLost("it was gone before the commit")
        if wire.connection.info.transaction_status is TransactionStatus.INERROR:
            await self.rollback(wire)  # as COMMIT would do here, without a word
            raise Misuse("this unit of work has failed before, and was rolled back")
        try:
            await wire.trip([("COMMIT", NOTHING)])
        except psycopg.Error as error:
            raise commit_error(error) from error

    async def rollback(self, wire: Wire) -> None:
        """ROLLBACK; a connection that is lost has rolled back by itself."""
        if not wire.connection.closed and wire.connection.info.transaction_status is not TransactionStatus.IDLE:
            try:
                await wire.trip([("ROLLBACK", NOTHING)])
            except psycopg.Error:
                return


class Savepoint:
    """Inside the transaction that the host has open: ours ends, and what lasts is the host's to say."""

    opening: Sequence[Statement] = [SAVEPOINT]
    ways_out = WAYS_OUT_INSIDE

    async def commit(self, wire: Wire) -> None:
        """Let what was done become part of the host's transaction."""
        if wire.connection.info.transaction_status is not TransactionStatus.INTRANS:
            raise Misuse("the host has ended its transaction before the unit of work inside it")
        try:
            await wire.trip([RELEASE])
        except psycopg.Error as error:
            raise translated(error) from error

    async def rollback(self, wire: Wire) -> None:
        """Take back what was done; the host's transaction goes on as it was before."""
        if wire.connection.closed or wire.connection.info.transaction_status is TransactionStatus.IDLE:
            return
        try:
            await wire.trip([UNDO, RELEASE])
        except psycopg.Error as error:
            raise translated(error) from error
