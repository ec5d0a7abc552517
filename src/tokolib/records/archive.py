"""Reading stored rows back as what they claim to be, for the proof of the books; implements `desk.ports.Archive`."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from tokolib.kernel.errors import TokolibError, shown
from tokolib.kernel.events import Event, Recorded
from tokolib.kernel.rows import Collection, Doc, DocRow, Row, StoredEvent
from tokolib.records.collections import COLLECTIONS
from tokolib.records.record import Record, RecordDamaged, RecordTooNew, sound
from tokolib.records.registry import all_records

_RECORDS: Final = {record.name: record for record in all_records()}
_OWNERS: Final = {topic: name for name, record in _RECORDS.items() for topic in record.kinds}


class RecordArchive:
    """Every record of the library, by collection and by topic."""

    @property
    def collections(self) -> tuple[Collection, ...]:
        """Every kind of document."""
        return COLLECTIONS

    def kind_of(self, topic: str) -> str:
        """The collection whose histories hold events of *topic*; empty when there is none."""
        return _OWNERS.get(topic, "")

    def read_event(self, stored: StoredEvent) -> Recorded:
        """A row of a history; `RecordDamaged` when it can't be read, or isn't what was written."""
        return _RECORDS[_OWNERS[stored.topic]].read_event(stored, sealed=True)

    def read(self, collection: str, doc: Doc) -> tuple[object, int]:
        """An aggregate, and how many events it says it has; `RecordDamaged` when it can't be read."""
        return _RECORDS[collection].read(doc.id, doc.body)

    def replays(self, collection: str) -> bool:
        """Whether aggregates of this kind are made of their events."""
        return _RECORDS[collection].evolve is not None

    def evolve(self, collection: str, state: Any, event: Event) -> object:
        """The aggregate after one more event; whatever it refuses is an error of its room."""
        record = _RECORDS[collection]
        try:
            return record.replay(state, [event])
        except TokolibError:
            raise
        except Exception as error:
            raise RecordDamaged("event", event.topic, f"{type(error).__name__}: {error}") from error

    def open(self, row: DocRow) -> tuple[object, int, tuple[str, ...]]:
        """A stored document as its aggregate, how many events it says it has, and what is wrong with it by itself."""
        record = _RECORDS[row.collection]
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
    said = dict(record.row(aggregate))
    for name in sorted(said.keys() | row.columns.keys()):
        if row.columns.get(name) != said.get(name):
            told = f"{shown(row.columns.get(name))}, and it says {shown(said.get(name))}"
            yield f"its index column {name} is {told}"
    wanted = record.fact_rows(aggregate) if record.fact_rows else {}
    for name in sorted(wanted.keys() | row.facts.keys()):
        yield from _misstated(name, row.facts.get(name, ()), wanted.get(name, ()))


def _misstated(name: str, stored: Sequence[Row], wanted: Sequence[Row]) -> Iterator[str]:
    """Where the rows of a fact table are not those of their document."""
    if len(stored) != len(wanted):
        yield f"it has {len(stored)} fact rows in {name}, and says {len(wanted)}"
        return
    for place, (has, said) in enumerate(zip(stored, wanted, strict=True), start=1):
        for column in sorted(has.keys() | said.keys()):
            if has.get(column) != said.get(column):
                told = f"{shown(has.get(column))}, and it says {shown(said.get(column))}"
                yield f"{column} of its fact row {place} in {name} is {told}"
