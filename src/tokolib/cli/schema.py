"""`python -m tokolib schema check | upgrade | sql`: the schema of a storage, as its administrator wants it."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from cyclopts import App, Parameter

from tokolib.adapters.sql.dialect import DIALECTS
from tokolib.adapters.sql.migrations.blueprint import scripts
from tokolib.adapters.sql.migrations.reporting import SchemaReport
from tokolib.adapters.sql.names import Names
from tokolib.adapters.sql.schema import SCHEMA_VERSION
from tokolib.adapters.urls import storage_from_url
from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.hosting import drive, resolved
from tokolib.kernel.storage import Storage
from tokolib.records.collections import COLLECTIONS
from tokolib.shop.doors import closed

schema = App(name="schema", help="Check a storage's schema, bring it up to date, or print it as SQL.")

Url = Annotated[str, Parameter(help="The storage, such as sqlite:///kedai.db or postgresql://….")]


@schema.command
def check(url: Url, /) -> int:
    """Tell what was applied to the storage at URL, what is pending, changed or missing, and what is not ours.

    Nothing is changed. The last line is `schema: OK` or `schema: FAILED`.
    """
    storage = storage_from_url(url, COLLECTIONS)
    try:
        told = drive(report(storage), "schema check")
    finally:
        drive(closed(storage), "schema check")
    for line in _lines(told):
        print(line)
    print("schema: OK" if told.ok else "schema: FAILED")
    return 0 if told.ok else 1


@schema.command
def upgrade(url: Url, /) -> int:
    """Bring the schema of the storage at URL up to date, each migration whole or not at all.

    The second time there is nothing to do. What `check` would still find wrong afterwards is told, and no upgrade can
    mend it: the last line is then `schema: FAILED`.
    """
    storage = storage_from_url(url, COLLECTIONS)
    try:
        done = drive(_migrated(storage), "schema upgrade")
        told = drive(report(storage), "schema check")
    finally:
        drive(closed(storage), "schema upgrade")
    for name in done:
        print(f"applied  {name}")
    if not told.ok:
        for line in _wrong(told):
            print(line)
        print("schema: FAILED")
        return 1
    print("schema: up to date")
    return 0


async def _migrated(storage: Storage) -> Sequence[str]:
    return await resolved(storage.migrate())


@schema.command
def sql(
    *,
    dialect: Annotated[Literal["sqlite", "postgresql"], Parameter(help="The database.")],
    from_: Annotated[int, Parameter(name="--from", help="The version that the storage has; 0 for an empty one.")] = 0,
    to: Annotated[int, Parameter(help="The version that it shall have; the newest unless told.")] = SCHEMA_VERSION,
    prefix: Annotated[str, Parameter(help="What the names of all tables begin with.")] = "tokolib_",
    schema: Annotated[str | None, Parameter(help="The PostgreSQL schema that they stand in.")] = None,
) -> int:
    """Print what `upgrade` would do as SQL, with the records that let tokolib know that it was done.

    Run it in one transaction.
    """
    if schema == "":
        raise AdapterConfig("sql", "schema '' can't name a schema; leave --schema out for the connection's own")
    names = Names(prefix, schema or "")
    for migration, statements in scripts(DIALECTS[dialect], names, since=from_, to=to):
        print(f"-- {migration.file}, SHA-256 {migration.checksum}\n")
        for statement in statements:
            print(f"{statement};\n")
    return 0


async def report(storage: Storage) -> SchemaReport:
    """The storage's own report; of one that keeps no SQL tables, what it would do to be up to date."""
    own = getattr(storage, "schema_report", None)
    if own is None:
        return SchemaReport((), tuple(await resolved(storage.migrate(dry_run=True))), (), (), ())
    told: SchemaReport = await resolved(own())
    return told


def _lines(told: SchemaReport) -> Iterator[str]:
    for each in told.applied:
        yield f"applied  {each.file}  {each.applied_at}  {each.checksum}"
    yield from _wrong(told)
    for name in told.foreign:
        yield f"foreign  {name}"


def _wrong(told: SchemaReport) -> Iterator[str]:
    for name in told.pending:
        yield f"pending  {name}"
    for error in told.changed:
        yield f"changed  {error}"
    for name in told.missing:
        yield f"missing  {name}"
