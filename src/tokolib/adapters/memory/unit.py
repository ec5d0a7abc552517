"""A unit of work in memory."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from tokolib.adapters.memory import reading
from tokolib.adapters.memory.journal import Journal
from tokolib.adapters.memory.tables import Tables
from tokolib.adapters.memory.writing import apply
from tokolib.adapters.units.answering import answer
from tokolib.adapters.units.fitting import integer
from tokolib.adapters.units.ranges import positive, range_of
from tokolib.adapters.units.recording import RecordingUnit
from tokolib.adapters.units.shapes import Shapes, shape_of
from tokolib.kernel.asks import Ask
from tokolib.kernel.clock import aware
from tokolib.kernel.rows import (
    Collection,
    Doc,
    Entry,
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
from tokolib.kernel.storage_errors import KeyMismatch, Misuse

T = TypeVar("T")


class MemoryUnit(RecordingUnit):
    """One change, made in place under the storage's lock and taken back by its journal."""

    def __init__(
        self, shapes: Shapes, tables: Tables, *, max_body: int, read_only: bool, leave: Callable[[], None]
    ) -> None:
        super().__init__(shapes, max_body=max_body, read_only=read_only)
        self._tables = tables
        self._journal = Journal()
        self._leave = leave
        self._home = threading.get_ident()

    def _check(self) -> None:
        """Refuse a unit that is over, and other threads."""
        if self._closed or threading.get_ident() != self._home:
            self._must_be_open()
            raise Misuse("a unit of work belongs to the thread that began it")

    def _read(self) -> Tables:
        """The tables, after everything recorded was sent."""
        self.flush()
        return self._tables

    def flush(self) -> None:
        """Apply what was recorded; a refusal closes the unit."""
        self._check()
        if self._batch:
            try:
                apply(self._recorded(), self._tables, self._journal)
            except BaseException:
                self.rollback()
                raise

    def commit(self) -> None:
        """Apply what was recorded, and let others see it."""
        self.flush()
        self._closed = True
        self._leave()

    def rollback(self) -> None:
        """Take everything back."""
        if not self._closed:
            self._closed = True
            self._journal.undo()
            self._leave()

    def read(self, *asks: Ask[Any]) -> tuple[Any, ...]:
        """The answers to several questions."""
        self.flush()
        return tuple([answer(self, ask) for ask in asks])

    def get(self, collection: Collection, id: str) -> Doc | None:
        """The document, or None."""
        kept = self._read().of(shape_of(self._shapes, collection)).kept.get(id)
        return None if kept is None else kept.doc

    def get_many(self, collection: Collection, ids: Sequence[str]) -> dict[str, Doc]:
        """The documents that exist, by id."""
        kept = self._read().of(shape_of(self._shapes, collection)).kept
        return {id: kept[id].doc for id in ids if id in kept}

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
    ) -> Page[Doc]:
        """One page of documents by a declared index."""
        shape = shape_of(self._shapes, collection)
        asked = range_of(shape, index, equals, since, until, after, limit, descending)
        return reading.find(self._read(), shape, asked)

    def history(self, stream: str, *, after: int = 0, limit: int = 1000) -> Sequence[StoredEvent]:
        """The events of a stream."""
        start = max(integer(after, "after"), 0)
        return self._read().histories.get(stream, [])[start : start + positive(limit)]

    def ledger(
        self,
        name: str,
        *,
        account: str | None = None,
        refers_to: str | None = None,
        after: str | None = None,
        limit: int = 1000,
    ) -> Page[Entry]:
        """One page of a ledger."""
        return reading.ledger(self._read(), name, account, refers_to, after, positive(limit))

    def levels(self, resources: Sequence[str], *, now: datetime) -> dict[str, Level]:
        """The level of each resource."""
        at, tables = aware(now, "now"), self._read()
        return {resource: reading.level(tables, resource, at) for resource in resources}

    def holds(self, ids: Sequence[str]) -> dict[str, StoredHold]:
        """The holds that exist."""
        holds = self._read().holds
        return {id: holds[id] for id in ids if id in holds}

    def seen(self, scope: str, key: str, fingerprint: str) -> Seen | None:
        """What a key answered the first time."""
        found = self._read().keys.get((scope, key))
        if found is None:
            return None
        if found[0] != fingerprint:
            raise KeyMismatch(scope, key)
        return Seen(found[1])

    def value(self, counter: str) -> int:
        """The value of a counter."""
        return self._read().counters.get(counter, 0)

    def scan(self, kind: Kind, *, name: str = "", after: str | None = None, limit: int = 1000) -> Page[ScanRow]:
        """One page of a group."""
        return reading.scan(self._read(), self._shapes, kind, name, after, positive(limit))
