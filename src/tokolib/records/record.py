"""What the storage needs to know of one kind of aggregate, declared once.

A body is an envelope around the aggregate's wire form: `form` (its version), `seq` (how many events the history
holds), `version` (the row's own), `sum` (a checksum over the data, so that `verify` notices a row that was changed
by hand). The payload of a history's row has a checksum of its own, over everything that the row says.

A checksum that fits also says that the text is the one that this library wrote, so that it needs no looking for what
the library never writes: floats, doubled keys.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final, Generic, TypeVar
from zlib import crc32

import attrs

from tokolib.kernel.clock import aware
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.events import Event, Recorded
from tokolib.kernel.rows import Collection, Facts, Row, StoredEvent
from tokolib.kernel.storage_errors import Misuse
from tokolib.records.codec import dump, load
from tokolib.records.text import from_json, from_own

A = TypeVar("A")

Upcaster = Callable[[Mapping[str, Any]], Mapping[str, Any]]
_ENVELOPE: Final = {"data", "form", "seq", "sum", "version"}
_PAYLOAD: Final = {"by", "data", "request", "schema", "sum"}

# The stored text is canonical, so that its checksum can be told without reading it.
_BODY: Final = re.compile(
    rb'\{"data":(.*),"form":([0-9]+),"seq":([0-9]+),"sum":"([0-9a-f]{8})","version":([0-9]+)\}', re.DOTALL
)
_TEXT: Final = rb'("(?:[^"\\]|\\.)*")'
_PAYLOAD_TEXT: Final = re.compile(
    rb'\{"by":' + _TEXT + rb',"data":(.*),"request":' + _TEXT + rb',"schema":([0-9]+),"sum":"([0-9a-f]{8})"\}',
    re.DOTALL,
)


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
class RecordTooNew(TokolibError):
    """A newer tokolib has written this row."""

    code: ClassVar[str] = "records.too_new"
    status: ClassVar[int] = 500
    kind: str
    id: str
    found: int
    known: int

    def __str__(self) -> str:
        return f"{self.kind} {self.id} is of form {self.found}; this tokolib knows up to {self.known}"

    @property
    def hint(self) -> str:
        return "upgrade tokolib: pip install --upgrade tokolib"


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
    event_upcasters: Mapping[tuple[str, int], Upcaster] = attrs.field(factory=dict)
    """From a schema of a topic to the next one."""
    kinds: Mapping[str, type[Event]] = attrs.field(init=False, repr=False)
    """The events by their topics."""

    @kinds.default
    def _kinds(self) -> Mapping[str, type[Event]]:
        return {kind.topic: kind for kind in self.events}

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

    def body(self, aggregate: A, seq: int, *, version: int) -> bytes:
        """The aggregate as stored after *seq* events, as the row's *version*."""
        data = dump(aggregate)
        said = (data, self.form, seq, checksum(data), version)
        return b'{"data":%b,"form":%d,"seq":%d,"sum":"%b","version":%d}' % said

    def read(self, id: str, body: bytes) -> tuple[A, int]:
        """The aggregate and its seq.

        Raises:
            RecordDamaged: the body isn't a form of this record. RecordTooNew: it is a newer one.
        """
        try:
            data, form, seq = _data_of(body)
            if form > self.form:
                raise RecordTooNew(self.noun, id, form, self.form)
            for older in range(form, self.form):
                data = self.upcasters[older](data)
            return load(data, self.cls), seq
        except RecordTooNew:
            raise
        except Exception as error:  # whatever a damaged row makes the codec say, it is damage
            raise _damage(self.noun, id, error) from error

    def read_event(self, stored: StoredEvent, *, sealed: bool = False) -> Recorded:
        """A row of the history as the event it keeps; *sealed* asks for a checksum that fits.

        Raises:
            RecordDamaged: unknown topic, or a payload that isn't its wire form, or isn't what was written.
            RecordTooNew: it is of a newer one.
        """
        try:
            kind = self.kinds[stored.topic]
            by, request_id, schema, data = _payload_of(stored, sealed=sealed)
            if schema > kind.schema:
                raise RecordTooNew("event", stored.id, schema, kind.schema)
            for older in range(schema, kind.schema):
                data = self.event_upcasters[stored.topic, older](data)
            return Recorded(stored.seq, stored.at, by, request_id, load(data, kind))
        except RecordTooNew:
            raise
        except Exception as error:
            raise _damage("event", stored.id, error) from error


def _damage(noun: str, id: str, error: Exception) -> RecordDamaged:
    return RecordDamaged(noun, id, f"{type(error).__name__}: {error}")


def _data_of(body: bytes) -> tuple[Any, int, int]:
    """The data of a stored body, its form and its seq; whatever isn't a body raises."""
    found = _BODY.fullmatch(body)
    if found is not None and found[4] == checksum(found[1]):
        return from_own(found[1]), int(found[2]), int(found[3])
    envelope = _whole(from_json(body), _ENVELOPE)
    return envelope["data"], load(envelope["form"], int), load(envelope["seq"], int)


def _payload_of(stored: StoredEvent, *, sealed: bool) -> tuple[str, str, int, Any]:
    """Who wrote an event, for which request, its schema and its data; whatever isn't a payload raises."""
    if (written := _written(stored)) is not None:
        by, request_id, schema, data = written
        return from_own(by), from_own(request_id), schema, from_own(data)
    if sealed:
        raise ValueError("its checksum does not fit its data")
    payload = _whole(from_json(stored.payload), _PAYLOAD)
    return load(payload["by"], str), load(payload["request"], str), load(payload["schema"], int), payload["data"]


def _written(stored: StoredEvent) -> tuple[bytes, bytes, int, bytes] | None:
    """The texts in a row of a history, or None when its checksum doesn't fit."""
    found = _PAYLOAD_TEXT.fullmatch(stored.payload)
    if found is None:
        return None
    by, data, request_id, schema, sum_ = found.groups()
    fits = sum_ == _event_sum(stored.id, stored.topic, stored.at, by, request_id, schema, data)
    return (by, request_id, int(schema), data) if fits else None


def _whole(envelope: Mapping[str, Any], keys: set[str]) -> Mapping[str, Any]:
    if envelope.keys() != keys:
        raise ValueError(f"has {sorted(envelope)}, not {sorted(keys)}")
    return envelope


def checksum(data: bytes) -> bytes:
    """Eight hexadecimal digits over a record's canonical data.

    They are CRC-32: it finds every change within 32 bits and all but one in four thousand million of the others, at
    a fifth of what a hash costs. It is no seal: who can write the row can write its sum, so a record that was forged
    whole is found by its history, and by the ledgers.
    """
    return b"%08x" % crc32(data)


def sound(body: bytes, version: int) -> bool:
    """Whether a body's checksum fits its data, and the row is of the version that it says."""
    found = _BODY.fullmatch(body)
    return found is not None and found[4] == checksum(found[1]) and int(found[5]) == version


def sound_event(stored: StoredEvent) -> bool:
    """Whether a row of a history says what was written."""
    return _written(stored) is not None


def _event_sum(id: str, topic: str, at: datetime, by: bytes, request_id: bytes, schema: bytes, data: bytes) -> bytes:
    place = f"{id}\n{topic}\n{at.isoformat()}".encode()
    return checksum(b"%b\n%b\n%b\n%b\n%b" % (place, by, request_id, schema, data))


def store_events(
    stream: str, after: int, events: Sequence[Event], *, at: datetime, by: str, request_id: str
) -> tuple[StoredEvent, ...]:
    """*events* as rows of a history after seq *after*; the id of each is its place, so none can be delivered as two."""
    when, actor, request = aware(at, "at"), dump(by), dump(request_id)
    rows = []
    for seq, event in enumerate(events, start=after + 1):
        id, schema, data = f"{stream}.{seq}", b"%d" % event.schema, dump(event)
        sum_ = _event_sum(id, event.topic, when, actor, request, schema, data)
        payload = b'{"by":%b,"data":%b,"request":%b,"schema":%b,"sum":"%b"}' % (actor, data, request, schema, sum_)
        rows.append(StoredEvent(id, stream, seq, event.topic, payload, when))
    return tuple(rows)
