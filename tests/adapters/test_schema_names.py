"""What the tables are called in somebody else's database, and what they are made of."""

import re
import sqlite3
from collections.abc import Iterator

import psycopg
import pytest

from tokolib.adapters.sql.dialect import POSTGRES, SQLITE, Dialect
from tokolib.adapters.sql.names import PLACEHOLDERS, Names, rendered
from tokolib.adapters.sql.schema import Partitioned, collection_tables, fixed_tables
from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.rows import Collection, Column, FactTable, Index
from tokolib.records.collections import COLLECTIONS

LINES = FactTable("lines", (Column("sku"), Column("amount", "integer")))
ORDERS = Collection(
    "orders",
    columns=(Column("reference"), Column("total", "integer"), Column("due", null=True)),
    indexes=(Index("by_reference", ("reference",), unique=True), Index("by_due", ("due",)), Index("by_id", ())),
    facts=(LINES,),
)

Definitions = list[tuple[str, str]]


def everything(dialect: Dialect, names: Names, *, split: Partitioned | None = None) -> Definitions:
    """All that a shop's storage consists of."""
    found = [*fixed_tables(dialect, names, split=split)]
    for collection in COLLECTIONS:
        found += collection_tables(collection, dialect, names, split=split)
    return found


@pytest.fixture
def connection(postgres) -> Iterator[psycopg.Connection]:
    """A database of its own."""
    with psycopg.connect(postgres.database(), autocommit=True) as connection:
        yield connection


def relations(connection: psycopg.Connection, schema: str) -> set[str]:
    """The tables and indexes in a schema, without the primary keys."""
    found = connection.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = %s AND c.relkind IN ('r', 'i', 'p', 'I') AND c.relname NOT LIKE '%%!_pkey' ESCAPE '!'",
        (schema,),
    )
    return {name for (name,) in found}


def test_every_name_begins_with_the_prefix():
    """A prefix is all that a host must know to tell our tables from its own."""
    names = Names("toko_siti_")

    assert "toko_siti_key" == names.fixed("key")
    assert "toko_siti_doc_orders" == names.document(ORDERS)
    assert "toko_siti_fact_lines" == names.fact(LINES)
    assert "toko_siti_v_orders" == names.view("orders")
    assert "toko_siti_ix_orders_by_due" == names.index(ORDERS, ORDERS.indexes[1])
    assert "toko_siti_outbox_open" == names.fixed_index("outbox_open")
    assert "toko_siti_ck_stock_levels" == names.check("stock_levels")
    assert all(name.startswith("toko_siti_") for name, _ in everything(SQLITE, names))


def test_a_schema_stands_before_tables_and_views_only():
    """An index stands where its table does, so its name has no schema; the catalogue lists tables without one."""
    names = Names(schema="kedai")

    assert '"kedai".tokolib_key' == names.fixed("key")
    assert '"kedai".tokolib_v_orders' == names.view("orders")
    assert "tokolib_outbox_open" == names.fixed_index("outbox_open")
    assert "tokolib_doc_orders_pkey" == names.primary(names.document(ORDERS))
    assert "tokolib_key" == names.bare(names.fixed("key"))


@pytest.mark.parametrize("prefix", ["", "Toko_", "toko", "to ko_", '"; DROP_', "1_", "_", "é_", "x" * 24 + "_"])
def test_a_prefix_that_needs_quotes_is_refused(prefix):
    """A prefix can be written without quotes, ends in `_`, and leaves room for the names behind it."""
    with pytest.raises(AdapterConfig) as refused:
        Names(prefix)
    assert repr(prefix) in str(refused.value)


@pytest.mark.parametrize("schema", ["Kedai", "pg_kedai", "ke dai", '"', "1", "x" * 64])
def test_a_schema_that_needs_quotes_is_refused(schema):
    """A schema can be written without quotes, and is not one of PostgreSQL's own."""
    with pytest.raises(AdapterConfig):
        Names(schema=schema)


@pytest.mark.parametrize("given", [{"prefix": None}, {"prefix": 5}, {"schema": 5}, {"schema": None}])
def test_a_name_that_is_no_text_is_refused(given):
    """What comes from a configuration may be anything."""
    with pytest.raises(AdapterConfig, match="is no text"):
        Names(**given)


@pytest.mark.parametrize(
    ("dialect", "other", "names"),
    [
        (POSTGRES, None, Names(schema="information_schema")),
        (POSTGRES, SQLITE, Names("pg_")),
        (POSTGRES, SQLITE, Names("pg_toko_")),
        (SQLITE, POSTGRES, Names("sqlite_")),
        (SQLITE, POSTGRES, Names("sqlite_toko_")),
    ],
)
def test_a_name_that_a_database_keeps_for_itself_is_refused(dialect, other, names):
    """Nothing is made among a database's own tables; the other database has no such names."""
    with pytest.raises(AdapterConfig, match="choose another") as refused:
        list(fixed_tables(dialect, names))
    assert dialect.name in str(refused.value)
    if other is not None:
        assert list(fixed_tables(other, names))


def test_a_name_that_postgresql_would_cut_off_is_refused():
    """A table, its parts and their keys have at most 63 bytes; the longest that fits is taken."""
    names = Names("tokolib_of_kedai_siti_")

    assert 53 == len(names.document(Collection("c" * 27)))
    with pytest.raises(AdapterConfig, match="is longer than 53 bytes"):
        names.document(Collection("c" * 28))
    assert 58 == len(names.index(Collection("c" * 20), Index("i" * 12, ("a",))))
    with pytest.raises(AdapterConfig, match="is longer than 58 bytes"):
        names.index(Collection("c" * 20), Index("i" * 13, ("a",)))


def test_sqlite_has_no_schemas_and_no_parts():
    """What SQLite can't do is refused when the definitions are asked for."""
    with pytest.raises(AdapterConfig, match="leave schema 'kedai' out"):
        list(fixed_tables(SQLITE, Names(schema="kedai")))
    with pytest.raises(AdapterConfig, match="no partitioned tables"):
        list(collection_tables(ORDERS, SQLITE, split=Partitioned(2)))


@pytest.mark.parametrize("count", [0, -1, 1000])
def test_a_table_has_a_few_parts(count):
    """The number of parts fits into the names."""
    with pytest.raises(AdapterConfig):
        Partitioned(count)


@pytest.mark.parametrize("names", [Names(), Names("shop_", "kedai")])
def test_the_text_of_a_file_becomes_that_of_a_database(names):
    """A definition written for every prefix and schema reads, rendered, like the one made for these names."""
    wanted = everything(POSTGRES, names)

    made = [(rendered(name, names), rendered(text, names)) for name, text in everything(POSTGRES, PLACEHOLDERS)]

    assert wanted == made


def test_the_definitions_keep_the_rules_of_spread_databases():
    """The partition begins each key, unique and index; no sequence, reference, trigger or extension is there."""
    for name, text in everything(POSTGRES, Names()):
        assert not re.search(r"\b(serial|identity|references|trigger|extension|sequence|default)\b", text, re.I), name
        keys = re.findall(r"(?:PRIMARY KEY|CREATE (?:UNIQUE )?INDEX \S+ ON \S+) \(([^)]*)\)", text)
        assert keys, name
        assert name == "tokolib_schema" or all(key.startswith("partition,") or key == "partition" for key in keys)


def test_sqlite_makes_what_is_defined():
    """Every definition is accepted, and makes what it is called."""
    database = sqlite3.connect(":memory:")
    definitions = everything(SQLITE, Names("toko_"))

    for _, text in definitions:
        database.execute(text)

    found = database.execute("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'")
    assert {name for name, _ in definitions} == {name for (name,) in found}
    database.close()


@pytest.mark.parametrize("split", [None, Partitioned(3)])
def test_postgresql_makes_what_is_defined(connection, split):
    """Every definition is accepted, whole or in parts, and each name is there, uncut."""
    connection.execute("CREATE SCHEMA kedai")
    definitions = everything(POSTGRES, Names("toko_", "kedai"), split=split)

    for _, text in definitions:
        connection.execute(text)

    assert {name for name, _ in definitions} == relations(connection, "kedai")
    assert set() == relations(connection, "public")


def test_a_part_refuses_by_the_name_of_our_index(connection):
    """A part's unique index is called after the table's, so that the refusal tells which one it was."""
    for _, text in [*collection_tables(ORDERS, POSTGRES, split=Partitioned(2))]:
        connection.execute(text)
    insert = "INSERT INTO tokolib_doc_orders VALUES ('p', %s, 1, '', 'R-1', 0, NULL)"
    connection.execute(insert, ("a",))

    with pytest.raises(psycopg.errors.UniqueViolation) as refused:
        connection.execute(insert, ("b",))

    assert re.fullmatch("tokolib_ix_orders_by_reference_p[01]", refused.value.diag.constraint_name)


def test_text_sorts_by_code_points(connection):
    """PostgreSQL orders our columns as SQLite does, whatever the language of the database is."""
    for _, text in fixed_tables(POSTGRES):
        connection.execute(text)
    for name in ("é", "Z", "a", "_"):
        connection.execute("INSERT INTO tokolib_counter VALUES ('p', %s, 0)", (name,))

    found = connection.execute("SELECT name FROM tokolib_counter ORDER BY name").fetchall()

    assert ["Z", "_", "a", "é"] == [name for (name,) in found]
