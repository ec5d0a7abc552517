"""Brings a file's schema up to date: all of it in one transaction, and nothing the second time."""

from collections.abc import Iterator, Sequence
from typing import Final

from tokolib.adapters.shapes import Shapes
from tokolib.adapters.sql.dialect import SQLITE
from tokolib.adapters.sql.schema import (
    SCHEMA_VERSION,
    collection_tables,
    column_names,
    document_table,
    fact_column_names,
    fact_table,
    fixed_tables,
)
from tokolib.adapters.sql.session import Session, rows
from tokolib.kernel.errors import AdapterConfig
from tokolib.kernel.storage_errors import SchemaTooNew

Step = tuple[str, str]
PRESENT: Final = "SELECT name FROM sqlite_master WHERE name LIKE 'tokolib!_%' ESCAPE '!'"
VERSION: Final = "SELECT max(version) FROM tokolib_schema"
RECORD: Final = "INSERT INTO tokolib_schema (version, name, checksum, applied_at) VALUES (?, ?, ?, ?)"


async def missing(session: Session, shapes: Shapes) -> list[Step]:
    """What must be made, in order.

    Raises:
        SchemaTooNew: a newer tokolib has written this file.
        AdapterConfig: a table lacks a column that is declared by now.
    """
    present = {row[0] for row in await rows(session, PRESENT, ())}
    if "tokolib_schema" in present:
        [[version]] = await rows(session, VERSION, ())
        if version is not None and version > SCHEMA_VERSION:
            raise SchemaTooNew(version, SCHEMA_VERSION)
    await _check_columns(session, shapes, present)
    steps = [*fixed_tables(SQLITE)]
    for shape in shapes.values():
        steps += collection_tables(shape.collection, SQLITE)
    return [(name, text) for name, text in steps if name not in present]


async def make(session: Session, steps: Sequence[Step]) -> Sequence[str]:
    """Make what is missing, and tell the names."""
    for name, text in steps:
        await session.run(text)
        if name == "tokolib_schema":
            await rows(session, RECORD, (SCHEMA_VERSION, "the first schema", "", ""))
    return [name for name, _ in steps]


async def _check_columns(session: Session, shapes: Shapes, present: set[str]) -> None:
    for table, declared in _tables(shapes):
        if table in present:
            found = {row[0] for row in await rows(session, "SELECT name FROM pragma_table_info(?)", (table,))}
            if lacking := set(declared) - found:
                raise AdapterConfig("sqlite", f"{table} has no column {sorted(lacking)[0]!r}; it was made without")


def _tables(shapes: Shapes) -> Iterator[tuple[str, tuple[str, ...]]]:
    for shape in shapes.values():
        yield document_table(shape.collection), column_names(shape.collection)
        for table in shape.collection.facts:
            yield fact_table(table), fact_column_names(table)
