"""The outbox over an ordered map; each call is a transaction of its own."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import attrs

from tokolib.adapters.keyed.forms import event_at
from tokolib.adapters.keyed.packing import END, Part, number, pack, words
from tokolib.adapters.keyed.reading import behind, page
from tokolib.adapters.keyed.rows import Place, Rows, Shelf
from tokolib.adapters.units.cursors import PLACES, from_cursor
from tokolib.adapters.units.fitting import text
from tokolib.adapters.units.instants import after_lease, from_micros, to_micros
from tokolib.adapters.units.ranges import positive
from tokolib.kernel.rows import Claimed, DeadLetter, Kind, Page


@attrs.frozen
class Parcel:
    """One row of the outbox. Instants are microseconds; `due` is when it may be claimed."""

    stream: str
    seq: int
    id: str
    due: int
    done: int | None = None
    buried: int | None = None
    tries: int = 0
    error: str = ""

    def lies_in(self) -> list[Place]:
        """The places that lead to it: what is not done, the dead letters, what is done by its moment."""
        name: Place = (self.stream, self.seq, self.id)
        return [
            *([("open", *name)] if self.done is None else [("done", self.done, *name)]),
            *([("dead", *name)] if self.buried is not None else []),
        ]


class KeyedOutbox:
    """Events on their way out of one partition. *begin* opens a transaction of an adapter's `Rows`."""

    def __init__(self, partition: str, begin: Callable[[], Rows]) -> None:
        self._partition = partition
        self._begin = begin

    def claim(self, *, now: datetime, lease: timedelta, limit: int = 100) -> Sequence[Claimed]:
        """Events that are due; none whose stream waits for an earlier one."""
        at, until, most = to_micros(now, "now"), to_micros(after_lease(now, lease), "now"), positive(limit)
        with self._turn() as shelf:
            found = _due(shelf, at, most)
            for parcel in found:
                _move(shelf, parcel, attrs.evolve(parcel, due=until))
            return [Claimed(event_at(shelf, parcel.stream, parcel.seq), parcel.tries) for parcel in found]

    def done(self, ids: Sequence[str], *, now: datetime) -> None:
        """Mark events as delivered."""
        at = to_micros(now, "now")
        with self._turn() as shelf:
            for id in ids:
                if (parcel := _by_id(shelf, id)) is not None and parcel.done is None:
                    _move(shelf, parcel, attrs.evolve(parcel, done=at, buried=None))

    def retry(self, id: str, *, at: datetime, error: str) -> None:
        """Give an event back until a moment."""
        due, reason = to_micros(at, "at"), text(error, "error")
        with self._turn() as shelf:
            if (parcel := _waiting(shelf, id)) is not None:
                _move(shelf, parcel, attrs.evolve(parcel, due=due, tries=parcel.tries + 1, error=reason))

    def bury(self, id: str, *, now: datetime, error: str) -> None:
        """Give an event up."""
        at, reason = to_micros(now, "now"), text(error, "error")
        with self._turn() as shelf:
            if (parcel := _waiting(shelf, id)) is not None:
                _move(shelf, parcel, attrs.evolve(parcel, buried=at, tries=parcel.tries + 1, error=reason))

    def dead(self, *, after: str | None = None, limit: int = 100) -> Page[DeadLetter]:
        """One page of the dead letters."""
        most = positive(limit)
        low = b"" if after is None else behind(from_cursor(after, PLACES[Kind.OUTBOX]))
        with self._turn() as shelf:
            letters = (_at(shelf, place) for place, _ in shelf.walk("dead", low=low))
            return page((((each.stream, each.seq, each.id), _letter(shelf, each)) for each in letters), most)

    def revive(self, ids: Sequence[str], *, now: datetime) -> int:
        """Let dead letters go out again."""
        at = to_micros(now, "now")
        with self._turn() as shelf:
            found = [_by_id(shelf, id) for id in dict.fromkeys(ids)]
            letters = [parcel for parcel in found if parcel is not None and parcel.buried is not None]
            for parcel in letters:
                _move(shelf, parcel, Parcel(parcel.stream, parcel.seq, parcel.id, at))
        return len(letters)

    def replay(self, *, since: datetime, until: datetime, now: datetime) -> int:
        """Let events go out again that were done in [since, until)."""
        first, end, at = to_micros(since, "since"), to_micros(until, "until"), to_micros(now, "now")
        with self._turn() as shelf:
            found = _done_within(shelf, pack((first,)), pack((end,)))
            for parcel in found:
                _move(shelf, parcel, Parcel(parcel.stream, parcel.seq, parcel.id, at))
        return len(found)

    def purge(self, *, before: datetime) -> int:
        """Forget what was done before a moment."""
        end = to_micros(before, "before")
        with self._turn() as shelf:
            found = _done_within(shelf, b"", pack((end,)))
            for parcel in found:
                _move(shelf, parcel, None)
        return len(found)

    @contextmanager
    def _turn(self) -> Iterator[Shelf]:
        """The partition in a transaction, committed at the end, rolled back after an error."""
        rows = self._begin()
        try:
            yield Shelf(rows, self._partition)
            rows.commit()
        except BaseException:
            rows.rollback()
            raise


def _due(shelf: Shelf, now: int, limit: int) -> list[Parcel]:
    """Events in the order of their streams; what waits holds back the rest of its stream, and no other."""
    found: list[Parcel] = []
    low = b""
    while True:
        for place, _ in shelf.walk("open", low=low):
            parcel = _at(shelf, place)
            if parcel.due > now or parcel.buried is not None:
                low = pack((parcel.stream,)) + END
                break
            found.append(parcel)
            if len(found) == limit:
                return found
        else:
            return found


def _move(shelf: Shelf, before: Parcel, after: Parcel | None) -> None:
    """Put a parcel into another state, or out of the outbox."""
    for place in before.lies_in():
        shelf.drop(*place)
    name: Place = ("outbox", before.stream, before.seq, before.id)
    if after is None:
        shelf.drop(*name)
        return
    for place in after.lies_in():
        shelf.put(place)
    shelf.put(name, after.due, after.done, after.buried, after.tries, after.error)


def _at(shelf: Shelf, place: Place) -> Parcel:
    """The parcel of a place that leads to it."""
    due, done, buried, tries, error = shelf.get("outbox", *place) or ()
    stream, seq, id = place
    state = (number(due), _moment(done), _moment(buried), number(tries), words(error))
    return Parcel(words(stream), number(seq), words(id), *state)


def _moment(part: Part) -> int | None:
    return None if part is None else number(part)


def _by_id(shelf: Shelf, id: str) -> Parcel | None:
    """The parcel of an event, unless it is unknown or purged."""
    found = shelf.get("event_id", text(id, "id"))
    if found is None or shelf.get("outbox", *found, id) is None:
        return None
    return _at(shelf, (*found, id))


def _waiting(shelf: Shelf, id: str) -> Parcel | None:
    """The same, unless it is done or a dead letter."""
    parcel = _by_id(shelf, id)
    return parcel if parcel is not None and parcel.done is None and parcel.buried is None else None


def _done_within(shelf: Shelf, low: bytes, high: bytes) -> list[Parcel]:
    return [_at(shelf, place[1:]) for place, _ in shelf.walk("done", low=low, high=high)]


def _letter(shelf: Shelf, parcel: Parcel) -> DeadLetter:
    event = event_at(shelf, parcel.stream, parcel.seq)
    return DeadLetter(event, parcel.tries, parcel.error, from_micros(parcel.buried or 0))
