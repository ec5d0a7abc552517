"""The outbox in memory."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import attrs

from tokolib.adapters.instants import after_lease
from tokolib.adapters.memory.tables import Tables
from tokolib.adapters.ranges import positive
from tokolib.kernel.clock import aware
from tokolib.kernel.rows import Claimed


class MemoryOutbox:
    """Claims under the storage's lock; each call is a change of its own."""

    def __init__(self, turn: Callable[[], AbstractContextManager[Tables]]) -> None:
        self._turn = turn

    def claim(self, *, now: datetime, lease: timedelta, limit: int = 100) -> Sequence[Claimed]:
        """Events that are due; none whose stream waits for an earlier one."""
        at, most = aware(now, "now"), positive(limit)
        until = after_lease(at, lease)
        claimed: list[Claimed] = []
        waiting: set[str] = set()
        with self._turn() as tables:
            for stream, _, id in tables.pending:
                parcel = tables.outbox[id]
                if parcel.due > at or stream in waiting:
                    waiting.add(stream)
                    continue
                tables.outbox[id] = attrs.evolve(parcel, due=until)
                claimed.append(Claimed(parcel.event, parcel.tries))
                if len(claimed) == most:
                    break
        return claimed

    def done(self, ids: Sequence[str], *, now: datetime) -> None:
        """Mark events as delivered."""
        at = aware(now, "now")
        with self._turn() as tables:
            for id in ids:
                parcel = tables.outbox.get(id)
                if parcel is not None and parcel.done is None:
                    tables.outbox[id] = attrs.evolve(parcel, done=at)
                    tables.pending.remove((parcel.event.stream, parcel.event.seq, id))

    def retry(self, id: str, *, at: datetime, error: str) -> None:
        """Give an event back until a moment."""
        due = aware(at, "at")
        with self._turn() as tables:
            parcel = tables.outbox.get(id)
            if parcel is not None and parcel.done is None:
                tables.outbox[id] = attrs.evolve(parcel, due=due, tries=parcel.tries + 1, error=error)
