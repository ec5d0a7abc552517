"""Documents, the histories that make them, and the outbox: R1, O1, A1, E1.

All three are walked side by side in the same order, so that a missing row on any side shows. Each history is replayed
and compared with its document; what was delivered and purged is missing in the outbox with good reason.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import attrs

from tokolib.desk.ports import Archive
from tokolib.desk.purging import may_be_purged_until
from tokolib.desk.verify.walk import Ahead, Findings, rows
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.events import Recorded, parts_of, stream_of
from tokolib.kernel.rows import Collection, DocRow, Kind, OutboxRow, StoredEvent
from tokolib.kernel.storage_errors import Unreadable
from tokolib.kernel.unit import Unit

BATCH: Final = 100
"""So many aggregates are looked into together, so that what they refer to is asked for at once."""
HEAVY: Final = 500_000
"""Bytes of stored bodies that end a batch before."""
_RESTORE: Final = "restore the rows of this aggregate from a backup"


@attrs.frozen
class Step:
    """One event of a replay: the aggregate before and after it."""

    recorded: Recorded
    before: object
    after: object


@attrs.frozen
class Replayed:
    """An aggregate that was replayed and found equal to its document, with its steps where they were wanted."""

    id: str
    state: object
    steps: tuple[Step, ...]


@attrs.frozen
class Look:
    """What is done with the aggregates of one collection."""

    with_steps: Callable[[Sequence[Replayed]], Awaitable[None]] | None = None
    """Takes them in batches, with all their steps: for those whose histories are short."""
    at_step: Callable[[str, Step], None] | None = None
    """Takes each step as it is made: a popular SKU's history is as long as the shop is old."""


@attrs.define
class _Stream:
    """One history on its way: replayed event by event, as far as nothing is wrong."""

    kind: str
    id: str
    at_step: Callable[[str, Step], None] | None
    keep: bool
    seen: int = 0
    state: object = None
    steps: list[Step] = attrs.field(factory=list)
    strange: list[str] = attrs.field(factory=list)
    ordered: bool = True
    fault: tuple[str, str] | None = None
    """The promise that the first event broke that could not be read or replayed, and how."""

    @property
    def name(self) -> str:
        """The stream's name."""
        return stream_of(self.kind, self.id)

    def add(self, archive: Archive, event: StoredEvent, found: Findings) -> None:
        """Take in the next event."""
        self.seen += 1
        if archive.kind_of(event.topic) != self.kind:
            self.strange.append(event.topic)
        if (event.seq, event.id) != (self.seen, f"{self.name}.{self.seen}"):
            self.ordered = False
        if self.fault is None and self.ordered and not self.strange:
            self._replay(archive, event, found)

    def _replay(self, archive: Archive, event: StoredEvent, found: Findings) -> None:
        try:
            recorded = archive.read_event(event)
        except TokolibError as error:
            self.fault = ("R1", str(error))
            return
        named = recorded.by.partition(":")
        found.expect(all(named), "A1", f"event {event.id}", f"was made by {recorded.by!r}", _RESTORE)
        after = None
        if archive.replays(self.kind):
            try:
                after = archive.evolve(self.kind, self.state, recorded.event)
            except TokolibError as error:
                self.fault = ("O1", str(error))
                return
        step = Step(recorded, self.state, after)
        self.state = after
        if self.at_step is not None:
            self.at_step(self.id, step)
        if self.keep:
            self.steps.append(step)


@attrs.define
class Streams:
    """The walk: what it needs at hand, and what it has gathered for the next batch."""

    archive: Archive
    found: Findings
    looks: Mapping[str, Look]
    events: Ahead[StoredEvent]
    outbox: Ahead[OutboxRow]
    purged: datetime
    batch: list[Replayed] = attrs.field(factory=list)
    weight: int = 0

    async def collection(self, unit: Unit, collection: Collection) -> None:
        """Every document of *collection* with its history, and the histories between that have no document."""
        look = self.looks.get(collection.name, Look())
        async for row in rows(unit, Kind.DOCUMENTS, DocRow, self.found, name=collection.name):
            self.found.saw("documents")
            await self.strays(stream_of(collection.name, row.doc.id))
            stream = _Stream(collection.name, row.doc.id, look.at_step, look.with_steps is not None)
            await self._gather(stream)
            if (replayed := self._compared(row, stream)) is not None and look.with_steps is not None:
                self.batch.append(replayed)
                self.weight += len(row.doc.body)
                if len(self.batch) == BATCH or self.weight > HEAVY:
                    await self._hand_over(look)
        await self._hand_over(look)

    async def _hand_over(self, look: Look) -> None:
        if self.batch and look.with_steps is not None:
            await look.with_steps(self.batch)
        self.batch, self.weight = [], 0

    async def strays(self, before: str | None) -> None:
        """The histories *before* the one of that name, or all that are left: none of them has a document."""
        while (event := await self.events.peek()) is not None and (before is None or event.stream < before):
            kind, id = parts_of(event.stream)
            if stream_of(kind, id) != event.stream:  # so nothing would be gathered, for ever
                await self.events.next()
                self.found.broken("O1", f"event {event.id}", f"is in the history {event.stream!r}, of none", _RESTORE)
                continue
            stream = _Stream(kind, id, None, keep=False)
            await self._gather(stream)
            if self._is_well_formed(stream):
                self.found.broken("O1", f"{kind} {id}", "a history without its document", _RESTORE)

    async def _gather(self, stream: _Stream) -> None:
        name = stream.name
        while (event := await self.events.peek()) is not None and event.stream == name:
            await self.events.next()
            self.found.saw("events")
            await self._match_outbox(event)
            stream.add(self.archive, event, self.found)

    async def _match_outbox(self, event: StoredEvent) -> None:
        place = (event.stream, event.seq)
        while (row := await self.outbox.peek()) is not None and (row.stream, row.seq) < place:
            await self.outbox.next()
            self.found.broken("E1", f"outbox {row.event_id}", "an outbox row without its event", _RESTORE)
        if row is None or (row.stream, row.seq) != place:
            if event.at >= self.purged:
                repair = "insert the row; the relay sends it again"
                self.found.broken("E1", f"event {event.id}", "no outbox row", repair)
            return
        await self.outbox.next()
        if row.buried and not row.done:
            remedy = "mend what refused it and revive it, or let it rest: shop.outbox"
            self.found.waits("L4", f"event {event.id}", f"was given up after {row.tries} tries", remedy)
        same = row.event_id == event.id
        self.found.expect(same, "E1", f"outbox {row.event_id}", f"stands for event {event.id}", _RESTORE)

    def _is_well_formed(self, stream: _Stream) -> bool:
        known = any(each.name == stream.kind for each in self.archive.collections)
        if stream.strange or not known:
            held = ", ".join(stream.strange) if known else ""
            self.found.broken("O1", f"history {stream.name}", f"it holds {held or 'nothing known'}", _RESTORE)
        elif not stream.ordered:
            self.found.broken("O1", f"history {stream.name}", "its numbers have a gap or a double", _RESTORE)
        return known and not stream.strange and stream.ordered

    def _compared(self, row: DocRow, stream: _Stream) -> Replayed | None:
        """The aggregate, when its document is what its history makes."""
        name = f"{stream.kind} {stream.id}"
        state, seq, faults = self.archive.open(row)
        for fault in faults:
            self.found.broken("R1", name, fault, _RESTORE)
        if not stream.seen:
            self.found.broken("O1", name, "a document without a history", _RESTORE)
        elif self._is_well_formed(stream):
            self.found.saw("aggregates")
            if stream.fault is not None:
                self.found.broken(stream.fault[0], name, stream.fault[1], _RESTORE)
            elif state is not None and seq != stream.seen:
                self.found.broken("O1", name, f"says {seq} events, the history has {stream.seen}", _RESTORE)
            elif state is not None and self.archive.replays(stream.kind) and stream.state != state:
                self.found.broken("O1", name, "replaying its history gives another state", _RESTORE)
            elif state is not None:
                return Replayed(stream.id, state, tuple(stream.steps))
        return None


async def check_streams(unit: Unit, archive: Archive, found: Findings, looks: Mapping[str, Look]) -> None:
    """Every document, history and outbox row; sound aggregates are handed to the *looks* of their collections."""
    outbox = Ahead(rows(unit, Kind.OUTBOX, OutboxRow, found))
    events = Ahead(rows(unit, Kind.HISTORY, StoredEvent, found))
    try:
        purged = await may_be_purged_until(unit)
    except Unreadable as error:
        found.unreadable(error)
        purged = datetime.max.replace(tzinfo=UTC)
    streams = Streams(archive, found, looks, events, outbox, purged)
    for collection in sorted(archive.collections, key=lambda each: stream_of(each.name, "")):
        await streams.collection(unit, collection)
    await streams.strays(None)
    while (stray := await outbox.next()) is not None:
        found.broken("E1", f"outbox {stray.event_id}", "an outbox row without its event", _RESTORE)
