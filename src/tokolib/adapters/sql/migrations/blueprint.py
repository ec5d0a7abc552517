"""What a storage is to consist of: its collections, in one dialect, under one set of names."""

from collections.abc import Iterator
from typing import Final

import attrs

from tokolib.adapters.sql.dialect import Dialect
from tokolib.adapters.sql.migrations.files import Migration, collections_made, shipped
from tokolib.adapters.sql.names import PLACEHOLDERS, Names
from tokolib.adapters.sql.schema import (
    NAMES,
    SCHEMA_VERSION,
    Partitioned,
    collection_tables,
    column_names,
    fact_column_names,
    fixed_tables,
)
from tokolib.adapters.sql.views import views
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.rows import Collection

NO_VERSION: Final = "sql.no_version"

DECLARED: Final = "declared"
"""The name, in the table of migrations, of a schema that was made from declarations."""

NOW: Final = {
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')",
    "postgresql": "to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
}


@attrs.frozen
class Blueprint:
    """What is declared. The collections of a shop are made by the files, and so are its views; others, and tables in
    parts, are made from their declarations.
    """

    dialect: Dialect
    collections: tuple[Collection, ...]
    names: Names = NAMES
    split: Partitioned | None = None

    @property
    def of_a_shop(self) -> bool:
        """Whether these are the collections of a shop."""
        return collections_made(self.dialect) == {collection.name for collection in self.collections}

    @property
    def known(self) -> tuple[Migration, ...]:
        """The files that make it; none when it is made from its declarations."""
        return shipped(self.dialect) if self.of_a_shop and self.split is None else ()

    def definitions(self) -> tuple[tuple[str, str], ...]:
        """Bare name and definition of everything that is declared, in the order in which it can be made."""
        found = [*fixed_tables(self.dialect, self.names, split=self.split)]
        for collection in self.collections:
            found += collection_tables(collection, self.dialect, self.names, split=self.split)
        if self.of_a_shop:
            found += views(self.dialect, self.names)
        return tuple(found)

    def columns(self) -> dict[str, tuple[str, ...]]:
        """The columns of every table of documents and facts, by the table's bare name."""
        found = {}
        for collection in self.collections:
            found[self.names.bare(self.names.document(collection))] = column_names(collection)
            for table in collection.facts:
                found[self.names.bare(self.names.fact(table))] = fact_column_names(table)
        return found

    def declaration(self) -> Migration:
        """All that is declared as one migration, written for every prefix and schema."""
        written = attrs.evolve(self, names=PLACEHOLDERS)
        text = "".join(f"{definition};\n" for _, definition in written.definitions())
        return Migration(SCHEMA_VERSION, DECLARED, text)

    def record(self, migration: Migration) -> str:
        """The statement that keeps a migration as applied."""
        return record(migration, self.dialect, self.names)

    def script(self, migration: Migration) -> tuple[str, ...]:
        """Everything that a migration does here, and the record of it."""
        return script(migration, self.dialect, self.names)


def record(migration: Migration, dialect: Dialect, names: Names) -> str:
    """The statement that keeps a migration as applied, now by the database's clock."""
    values = f"{migration.version}, '{migration.name}', '{migration.checksum}', {NOW[dialect.name]}"
    table = names.fixed("schema")
    return f"INSERT INTO {table} (version, name, checksum, applied_at) VALUES ({values})"  # noqa: S608 - our own words


def script(migration: Migration, dialect: Dialect, names: Names) -> tuple[str, ...]:
    """Everything that a migration does in one database, and the record of it.

    Raises:
        AdapterConfig: the names don't suit the database.
    """
    names.suit(dialect)
    return (*migration.statements(names), record(migration, dialect, names))


def check_versions(since: object, to: object, *, start: str = "since") -> None:
    """Refuse versions between which there is no way; *start* is what the caller calls the first one.

    Raises:
        InvalidInput: one is no version that is known here, or *to* lies before *since*.
    """
    lowest = since if isinstance(since, int) and 0 <= since <= SCHEMA_VERSION else 0
    faults = (*_faults(start, since, 0), *_faults("to", to, lowest))
    if faults:
        raise InvalidInput(faults)


def _faults(path: str, version: object, lowest: int) -> Iterator[Fault]:
    if not isinstance(version, int) or isinstance(version, bool):
        yield Fault(path, "kernel.wrong_type", "must be a whole number", shown(version))
    elif not lowest <= version <= SCHEMA_VERSION:
        told = f"version {shown(version)} must lie between {lowest} and {SCHEMA_VERSION}"
        yield Fault(path, NO_VERSION, told, shown(version))


def scripts(dialect: Dialect, names: Names, *, since: int, to: int) -> Iterator[tuple[Migration, tuple[str, ...]]]:
    """The migrations of a shop after version *since* up to *to*, each with all that it does; the schema comes first.

    Raises:
        AdapterConfig: the names don't suit the database.
        InvalidInput: there are no such versions.
    """
    names.suit(dialect)
    check_versions(since, to, start="from")
    for migration in shipped(dialect):
        if since < migration.version <= to:
            made = script(migration, dialect, names)
            first = migration.version == 1 and names.schema
            yield migration, ((f'CREATE SCHEMA IF NOT EXISTS "{names.schema}"', *made) if first else made)
