"""**Port.** Storage: what a backend must do, and may know. It sees text, integers, bytes and aware instants.

An adapter keeps seven groups of rows for each *partition* (one shop = one tenant = one partition): documents
with declared indexes, their facts, histories with their outbox, ledgers, counters, stock levels with holds, and
keys. Reads answer at once. Writes are plain calls that record; `flush` and `commit` send all that was recorded,
in one batch, and report a refusal. The kit in `tokolib.testing` checks every sentence written here.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final, Generic, Protocol, TypeVar

import attrs

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.hosting import MaybeAwaitable

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
    """A declared way to find documents; `unique` within a partition. Null never collides."""

    name: str
    columns: tuple[str, ...]
    unique: bool = False


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
class OutboxRow:
    """The state of one outbox row, for checks."""

    event_id: str
    stream: str
    seq: int
    done: bool
    tries: int


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


@attrs.frozen
class Capabilities:
    """What an adapter can do; the kit tests what is claimed, and that the rest is refused."""

    durable: bool
    multi_process: bool
    asynchronous: bool
    max_body: int = 64 * 1024 * 1024


class UnitOfWork(Protocol):
    """One atomic change in one partition. Its reads see what it has recorded; nobody else does before commit."""

    def get(self, collection: Collection, id: str) -> MaybeAwaitable[Doc | None]:
        """The document, or None."""
        ...

    def get_many(self, collection: Collection, ids: Sequence[str]) -> MaybeAwaitable[dict[str, Doc]]:
        """The documents that exist, by id."""
        ...

    def find(
        self,
        collection: Collection,
        index: str,
        *,
        equals: Row | None = None,
        since: Scalar = None,
        until: Scalar = None,
        after: str | None = None,
        limit: int = 100,
        descending: bool = False,
    ) -> MaybeAwaitable[Page[Doc]]:
        """Documents by a declared index: `equals` fixes its first columns, `since`/`until` bound the next one
        (half-open), in code-point order of the index's columns, then of the id. `after` is a page's cursor.
        """
        ...

    def history(self, stream: str, *, after: int = 0, limit: int = 1000) -> MaybeAwaitable[Sequence[StoredEvent]]:
        """The events of a stream after a sequence number, in order."""
        ...

    def ledger(
        self,
        name: str,
        *,
        account: str | None = None,
        refers_to: str | None = None,
        after: str | None = None,
        limit: int = 1000,
    ) -> MaybeAwaitable[Page[Entry]]:
        """The entries of a ledger in the order of their ids, by account or by what they refer to."""
        ...

    def levels(self, resources: Sequence[str], *, now: datetime) -> MaybeAwaitable[dict[str, Level]]:
        """The level of each resource; an unknown one is all zeros."""
        ...

    def holds(self, ids: Sequence[str]) -> MaybeAwaitable[dict[str, StoredHold]]:
        """The holds that exist, whatever their state."""
        ...

    def seen(self, scope: str, key: str, fingerprint: str) -> MaybeAwaitable[Seen | None]:
        """What was remembered under a key; None the first time.

        Raises:
            KeyMismatch: remembered with another fingerprint.
        """
        ...

    def value(self, counter: str) -> MaybeAwaitable[int]:
        """The value of a counter; 0 when it was never counted."""
        ...

    def scan(
        self, kind: Kind, *, name: str = "", after: str | None = None, limit: int = 1000
    ) -> MaybeAwaitable["Page[ScanRow]"]:
        """Every row of a group, in a fixed order, in pages: for checks, exports and drills.

        *name* is the collection for documents, and the ledger for ledgers.
        """
        ...

    # Writes record; nothing is sent before `flush` or `commit`.

    def insert(self, collection: Collection, id: str, body: bytes, columns: Row, facts: Facts | None = None) -> None:
        """Store a new document. Refused (`AlreadyExists`) if its id, or a unique index, is taken."""
        ...

    def replace(
        self,
        collection: Collection,
        id: str,
        body: bytes,
        columns: Row,
        *,
        expected: int,
        facts: Facts | None = None,
    ) -> None:
        """Store a new body for version *expected*. Refused (`VersionConflict`) when it has moved on.

        *facts* None leaves the rows as they are.
        """
        ...

    def delete(self, collection: Collection, id: str, *, expected: int) -> None:
        """Remove a document at version *expected*, and its facts."""
        ...

    def append(self, stream: str, events: Sequence[StoredEvent], *, expected: int) -> None:
        """Add to a history after seq *expected*, and to the outbox. Refused (`VersionConflict`) otherwise."""
        ...

    def post(self, name: str, entries: Sequence[Entry]) -> None:
        """Add entries to a ledger. Refused (`AlreadyExists`) if an id is taken."""
        ...

    def count(self, name: str, delta: int, *, floor: int | None = 0, ceiling: int | None = None) -> None:
        """Change a counter. Refused (`Refused`) when the result would leave [floor, ceiling]."""
        ...

    def hold(self, demands: Sequence[Demand], *, until: datetime | None, now: datetime) -> None:
        """Hold all demands or none, until a moment or (None) for good.

        Idempotent by hold id with the same resource and quantity. Leases that ran out are reaped first.
        Refused (`Refused`, naming the demand's resource and what is available; `AlreadyExists` when the id holds
        something else; `HoldGone` when its hold has ended).
        """
        ...

    def keep(self, holds: Sequence[str], *, now: datetime) -> None:
        """End the leases of holds, so that they last. Refused (`HoldGone`) if one ran out or has ended."""
        ...

    def take(self, holds: Sequence[str], *, now: datetime) -> None:
        """The goods leave: on hand and held fall together. Refused (`HoldGone`) if one ran out or has ended."""
        ...

    def release(self, holds: Sequence[str]) -> None:
        """Give holds back. One that has ended stays as it is, and an unknown one is nothing to give."""
        ...

    def adjust(self, resource: str, delta: int) -> None:
        """Change on hand. Refused (`Refused`) when it would fall below what is held, or below zero."""
        ...

    def remember(self, scope: str, key: str, fingerprint: str, result: bytes) -> None:
        """Store what a key answers from now on. Refused (`KeyTaken`, retryable) if another unit did meanwhile."""
        ...

    def flush(self) -> MaybeAwaitable[None]:
        """Send what was recorded: keys, documents, histories, ledgers, counters by name, stock by resource."""
        ...

    def commit(self) -> MaybeAwaitable[None]:
        """Flush, then make it lasting. After it, or after any refusal, the unit is closed."""
        ...

    def rollback(self) -> MaybeAwaitable[None]:
        """Leave no trace. Harmless on a closed unit."""
        ...


ScanRow = DocRow | StoredEvent | Entry | StockRow | StoredHold | CounterRow | KeyRow | OutboxRow


class Outbox(Protocol):
    """Events on their way out, claimed under a lease, so that two relays never share one."""

    def claim(self, *, now: datetime, lease: timedelta, limit: int = 100) -> MaybeAwaitable[Sequence[Claimed]]:
        """Events that are due and unclaimed, in the order of their streams; none overtakes an earlier one."""
        ...

    def done(self, ids: Sequence[str], *, now: datetime) -> MaybeAwaitable[None]:
        """Mark events as delivered; they stay, so that they can be replayed."""
        ...

    def retry(self, id: str, *, at: datetime, error: str) -> MaybeAwaitable[None]:
        """Give an event back, to be claimed again at a moment; its tries rise by one."""
        ...


class Storage(Protocol):
    """A place where shops are kept."""

    @property
    def capabilities(self) -> Capabilities:
        """What this adapter can do."""
        ...

    def migrate(self) -> MaybeAwaitable[Sequence[str]]:
        """Bring the schema up to date and tell what was done; the second time, nothing.

        Raises:
            SchemaTooNew: a newer library has written this storage. Nothing was changed.
        """
        ...

    def begin(self, partition: str, *, read_only: bool = False) -> MaybeAwaitable[UnitOfWork]:
        """Open a unit of work. A read-only one refuses writes and sees one consistent state."""
        ...

    def outbox(self, partition: str) -> Outbox:
        """The outbox of a partition."""
        ...

    def pause(self, attempt: int) -> MaybeAwaitable[None]:
        """Wait a little, longer with each attempt and never the same, before a retry."""
        ...

    def close(self) -> MaybeAwaitable[None]:
        """Give back files and connections. Harmless the second time."""
        ...


# What a storage may raise: a closed set. Adapters translate their driver's errors into it.


class StorageError(TokolibError):
    """The root of what a storage refuses or fails at."""

    retryable: ClassVar[bool] = False
    status: ClassVar[int] = 503


@attrs.frozen
class Refused(StorageError):
    """A condition of a write did not hold; the unit is closed and left nothing."""

    code: ClassVar[str] = "storage.refused"
    status: ClassVar[int] = 409
    write: str
    name: str
    demanded: int
    available: int

    def __str__(self) -> str:
        return f"{self.write} {self.name}: {self.demanded} demanded, {self.available} available"


@attrs.frozen
class HoldGone(StorageError):
    """A hold ran out, was given back or was taken before; the unit is closed and left nothing."""

    code: ClassVar[str] = "storage.hold_gone"
    status: ClassVar[int] = 409
    hold_id: str
    state: str

    def __str__(self) -> str:
        return f"hold {self.hold_id} is {self.state}"


@attrs.frozen
class VersionConflict(StorageError):
    """Another unit changed this first; the whole unit may be tried again from its reads."""

    code: ClassVar[str] = "storage.version_conflict"
    status: ClassVar[int] = 409
    retryable: ClassVar[bool] = True
    name: str
    id: str
    expected: int

    def __str__(self) -> str:
        return f"{self.name} {self.id} is no longer at version {self.expected}"


@attrs.frozen
class AlreadyExists(StorageError):
    """An id, or the columns of a unique index, are taken."""

    code: ClassVar[str] = "storage.already_exists"
    status: ClassVar[int] = 409
    name: str
    id: str
    index: str

    def __str__(self) -> str:
        return f"{self.name} {self.id}: {self.index} is taken"


@attrs.frozen
class KeyMismatch(StorageError):
    """A key was remembered with another fingerprint."""

    code: ClassVar[str] = "storage.key_mismatch"
    status: ClassVar[int] = 409
    scope: str
    key: str

    def __str__(self) -> str:
        return f"key {self.key!r} in {self.scope} belongs to another request"


@attrs.frozen
class KeyTaken(StorageError):
    """Another unit remembered the same key at the same time; a rerun finds its answer."""

    code: ClassVar[str] = "storage.key_taken"
    status: ClassVar[int] = 409
    retryable: ClassVar[bool] = True
    scope: str
    key: str

    def __str__(self) -> str:
        return f"key {self.key!r} in {self.scope} was taken meanwhile"


@attrs.frozen
class Busy(StorageError):
    """The storage is locked by others and stayed so for as long as we may wait."""

    code: ClassVar[str] = "storage.busy"
    retryable: ClassVar[bool] = True
    detail: str

    def __str__(self) -> str:
        return f"the storage is busy: {self.detail}"

    @property
    def hint(self) -> str:
        return "another program holds the file; close it, or try again"


@attrs.frozen
class Serialization(StorageError):
    """The database asks to run the unit again."""

    code: ClassVar[str] = "storage.serialization"
    retryable: ClassVar[bool] = True
    detail: str

    def __str__(self) -> str:
        return f"the database could not order this unit: {self.detail}"


@attrs.frozen
class CommitUnknown(StorageError):
    """The connection was lost during commit: it may have happened. Look the key up before anything else."""

    code: ClassVar[str] = "storage.commit_unknown"
    detail: str

    def __str__(self) -> str:
        return f"the answer to commit was lost: {self.detail}"


@attrs.frozen
class Unavailable(StorageError):
    """The storage can't be reached, read or written (missing, full, read-only, damaged)."""

    code: ClassVar[str] = "storage.unavailable"
    detail: str

    def __str__(self) -> str:
        return f"the storage can't be used: {self.detail}"


@attrs.frozen
class SchemaTooNew(StorageError):
    """A newer tokolib has written this storage."""

    code: ClassVar[str] = "storage.schema_too_new"
    found: int
    known: int

    def __str__(self) -> str:
        return f"the storage has schema {self.found}; this tokolib knows up to {self.known}"

    @property
    def hint(self) -> str:
        return "upgrade tokolib: pip install --upgrade tokolib"


@attrs.frozen
class Misuse(StorageError):
    """The port was used against its rules: a closed unit, a write in a read-only one, an undeclared index."""

    code: ClassVar[str] = "storage.misuse"
    status: ClassVar[int] = 500
    rule: str

    def __str__(self) -> str:
        return self.rule
