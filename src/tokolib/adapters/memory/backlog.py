"""What a partition in memory has still to send, has sent, and could not send."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

import attrs

from tokolib.adapters.memory.journal import Journal, take_out
from tokolib.kernel.rows import Claimed, DeadLetter, StoredEvent
from tokolib.kernel.storage_errors import AlreadyExists

Place = tuple[str, int, str]
"""A place in the outbox: stream, sequence number, event id."""


class Parcel(NamedTuple):
    """One row of the outbox; `due` is when it may be claimed, which a claim moves to the end of its lease."""

    event: StoredEvent
    due: datetime
    done: datetime | None = None
    buried: datetime | None = None
    tries: int = 0
    error: str = ""

    @property
    def waits(self) -> bool:
        """Whether it is neither done nor a dead letter."""
        return self.done is None and self.buried is None


@attrs.define(eq=False)
class Backlog:
    """The rows of an outbox, in the orders that it is asked by.

    A claim looks at the streams whose first event is due, and at nothing else: `ready` has each stream once, by the
    moment of its first event; not the streams that wait behind a dead letter, nor those with nothing to send.
    """

    parcels: dict[str, Parcel] = attrs.Factory(dict)
    streams: dict[str, list[tuple[int, str]]] = attrs.Factory(dict)
    """What isn't done, by stream, in order: the dead letters too, for the others wait behind them."""
    ready: list[tuple[datetime, str]] = attrs.Factory(list)
    dead: list[Place] = attrs.Factory(list)
    sent: list[tuple[datetime, Place]] = attrs.Factory(list)
    """What is done, by when."""
    purged: set[str] = attrs.Factory(set)
    """The ids of events that are forgotten here, but not in their histories: they stay taken."""

    def append(self, stream: str, events: Sequence[StoredEvent], journal: Journal) -> None:
        """New events, behind all of their stream.

        Raises:
            AlreadyExists: an id is taken; the caller undoes the journal.
        """
        waiting = self.streams.setdefault(stream, [])
        if not waiting:
            journal.place(self.ready, (events[0].at, stream))
        journal.extend(waiting, [(event.seq, event.id) for event in events])
        for event in events:
            if event.id in self.parcels or event.id in self.purged:
                raise AlreadyExists("history", event.id, "id")
            journal.put(self.parcels, event.id, Parcel(event, event.at))

    def claim(self, now: datetime, until: datetime, limit: int) -> list[Claimed]:
        """At most *limit* events that are due, those that wait for longest first, leased to *until*."""
        claimed: list[Claimed] = []
        due = bisect_right(self.ready, now, key=itemgetter(0))
        for _, stream in self.ready[: min(limit, due)]:
            found = self._first_due(stream, now, limit - len(claimed))
            if not found:
                break
            with self._moving(stream):
                for parcel in found:
                    self.parcels[parcel.event.id] = parcel._replace(due=until)
            claimed += [Claimed(parcel.event, parcel.tries) for parcel in found]
        return claimed

    def done(self, id: str, now: datetime) -> None:
        """An event is delivered, or a dead letter laid to rest."""
        parcel = self.parcels.get(id)
        if parcel is not None and parcel.done is None:
            place = place_of(parcel.event)
            with self._moving(place[0]):
                take_out(self.streams[place[0]], place[1:])
                self.parcels[id] = parcel._replace(done=now, buried=None)
            if parcel.buried is not None:
                take_out(self.dead, place)
            insort(self.sent, (now, place))

    def retry(self, id: str, due: datetime, error: str) -> None:
        """An event waits for its next try."""
        parcel = self.parcels.get(id)
        if parcel is not None and parcel.waits:
            with self._moving(parcel.event.stream):
                self.parcels[id] = parcel._replace(due=due, tries=parcel.tries + 1, error=error)

    def bury(self, id: str, now: datetime, error: str) -> None:
        """An event becomes a dead letter; one that is stays as it was."""
        parcel = self.parcels.get(id)
        if parcel is not None and parcel.waits:
            with self._moving(parcel.event.stream):
                self.parcels[id] = parcel._replace(buried=now, tries=parcel.tries + 1, error=error)
            insort(self.dead, place_of(parcel.event))

    def revive(self, id: str, now: datetime) -> bool:
        """A dead letter waits again; whether it was one."""
        parcel = self.parcels.get(id)
        if parcel is None or parcel.buried is None:
            return False
        with self._moving(parcel.event.stream):
            self.parcels[id] = Parcel(parcel.event, now)
        take_out(self.dead, place_of(parcel.event))
        return True

    def replay(self, since: datetime, until: datetime, now: datetime) -> int:
        """What was done in [since, until) waits again, at its place in its stream; how many there were."""
        first, end = self._sent_before(since), self._sent_before(until)
        again = [place for _, place in self.sent[first:end]]
        del self.sent[first:end]
        for stream, seq, id in again:
            with self._moving(stream):
                insort(self.streams.setdefault(stream, []), (seq, id))
                self.parcels[id] = Parcel(self.parcels[id].event, now)
        return len(again)

    def purge(self, before: datetime) -> int:
        """Forget what was done before a moment; how many there were."""
        end = self._sent_before(before)
        for _, (_, _, id) in self.sent[:end]:
            del self.parcels[id]
            self.purged.add(id)
        del self.sent[:end]
        return end

    def letters(self, after: Place | None, limit: int) -> list[DeadLetter]:
        """At most *limit* dead letters behind a place."""
        start = 0 if after is None else bisect_right(self.dead, after)
        parcels = [self.parcels[id] for _, _, id in self.dead[start : start + limit]]
        return [DeadLetter(each.event, each.tries, each.error, each.buried) for each in parcels if each.buried]

    def _first_due(self, stream: str, now: datetime, limit: int) -> list[Parcel]:
        """The events of a stream up to the first one that has to wait."""
        found: list[Parcel] = []
        for _, id in self.streams[stream][:limit]:
            parcel = self.parcels[id]
            if parcel.due > now or not parcel.waits:
                break
            found.append(parcel)
        return found

    def _sent_before(self, instant: datetime) -> int:
        return bisect_left(self.sent, (instant, ("", 0, "")))

    @contextmanager
    def _moving(self, stream: str) -> Iterator[None]:
        """Keep the place of a stream in `ready` while its events change; an empty one is forgotten."""
        before = self._due(stream)
        yield
        after = self._due(stream)
        if before != after:
            if before is not None:
                take_out(self.ready, (before, stream))
            if after is not None:
                insort(self.ready, (after, stream))
        if not self.streams[stream]:
            del self.streams[stream]

    def _due(self, stream: str) -> datetime | None:
        """When the first event of a stream may be claimed; never while it is a dead letter."""
        waiting = self.streams.get(stream)
        first = self.parcels[waiting[0][1]] if waiting else None
        return first.due if first is not None and first.waits else None


def place_of(event: StoredEvent) -> Place:
    """Where an event stands in the outbox."""
    return event.stream, event.seq, event.id
