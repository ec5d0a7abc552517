"""Looks what a database has, and makes what it lacks: a few statements over any session."""

from collections.abc import Sequence
from typing import Any, Final

import attrs

from tokolib.adapters.sql.migrations.blueprint import Blueprint
from tokolib.adapters.sql.migrations.planning import Applied, pending
from tokolib.adapters.sql.schema import SCHEMA_VERSION
from tokolib.adapters.sql.session import Session, rows
from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.schema_errors import SchemaTooNew

PRESENT: Final = {
    "sqlite": "SELECT name FROM sqlite_master WHERE substr(name, 1, ?) = ?",
    "postgresql": """SELECT CAST(c.relname AS text) FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = coalesce(CAST(? AS text), current_schema())
        AND c.relkind IN ('r', 'p', 'v', 'i', 'I') AND substr(CAST(c.relname AS text), 1, ?) = ?""",
}
"""What is there whose name begins with the prefix."""

COLUMNS: Final = {
    "sqlite": """SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
        WHERE substr(m.name, 1, ?) = ?""",
    "postgresql": """SELECT CAST(table_name AS text), CAST(column_name AS text) FROM information_schema.columns
        WHERE table_schema = coalesce(CAST(? AS text), current_schema())
        AND substr(CAST(table_name AS text), 1, ?) = ?""",
}
SCHEMA: Final = "SELECT 1 FROM information_schema.schemata WHERE schema_name = ?"


@attrs.frozen
class Step:
    """Something to be made in one transaction: what it is called, and how."""

    makes: tuple[str, ...]
    """A migration's file, or the tables and indexes that are made from declarations."""
    statements: tuple[str, ...] = attrs.field(repr=False)


async def present(session: Session, blueprint: Blueprint) -> set[str]:
    """The bare names of tables, indexes and views that begin with the prefix."""
    return {row[0] for row in await rows(session, PRESENT[blueprint.dialect.name], _where(blueprint))}


async def columns(session: Session, blueprint: Blueprint) -> dict[str, set[str]]:
    """The columns of everything that begins with the prefix, by its bare name."""
    found: dict[str, set[str]] = {}
    for table, column in await rows(session, COLUMNS[blueprint.dialect.name], _where(blueprint)):
        found.setdefault(table, set()).add(column)
    return found


def _where(blueprint: Blueprint) -> tuple[Any, ...]:
    prefix = blueprint.names.prefix
    schema = (blueprint.names.schema or None,) if blueprint.dialect.schemas else ()
    return (*schema, len(prefix), prefix)


async def applied(session: Session, blueprint: Blueprint, there: set[str]) -> tuple[Applied, ...]:
    """The migrations that were applied, oldest first; *there* is what `present` answered."""
    table = blueprint.names.fixed("schema")
    if blueprint.names.bare(table) not in there:
        return ()
    text = f"SELECT version, name, checksum, applied_at FROM {table} ORDER BY version"  # noqa: S608 - a checked name
    return tuple(Applied(*row) for row in await rows(session, text, ()))


async def steps(session: Session, blueprint: Blueprint) -> tuple[Step, ...]:
    """What is to be made, in order; each step is a transaction of its own. Nothing is changed.

    Raises:
        SchemaTooNew, SchemaChanged: what was applied is not what is known here.
        AdapterConfig: a table lacks a column that is declared by now.
    """
    there = await present(session, blueprint)
    done = await applied(session, blueprint, there)
    if blueprint.known:
        made = [Step((each.file,), blueprint.script(each)) for each in pending(done, blueprint.known)]
    else:
        made = await _from_declarations(session, blueprint, there, done)
    if made and not there:
        made[0] = attrs.evolve(made[0], statements=(*await _beginning(session, blueprint), *made[0].statements))
    return tuple(made)


async def apply(session: Session, step: Step) -> None:
    """Make what *step* makes. Whoever calls has opened a transaction, and commits it."""
    for statement in step.statements:
        await session.run(statement)


async def _beginning(session: Session, blueprint: Blueprint) -> tuple[str, ...]:
    schema = blueprint.names.schema
    if not schema or await rows(session, SCHEMA, (schema,)):
        return ()
    return (f'CREATE SCHEMA "{schema}"',)


async def _from_declarations(
    session: Session, blueprint: Blueprint, there: set[str], done: Sequence[Applied]
) -> list[Step]:
    if done and done[-1].version > SCHEMA_VERSION:
        raise SchemaTooNew(done[-1].version, SCHEMA_VERSION)
    found = await columns(session, blueprint) if there else {}
    for table, declared in blueprint.columns().items():
        if table in there and (lacking := set(declared) - found[table]):
            dialect = blueprint.dialect.name
            raise AdapterConfig(dialect, f"{table} has no column {min(lacking)!r}; it was made without")
    missing = [(name, text) for name, text in blueprint.definitions() if name not in there]
    if not missing:
        return []
    statements = [text for _, text in missing]
    if not done:
        statements.append(blueprint.record(blueprint.declaration()))
    return [Step(tuple(name for name, _ in missing), tuple(statements))]
