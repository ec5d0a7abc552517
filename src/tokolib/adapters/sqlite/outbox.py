"""The outbox in SQLite; each call is a transaction of its own."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from tokolib.adapters.instants import after_lease, to_micros
from tokolib.adapters.ranges import positive
from tokolib.adapters.sql.statements import Statements
from tokolib.adapters.sqlite.rows import event_from
from tokolib.adapters.sqlite.session import Session
from tokolib.kernel.rows import Claimed

Turn = Callable[..., AbstractContextManager[Session]]


class SqliteOutbox:
    """Claims under the write lock; looks without it first, so that an idle relay disturbs nobody."""

    def __init__(self, turn: Turn, statements: Statements) -> None:
        self._turn = turn
        self._text = statements

    def claim(self, *, now: datetime, lease: timedelta, limit: int = 100) -> Sequence[Claimed]:
        """Events that are due; none whose stream waits for an earlier one."""
        at, until, most = to_micros(now, "now"), to_micros(after_lease(now, lease), "now"), positive(limit)
        with self._turn(writes=False) as session:
            if session.row(self._text.claimable, (session.partition, at, at, 1)) is None:
                return []
        with self._turn(writes=True) as session:
            rows = session.rows(self._text.claimable, (session.partition, at, at, most))
            if rows:
                session.change_each(self._text.lease, [(until, session.partition, row[0]) for row in rows])
        return [Claimed(event_from(row), row[6]) for row in rows]

    def done(self, ids: Sequence[str], *, now: datetime) -> None:
        """Mark events as delivered."""
        at = to_micros(now, "now")
        if ids:
            with self._turn(writes=True) as session:
                session.change_each(self._text.done, [(at, session.partition, id) for id in ids])

    def retry(self, id: str, *, at: datetime, error: str) -> None:
        """Give an event back until a moment."""
        due = to_micros(at, "at")
        with self._turn(writes=True) as session:
            session.change(self._text.retry, (due, error, session.partition, id))
