"""Sends statements over one connection: rows come back, effects come back, driver errors do not."""

import sqlite3
from collections.abc import Sequence
from typing import Any, Protocol

from tokolib.adapters.sql.session import Query, Step, refuse_missed
from tokolib.adapters.sqlite.counting import Counted
from tokolib.adapters.sqlite.translation import REFUSABLE, translating


class Transaction(Protocol):
    """Where the statements go, and how it ends."""

    connection: sqlite3.Connection

    def check(self) -> None:
        """Refuse other threads, and a process that was forked off."""
        ...

    def commit(self) -> None:
        """End it so that it lasts."""
        ...

    def rollback(self) -> None:
        """End it without a trace."""
        ...


class SqliteSession:
    """One transaction, for one partition. Nothing here ever waits, though it reads as if it might."""

    def __init__(self, transaction: Transaction, partition: str) -> None:
        self.partition = partition
        self._transaction = transaction
        self._cursor = transaction.connection.cursor()
        self._cursor.row_factory = None  # whatever the host makes of its own rows

    def check(self) -> None:
        """Refuse other threads, and a process that was forked off."""
        self._transaction.check()

    async def answers(self, *queries: Query) -> list[list[Any]]:
        """The rows that each query finds."""
        with translating():
            return [self._cursor.execute(text, values).fetchall() for text, values in queries]

    async def send(self, steps: Sequence[Step]) -> list[Sequence[int]]:
        """Make changes, one row after the other."""
        effects = []
        for step in steps:
            hit = self._sent(step)
            refuse_missed([step], [hit])
            effects.append(hit)
        return effects

    def _sent(self, step: Step) -> Sequence[int]:
        text, rows = step.change.text, Counted(step, self._transaction.connection)
        try:
            if len(step.rows) == 1:
                return range(1) if self._cursor.execute(text, step.rows[0]).rowcount > 0 else ()
            if self._cursor.executemany(text, rows).rowcount == len(step.rows):
                return range(len(step.rows))
        except REFUSABLE as error:
            raise rows.refused(error) from error
        return rows.that_took_effect()

    async def run(self, text: str) -> None:
        """A statement without values."""
        with translating():
            self._cursor.execute(text)

    async def commit(self) -> None:
        """End the transaction so that it lasts."""
        self._cursor.close()  # a unit is a cycle: an open cursor would keep the file open until it is collected
        self._transaction.commit()

    async def rollback(self) -> None:
        """End the transaction without a trace."""
        self._cursor.close()
        self._transaction.rollback()
