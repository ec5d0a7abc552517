"""The half of a unit of work that every adapter shares: writes are checked, recorded, and sent together."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain
from operator import attrgetter
from typing import Final, TypeVar

import attrs

from tokolib.adapters.units.fitting import integer, keepable, text
from tokolib.adapters.units.shapes import Shapes, fact_rows, shape_of
from tokolib.adapters.units.writes import (
    Adjust,
    Append,
    Batch,
    Count,
    DocWrite,
    Hold,
    Keep,
    KeyWrite,
    Op,
    Post,
    Release,
    Take,
)
from tokolib.kernel.clock import aware
from tokolib.kernel.rows import LARGEST_INTEGER, Collection, Demand, Entry, Facts, Row, StoredEvent
from tokolib.kernel.storage_errors import Misuse

CLOSED: Final = "this unit of work is closed: it was committed, rolled back or refused"
READ_ONLY: Final = "this unit of work was begun read-only"

Dated = TypeVar("Dated", StoredEvent, Entry)


def _in_utc(rows: Sequence[Dated]) -> tuple[Dated, ...]:
    """*rows* with their instants in UTC.

    Raises:
        NaiveDatetime: an instant has no zone.
    """
    return tuple([row if row.at.tzinfo is UTC else attrs.evolve(row, at=aware(row.at, "at")) for row in rows])


def _check_texts(owner: str, rows: Sequence[object], *names: str) -> None:
    """Pass for *rows* whose attributes of those *names* are text that every backend can keep.

    Raises:
        Misuse: saying which isn't.
    """
    if not keepable(chain.from_iterable(map(attrgetter(*names), rows))):
        for row in rows:
            for name in names:
                text(getattr(row, name), f"{owner}.{name}")


class RecordingUnit:
    """Records writes for an adapter, which sends `_batch` and calls `_end` when the unit is over."""

    def __init__(self, shapes: Shapes, *, max_body: int, read_only: bool) -> None:
        self._shapes = shapes
        self._max_body = max_body
        self._read_only = read_only
        self._closed = False
        self._batch = Batch()

    @property
    def closed(self) -> bool:
        """Whether the unit is over: committed, rolled back or refused."""
        return self._closed

    def _must_be_open(self) -> None:
        if self._closed:
            raise Misuse(CLOSED)

    def _writing(self) -> Batch:
        if self._closed:
            raise Misuse(CLOSED)
        if self._read_only:
            raise Misuse(READ_ONLY)
        return self._batch

    def _recorded(self) -> Batch:
        """What is to be sent now; the unit starts a new batch."""
        batch, self._batch = self._batch, Batch()
        return batch

    def insert(self, collection: Collection, id: str, body: bytes, columns: Row, facts: Facts | None = None) -> None:
        """Record a new document."""
        self._document(Op.INSERT, collection, id, body, columns, facts if facts is not None else {}, 0)

    def replace(
        self,
        collection: Collection,
        id: str,
        body: bytes,
        columns: Row,
        *,
        expected: int,
        facts: Facts | None = None,
    ) -> None:
        """Record a new body of a document."""
        self._document(Op.REPLACE, collection, id, body, columns, facts, expected)

    def _document(
        self, op: Op, collection: Collection, id: str, body: bytes, columns: Row, facts: Facts | None, expected: int
    ) -> None:
        batch = self._writing()
        shape = shape_of(self._shapes, collection)
        if type(body) is not bytes:
            raise Misuse(f"the body of {collection.name} {id} must be bytes, not {type(body).__name__}")
        if len(body) > self._max_body:
            raise Misuse(f"the body of {collection.name} {id} has {len(body)} bytes; {self._max_body} is the most")
        batch.documents.append(
            DocWrite(
                op,
                shape,
                text(id, "id"),
                body,
                shape.fit.values(columns),
                fact_rows(shape, facts),
                integer(expected, "expected"),
            )
        )

    def delete(self, collection: Collection, id: str, *, expected: int) -> None:
        """Record the removal of a document."""
        batch = self._writing()
        shape = shape_of(self._shapes, collection)
        nothing = fact_rows(shape, {})
        batch.documents.append(
            DocWrite(Op.DELETE, shape, text(id, "id"), b"", (), nothing, integer(expected, "expected"))
        )

    def append(self, stream: str, events: Sequence[StoredEvent], *, expected: int) -> None:
        """Record events of a history."""
        batch = self._writing()
        text(stream, "stream")
        for seq, event in enumerate(events, integer(expected, "expected") + 1):
            if event.stream != stream or event.seq != seq:
                raise Misuse(f"event {event.id} is {event.stream} {event.seq}; {stream} {seq} comes next")
            if type(event.payload) is not bytes:
                raise Misuse(f"the payload of event {event.id} must be bytes, not {type(event.payload).__name__}")
        _check_texts("event", events, "id", "topic")
        if events:
            batch.appends.append(Append(stream, _in_utc(events), expected))

    def post(self, name: str, entries: Sequence[Entry]) -> None:
        """Record entries of a ledger."""
        batch = self._writing()
        text(name, "ledger")
        _check_texts("entry", entries, "id", "batch", "account", "unit", "kind", "refers_to")
        for entry in entries:
            integer(entry.amount, "entry.amount")
        if entries:
            batch.posts.append(Post(name, _in_utc(entries)))

    def count(self, name: str, delta: int, *, floor: int | None = 0, ceiling: int | None = None) -> None:
        """Record a change of a counter."""
        batch = self._writing()
        integer(delta, "delta")
        low = -LARGEST_INTEGER if floor is None else integer(floor, "floor")
        high = LARGEST_INTEGER if ceiling is None else integer(ceiling, "ceiling")
        lowest, highest = max(low - delta, -LARGEST_INTEGER), min(high - delta, LARGEST_INTEGER)
        batch.counts.append(Count(text(name, "counter"), delta, floor, ceiling, lowest, highest))

    def hold(self, demands: Sequence[Demand], *, until: datetime | None, now: datetime) -> None:
        """Record demands."""
        batch = self._writing()
        now = aware(now, "now")
        end = None if until is None else aware(until, "until")
        if end is not None and end <= now:
            raise Misuse(f"a lease until {end} has run out at {now}")
        _check_texts("demand", demands, "hold_id", "resource", "owner")
        for demand in demands:
            if integer(demand.quantity, "demand.quantity") < 1:
                raise Misuse(f"hold {demand.hold_id} of {demand.quantity}: hold at least one step")
            if integer(demand.leave, "demand.leave") < 0:
                raise Misuse(f"hold {demand.hold_id} leaving {demand.leave}: leave none, or more")
        batch.stock += [Hold(demand, end, now) for demand in demands]

    def keep(self, holds: Sequence[str], *, now: datetime) -> None:
        """Record the end of leases."""
        batch, at = self._writing(), aware(now, "now")
        batch.stock += [Keep(text(id, "hold"), at) for id in holds]

    def take(self, holds: Sequence[str], *, now: datetime) -> None:
        """Record that goods leave."""
        batch, at = self._writing(), aware(now, "now")
        batch.stock += [Take(text(id, "hold"), at) for id in holds]

    def release(self, holds: Sequence[str]) -> None:
        """Record that holds are given back."""
        batch = self._writing()
        batch.stock += [Release(text(id, "hold")) for id in holds]

    def adjust(self, resource: str, delta: int) -> None:
        """Record a change of on hand."""
        self._writing().stock.append(Adjust(text(resource, "resource"), integer(delta, "delta")))

    def remember(self, scope: str, key: str, fingerprint: str, result: bytes) -> None:
        """Record what a key answers."""
        batch = self._writing()
        if type(result) is not bytes:
            raise Misuse(f"the result of a key must be bytes, not {type(result).__name__}")
        text(fingerprint, "fingerprint")
        batch.keys.append(KeyWrite(text(scope, "scope"), text(key, "key"), fingerprint, result))
