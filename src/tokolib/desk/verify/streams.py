"""Histories, their outbox, and the documents that they make: O1, E1, R1.

Histories and outbox are walked side by side in the same order, so that a missing row on either side shows; what was
delivered and purged is missing with good reason. Each stream is replayed and compared with its document; then each
document is asked for its stream.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import TypeVar

import attrs

from tokolib.desk.ports import Archive
from tokolib.desk.purging import may_be_purged_until
from tokolib.desk.verify.walk import Findings, rows
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.events import Recorded, parts_of, stream_of
from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import Collection, DocRow, Kind, OutboxRow, StoredEvent
from tokolib.kernel.unit import Unit

T = TypeVar("T")

_RESTORE = "restore the rows of this aggregate from a backup"


@attrs.frozen
class Step:
    """One event of a replay: the aggregate before and after it."""

    recorded: Recorded
    before: object
    after: object


@attrs.frozen
class Replayed:
    """A whole stream, replayed and found equal to its document."""

    collection: str
    id: str
    state: object
    steps: tuple[Step, ...]


OnReplayed = Callable[[Replayed], Awaitable[None]]


async def check_histories(unit: Unit, archive: Archive, found: Findings, on_replayed: OnReplayed) -> None:
    """Replay every stream; hand each sound one to *on_replayed* for the checks that need its events."""
    outbox, purged = _Ahead(rows(unit, Kind.OUTBOX, OutboxRow)), await may_be_purged_until(unit)
    stream: list[StoredEvent] = []
    async for event in rows(unit, Kind.HISTORY, StoredEvent):
        found.saw("events")
        await _match_outbox(outbox, event, purged, found)
        if stream and stream[0].stream != event.stream:
            await _check_stream(unit, archive, stream, found, on_replayed)
            stream = []
        stream.append(event)
    if stream:
        await _check_stream(unit, archive, stream, found, on_replayed)
    while (stray := await outbox.next()) is not None:
        found.broken("E1", f"outbox {stray.event_id}", "an outbox row without its event", _RESTORE)


class _Ahead:
    """An iterator that can be looked into one row ahead."""

    def __init__(self, source: AsyncIterator[OutboxRow]) -> None:
        self._source = source
        self._row: OutboxRow | None = None

    async def peek(self) -> OutboxRow | None:
        if self._row is None:
            self._row = await anext(self._source, None)
        return self._row

    async def next(self) -> OutboxRow | None:
        row = await self.peek()
        self._row = None
        return row


async def _match_outbox(outbox: _Ahead, event: StoredEvent, purged: datetime, found: Findings) -> None:
    place = (event.stream, event.seq)
    while (row := await outbox.peek()) is not None and (row.stream, row.seq) < place:
        await outbox.next()
        found.broken("E1", f"outbox {row.event_id}", "an outbox row without its event", _RESTORE)
    if row is None or (row.stream, row.seq) != place:
        if event.at >= purged:
            found.broken("E1", f"event {event.id}", "no outbox row", "insert the row; the relay sends it again")
        return
    await outbox.next()
    found.expect(row.event_id == event.id, "E1", f"outbox {row.event_id}", f"stands for event {event.id}", _RESTORE)


async def _check_stream(
    unit: Unit, archive: Archive, stream: list[StoredEvent], found: Findings, on_replayed: OnReplayed
) -> None:
    name = stream[0].stream
    kind, id = parts_of(name)
    collection = next((each for each in archive.collections if each.name == kind), None)
    strange = [event.topic for event in stream if archive.kind_of(event.topic) != kind]
    if collection is None or strange:
        found.broken("O1", f"history {name}", f"it holds {', '.join(strange) or 'nothing known'}", _RESTORE)
        return
    places = [(event.seq, event.id) for event in stream]
    if places != [(seq, f"{name}.{seq}") for seq in range(1, len(stream) + 1)]:
        found.broken("O1", f"history {name}", "its numbers have a gap or a double", _RESTORE)
        return
    found.saw("aggregates")
    doc = await resolved(unit.work.get(collection, id))
    if doc is None:
        found.broken("O1", f"{kind} {id}", "a history without its document", _RESTORE)
        return
    try:
        state, seq = archive.read(kind, doc)
        events = [archive.read_event(event) for event in stream]
    except TokolibError as error:
        found.broken("R1", f"{kind} {id}", str(error), _RESTORE)
        return
    try:
        steps = _replay(archive, kind, events) if archive.replays(kind) else ()
    except TokolibError as error:
        found.broken("O1", f"{kind} {id}", str(error), _RESTORE)
        return
    if seq != len(stream):
        found.broken("O1", f"{kind} {id}", f"says {seq} events, the history has {len(stream)}", _RESTORE)
    elif steps and steps[-1].after != state:
        found.broken("O1", f"{kind} {id}", "replaying its history gives another state", _RESTORE)
    else:
        await on_replayed(Replayed(kind, id, state, steps))


def _replay(archive: Archive, kind: str, events: list[Recorded]) -> tuple[Step, ...]:
    state: object = None
    steps = []
    for recorded in events:
        after = archive.evolve(kind, state, recorded.event)
        steps.append(Step(recorded, state, after))
        state = after
    return tuple(steps)


async def check_documents(unit: Unit, archive: Archive, found: Findings) -> None:
    """Every document is sound by itself, and has a history."""
    for collection in archive.collections:
        async for row in rows(unit, Kind.DOCUMENTS, DocRow, name=collection.name):
            found.saw("documents")
            for fault in archive.faults(row):
                found.broken("R1", f"{row.collection} {row.doc.id}", fault, _RESTORE)
            if not await _has_history(unit, collection, row):
                found.broken("O1", f"{row.collection} {row.doc.id}", "a document without a history", _RESTORE)


async def _has_history(unit: Unit, collection: Collection, row: DocRow) -> bool:
    return bool(await resolved(unit.work.history(stream_of(collection.name, row.doc.id), limit=1)))
