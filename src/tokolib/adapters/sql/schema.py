"""The tables: what the storage always has, and what each declared collection adds.

The partition comes first in every key, no table refers to another, and nothing in the database acts by itself:
so a big shop can be spread over machines by partition, through the same statements.
"""

from collections.abc import Iterator
from typing import Final

from tokolib.adapters.sql.dialect import Dialect
from tokolib.kernel.rows import Collection, Column, FactTable, Index

SCHEMA_VERSION: Final = 1

FIXED: Final[dict[str, str]] = {
    "tokolib_schema": "version {integer} NOT NULL, name {text} NOT NULL, PRIMARY KEY (version){narrow}",
    "tokolib_history": """partition {text} NOT NULL, stream {text} NOT NULL, seq {integer} NOT NULL,
        id {text} NOT NULL, topic {text} NOT NULL, payload {blob} NOT NULL, at {integer} NOT NULL,
        PRIMARY KEY (partition, stream, seq){wide}""",
    "tokolib_outbox": """partition {text} NOT NULL, event_id {text} NOT NULL, stream {text} NOT NULL,
        seq {integer} NOT NULL, due {integer} NOT NULL, done {integer}, tries {integer} NOT NULL,
        error {text} NOT NULL, PRIMARY KEY (partition, event_id){narrow}""",
    "tokolib_ledger": """partition {text} NOT NULL, name {text} NOT NULL, id {text} NOT NULL,
        batch {text} NOT NULL, account {text} NOT NULL, amount {integer} NOT NULL, unit {text} NOT NULL,
        kind {text} NOT NULL, refers_to {text} NOT NULL, at {integer} NOT NULL,
        PRIMARY KEY (partition, name, id){narrow}""",
    "tokolib_counter": """partition {text} NOT NULL, name {text} NOT NULL, value {integer} NOT NULL,
        PRIMARY KEY (partition, name){narrow}""",
    "tokolib_stock": """partition {text} NOT NULL, resource {text} NOT NULL, on_hand {integer} NOT NULL,
        held {integer} NOT NULL, PRIMARY KEY (partition, resource),
        CHECK (held >= 0 AND on_hand >= held){narrow}""",
    "tokolib_hold": """partition {text} NOT NULL, id {text} NOT NULL, resource {text} NOT NULL,
        quantity {integer} NOT NULL, owner {text} NOT NULL, state {text} NOT NULL, until {integer},
        PRIMARY KEY (partition, id){narrow}""",
    "tokolib_key": """partition {text} NOT NULL, scope {text} NOT NULL, key {text} NOT NULL,
        fingerprint {text} NOT NULL, result {blob} NOT NULL, PRIMARY KEY (partition, scope, key){narrow}""",
}
"""The fixed tables; the words in braces are the dialect's own."""

FIXED_INDEXES: Final[dict[str, str]] = {
    "tokolib_outbox_open": "tokolib_outbox (partition, stream, seq, due) WHERE done IS NULL",
    "tokolib_outbox_stream": "tokolib_outbox (partition, stream, seq, event_id)",
    "tokolib_ledger_account": "tokolib_ledger (partition, name, account, id)",
    "tokolib_ledger_refers_to": "tokolib_ledger (partition, name, refers_to, id)",
    "tokolib_hold_leased": "tokolib_hold (partition, resource, until, quantity) WHERE state = 'leased'",
}


def document_table(collection: Collection) -> str:
    """The table of a collection."""
    return f"tokolib_doc_{collection.name}"


def fact_table(table: FactTable) -> str:
    """The table of facts, for reports."""
    return f"tokolib_fact_{table.name}"


def index_name(collection: Collection, index: Index) -> str:
    """An index of a collection."""
    return f"tokolib_ix_{collection.name}_{index.name}"


def column_names(collection: Collection) -> tuple[str, ...]:
    """The columns of a collection's table."""
    return ("partition", "id", "version", "body", *(column.name for column in collection.columns))


def fact_column_names(table: FactTable) -> tuple[str, ...]:
    """The columns of a fact table."""
    return ("partition", "document_id", "row_number", *(column.name for column in table.columns))


def fixed_tables(dialect: Dialect) -> Iterator[tuple[str, str]]:
    """Name and definition of everything that each storage has."""
    for name, body in FIXED.items():
        yield name, f"CREATE TABLE {name} ({_spoken(body, dialect)}"
    for name, body in FIXED_INDEXES.items():
        yield name, f"CREATE INDEX {name} ON {body}"


def collection_tables(collection: Collection, dialect: Dialect) -> Iterator[tuple[str, str]]:
    """Name and definition of everything that a collection adds."""
    name = document_table(collection)
    fixed = "partition {text} NOT NULL, id {text} NOT NULL, version {integer} NOT NULL, body {blob} NOT NULL"
    body = f"{fixed}, {_columns(collection.columns)}PRIMARY KEY (partition, id){{wide}}"
    yield name, f"CREATE TABLE {name} ({_spoken(body, dialect)}"
    for table in collection.facts:
        name = fact_table(table)
        fixed = "partition {text} NOT NULL, document_id {text} NOT NULL, row_number {integer} NOT NULL"
        body = f"{fixed}, {_columns(table.columns)}PRIMARY KEY (partition, document_id, row_number){{narrow}}"
        yield name, f"CREATE TABLE {name} ({_spoken(body, dialect)}"
    for index in collection.indexes:
        if not index.columns:
            continue  # in the order of ids, which the primary key has
        name = index_name(collection, index)
        quoted = ", ".join(f'"{column}"' for column in index.columns)
        yield (
            name,
            f"CREATE UNIQUE INDEX {name} ON {document_table(collection)} (partition, {quoted})"
            if index.unique
            else f"CREATE INDEX {name} ON {document_table(collection)} (partition, {quoted}, id)",
        )


def _columns(columns: tuple[Column, ...]) -> str:
    return "".join(f'"{column.name}" {{{column.type}}}{"" if column.null else " NOT NULL"}, ' for column in columns)


def _spoken(body: str, dialect: Dialect) -> str:
    return body.format(
        text=dialect.text, integer=dialect.integer, blob=dialect.blob, wide=dialect.wide, narrow=dialect.narrow
    )
