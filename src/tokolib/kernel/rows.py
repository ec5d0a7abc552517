"""What a storage keeps and is asked for: declarations, rows, pages. Text, integers, bytes and aware instants only."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final, Generic, TypeVar

import attrs

T = TypeVar("T")

Scalar = str | int | None
Row = Mapping[str, Scalar]
LARGEST_INTEGER: Final = 2**63 - 1


@attrs.frozen
class Column:
    """A declared column of a collection or a fact table: `text` or `integer`."""

    name: str
    type: str = "text"
    null: bool = False


@attrs.frozen
class Index:
    """A declared way to find documents; `unique` within a partition. Null never collides.

    A `sparse` index leaves out the documents that have a null in one of its columns: nobody finds them by it, and
    they cost nothing there.
    """

    name: str
    columns: tuple[str, ...]
    unique: bool = False
    sparse: bool = False


@attrs.frozen
class FactTable:
    """Flat rows derived from a document, for SQL and reports; written with it, never read back by the core."""

    name: str
    columns: tuple[Column, ...]


@attrs.frozen
class Collection:
    """A kind of document: its index columns, its indexes, its facts."""

    name: str
    columns: tuple[Column, ...] = ()
    indexes: tuple[Index, ...] = ()
    facts: tuple[FactTable, ...] = ()


Facts = Mapping[str, Sequence[Row]]
"""Rows by fact table; they replace the ones that the document had."""


@attrs.frozen
class Doc:
    """A stored document. `version` is 1 when inserted and rises by one with every replace."""

    id: str
    version: int
    body: bytes


@attrs.frozen
class StoredEvent:
    """One row of a history: `seq` counts from 1 within its stream without a gap."""

    id: str
    stream: str
    seq: int
    topic: str
    payload: bytes
    at: datetime


@attrs.frozen
class Entry:
    """One row of a ledger, never changed. `batch` names the rows that belong together (the legs of a posting)."""

    id: str
    batch: str
    account: str
    amount: int
    unit: str
    kind: str
    refers_to: str
    at: datetime


@attrs.frozen
class Level:
    """Stock of a resource in whole steps. `available` = on hand − held, without the leases that have run out."""

    on_hand: int
    held: int
    available: int


class HoldState(StrEnum):
    """A hold is `leased` until a moment, `kept` without one, and ends `taken`, `released` or `expired`."""

    LEASED = "leased"
    KEPT = "kept"
    TAKEN = "taken"
    RELEASED = "released"
    EXPIRED = "expired"


@attrs.frozen
class Demand:
    """A wish to hold *quantity* steps of *resource* under *hold_id*; `owner` names who it is held for."""

    hold_id: str
    resource: str
    quantity: int
    owner: str
    leave: int = 0
    """Steps that must still be available after it is held: a buffer that this wish may not draw on, and others may."""


@attrs.frozen
class StoredHold:
    """A hold as stored; `until` is its lease's end, or None when it has none."""

    id: str
    resource: str
    quantity: int
    owner: str
    state: HoldState
    until: datetime | None


@attrs.frozen
class Seen:
    """What an idempotency key answered the first time."""

    result: bytes


@attrs.frozen
class Claimed:
    """An event taken from the outbox under a lease."""

    event: StoredEvent
    tries: int


@attrs.frozen
class DeadLetter:
    """An event that could not be delivered and waits for somebody to decide; its stream waits with it."""

    event: StoredEvent
    tries: int
    error: str
    """What the last try ended with."""
    buried_at: datetime


@attrs.frozen
class OutboxRow:
    """The state of one outbox row, for checks."""

    event_id: str
    stream: str
    seq: int
    done: bool
    tries: int
    buried: bool = False
    """Whether it was given up, and waits for somebody to decide."""


@attrs.frozen
class BackupReport:
    """A copy that was made: the file, its size in bytes, and when it was taken."""

    path: str
    size: int
    taken_at: datetime


@attrs.frozen
class StockRow:
    """The stored counters of one resource, for checks."""

    resource: str
    on_hand: int
    held: int


@attrs.frozen
class CounterRow:
    """A stored counter, for checks."""

    name: str
    value: int


@attrs.frozen
class KeyRow:
    """A stored key, for checks."""

    scope: str
    key: str
    fingerprint: str


@attrs.frozen
class DocRow:
    """A document with its collection and columns, for checks and exports."""

    collection: str
    doc: Doc
    columns: Row
    facts: Facts


@attrs.frozen
class Page(Generic[T]):
    """Some of the answers, and where to go on; `after` is None when there are no more."""

    items: tuple[T, ...]
    after: str | None = None


class Kind(StrEnum):
    """The groups that `scan` walks."""

    DOCUMENTS = "documents"
    HISTORY = "history"
    LEDGER = "ledger"
    STOCK = "stock"
    HOLDS = "holds"
    COUNTERS = "counters"
    KEYS = "keys"
    OUTBOX = "outbox"


class Can(StrEnum):
    """What a storage may lack, if it says why."""

    DURABLE = "durable"
    """What was committed is there after closing and opening, and after a crash."""
    MULTI_PROCESS = "multi_process"
    """Two storages on the same place see each other's commits."""
    JOIN = "join"
    """`join`: a unit inside the transaction that the host has open."""
    BACKUP = "backup"
    """`backup`: a copy of everything in one file, taken while others write."""


@attrs.frozen
class Capabilities:
    """What an adapter can do; the kit tests what is claimed, and that the rest is refused."""

    asynchronous: bool = False
    """Whether its answers must be awaited."""
    lacks: Mapping[Can, str] = attrs.field(factory=dict)
    """What it can't do, each with the reason."""
    max_body: int = 64 * 1024 * 1024
    """Bytes of the largest document."""
    self_upgrading: bool = True
    """Whether `open` brings its schema up to date; False leaves that to whoever administers the database."""

    def can(self, what: Can) -> bool:
        """Whether the adapter can do *what*."""
        return what not in self.lacks


ScanRow = DocRow | StoredEvent | Entry | StockRow | StoredHold | CounterRow | KeyRow | OutboxRow
