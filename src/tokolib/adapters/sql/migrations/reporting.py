"""What is right and wrong with the schema of a database: for whoever administers it."""

import attrs

from tokolib.adapters.sql.migrations.blueprint import Blueprint
from tokolib.adapters.sql.migrations.planning import Applied, pending
from tokolib.adapters.sql.migrations.running import applied, columns, present
from tokolib.adapters.sql.session import Session
from tokolib.kernel.schema_errors import SchemaChanged, SchemaTooNew


@attrs.frozen
class SchemaReport:
    """What was applied, and everything that is not as it should be."""

    applied: tuple[Applied, ...]
    pending: tuple[str, ...]
    """What an upgrade would do: files, or tables and indexes."""
    changed: tuple[SchemaChanged | SchemaTooNew, ...]
    """Why it can't be upgraded: what was applied is not what is known here."""
    missing: tuple[str, ...]
    """Tables, indexes, views, and columns (`table.column`) that should be there by what was applied, and are not."""
    foreign: tuple[str, ...]
    """What begins with our prefix and is not ours; it is left alone."""

    @property
    def ok(self) -> bool:
        """Whether this library can work with it as it is."""
        return not (self.pending or self.changed or self.missing)


async def report(session: Session, blueprint: Blueprint) -> SchemaReport:
    """What there is to tell. Nothing is changed."""
    there = await present(session, blueprint)
    done = await applied(session, blueprint, there)
    definitions = [name for name, _ in blueprint.definitions()]
    keys = {blueprint.names.primary(name) for name in definitions}
    missing = tuple(name for name in definitions if name not in there)
    changed: tuple[SchemaChanged | SchemaTooNew, ...] = ()
    waiting: tuple[str, ...] = ()
    if blueprint.known:
        try:
            waiting = tuple(each.file for each in pending(done, blueprint.known))
        except (SchemaChanged, SchemaTooNew) as error:
            changed = (error,)
        if waiting:
            missing = ()  # what a file that is still to be applied makes can't be told from what was lost
    else:
        waiting, missing = missing, ()
    lost = await _lost_columns(session, blueprint, there) if not waiting else ()
    foreign = tuple(sorted(there - {*definitions, *keys}))
    return SchemaReport(done, waiting, changed, (*missing, *lost), foreign)


async def _lost_columns(session: Session, blueprint: Blueprint, there: set[str]) -> tuple[str, ...]:
    found = await columns(session, blueprint)
    return tuple(
        f"{table}.{column}"
        for table, declared in blueprint.columns().items()
        if table in there
        for column in declared
        if column not in found[table]
    )
