"""A unit of work in SQLite: one transaction on a connection of its own."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import attrs

from tokolib.adapters.cursors import ID, from_cursor, to_cursor
from tokolib.adapters.instants import to_micros
from tokolib.adapters.ranges import positive, range_of
from tokolib.adapters.recording import RecordingUnit
from tokolib.adapters.shapes import Shapes, shape_of
from tokolib.adapters.sql.finding import find
from tokolib.adapters.sql.statements import CollectionStatements, Statements
from tokolib.adapters.sqlite.pool import Lent
from tokolib.adapters.sqlite.rows import entry_from, event_from, hold_from
from tokolib.adapters.sqlite.scanning import scan_documents, scan_table
from tokolib.adapters.sqlite.sending import Sender
from tokolib.adapters.sqlite.session import Session, listed
from tokolib.adapters.sqlite.translation import commit_error
from tokolib.kernel.asks import Ask
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
from tokolib.kernel.storage_errors import KeyMismatch


@attrs.frozen(eq=False)
class Declared:
    """What the storage was made for, and the statements for it."""

    shapes: Shapes
    statements: Statements
    collections: dict[str, CollectionStatements]
    max_body: int


class SqliteUnit(RecordingUnit):
    """One transaction."""

    def __init__(self, declared: Declared, lent: Lent, partition: str, *, read_only: bool) -> None:
        super().__init__(declared.shapes, max_body=declared.max_body, read_only=read_only)
        self._declared = declared
        self._lent = lent
        self._partition = partition
        self._session = Session(lent.connection, partition)

    def _sent(self) -> Session:
        """The session, after everything recorded was sent."""
        self._must_be_open()
        self._lent.must_be_home()
        if self._batch:
            self._send()
        return self._session

    def _send(self) -> None:
        declared = self._declared
        try:
            Sender(self._session, declared.statements, declared.collections).send(self._recorded())
        except BaseException:
            self._end()
            raise

    def flush(self) -> None:
        """Send what was recorded; a refusal closes the unit."""
        self._sent()

    def commit(self) -> None:
        """Send what was recorded and COMMIT."""
        self._sent()
        try:
            self._lent.connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise commit_error(error) from error
        finally:
            self._end()

    def rollback(self) -> None:
        """Leave no trace."""
        self._end()

    def _end(self) -> None:
        """Close the unit; what was not committed is taken back."""
        if not self._closed:
            self._closed = True
            self._lent.give_back()

    def read(self, *asks: Ask[Any]) -> tuple[Any, ...]:
        """The answers to several questions."""
        return tuple([ask.of(self) for ask in asks])

    def get(self, collection: Collection, id: str) -> Doc | None:
        """The document, or None."""
        text = self._text_of(collection)
        row = self._sent().row(text.get, (self._partition, id))
        return None if row is None else Doc(row[0], row[1], row[2])

    def get_many(self, collection: Collection, ids: Sequence[str]) -> dict[str, Doc]:
        """The documents that exist, by id."""
        text = self._text_of(collection)
        rows = self._sent().rows(text.get_many, (self._partition, listed(ids)))
        return {row[0]: Doc(row[0], row[1], row[2]) for row in rows}

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
        text, values = find(self._text_of(collection).table, self._partition, asked)
        rows = self._sent().rows(text, values)
        more = len(rows) > limit
        cursor = to_cursor([*rows[limit - 1][3:], rows[limit - 1][0]]) if more else None
        return Page(tuple(Doc(row[0], row[1], row[2]) for row in rows[:limit]), cursor)

    def history(self, stream: str, *, after: int = 0, limit: int = 1000) -> Sequence[StoredEvent]:
        """The events of a stream."""
        values = (self._partition, stream, after, positive(limit))
        return [event_from(row) for row in self._sent().rows(self._declared.statements.history, values)]

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
        text = self._declared.statements
        behind = "" if after is None else from_cursor(after, (ID,))[0]
        wanted = [value for value in (account, refers_to) if value is not None]
        match account, refers_to:
            case None, None:
                query = text.ledger
            case _, None:
                query = text.ledger_by_account
            case None, _:
                query = text.ledger_by_reference
            case _:
                query = text.ledger_by_both
        place = (*wanted, behind, *wanted[-1:])  # the last one is asked for from both sides
        rows: list[Any] = self._sent().rows(query, (self._partition, name, *place, positive(limit) + 1))
        cursor = to_cursor([rows[limit - 1][0]]) if len(rows) > limit else None
        return Page(tuple(entry_from(row) for row in rows[:limit]), cursor)

    def levels(self, resources: Sequence[str], *, now: datetime) -> dict[str, Level]:
        """The level of each resource."""
        values = (to_micros(now, "now"), self._partition, listed(resources))
        levels = dict.fromkeys(resources, Level(0, 0, 0))
        for resource, on_hand, held in self._sent().rows(self._declared.statements.levels, values):
            levels[resource] = Level(on_hand, held, on_hand - held)
        return levels

    def holds(self, ids: Sequence[str]) -> dict[str, StoredHold]:
        """The holds that exist."""
        rows = self._sent().rows(self._declared.statements.holds, (self._partition, listed(ids)))
        return {row[0]: hold_from(row) for row in rows}

    def seen(self, scope: str, key: str, fingerprint: str) -> Seen | None:
        """What a key answered the first time."""
        row = self._sent().row(self._declared.statements.seen, (self._partition, scope, key))
        if row is None:
            return None
        if row[0] != fingerprint:
            raise KeyMismatch(scope, key)
        return Seen(row[1])

    def value(self, counter: str) -> int:
        """The value of a counter."""
        row = self._sent().row(self._declared.statements.value, (self._partition, counter))
        return 0 if row is None else int(row[0])

    def scan(self, kind: Kind, *, name: str = "", after: str | None = None, limit: int = 1000) -> Page[ScanRow]:
        """One page of a group."""
        session, declared = self._sent(), self._declared
        if kind is Kind.DOCUMENTS:
            return scan_documents(session, declared.shapes, declared.collections, name, after, positive(limit))
        if kind is Kind.LEDGER:
            page = self.ledger(name, after=after, limit=limit)
            return Page(page.items, page.after)
        return scan_table(session, declared.statements, kind, after, positive(limit))

    def _text_of(self, collection: Collection) -> CollectionStatements:
        return self._declared.collections[shape_of(self._shapes, collection).collection.name]
