"""The one repository: documents and histories of a record, behind an identity map of one unit.

Reference data is answered from the shop's shelf as long as the unit's mark is the shelf's, and the unit has changed no
reference data itself.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar, cast

import attrs

from tokolib.kernel.asks import Fetch, Find, Get, GetMany
from tokolib.kernel.errors import NotFound
from tokolib.kernel.events import Event, Recorded, stream_of
from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import Doc, Page, Scalar
from tokolib.kernel.storage_errors import Misuse
from tokolib.kernel.unit import PAGE, Unit
from tokolib.records.record import Record, store_events
from tokolib.records.shelf import UNKNOWN, Shelf, Shelves, Stored

A = TypeVar("A")
B = TypeVar("B")
Reader = Callable[[str, bytes], tuple[A, int]]
"""An aggregate, and how many events it has, from an id and a stored body."""


@attrs.define
class _Changed(Generic[A]):
    """An aggregate that this unit changes: what it is now, what is stored of it, and what happened since."""

    state: A
    version: int
    """The document's; 0 while it is new."""
    seq: int
    """Events in the stored history."""
    pending: list[Event]


class DocumentRepository(Generic[A]):
    """The aggregates of one record inside one unit."""

    def __init__(self, record: Record[A], read: Reader[A], shelves: Shelves, unit: Unit) -> None:
        self._record = record
        self._read = read
        self._shelves = shelves
        self._unit = unit
        self._held: dict[str, Stored[A] | None] = {}
        """What this unit has read, and what it knows not to be there."""
        self._found: Shelf | None = None
        self._changed: dict[str, _Changed[A]] = {}

    async def get(self, id: str) -> A:
        """The aggregate; `NotFound` when there is none."""
        if (found := await self.find(id)) is None:
            raise NotFound(self._record.noun, id)
        return found

    async def find(self, id: str) -> A | None:
        """The aggregate, or None."""
        if not self._has(id, await self._ready()):
            await self._look_up(id)
        return self._state(id)

    async def has(self, id: str) -> bool:
        """Whether there is one, which is not made of its row for that."""
        if self._has(id, await self._ready()):
            return self._state(id) is not None
        doc, _ = await self._row(id)
        return doc is not None

    async def get_many(self, ids: Sequence[str]) -> dict[str, A]:
        """Those that exist, by id."""
        await self._ready()
        if (fetch := self.fetch(ids)) is not None:
            (answer,), steady = await self._unit.ask(fetch.ask, remembered=fetch.remembered)
            fetch.take(answer, steady)
        return {id: state for id in ids if (state := self._state(id)) is not None}

    def fetch(self, ids: Sequence[str]) -> Fetch | None:
        """The question for those of *ids* that are neither at hand nor remembered; None when all are."""
        shelf = self._shelf()
        missing = [id for id in dict.fromkeys(ids) if not self._has(id, shelf)]
        if not missing:
            return None

        def take(docs: Mapping[str, Doc], steady: bool) -> None:
            self._hold(((id, docs.get(id)) for id in missing), steady)

        return Fetch(GetMany(self._record.collection, missing), self._record.reference, take)

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
        asked = (index, *sorted((equals or {}).items()), since, until, after, limit, descending)
        shelf = await self._ready()
        page: Page[str] = UNKNOWN if shelf is None else shelf.get((self._record.name, asked))
        if page is UNKNOWN or not all(self._has(id, shelf) for id in page.items):
            question = Find(self._record.collection, index, equals, since, until, after, limit, descending)
            (found,), steady = await self._unit.ask(question, remembered=self._record.reference)
            self._hold(((doc.id, doc) for doc in found.items), steady)
            page = Page(tuple([doc.id for doc in found.items]), found.after)
            if steady and shelf is not None:
                shelf.put((self._record.name, asked), page)
        return Page(tuple([state for id in page.items if (state := self._state(id)) is not None]), page.after)

    async def derived(self, index: str, equals: Mapping[str, Scalar], make: Callable[[tuple[A, ...]], B]) -> B:
        """What *make* makes of all aggregates that an index holds; remembered as long as these stay what they are."""
        shelf = await self._ready()
        question = (self._record.name, index, *sorted(equals.items()), make)
        known = UNKNOWN if shelf is None else shelf.get(question)
        if known is not UNKNOWN:
            return cast("B", known)
        states: list[A] = []
        steady, after = shelf is not None, None
        while True:
            page = await self.where(index, equals=equals, after=after, limit=PAGE)
            asked = (index, *sorted(equals.items()), None, None, after, PAGE, False)
            steady = steady and shelf is not None and shelf.get((self._record.name, asked)) is not UNKNOWN
            states.extend(page.items)
            if (after := page.after) is None:
                break
        made = make(tuple(states))
        if steady and shelf is not None:
            shelf.put(question, made)
        return made

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
        changed = self._changed.get(id)
        held = self._held.get(id) if changed is None else changed
        if held is None and state is not None:
            raise Misuse(f"{self._record.noun} {id} was not read in this unit")
        if held is not None and held.state is not state:
            raise Misuse(f"{self._record.noun} {id} is not the one that this unit holds")
        if changed is None:
            version, seq = (0, 0) if held is None else (held.version, held.seq)
            changed = self._changed[id] = _Changed(new, version, seq, [])
        changed.state = new
        changed.pending.extend(events)
        return new

    def keep(self, snapshot: A, event: Event) -> A:
        """Store a value that never changes, announced by *event*."""
        id = self._record.id_of(snapshot)
        if self._state(id) is not None:
            raise Misuse(f"{self._record.noun} {id} is made once and never changes")
        self._changed[id] = _Changed(snapshot, 0, 0, [event])
        return snapshot

    def write(self) -> None:
        """Hand what happened to the storage's unit."""
        for id, changed in self._changed.items():
            if changed.pending:
                self._write(id, changed)

    def _write(self, id: str, changed: _Changed[A]) -> None:
        record, work, unit = self._record, self._unit.work, self._unit
        seq = changed.seq + len(changed.pending)
        body, row = record.body(changed.state, seq, version=changed.version + 1), record.row(changed.state)
        facts = record.fact_rows(changed.state) if record.fact_rows else None
        if changed.version == 0:
            work.insert(record.collection, id, body, row, facts)
        else:
            work.replace(record.collection, id, body, row, expected=changed.version, facts=facts)
        by, request_id, stream = str(unit.ctx.actor), unit.ctx.request_id, stream_of(record.name, id)
        events = store_events(stream, changed.seq, changed.pending, at=unit.now, by=by, request_id=request_id)
        work.append(stream, events, expected=changed.seq)
        unit.told = True
        changed.version += 1
        changed.seq = seq
        changed.pending = []
        if record.reference:
            unit.raise_mark()

    def _state(self, id: str) -> A | None:
        """What the aggregate is to this unit, when it has it."""
        known = self._changed.get(id) or self._held.get(id)
        return None if known is None else known.state

    async def _ready(self) -> Shelf | None:
        """The shelf, when there is one; if need be, the mark that tells which is all that is asked."""
        if self._record.reference and self._unit.mark is None:
            await self._unit.ask(remembered=False)
        return self._shelf()

    def _shelf(self) -> Shelf | None:
        """What may be answered from memory, once the mark is known; nothing after this unit has changed any of it."""
        unit = self._unit
        if not self._record.reference or unit.mark is None or unit.raised:
            return None
        if self._found is None:
            self._found = self._shelves.of(unit.ctx.tenant, unit.mark)
        return self._found

    def _has(self, id: str, shelf: Shelf | None) -> bool:
        """Whether the aggregate, or that there is none, is known without asking; what is remembered is at hand then."""
        if id in self._changed or id in self._held:
            return True
        if shelf is None or (stored := shelf.get((self._record.name, id))) is UNKNOWN:
            return False
        self._held[id] = stored
        return True

    async def _look_up(self, id: str) -> None:
        doc, steady = await self._row(id)
        self._hold(((id, doc),), steady)

    async def _row(self, id: str) -> tuple[Doc | None, bool]:
        """The row, and whether it may be remembered."""
        unit, record = self._unit, self._record
        if record.reference or unit.mark is None:
            (doc,), steady = await unit.ask(Get(record.collection, id), remembered=record.reference)
            return doc, steady
        return await resolved(unit.work.get(record.collection, id)), False

    def _hold(self, found: Iterable[tuple[str, Doc | None]], steady: bool) -> None:
        """Have what was found at hand; what this unit had before stays what it was."""
        shelf = self._shelf() if steady else None
        for id, doc in found:
            if id in self._changed:
                continue
            stored = self._held.get(id)
            if stored is None:
                stored = self._held[id] = None if doc is None else Stored(*self._decoded(doc))
            if shelf is not None:
                shelf.put((self._record.name, id), stored)

    def _decoded(self, doc: Doc) -> tuple[A, int, int]:
        state, seq = self._read(doc.id, doc.body)
        return state, doc.version, seq
