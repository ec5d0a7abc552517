"""The outbox in a database; each call is a transaction of its own, or several where many rows are changed.

Claimers of a partition take turns on one row, so that none leases an event while another leases the one before it.
"""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from tokolib.adapters.sql.changes import Change
from tokolib.adapters.sql.rows import event_from
from tokolib.adapters.sql.session import Query, Session, Step, rows
from tokolib.adapters.sql.statements import OutboxStatements
from tokolib.adapters.units.cursors import PLACES, from_cursor, to_cursor
from tokolib.adapters.units.fitting import text
from tokolib.adapters.units.instants import after_lease, from_micros, to_micros
from tokolib.adapters.units.ranges import positive
from tokolib.kernel.rows import LARGEST_INTEGER, Claimed, DeadLetter, Kind, Page

PORTION: Final = 1_000
"""Rows that one transaction of `replay` and `purge` changes."""


class Turn(Protocol):
    """Opens a transaction of our own: committed at the end, rolled back after an error."""

    def __call__(self, *, writes: bool) -> AbstractAsyncContextManager[Session]: ...


class SqlOutbox:
    """Events on their way out of one partition."""

    def __init__(self, turn: Turn, statements: OutboxStatements) -> None:
        self._turn = turn
        self._text = statements

    async def claim(self, *, now: datetime, lease: timedelta, limit: int = 100) -> Sequence[Claimed]:
        """Events that are due; none whose stream waits for an earlier one."""
        at, until, most = to_micros(now, "now"), to_micros(after_lease(now, lease), "now"), positive(limit)
        async with self._turn(writes=False) as session:  # an idle relay locks nothing
            if not await rows(session, self._text.claimable, (session.partition, at, at, 1)):
                return []
        async with self._turn(writes=True) as session:
            await self._take_turn(session)
            found = await rows(session, self._text.claimable, (session.partition, at, at, most))
            if found:
                leases = [(session.partition, row[0], until) for row in found]
                await session.send([Step(self._text.lease, leases)])
        return [Claimed(event_from(row), row[6]) for row in found]

    async def _take_turn(self, session: Session) -> None:
        step = Step(self._text.turn, [(session.partition,)])
        if not (await session.send([step]))[0]:
            await session.send([Step(self._text.first_turn, [(session.partition, 1)])])
            await session.send([step])

    async def done(self, ids: Sequence[str], *, now: datetime) -> None:
        """Mark events as delivered."""
        at = to_micros(now, "now")
        await self._change(self._text.done, [(id, at) for id in dict.fromkeys(ids)])

    async def retry(self, id: str, *, at: datetime, error: str) -> None:
        """Give an event back until a moment."""
        await self._change(self._text.retry, [(id, to_micros(at, "at"), text(error, "error"))])

    async def bury(self, id: str, *, now: datetime, error: str) -> None:
        """Give an event up as a dead letter."""
        row = (id, LARGEST_INTEGER, text(error, "error"), to_micros(now, "now"))
        await self._change(self._text.bury, [row])

    async def revive(self, ids: Sequence[str], *, now: datetime) -> int:
        """Let dead letters go out again."""
        at = to_micros(now, "now")
        return await self._change(self._text.revive, [(id, at) for id in dict.fromkeys(ids)])

    async def _change(self, change: Change, given: Sequence[tuple[Any, ...]]) -> int:
        if not given:
            return 0
        async with self._turn(writes=True) as session:
            effects = await session.send([Step(change, [(session.partition, *row) for row in given])])
        return len(effects[0])

    async def dead(self, *, after: str | None = None, limit: int = 100) -> Page[DeadLetter]:
        """The dead letters, by stream and sequence number."""
        most = positive(limit)
        place = () if after is None else from_cursor(after, PLACES[Kind.HISTORY])
        async with self._turn(writes=False) as session:
            query = self._text.dead_after if place else self._text.dead
            found = await rows(session, query, (session.partition, *place, most + 1))
        letters = [DeadLetter(event_from(row), row[6], row[7], from_micros(row[8])) for row in found[:most]]
        last = letters[-1].event if len(found) > most else None
        return Page(tuple(letters), None if last is None else to_cursor([last.stream, last.seq]))

    async def replay(self, *, since: datetime, until: datetime, now: datetime) -> int:
        """Let events go out again that were done in [since, until)."""
        at = to_micros(now, "now")
        return await self._in_portions(self._text.replay, to_micros(since, "since"), to_micros(until, "until"), (at,))

    async def purge(self, *, before: datetime) -> int:
        """Forget what was done before a moment."""
        return await self._in_portions(self._text.purge, -LARGEST_INTEGER, to_micros(before, "before"), ())

    async def _in_portions(self, change: Change, since: int, until: int, values: tuple[Any, ...]) -> int:
        """Change every row that was done in [since, until), a portion in each transaction, the latest first."""
        changed = 0
        while True:
            async with self._turn(writes=True) as session:
                query: Query = (self._text.done_within, (session.partition, since, until, PORTION))
                found = await rows(session, *query)
                if found:
                    step = Step(change, [(session.partition, row[0], *values) for row in found])
                    changed += len((await session.send([step]))[0])
            if len(found) < PORTION:
                return changed
