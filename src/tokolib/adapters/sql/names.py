"""What the tables, indexes, constraints and views are called, in a database that belongs to somebody else.

A prefix keeps our names apart from the host's, and PostgreSQL may keep them in a schema of their own.
"""

import re
from typing import Final

import attrs

from tokolib.adapters.sql.dialect import Dialect
from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.errors import shown
from tokolib.kernel.rows import Collection, FactTable, Index

PREFIX: Final = re.compile(r"[a-z][a-z0-9_]*_")
SCHEMA: Final = re.compile(r"(?!pg_)[a-z_][a-z0-9_]*")
LONGEST: Final = 63
"""Bytes of a name that PostgreSQL keeps; it cuts a longer one off without a word.

Source: postgresql.org/docs/18/sql-syntax-lexical.html, section 4.1.1.
"""
LONGEST_TABLE: Final = LONGEST - len("_p999_pkey")
"""Bytes of a table's name, so that its partitions and their primary keys have names too."""
LONGEST_INDEX: Final = LONGEST - len("_p999")
LONGEST_PREFIX: Final = 24


def _check_prefix(names: "Names", field: "attrs.Attribute[str]", prefix: object) -> None:
    if not isinstance(prefix, str):
        raise AdapterConfig("sql", f"prefix {shown(prefix)} is no text")
    if not PREFIX.fullmatch(prefix):
        raise AdapterConfig("sql", f"prefix {shown(prefix)} can't begin a name: a-z, 0-9 and _, with _ at the end")
    if len(prefix) > LONGEST_PREFIX:
        raise AdapterConfig("sql", f"prefix {shown(prefix)} is longer than {LONGEST_PREFIX} bytes")


def _check_schema(names: "Names", field: "attrs.Attribute[str]", schema: object) -> None:
    if not isinstance(schema, str):
        raise AdapterConfig("sql", f"schema {shown(schema)} is no text; '' is the one where tables are made")
    if schema and not SCHEMA.fullmatch(schema):
        raise AdapterConfig("sql", f"{shown(schema)} can't name a schema: a-z, 0-9 and _, and not pg_ in front")
    if len(schema) > LONGEST:
        raise AdapterConfig("sql", f"schema {shown(schema)} is longer than {LONGEST} bytes")


@attrs.frozen
class Names:
    """The names of everything in one database, by *prefix* and, on PostgreSQL, the *schema* that they stand in.

    Tables and views are told as statements write them, with their schema in front; indexes and constraints have
    none, for they stand where their table does. `bare` takes the schema off again.

    Raises:
        AdapterConfig: a prefix or a schema that can't be written without quotes, or a name that grew too long.
    """

    prefix: str = attrs.field(default="tokolib_", validator=_check_prefix)
    schema: str = attrs.field(default="", validator=_check_schema)

    @property
    def qualifier(self) -> str:
        """What stands before the name of a table."""
        return f'"{self.schema}".' if self.schema else ""

    def fixed(self, name: str) -> str:
        """A table that each storage has, as `key` or `outbox`."""
        return self._table(name)

    def document(self, collection: Collection) -> str:
        """The table of a collection."""
        return self._table(f"doc_{collection.name}")

    def fact(self, table: FactTable) -> str:
        """The table of facts, for reports."""
        return self._table(f"fact_{table.name}")

    def view(self, name: str) -> str:
        """A view for reports."""
        return self._table(f"v_{name}")

    def index(self, collection: Collection, index: Index) -> str:
        """An index of a collection."""
        return self._within(f"ix_{collection.name}_{index.name}", LONGEST_INDEX)

    def fixed_index(self, name: str) -> str:
        """An index of a table that each storage has, as `outbox_open`."""
        return self._within(name, LONGEST_INDEX)

    def primary(self, table: str) -> str:
        """The primary key of a table, by the name that `fixed`, `document` or `fact` tells."""
        return f"{self.bare(table)}_pkey"

    def check(self, name: str) -> str:
        """A condition of a table that each storage has, as `stock_levels`."""
        return self._within(f"ck_{name}", LONGEST)

    def bare(self, table: str) -> str:
        """The name of a table without its schema, as the database's catalogue lists it."""
        return table.removeprefix(self.qualifier)

    def suit(self, dialect: Dialect) -> None:
        """Refuse a schema where the database has none, and names that it keeps for itself.

        Raises:
            AdapterConfig: in both cases.
        """
        if self.schema and not dialect.schemas:
            raise AdapterConfig(dialect.name, f"it has no schemas; leave schema {shown(self.schema)} out")
        if self.schema in dialect.own_schemas:
            raise AdapterConfig(dialect.name, f"schema {shown(self.schema)} is its own catalogue; choose another name")
        if self.prefix.startswith(dialect.own_prefix):
            kept = f"it keeps names that begin with {dialect.own_prefix} for itself"
            raise AdapterConfig(dialect.name, f"{kept}; choose another prefix than {shown(self.prefix)}")

    def _table(self, name: str) -> str:
        return f"{self.qualifier}{self._within(name, LONGEST_TABLE)}"

    def _within(self, name: str, longest: int) -> str:
        whole = f"{self.prefix}{name}"
        if len(whole) > longest:
            raise AdapterConfig("sql", f"{whole} is longer than {longest} bytes; shorten the prefix or the name")
        return whole


@attrs.frozen
class Placeholders(Names):
    """The names as the files of the migrations write them, which are made for every prefix and schema."""

    prefix: str = "{prefix}"
    schema: str = "{schema}"

    @property
    def qualifier(self) -> str:
        """What stands before the name of a table, until `rendered` puts the schema there."""
        return self.schema

    def suit(self, dialect: Dialect) -> None:
        """Suit every database: where there are no schemas, nothing stands in the place of this one."""


PLACEHOLDERS: Final = Placeholders()


def rendered(text: str, names: Names) -> str:
    """*text* of a migration with the names of one database."""
    return text.replace(PLACEHOLDERS.schema, names.qualifier).replace(PLACEHOLDERS.prefix, names.prefix)
