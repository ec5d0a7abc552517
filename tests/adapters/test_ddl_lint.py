"""What the tables and statements never use, so that a shop can be spread over machines by its partition."""

import re
from typing import Final

import pytest

from tokolib.adapters.sql.changes import Change
from tokolib.adapters.sql.dialect import POSTGRES, SQLITE, Dialect
from tokolib.adapters.sql.migrations.files import shipped
from tokolib.adapters.sql.names import Names
from tokolib.adapters.sql.schema import NAMES, collection_tables, fixed_tables
from tokolib.adapters.sql.statements import Declared
from tokolib.adapters.units.shapes import shapes_of
from tokolib.records.collections import COLLECTIONS

BANNED: Final = re.compile(
    r"\b(big|small)?serial\b|\bidentity\b|\bautoincrement\b|\bnextval\b|\bcreate sequence\b|\breferences\b|\bforeign\b"
    r"|\btrigger\b|advisory_|\blisten\b|\bnotify\b|\bdeferrable\b|\bplpgsql\b|\bcreate function\b|\bexcept\b",
    re.IGNORECASE,
)
"""Sequences, foreign keys, what acts by itself, and locks that other engines don't have."""
UNSTABLE: Final = re.compile(
    r"\b(now|random|clock_timestamp|current_timestamp|gen_random_uuid|uuidv7)\b", re.IGNORECASE
)
"""What would answer differently on each machine: instants and ids are values that are bound."""
KEY: Final = re.compile(r"(?:PRIMARY KEY|UNIQUE|(?:INDEX \S+ ON \S+))\s*\(([^)]*)\)", re.IGNORECASE)
OF_NO_SHOP: Final = "schema"
"""The one table that no shop has rows in: the migrations that were applied."""
DIALECTS: Final = (SQLITE, POSTGRES)


def definitions(dialect: Dialect) -> list[str]:
    """Everything that is made in an empty database: from what is declared, and from the files that are shipped."""
    names = Names()
    made = [text for _, text in fixed_tables(dialect, names)]
    made += [text for each in COLLECTIONS for _, text in collection_tables(each, dialect, names)]
    return made + [text for migration in shipped(dialect) for text in migration.statements(names)]


def statements(dialect: Dialect) -> list[str]:
    """Every text that is sent while a shop is used, but for `find`, which is made of a declared index."""
    declared = Declared(shapes_of(dialect.name, COLLECTIONS), dialect, NAMES, max_body=1)
    groups: list[object] = [declared.statements, declared.statements.stock, declared.statements.outbox]
    for collection in declared.collections.values():
        groups += [collection, *collection.facts.values()]
    found = [value for group in groups for name, value in vars(group).items() if name != "table"]
    texts = [value.text if isinstance(value, Change) else value for value in found if isinstance(value, str | Change)]
    texts += [text for pair in declared.statements.scans.values() for text in pair]
    return texts + [text for collection in declared.collections.values() for text in collection.scan]


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_nothing_in_the_database_acts_or_counts_by_itself(dialect: Dialect) -> None:
    """No sequence, reference, trigger, advisory lock or notification stands in any definition or statement."""
    texts = [*definitions(dialect), *statements(dialect)]

    assert 100 < len(texts)
    assert [] == [text for text in texts if BANNED.search(text)]


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_every_key_and_index_begins_with_the_partition(dialect: Dialect) -> None:
    """So that each can be kept by the machine that keeps the shop."""
    found = [(text, KEY.findall(text)) for text in definitions(dialect)]
    keys = [(text, columns) for text, some in found for columns in some if f"tokolib_{OF_NO_SHOP} (" not in text]

    assert 60 < len(keys)
    assert [] == [text for text, columns in keys if columns.split(",")[0].strip() != "partition"]
    assert [] == [text for text, some in found if "CREATE TABLE" in text and not some]


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_every_statement_names_the_partition(dialect: Dialect) -> None:
    """A statement is for one shop: it binds the partition, so one machine can answer it."""
    bound = ("partition = ?", "partition = r.", 't.partition = r."partition"', "t.partition = ?1", '("partition"')

    assert [] == [text for text in statements(dialect) if not any(way in text for way in bound)]


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_no_statement_asks_the_database_for_the_time_or_for_luck(dialect: Dialect) -> None:
    """Instants and ids are bound as values."""
    assert [] == [text for text in statements(dialect) if UNSTABLE.search(re.sub(r':now|"now"|\bnow\b"', "", text))]


@pytest.mark.parametrize(
    "breach",
    [
        "CREATE TABLE t (id bigserial)",
        "id BIGINT GENERATED ALWAYS AS IDENTITY",
        "shop TEXT REFERENCES shop(id)",
        "CREATE TRIGGER x",
        "SELECT pg_advisory_lock(1)",
        "NOTIFY events",
    ],
)
def test_the_lint_sees_a_breach(breach: str) -> None:
    """What it looks for is found when it is there."""
    assert BANNED.search(breach)
