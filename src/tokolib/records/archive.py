"""Reading stored rows back as what they claim to be, for the proof of the books; implements `desk.ports.Archive`."""

from collections.abc import Iterator
from typing import Any

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.events import Event, Recorded
from tokolib.kernel.rows import Collection, Doc, DocRow, StoredEvent
from tokolib.records.collections import COLLECTIONS
from tokolib.records.record import Record, RecordDamaged, RecordTooNew, sound
from tokolib.records.registry import all_records


class RecordArchive:
    """Every record of the library, by collection and by topic."""

    def __init__(self) -> None:
        records = all_records()
        self._records = {record.name: record for record in records}
        self._owners = {kind.topic: record.name for record in records for kind in record.events}

    @property
    def collections(self) -> tuple[Collection, ...]:
        """Every kind of document."""
        return COLLECTIONS

    def kind_of(self, topic: str) -> str:
        """The collection whose histories hold events of *topic*; empty when there is none."""
        return self._owners.get(topic, "")

    def read_event(self, stored: StoredEvent) -> Recorded:
        """A row of a history; `RecordDamaged` when it can't be read, or isn't what was written."""
        return self._records[self._owners[stored.topic]].read_event(stored, sealed=True)

    def read(self, collection: str, doc: Doc) -> tuple[object, int]:
        """An aggregate, and how many events it says it has; `RecordDamaged` when it can't be read."""
        return self._records[collection].read(doc.id, doc.body)

    def replays(self, collection: str) -> bool:
        """Whether aggregates of this kind are made of their events."""
        return self._records[collection].evolve is not None

    def evolve(self, collection: str, state: Any, event: Event) -> object:
        """The aggregate after one more event; whatever it refuses is an error of its room."""
        record = self._records[collection]
        try:
            return record.replay(state, [event])
        except TokolibError:
            raise
        except Exception as error:
            raise RecordDamaged("event", event.topic, f"{type(error).__name__}: {error}") from error

    def open(self, row: DocRow) -> tuple[object, int, tuple[str, ...]]:
        """A stored document as its aggregate, how many events it says it has, and what is wrong with it by itself."""
        record = self._records[row.collection]
        found = () if sound(row.doc.body, row.doc.version) else ("its checksum does not fit its data",)
        try:
            aggregate, seq = record.read(row.doc.id, row.doc.body)
        except (RecordDamaged, RecordTooNew) as error:
            return None, 0, found or (str(error),)
        return aggregate, seq, found or tuple(_misfiled(record, row, aggregate))


def _misfiled(record: Record[Any], row: DocRow, aggregate: object) -> Iterator[str]:
    """Where a document is filed under what it doesn't say."""
    if record.id_of(aggregate) != row.doc.id:
        yield f"it is filed under {row.doc.id}, and calls itself {record.id_of(aggregate)}"
    if dict(row.columns) != dict(record.row(aggregate)):
        yield "its index columns are not what it says"
    facts = {name: [dict(each) for each in rows] for name, rows in row.facts.items() if rows}
    wanted = record.fact_rows(aggregate) if record.fact_rows else {}
    if facts != {name: [dict(each) for each in rows] for name, rows in wanted.items() if rows}:
        yield "its fact rows are not what it says"
