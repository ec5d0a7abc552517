"""A unit of work over an ordered map."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tokolib.adapters.keyed import reading
from tokolib.adapters.keyed.forms import doc_of, event_of
from tokolib.adapters.keyed.packing import number, pack, raw
from tokolib.adapters.keyed.rows import Rows, Shelf
from tokolib.adapters.keyed.stock import hold_by
from tokolib.adapters.keyed.writing import apply
from tokolib.adapters.units.answering import answer
from tokolib.adapters.units.fitting import integer, text
from tokolib.adapters.units.homes import here, must_be_home
from tokolib.adapters.units.ranges import positive, range_of
from tokolib.adapters.units.recording import RecordingUnit
from tokolib.adapters.units.shapes import Shapes, shape_of
from tokolib.kernel.asks import Ask
from tokolib.kernel.clock import aware
from tokolib.kernel.rows import (
    LARGEST_INTEGER,
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
from tokolib.kernel.storage_errors import KeyMismatch


class KeyedUnit(RecordingUnit):
    """One transaction of an adapter's `Rows`: they are committed or rolled back once, when the unit ends."""

    def __init__(self, shapes: Shapes, rows: Rows, partition: str, *, max_body: int, read_only: bool) -> None:
        super().__init__(shapes, max_body=max_body, read_only=read_only)
        self._rows = rows
        self._shelf = Shelf(rows, partition)
        self._home = here()

    def _sent(self) -> Shelf:
        """The rows, after everything recorded was applied."""
        self.flush()
        return self._shelf

    def flush(self) -> None:
        """Apply what was recorded; a refusal closes the unit."""
        self._must_be_open()
        must_be_home(self._home)
        if self._batch:
            try:
                apply(self._recorded(), self._shelf)
            except BaseException:
                self.rollback()
                raise

    def commit(self) -> None:
        """Apply what was recorded, and make it last."""
        self.flush()
        self._closed = True
        try:
            self._rows.commit()
        except BaseException:
            self._rows.rollback()
            raise

    def rollback(self) -> None:
        """Leave no trace."""
        if not self._closed:
            self._closed = True
            self._rows.rollback()

    def read(self, *asks: Ask[Any]) -> tuple[Any, ...]:
        """The answers to several questions."""
        self.flush()
        return tuple([answer(self, ask) for ask in asks])

    def get(self, collection: Collection, id: str) -> Doc | None:
        """The document, or None."""
        return self.get_many(collection, [id]).get(id)

    def get_many(self, collection: Collection, ids: Sequence[str]) -> dict[str, Doc]:
        """The documents that exist, by id."""
        name, shelf = shape_of(self._shapes, collection).collection.name, self._sent()
        found = {id: shelf.get("doc", name, text(id, "id")) for id in ids}
        return {id: doc_of(id, values) for id, values in found.items() if values is not None}

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
        return reading.find(self._sent(), shape, asked)

    def history(self, stream: str, *, after: int = 0, limit: int = 1000) -> Sequence[StoredEvent]:
        """The events of a stream."""
        first = min(max(integer(after, "after"), 0), LARGEST_INTEGER - 1) + 1
        last = min(first + positive(limit), LARGEST_INTEGER)
        name = text(stream, "stream")
        rows = self._sent().walk("event", name, low=pack((first,)), high=pack((last,)))
        return [event_of((name, *place), values) for place, values in rows]

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
        for part in (name, account, refers_to):
            if part is not None:
                text(part, "ledger")
        return reading.ledger(self._sent(), name, account, refers_to, after, positive(limit))

    def levels(self, resources: Sequence[str], *, now: datetime) -> dict[str, Level]:
        """The level of each resource."""
        at, shelf = aware(now, "now"), self._sent()
        return {resource: reading.level(shelf, text(resource, "resource"), at) for resource in resources}

    def holds(self, ids: Sequence[str]) -> dict[str, StoredHold]:
        """The holds that exist."""
        shelf = self._sent()
        return {id: hold for each in ids for id, hold in hold_by(shelf, text(each, "hold")).items()}

    def seen(self, scope: str, key: str, fingerprint: str) -> Seen | None:
        """What a key answered the first time."""
        found = self._sent().get("key", text(scope, "scope"), text(key, "key"))
        if found is None:
            return None
        if found[0] != fingerprint:
            raise KeyMismatch(scope, key)
        return Seen(raw(found[1]))

    def value(self, counter: str) -> int:
        """The value of a counter."""
        found = self._sent().get("counter", text(counter, "counter"))
        return 0 if found is None else number(found[0])

    def scan(self, kind: Kind, *, name: str = "", after: str | None = None, limit: int = 1000) -> Page[ScanRow]:
        """One page of a group."""
        return reading.scan(self._sent(), self._shapes, kind, name, after, positive(limit))
