"""What the storage needs to know of one kind of aggregate, declared once.

A body is an envelope around the aggregate's wire form: `form` (its version), `seq` (how many events the history
holds), `version` (the row's own), `sum` (a checksum over the data, so that `verify` notices a row that was changed
by hand). The payload of a history's row has a checksum of its own, over everything that the row says.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar, Final, Generic, TypeVar

import attrs

from tokolib.kernel.clock import aware
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.events import Event, Recorded
from tokolib.kernel.rows import Collection, Facts, Row, StoredEvent
from tokolib.kernel.storage_errors import Misuse
from tokolib.records.codec import dump, from_json, load, to_json

A = TypeVar("A")

Upcaster = Callable[[Mapping[str, Any]], Mapping[str, Any]]
_ENVELOPE: Final = {"data", "form", "seq", "sum", "version"}
_PAYLOAD: Final = {"by", "data", "request", "schema", "sum"}

# The stored text is canonical, so that its checksum can be told without reading it.
_BODY: Final = re.compile(
    rb'\{"data":(.*),"form":[0-9]+,"seq":[0-9]+,"sum":"([0-9a-f]{16})","version":([0-9]+)\}', re.DOTALL
)
_TEXT: Final = rb'("(?:[^"\\]|\\.)*")'
_STORED_EVENT: Final = re.compile(
    rb'\{"by":' + _TEXT + rb',"data":(.*),"request":' + _TEXT + rb',"schema":([0-9]+),"sum":"([0-9a-f]{16})"\}',
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
        data = to_json(dump(aggregate))
        sum_ = checksum(data)
        return f'{{"data":{data},"form":{self.form},"seq":{seq},"sum":"{sum_}","version":{version}}}'.encode()

    def read(self, id: str, body: bytes) -> tuple[A, int]:
        """The aggregate and its seq.

        Raises:
            RecordDamaged: the body isn't a form of this record. RecordTooNew: it is a newer one.
        """
        with _reading(self.noun, id):
            envelope = _whole(from_json(body), _ENVELOPE)
            data, form, seq = envelope["data"], load(envelope["form"], int), load(envelope["seq"], int)
            if form > self.form:
                raise RecordTooNew(self.noun, id, form, self.form)
            for older in range(form, self.form):
                data = self.upcasters[older](data)
            return load(data, self.cls), seq

    def read_event(self, stored: StoredEvent) -> Recorded:
        """A row of the history as the event it keeps.

        Raises:
            RecordDamaged: unknown topic, or a payload that isn't its wire form. RecordTooNew: it is of a newer one.
        """
        with _reading("event", stored.id):
            payload, kind = _whole(from_json(stored.payload), _PAYLOAD), self.kinds[stored.topic]
            data, schema = payload["data"], load(payload["schema"], int)
            if schema > kind.schema:
                raise RecordTooNew("event", stored.id, schema, kind.schema)
            for older in range(schema, kind.schema):
                data = self.event_upcasters[stored.topic, older](data)
            by, request_id = load(payload["by"], str), load(payload["request"], str)
            return Recorded(stored.seq, stored.at, by, request_id, load(data, kind))


@contextmanager
def _reading(noun: str, id: str) -> Iterator[None]:
    """Whatever a damaged row makes the codec say, it is damage."""
    try:
        yield
    except RecordTooNew:
        raise
    except Exception as error:
        raise RecordDamaged(noun, id, f"{type(error).__name__}: {error}") from error


def _whole(envelope: Mapping[str, Any], keys: set[str]) -> Mapping[str, Any]:
    if envelope.keys() != keys:
        raise ValueError(f"has {sorted(envelope)}, not {sorted(keys)}")
    return envelope


def checksum(data: str) -> str:
    """Sixteen hexadecimal digits over a record's canonical data."""
    return _digits(data.encode())


def _digits(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def sound(body: bytes, version: int) -> bool:
    """Whether a body's checksum fits its data, and the row is of the version that it says."""
    found = _BODY.fullmatch(body)
    return found is not None and found[2].decode() == _digits(found[1]) and int(found[3]) == version


def sound_event(stored: StoredEvent) -> bool:
    """Whether a row of a history says what was written."""
    found = _STORED_EVENT.fullmatch(stored.payload)
    if found is None:
        return False
    try:
        by, request_id, data = from_json(found[1]), from_json(found[3]), found[2].decode()
    except ValueError:
        return False
    said = (by, request_id, int(found[4]), data)
    return _event_sum(stored.id, stored.topic, stored.at, *said) == found[5].decode()


def _event_sum(id: str, topic: str, at: datetime, by: str, request_id: str, schema: int, data: str) -> str:
    return checksum("\n".join((id, topic, at.isoformat(), by, request_id, str(schema), data)))


def store_event(stream: str, seq: int, event: Event, *, at: datetime, by: str, request_id: str) -> StoredEvent:
    """*event* as a row of the history; its id is its place, so a relay can't deliver it as two."""
    id, when = f"{stream}.{seq}", aware(at, "at")
    data = to_json(dump(event))
    sum_ = _event_sum(id, event.topic, when, by, request_id, event.schema, data)
    rest = to_json({"request": request_id, "schema": event.schema, "sum": sum_})
    payload = f'{{"by":{to_json(by)},"data":{data},{rest[1:]}'
    return StoredEvent(id, stream, seq, event.topic, payload.encode(), when)
