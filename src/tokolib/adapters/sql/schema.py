"""The tables: what the storage always has, and what each declared collection adds.

The partition comes first in every key, no table refers to another, and nothing in the database acts by itself:
so a big shop can be spread over machines by partition, through the same statements.
"""

from collections.abc import Iterator
from typing import Final

import attrs

from tokolib.adapters.sql.dialect import Dialect
from tokolib.adapters.sql.names import Names
from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.rows import Collection, Column, FactTable, Index

SCHEMA_VERSION: Final = 1
NAMES: Final = Names()
MOST_PARTS: Final = 999

FIXED: Final[dict[str, str]] = {
    "schema": """version {integer} NOT NULL, name {text} NOT NULL, checksum {text} NOT NULL,
        applied_at {text} NOT NULL, {primary} (version){narrow}""",
    "history": """partition {text} NOT NULL, stream {text} NOT NULL, seq {integer} NOT NULL,
        id {text} NOT NULL, topic {text} NOT NULL, payload {blob} NOT NULL, at {integer} NOT NULL,
        {primary} (partition, stream, seq){wide}""",
    "outbox": """partition {text} NOT NULL, event_id {text} NOT NULL, stream {text} NOT NULL,
        seq {integer} NOT NULL, due {integer} NOT NULL, done {integer}, buried {integer}, tries {integer} NOT NULL,
        error {text} NOT NULL, {primary} (partition, event_id){narrow}""",
    "relay": "partition {text} NOT NULL, turn {integer} NOT NULL, {primary} (partition){narrow}",
    "ledger": """partition {text} NOT NULL, name {text} NOT NULL, id {text} NOT NULL,
        batch {text} NOT NULL, account {text} NOT NULL, amount {integer} NOT NULL, unit {text} NOT NULL,
        kind {text} NOT NULL, refers_to {text} NOT NULL, at {integer} NOT NULL,
        {primary} (partition, name, id){narrow}""",
    "counter": """partition {text} NOT NULL, name {text} NOT NULL, value {integer} NOT NULL,
        {primary} (partition, name){narrow}""",
    "stock": """partition {text} NOT NULL, resource {text} NOT NULL, bucket {integer} NOT NULL,
        on_hand {integer} NOT NULL, held {integer} NOT NULL, {primary} (partition, resource, bucket),
        CONSTRAINT {levels} CHECK (held >= 0 AND on_hand >= held){narrow}""",
    "hold": """partition {text} NOT NULL, id {text} NOT NULL, resource {text} NOT NULL,
        quantity {integer} NOT NULL, owner {text} NOT NULL, state {text} NOT NULL, until {integer},
        bucket {integer} NOT NULL, {primary} (partition, id){narrow}""",
    "key": """partition {text} NOT NULL, scope {text} NOT NULL, key {text} NOT NULL,
        fingerprint {text} NOT NULL, result {blob} NOT NULL, {primary} (partition, scope, key){narrow}""",
}
"""The fixed tables; the words in braces are the dialect's own, and the names of constraints."""

FIXED_INDEXES: Final[dict[str, tuple[str, str]]] = {
    "outbox_open": ("outbox", "(partition, stream, seq, due) WHERE done IS NULL"),
    "outbox_stream": ("outbox", "(partition, stream, seq, event_id)"),
    "outbox_done": ("outbox", "(partition, done) WHERE done IS NOT NULL"),
    "outbox_dead": ("outbox", "(partition, stream, seq) WHERE buried IS NOT NULL AND done IS NULL"),
    "ledger_account": ("ledger", "(partition, name, account, id)"),
    "ledger_refers_to": ("ledger", "(partition, name, refers_to, id)"),
    "hold_leased": ("hold", "(partition, resource, until, quantity, bucket) WHERE state = 'leased'"),
}
"""The indexes of the fixed tables: each with its table, its columns and its condition."""

WHOLE: Final = frozenset({"schema"})
"""What belongs to no partition."""


def _check_count(split: "Partitioned", field: "attrs.Attribute[int]", count: int) -> None:
    if not 1 <= count <= MOST_PARTS:
        raise AdapterConfig("sql", f"a table has 1 to {MOST_PARTS} parts, not {count}")


@attrs.frozen
class Partitioned:
    """Each table in *count* parts by the hash of its partition: the proof that a shop can be spread over machines.

    A part is called after its table, and its index after the table's index, with `_p` and a number behind.
    """

    count: int = attrs.field(validator=_check_count)

    def part(self, name: str, number: int) -> str:
        """The name of a part of a table or of an index."""
        return f"{name}_p{number}"


def column_names(collection: Collection) -> tuple[str, ...]:
    """The columns of a collection's table."""
    return ("partition", "id", "version", "body", *(column.name for column in collection.columns))


def fact_column_names(table: FactTable) -> tuple[str, ...]:
    """The columns of a fact table."""
    return ("partition", "document_id", "row_number", *(column.name for column in table.columns))


def fixed_tables(
    dialect: Dialect, names: Names = NAMES, *, split: Partitioned | None = None
) -> Iterator[tuple[str, str]]:
    """Bare name and definition of everything that each storage has.

    Raises:
        AdapterConfig: the database has no schemas or can't split a table, or a name is too long.
    """
    maker = _Maker(dialect, names, split)
    for name, body in FIXED.items():
        yield from maker.table(names.fixed(name), body, split=name not in WHOLE)
    for name, (table, columns) in FIXED_INDEXES.items():
        yield from maker.index(names.fixed_index(name), names.fixed(table), columns)


def collection_tables(
    collection: Collection, dialect: Dialect, names: Names = NAMES, *, split: Partitioned | None = None
) -> Iterator[tuple[str, str]]:
    """Bare name and definition of everything that a collection adds.

    Raises:
        AdapterConfig: the database has no schemas or can't split a table, or a name is too long.
    """
    maker = _Maker(dialect, names, split)
    table = names.document(collection)
    fixed = "partition {text} NOT NULL, id {text} NOT NULL, version {integer} NOT NULL, body {blob} NOT NULL"
    yield from maker.table(table, f"{fixed}, {_columns(collection.columns)}{{primary}} (partition, id){{wide}}")
    for facts in collection.facts:
        fixed = "partition {text} NOT NULL, document_id {text} NOT NULL, row_number {integer} NOT NULL"
        key = "{primary} (partition, document_id, row_number){narrow}"
        yield from maker.table(names.fact(facts), f"{fixed}, {_columns(facts.columns)}{key}")
    for index in collection.indexes:
        if not index.columns:
            continue  # in the order of ids, which the primary key has
        yield from maker.index(
            names.index(collection, index), table, _indexed(index, collection.columns), unique=index.unique
        )


def _columns(columns: tuple[Column, ...]) -> str:
    return "".join(f'"{column.name}" {{{column.type}}}{"" if column.null else " NOT NULL"}, ' for column in columns)


def _indexed(index: Index, columns: tuple[Column, ...]) -> str:
    named = ", ".join(f'"{name}"' for name in index.columns)
    rows = f"(partition, {named})" if index.unique else f"(partition, {named}, id)"
    if not index.sparse:
        return rows
    held = [f'"{column.name}" IS NOT NULL' for column in columns if column.null and column.name in index.columns]
    return " WHERE ".join([rows, " AND ".join(held)] if held else [rows])


class _Maker:
    """Writes definitions in one dialect, with one set of names, whole or in parts."""

    def __init__(self, dialect: Dialect, names: Names, split: Partitioned | None) -> None:
        names.suit(dialect)
        if split is not None and not dialect.splits:
            raise AdapterConfig(dialect.name, "it has no partitioned tables")
        self._dialect = dialect
        self._names = names
        self._split = split

    def table(self, name: str, body: str, *, split: bool = True) -> Iterator[tuple[str, str]]:
        """A table, and its parts."""
        definition = body.format(
            text=self._dialect.text,
            integer=self._dialect.integer,
            blob=self._dialect.blob,
            wide=self._dialect.wide,
            narrow=self._dialect.narrow,
            primary=f"CONSTRAINT {self._names.primary(name)} PRIMARY KEY",
            levels=self._names.check("stock_levels"),
        )
        parts = self._split if split else None
        by = " PARTITION BY HASH (partition)" if parts else ""
        yield self._names.bare(name), f"CREATE TABLE {name} ({definition}{by}"
        if parts is not None:
            for number in range(parts.count):
                part = parts.part(name, number)
                values = f"FOR VALUES WITH (MODULUS {parts.count}, REMAINDER {number})"
                yield self._names.bare(part), f"CREATE TABLE {part} PARTITION OF {name} {values}"

    def index(self, name: str, table: str, columns: str, *, unique: bool = False) -> Iterator[tuple[str, str]]:
        """An index: the parts' own first, which the whole one takes over, so that each has a name of ours."""
        create = "CREATE UNIQUE INDEX" if unique else "CREATE INDEX"
        if self._split is not None:
            for number in range(self._split.count):
                part = self._split.part(name, number)
                yield part, f"{create} {part} ON {self._split.part(table, number)} {columns}"
        yield name, f"{create} {name} ON {table} {columns}"
