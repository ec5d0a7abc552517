"""Walks whole groups of rows in pages, for checks, exports and drills."""

from collections.abc import Callable
from typing import Any

from tokolib.adapters.cursors import PLACES, from_cursor, to_cursor
from tokolib.adapters.shapes import Shapes
from tokolib.adapters.sql.statements import CollectionStatements, Statements
from tokolib.adapters.sqlite.rows import event_from, hold_from
from tokolib.adapters.sqlite.session import Session, listed
from tokolib.kernel.rows import CounterRow, Doc, DocRow, Facts, KeyRow, Kind, OutboxRow, Page, Row, ScanRow, StockRow
from tokolib.kernel.storage_errors import Misuse

Making = Callable[[tuple[Any, ...]], ScanRow]
MAKING: dict[Kind, tuple[Making, tuple[int, ...]]] = {
    Kind.HISTORY: (event_from, (1, 2)),
    Kind.STOCK: (lambda row: StockRow(row[0], row[1], row[2]), (0,)),
    Kind.HOLDS: (hold_from, (0,)),
    Kind.COUNTERS: (lambda row: CounterRow(row[0], row[1]), (0,)),
    Kind.KEYS: (lambda row: KeyRow(row[0], row[1], row[2]), (0, 1)),
    Kind.OUTBOX: (lambda row: OutboxRow(row[0], row[1], row[2], row[3] is not None, row[4]), (1, 2, 0)),
}
"""How a row is made, and which of its columns place it, for each group with one table."""


def scan_table(session: Session, text: Statements, kind: Kind, after: str | None, limit: int) -> Page[ScanRow]:
    """One page of a group that has one table."""
    making, key = MAKING[kind]
    rows, cursor = _page(session, text.scans[kind.value], kind, key, after, limit)
    return Page(tuple(making(row) for row in rows), cursor)


def scan_documents(
    session: Session,
    shapes: Shapes,
    collections: dict[str, CollectionStatements],
    name: str,
    after: str | None,
    limit: int,
) -> Page[ScanRow]:
    """One page of a collection, with columns and facts."""
    if name not in shapes:
        raise Misuse(f"no collection {name!r} was declared")
    text = collections[name]
    rows, cursor = _page(session, text.scan, Kind.DOCUMENTS, (0,), after, limit)
    facts = _facts(session, text, [row[0] for row in rows])
    items = (
        DocRow(
            name,
            Doc(row[0], row[1], row[2]),
            dict(zip(text.columns, row[3:], strict=True)),
            facts[row[0]],
        )
        for row in rows
    )
    return Page(tuple(items), cursor)


def _facts(session: Session, text: CollectionStatements, ids: list[str]) -> dict[str, Facts]:
    found: dict[str, dict[str, list[Row]]] = {id: {name: [] for name in text.facts} for id in ids}
    for name, table in text.facts.items():
        for row in session.rows(table.of_documents, (session.partition, listed(ids))):
            found[row[0]][name].append(dict(zip(table.columns, row[2:], strict=True)))
    return {id: {name: tuple(rows) for name, rows in tables.items()} for id, tables in found.items()}


def _page(
    session: Session, texts: tuple[str, str], kind: Kind, key: tuple[int, ...], after: str | None, limit: int
) -> tuple[list[Any], str | None]:
    first, later = texts
    if after is None:
        rows = session.rows(first, (session.partition, limit + 1))
    else:
        rows = session.rows(later, (session.partition, *from_cursor(after, PLACES[kind]), limit + 1))
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], to_cursor([last[place] for place in key])
