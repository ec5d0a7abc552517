"""Walks whole groups of rows in pages, for checks, exports and drills."""

from collections.abc import Callable
from typing import Any

from tokolib.adapters.sql.document_statements import CollectionStatements
from tokolib.adapters.sql.rows import each_of, event_from, hold_from
from tokolib.adapters.sql.session import Session, rows
from tokolib.adapters.sql.statements import Declared
from tokolib.adapters.units.cursors import PLACES, from_cursor, to_cursor
from tokolib.kernel.rows import CounterRow, Doc, DocRow, Facts, KeyRow, Kind, OutboxRow, Page, Row, ScanRow, StockRow
from tokolib.kernel.storage_errors import Misuse

Making = Callable[[tuple[Any, ...]], ScanRow]
MAKING: dict[Kind, tuple[Making, tuple[int, ...]]] = {
    Kind.HISTORY: (event_from, (1, 2)),
    Kind.STOCK: (lambda row: StockRow(row[0], row[1], row[2]), (0,)),
    Kind.HOLDS: (hold_from, (0,)),
    Kind.COUNTERS: (lambda row: CounterRow(row[0], row[1]), (0,)),
    Kind.KEYS: (lambda row: KeyRow(row[0], row[1], row[2]), (0, 1)),
    Kind.OUTBOX: (
        lambda row: OutboxRow(row[0], row[1], row[2], row[3] is not None, row[4], row[5] is not None),
        (1, 2, 0),
    ),
}
"""How a row is made, and which of its columns place it, for each group with one table."""


async def scan_table(session: Session, declared: Declared, kind: Kind, after: str | None, limit: int) -> Page[ScanRow]:
    """One page of a group that has one table.

    Raises:
        Unreadable: a row can't be read; it says how many before it can, and where the rest begins.
    """
    making, key = MAKING[kind]
    found, cursor = await _page(session, declared.statements.scans[kind.value], kind, key, after, limit)
    return Page(tuple(each_of(found, making, key)), cursor)


async def scan_documents(
    session: Session, declared: Declared, name: str, after: str | None, limit: int
) -> Page[ScanRow]:
    """One page of a collection, with columns and facts."""
    if name not in declared.shapes:
        raise Misuse(f"no collection {name!r} was declared")
    text = declared.collections[name]
    found, cursor = await _page(session, text.scan, Kind.DOCUMENTS, (0,), after, limit)
    facts = await _facts(session, declared, text, [row[0] for row in found])
    items = (
        DocRow(
            name,
            Doc(row[0], row[1], row[2]),
            dict(zip(text.columns, row[3:], strict=True)),
            facts[row[0]],
        )
        for row in found
    )
    return Page(tuple(items), cursor)


async def _facts(session: Session, declared: Declared, text: CollectionStatements, ids: list[str]) -> dict[str, Facts]:
    found: dict[str, dict[str, list[Row]]] = {id: {name: [] for name in text.facts} for id in ids}
    for name, table in text.facts.items():
        for row in await rows(session, table.of_documents, (session.partition, declared.dialect.listed(ids))):
            found[row[0]][name].append(dict(zip(table.columns, row[2:], strict=True)))
    return {id: {name: tuple(rows) for name, rows in tables.items()} for id, tables in found.items()}


async def _page(
    session: Session, texts: tuple[str, str], kind: Kind, key: tuple[int, ...], after: str | None, limit: int
) -> tuple[list[Any], str | None]:
    first, later = texts
    if after is None:
        found = await rows(session, first, (session.partition, limit + 1))
    else:
        place = from_cursor(after, PLACES[kind])
        found = await rows(session, later, (session.partition, *place, limit + 1))
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], to_cursor([last[place] for place in key])
