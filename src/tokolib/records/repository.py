"""The one repository: documents and histories of a record, behind an identity map of one unit."""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

import attrs

from tokolib.kernel.errors import NotFound
from tokolib.kernel.events import Event, Recorded, stream_of
from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import Doc, Page, Scalar
from tokolib.kernel.storage_errors import Misuse
from tokolib.kernel.unit import Unit
from tokolib.records.record import Record, store_events

A = TypeVar("A")
Reader = Callable[[str, bytes], tuple[A, int]]
"""An aggregate, and how many events it has, from an id and a stored body."""


@attrs.define
class _Touched(Generic[A]):
    """An aggregate of this unit: what it is now, what is stored of it, and what happened since."""

    state: A
    stored: int
    """The document's version; 0 while it is new."""
    seq: int
    """Events in the stored history."""
    pending: list[Event]


class DocumentRepository(Generic[A]):
    """The aggregates of one record inside one unit."""

    def __init__(self, record: Record[A], read: Reader[A], unit: Unit) -> None:
        self._record = record
        self._read = read
        self._unit = unit
        self._touched: dict[str, _Touched[A]] = {}

    async def get(self, id: str) -> A:
        """The aggregate; `NotFound` when there is none."""
        if (found := await self.find(id)) is None:
            raise NotFound(self._record.noun, id)
        return found

    async def find(self, id: str) -> A | None:
        """The aggregate, or None."""
        if (touched := self._touched.get(id)) is not None:
            return touched.state
        doc = await resolved(self._unit.work.get(self._record.collection, id))
        return None if doc is None else self._take_in(doc)

    async def get_many(self, ids: Sequence[str]) -> dict[str, A]:
        """Those that exist, by id."""
        missing = [id for id in dict.fromkeys(ids) if id not in self._touched]
        if missing:
            for doc in (await resolved(self._unit.work.get_many(self._record.collection, missing))).values():
                self._take_in(doc)
        return {id: self._touched[id].state for id in ids if id in self._touched}

    async def where(
        self,
        index: str,
        *,
        equals: Mapping[str, Scalar] | None = None,
        since: Scalar = None,
        until: Scalar = None,
        after: str | None = None,
        limit: int = 100,
        descending: bool = False,
    ) -> Page[A]:
        """Aggregates by a declared index, in pages."""
        self.write()
        page: Page[Doc] = await resolved(
            self._unit.work.find(
                self._record.collection,
                index,
                equals=equals,
                since=since,
                until=until,
                after=after,
                limit=limit,
                descending=descending,
            )
        )
        return Page(tuple(self._take_in(doc) for doc in page.items), page.after)

    async def history(self, id: str) -> tuple[Recorded, ...]:
        """Everything stored that ever happened to the aggregate, oldest first."""
        found: list[Recorded] = []
        stream = stream_of(self._record.name, id)
        while True:
            stored = await resolved(self._unit.work.history(stream, after=found[-1].seq if found else 0))
            if not stored:
                return tuple(found)
            found.extend(self._record.read_event(event) for event in stored)

    def record(self, state: A | None, *events: Event) -> A:
        """*state* after *events*, kept for the commit with its history."""
        new = self._record.replay(state, events)
        id = self._record.id_of(new)
        touched = self._touched.get(id)
        if touched is None:
            if state is not None:
                raise Misuse(f"{self._record.noun} {id} was not read in this unit")
            touched = self._touched[id] = _Touched(new, 0, 0, [])
        elif touched.state is not state:
            raise Misuse(f"{self._record.noun} {id} is not the one that this unit holds")
        touched.state = new
        touched.pending.extend(events)
        return new

    def keep(self, snapshot: A, event: Event) -> A:
        """Store a value that never changes, announced by *event*."""
        id = self._record.id_of(snapshot)
        if id in self._touched:
            raise Misuse(f"{self._record.noun} {id} is made once and never changes")
        self._touched[id] = _Touched(snapshot, 0, 0, [event])
        return snapshot

    def write(self) -> None:
        """Hand what happened to the storage's unit."""
        for id, touched in self._touched.items():
            if touched.pending:
                self._write(id, touched)

    def _write(self, id: str, touched: _Touched[A]) -> None:
        record, work, unit = self._record, self._unit.work, self._unit
        seq = touched.seq + len(touched.pending)
        body, row = record.body(touched.state, seq, version=touched.stored + 1), record.row(touched.state)
        facts = record.fact_rows(touched.state) if record.fact_rows else None
        if touched.stored == 0:
            work.insert(record.collection, id, body, row, facts)
        else:
            work.replace(record.collection, id, body, row, expected=touched.stored, facts=facts)
        by, request_id, stream = str(unit.ctx.actor), unit.ctx.request_id, stream_of(record.name, id)
        events = store_events(stream, touched.seq, touched.pending, at=unit.now, by=by, request_id=request_id)
        work.append(stream, events, expected=touched.seq)
        touched.stored += 1
        touched.seq = seq
        touched.pending = []

    def _take_in(self, doc: Doc) -> A:
        touched = self._touched.get(doc.id)
        if touched is None:
            state, seq = self._read(doc.id, doc.body)
            touched = self._touched[doc.id] = _Touched(state, doc.version, seq, [])
        return touched.state
