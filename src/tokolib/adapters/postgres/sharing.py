"""One transaction for units that follow each other, each a savepoint in it.

A unit's savepoint goes along with its first trip, and so does the end of the one before it: a unit that succeeds makes
no trip more than it would alone, and one fewer, for the commit is everybody's.
"""

from collections.abc import Awaitable, Callable, Sequence

import psycopg
from psycopg.pq import TransactionStatus

from tokolib.adapters.postgres.session import RELEASE, SAVEPOINT, UNDO, OwnTransaction, Transaction
from tokolib.adapters.postgres.translation import WAYS_OUT, translated
from tokolib.adapters.postgres.wire import Statement, Wire
from tokolib.adapters.sql.unit import SqlUnit
from tokolib.kernel.hosting import drive
from tokolib.kernel.storage_errors import ConnectionLost

MakeUnit = Callable[[Transaction, str], SqlUnit]


class SharedTransaction:
    """Begins with the first trip of its first unit."""

    def __init__(self, wire: Wire, begin: str, make_unit: MakeUnit, end: Callable[[], Awaitable[None]]) -> None:
        self._wire = wire
        self._own = OwnTransaction(begin)
        self._make_unit = make_unit
        self._end = end
        self.opening: Sequence[Statement] = [*self._own.opening, SAVEPOINT]
        """What must be said before the next unit's first statement."""
        self._begun = False
        self._spoilt = False

    def begin(self, partition: str) -> SqlUnit:
        """A unit of the calling thread."""
        return self._make_unit(Part(self), partition)

    def is_whole(self) -> bool:
        """Whether all that became part of it is still there: a COMMIT of what has failed would be a ROLLBACK."""
        if not self._begun:
            return not self._wire.connection.closed
        return not self._spoilt and self._wire.connection.info.transaction_status is TransactionStatus.INTRANS

    def joined(self) -> None:
        """Note that a unit's savepoint is to be released."""
        self._begun = True
        self.opening = [RELEASE, SAVEPOINT]

    async def undo(self) -> None:
        """Take back everything since the last savepoint."""
        self._begun = True
        self.opening = [SAVEPOINT]
        try:
            await self._wire.trip([UNDO, RELEASE])
        except psycopg.Error as error:
            self._spoilt = True
            raise translated(error) from error
        except BaseException:
            self._spoilt = True
            raise

    def commit(self) -> None:
        """Let all of it last."""
        drive(self._commit())

    async def _commit(self) -> None:
        try:
            if self._begun:
                await self._own.commit(self._wire)
        finally:
            await self._end()

    def rollback(self) -> None:
        """End it without a trace."""
        drive(self._rollback())

    async def _rollback(self) -> None:
        try:
            await self._own.rollback(self._wire)
        finally:
            await self._end()


class Part:
    """A savepoint in a shared transaction."""

    ways_out = WAYS_OUT

    def __init__(self, shared: SharedTransaction) -> None:
        self._shared = shared
        self.opening: Sequence[Statement] = shared.opening

    async def commit(self, wire: Wire) -> None:
        """Let what was done become part of the shared transaction; the next unit's first trip says so."""
        if wire.connection.info.transaction_status is not TransactionStatus.INTRANS:
            raise ConnectionLost("the transaction that this unit was part of has ended")
        self._shared.joined()

    async def rollback(self, wire: Wire) -> None:
        """Take back what was done since the savepoint."""
        if wire.connection.closed or wire.connection.info.transaction_status is TransactionStatus.IDLE:
            return
        await self._shared.undo()
