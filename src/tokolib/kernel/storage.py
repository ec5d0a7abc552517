"""**Port.** Storage: what a backend must do, and may know. It sees text, integers, bytes and aware instants.

An adapter keeps seven groups of rows for each *partition* (one shop = one tenant = one partition): documents
with declared indexes, their facts, histories with their outbox, ledgers, counters, stock levels with holds, and
keys. Reads answer at once. Writes are plain calls that record; `flush` and `commit` send all that was recorded,
in one batch, and report a refusal. The kit in `tokolib.testing` checks every sentence written here.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from tokolib.kernel.asks import Ask
from tokolib.kernel.hosting import MaybeAwaitable
from tokolib.kernel.rows import (
    BackupReport,
    Capabilities,
    Claimed,
    Collection,
    DeadLetter,
    Demand,
    Doc,
    Entry,
    Facts,
    Kind,
    Level,
    Page,
    Row,
    Scalar,
    ScanRow,
    Seen,
    StoredEvent,
    StoredHold,
)


class UnitOfWork(Protocol):
    """One atomic change in one partition. Its reads see what it has recorded; nobody else does before commit.

    Reads, `flush` and `commit` belong to the thread that began it, or to the event loop: another one is refused, and
    changes nothing.
    """

    def read(self, *asks: Ask[Any]) -> MaybeAwaitable[tuple[Any, ...]]:
        """The answers to several questions, in their order: in one trip, where the backend can. They raise what the
        methods do.
        """
        ...

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
        """Add to a history after seq *expected*, and to the outbox. Refused (`VersionConflict`) otherwise.

        Refused as well (`AlreadyExists`) when the outbox has an event of that id.
        """
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
        A demand's `leave` is what must still be available after it; it isn't kept, and binds no other demand.
        Refused (`Refused`, naming the demand's resource and how much that demand could have had; `AlreadyExists`
        when the id holds something else; `HoldGone` when its hold has ended).
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


class Outbox(Protocol):
    """Events on their way out, claimed under a lease, so that two relays never share one.

    A stream keeps its order: an event that waits, whether for its lease, its next try or somebody's decision, holds
    back the later ones of its stream, and no other stream.
    """

    def claim(self, *, now: datetime, lease: timedelta, limit: int = 100) -> MaybeAwaitable[Sequence[Claimed]]:
        """Events that are due and unclaimed, in the order of their streams; none overtakes an earlier one."""
        ...

    def done(self, ids: Sequence[str], *, now: datetime) -> MaybeAwaitable[None]:
        """Mark events as delivered; they stay until they are purged, so that they can be replayed."""
        ...

    def retry(self, id: str, *, at: datetime, error: str) -> MaybeAwaitable[None]:
        """Give an event back, to be claimed again at a moment; its tries rise by one. Done or buried, it stays so."""
        ...

    def bury(self, id: str, *, now: datetime, error: str) -> MaybeAwaitable[None]:
        """Give an event up as a dead letter; its tries rise by one. A done one stays done."""
        ...

    def dead(self, *, after: str | None = None, limit: int = 100) -> MaybeAwaitable[Page[DeadLetter]]:
        """The dead letters, by stream and sequence number."""
        ...

    def revive(self, ids: Sequence[str], *, now: datetime) -> MaybeAwaitable[int]:
        """Let dead letters go out again, with no tries counted. `done` lets one rest instead. How many there were."""
        ...

    def replay(self, *, since: datetime, until: datetime, now: datetime) -> MaybeAwaitable[int]:
        """Let events go out again that were done in [since, until), with no tries counted. How many there were."""
        ...

    def purge(self, *, before: datetime) -> MaybeAwaitable[int]:
        """Forget what was done before a moment: it can't be replayed any more. Histories stay. How many there were."""
        ...


class Storage(Protocol):
    """A place where shops are kept."""

    @property
    def capabilities(self) -> Capabilities:
        """What this adapter can do."""
        ...

    def migrate(self, *, dry_run: bool = False) -> MaybeAwaitable[Sequence[str]]:
        """Bring the schema up to date and tell what was done (*dry_run*: what would be); the second time, nothing.

        Raises:
            SchemaTooNew: a newer library has written this storage. Nothing was changed.
        """
        ...

    def begin(self, partition: str, *, read_only: bool = False) -> MaybeAwaitable[UnitOfWork]:
        """Open a unit of work. A read-only one refuses writes and sees one consistent state."""
        ...

    def join(self, connection: Any, partition: str) -> MaybeAwaitable[UnitOfWork]:
        """Open a unit of work inside the transaction that the host has open on *connection*.

        Its commit only ends a savepoint, and so does its end after a refusal: the host's transaction goes on, and
        whether anything lasts is the host's to say.

        Raises:
            Unsupported: the adapter can't. Misuse: no transaction is open there, or it is another kind of connection.
        """
        ...

    def backup(self, target: Path) -> MaybeAwaitable[BackupReport]:
        """Copy everything committed into a new file, while others write; it is there whole or not at all.

        Raises:
            Unsupported: the adapter can't. Misuse: there is a file already. Unavailable: it can't be written.
        """
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
