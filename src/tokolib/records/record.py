"""What the storage needs to know of one kind of aggregate, declared once.

A body is an envelope around the aggregate's wire form: `form` (its version), `seq` (how many events the history
holds), `sum` (a checksum over the data, so that `verify` notices a row that was changed by hand).
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

import attrs

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.events import Event, Recorded
from tokolib.kernel.storage import Collection, Facts, Misuse, Row, StoredEvent
from tokolib.records.codec import dump, from_json, load, to_json

A = TypeVar("A")

Upcaster = Callable[[Mapping[str, Any]], Mapping[str, Any]]


@attrs.frozen
class RecordDamaged(TokolibError):
    """A stored row can't be read as what it claims to be."""

    code: ClassVar[str] = "records.damaged"
    status: ClassVar[int] = 500
    kind: str
    id: str
    reason: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id} can't be read: {self.reason}"

    @property
    def hint(self) -> str:
        return "run python -m tokolib verify on the file, and restore the row from a backup"


@attrs.frozen
class Record(Generic[A]):
    """How the aggregates of one kind are stored."""

    collection: Collection
    noun: str
    """What an error calls one of them."""
    cls: type[A]
    events: tuple[type[Event], ...]
    evolve: Callable[[A | None, Event], A] | None
    """Makes the state from its events; None for values that are made once and never change."""
    row: Callable[[A], Row] = lambda aggregate: {}
    fact_rows: Callable[[A], Facts] | None = None
    reference: bool = False
    """Whether it is reference data: read by many units, changed by few."""
    form: int = 1
    upcasters: Mapping[int, Upcaster] = attrs.field(factory=dict)
    """From a form to the next one."""

    @property
    def name(self) -> str:
        """The port's and the collection's name."""
        return self.collection.name

    def id_of(self, aggregate: A) -> str:
        """The aggregate's id."""
        id: str = getattr(aggregate, "id")  # noqa: B009 - every aggregate has one, and A has no bound that says so
        return id

    def replay(self, state: A | None, events: Iterable[Event]) -> A:
        """*state* after *events*.

        Raises:
            Misuse: there are none, or the record's values never change.
        """
        if self.evolve is None:
            raise Misuse(f"a {self.noun} is made once and never changes")
        for event in events:
            state = self.evolve(state, event)
        if state is None:
            raise Misuse(f"a {self.noun} starts with an event")
        return state

    def body(self, aggregate: A, seq: int) -> bytes:
        """The aggregate as stored after *seq* events."""
        data = to_json(dump(aggregate))
        return f'{{"data":{data},"form":{self.form},"seq":{seq},"sum":"{checksum(data)}"}}'.encode()

    def read(self, id: str, body: bytes) -> tuple[A, int]:
        """The aggregate and its seq.

        Raises:
            RecordDamaged: the body isn't a form of this record.
        """
        try:
            envelope = from_json(body)
            data = self.upcast(envelope["data"], envelope["form"])
            return load(data, self.cls), envelope["seq"]
        except RecordDamaged:
            raise
        except Exception as error:
            raise RecordDamaged(self.noun, id, f"{type(error).__name__}: {error}") from error

    def upcast(self, data: Mapping[str, Any], form: int) -> Mapping[str, Any]:
        """*data* of an older form as data of today's."""
        while form < self.form:
            data = self.upcasters[form](data)
            form += 1
        if form > self.form:
            raise RecordDamaged(self.noun, "", f"form {form} is newer than this library's {self.form}")
        return data


def checksum(data: str) -> str:
    """Sixteen hexadecimal digits over a record's canonical data."""
    return hashlib.blake2b(data.encode(), digest_size=8).hexdigest()


def sound(body: bytes) -> bool:
    """Whether a body's checksum fits its data."""
    try:
        envelope = from_json(body)
        return bool(envelope["sum"] == checksum(to_json(envelope["data"])))
    except (ValueError, KeyError, TypeError):
        return False


def store_event(stream: str, seq: int, event: Event, *, at: datetime, by: str, request_id: str) -> StoredEvent:
    """*event* as a row of the history; its id is its place, so a relay can't deliver it as two."""
    payload = {"by": by, "data": dump(event), "request": request_id, "schema": event.schema}
    return StoredEvent(f"{stream}.{seq}", stream, seq, event.topic, to_json(payload).encode(), at)


def read_event(stored: StoredEvent, kinds: Mapping[str, type[Event]]) -> Recorded:
    """A row of the history as the event it keeps.

    Raises:
        RecordDamaged: unknown topic, or a payload that isn't its wire form.
    """
    try:
        payload = from_json(stored.payload)
        event = load(payload["data"], kinds[stored.topic])
        return Recorded(stored.seq, stored.at, payload["by"], payload["request"], event)
    except Exception as error:
        raise RecordDamaged("event", stored.id, f"{type(error).__name__}: {error}") from error
