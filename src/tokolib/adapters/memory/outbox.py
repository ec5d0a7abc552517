"""The outbox in memory."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from tokolib.adapters.memory.backlog import place_of
from tokolib.adapters.memory.tables import Tables
from tokolib.adapters.units.cursors import PLACES, from_cursor, to_cursor
from tokolib.adapters.units.fitting import text
from tokolib.adapters.units.instants import after_lease
from tokolib.adapters.units.ranges import positive
from tokolib.kernel.clock import aware
from tokolib.kernel.rows import Claimed, DeadLetter, Kind, Page


class MemoryOutbox:
    """Works under the storage's lock; each call is a change of its own."""

    def __init__(self, turn: Callable[[], AbstractContextManager[Tables]]) -> None:
        self._turn = turn

    def claim(self, *, now: datetime, lease: timedelta, limit: int = 100) -> Sequence[Claimed]:
        """Events that are due; none whose stream waits for an earlier one."""
        at, most = aware(now, "now"), positive(limit)
        until = after_lease(at, lease)
        with self._turn() as tables:
            return tables.outbox.claim(at, until, most)

    def done(self, ids: Sequence[str], *, now: datetime) -> None:
        """Mark events as delivered."""
        at = aware(now, "now")
        with self._turn() as tables:
            for id in ids:
                tables.outbox.done(id, at)

    def retry(self, id: str, *, at: datetime, error: str) -> None:
        """Give an event back until a moment."""
        due, reason = aware(at, "at"), text(error, "error")
        with self._turn() as tables:
            tables.outbox.retry(id, due, reason)

    def bury(self, id: str, *, now: datetime, error: str) -> None:
        """Give an event up."""
        at, reason = aware(now, "now"), text(error, "error")
        with self._turn() as tables:
            tables.outbox.bury(id, at, reason)

    def dead(self, *, after: str | None = None, limit: int = 100) -> Page[DeadLetter]:
        """One page of the dead letters."""
        most, behind = positive(limit), None
        if after is not None:
            stream, seq, id = from_cursor(after, PLACES[Kind.OUTBOX])
            behind = str(stream), int(seq or 0), str(id)
        with self._turn() as tables:
            found = tables.outbox.letters(behind, most + 1)
        cursor = to_cursor(place_of(found[most - 1].event)) if len(found) > most else None
        return Page(tuple(found[:most]), cursor)

    def revive(self, ids: Sequence[str], *, now: datetime) -> int:
        """Let dead letters go out again."""
        at = aware(now, "now")
        with self._turn() as tables:
            return sum([tables.outbox.revive(id, at) for id in ids])

    def replay(self, *, since: datetime, until: datetime, now: datetime) -> int:
        """Let events go out again that were done in [since, until)."""
        first, end, at = aware(since, "since"), aware(until, "until"), aware(now, "now")
        with self._turn() as tables:
            return tables.outbox.replay(first, end, at)

    def purge(self, *, before: datetime) -> int:
        """Forget what was done before a moment."""
        end = aware(before, "before")
        with self._turn() as tables:
            return tables.outbox.purge(end)
