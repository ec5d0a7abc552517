"""Brings a database up to date: all of it in one transaction, and nothing the second time."""

from collections.abc import Sequence
from typing import Final

from tokolib.adapters.sql.dialect import POSTGRES
from tokolib.adapters.sql.schema import Partitioned, collection_tables, fixed_tables
from tokolib.adapters.sql.session import Session, rows
from tokolib.adapters.sql.statements import Declared

Part = tuple[str, str]
PRESENT: Final = """SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = coalesce(nullif(?::text, ''), current_schema()) AND starts_with(c.relname, ?)"""


async def missing(session: Session, declared: Declared, split: Partitioned | None) -> list[Part]:
    """What must be made, in order."""
    names = declared.names
    present = {row[0] for row in await rows(session, PRESENT, (names.schema, names.prefix))}
    parts = [*fixed_tables(POSTGRES, names, split=split)]
    for shape in declared.shapes.values():
        parts += collection_tables(shape.collection, POSTGRES, names, split=split)
    return [(name, text) for name, text in parts if name not in present]


async def make(session: Session, declared: Declared, split: Partitioned | None) -> Sequence[str]:
    """Make what is missing, and tell the names."""
    parts = await missing(session, declared, split)
    for _, text in parts:
        await session.run(text)
    return [name for name, _ in parts]
