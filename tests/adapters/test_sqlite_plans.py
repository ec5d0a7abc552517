"""How SQLite finds rows: by an index, however big the shop is."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Final

import pytest

from tokolib.adapters.sql.changes import Change
from tokolib.adapters.sql.dialect import SQLITE
from tokolib.adapters.sql.finding import find
from tokolib.adapters.sql.schema import NAMES
from tokolib.adapters.sql.statements import Declared
from tokolib.adapters.sqlite import SqliteStorage
from tokolib.adapters.units.ranges import range_of
from tokolib.adapters.units.shapes import shapes_of
from tokolib.kernel.rows import Collection, Column, FactTable, Index

ORDERS: Final = Collection(
    "orders",
    (Column("reference"), Column("city", null=True), Column("placed", "integer")),
    (Index("by_reference", ("reference",), unique=True), Index("by_city", ("city", "placed"))),
    (FactTable("order_line", (Column("sku"),)),),
)
SHAPES: Final = shapes_of("sqlite", (ORDERS,))
DECLARED: Final = Declared(SHAPES, SQLITE, NAMES, max_body=1)
OF_ORDERS: Final = DECLARED.collections["orders"]
GROUPS: Final[dict[str, object]] = {
    "": DECLARED.statements,
    "stock.": DECLARED.statements.stock,
    "outbox.": DECLARED.statements.outbox,
    "orders.": OF_ORDERS,
    "order_line.": OF_ORDERS.facts["order_line"],
}
QUESTIONS: Final[dict[str, str]] = {
    f"{group}{name}": text
    for group, statements in GROUPS.items()
    for name, text in vars(statements).items()
    if isinstance(text, str) and text.startswith("SELECT")
}
PAGES: Final[dict[str, str]] = {
    f"{name} {which}": text
    for name, texts in {**DECLARED.statements.scans, "orders": OF_ORDERS.scan}.items()
    for which, text in zip(("first", "later"), texts, strict=True)
}
CHANGES: Final[dict[str, Change]] = {
    f"{group}{name}": change
    for group, statements in GROUPS.items()
    for name, change in vars(statements).items()
    if isinstance(change, Change) and not change.text.startswith("INSERT")
}


@pytest.fixture
def connection(tmp_path) -> Iterator[sqlite3.Connection]:
    """A connection to a migrated file."""
    storage = SqliteStorage(tmp_path / "shop.db", (ORDERS,))
    storage.migrate()
    storage.close()
    made = sqlite3.connect(tmp_path / "shop.db")
    yield made
    made.close()


def plan_of(connection: sqlite3.Connection, text: str, count: int) -> list[str]:
    """The steps by which SQLite would do *text*, which has *count* values."""
    return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", ["x"] * count)]


def costly(plan: Sequence[str]) -> list[str]:
    """The steps that read a whole table, or sort."""
    fixed = ("SCAN CONSTANT ROW", "SCAN json_each", "SCAN one")  # `one` is the row `SELECT 1`
    return [step for step in plan if "TEMP B-TREE" in step or (step.startswith("SCAN") and not step.startswith(fixed))]


@pytest.mark.parametrize("name", [*QUESTIONS, *PAGES])
def test_every_question_has_its_index(connection, name):
    """No question of a running shop walks a whole table, and no page sorts what an index has in order."""
    question = (QUESTIONS | PAGES)[name]

    assert [] == costly(plan_of(connection, question, question.count("?")))


@pytest.mark.parametrize(
    ("index", "equals", "since", "until", "after", "descending"),
    [
        ("by_city", {"city": "Solo"}, None, None, None, False),
        ("by_city", {"city": "Solo"}, 1, 9, '[5,"x"]', True),
        ("by_city", None, None, None, None, False),
        ("by_reference", {"reference": "x"}, None, None, None, False),
    ],
)
def test_every_stretch_of_an_index_is_found_by_it(connection, index, equals, since, until, after, descending):
    """Whatever is asked of a declared index, its rows are found by it and come in its order."""
    asked = range_of(SHAPES["orders"], index, equals, since, until, after, 10, descending)
    question, values = find(OF_ORDERS.table, "p", asked)

    plan = plan_of(connection, question, len(values))

    assert [] == costly(plan)
    assert [True] == [f"USING INDEX tokolib_ix_orders_{index} (partition=?" in step for step in plan]


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_finds_its_rows_by_their_key(connection, name):
    """A row is changed where its primary key says it is, and no other row is looked at."""
    change = CHANGES[name]

    (step,) = plan_of(connection, change.text, len(change.columns))

    key = connection.execute("SELECT name FROM pragma_table_info(?) WHERE pk > 0", (change.table,)).fetchall()
    primary = ("t USING PRIMARY KEY", f"t USING INDEX sqlite_autoindex_{change.table}_1")
    assert step.startswith(tuple(f"SEARCH {way} (partition=?" for way in primary))
    assert len(key) == step.count("=?") + step.count(">?")


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        ("ledger_by_account", "tokolib_ledger_account (partition=? AND name=? AND (account,id)>"),
        ("ledger_by_reference", "tokolib_ledger_refers_to (partition=? AND name=? AND (refers_to,id)>"),
        ("ledger_by_both", "tokolib_ledger_refers_to (partition=? AND name=? AND (refers_to,id)>"),
    ],
)
def test_a_few_entries_of_a_big_ledger_are_found_by_their_index(connection, statement, index):
    """Once SQLite walked all movements of a year for each shipment, and a proof of the books took hours."""
    query = QUESTIONS[statement]

    (plan,) = plan_of(connection, query, query.count("?"))

    assert index in plan


def test_a_claim_looks_at_open_events_only(connection):
    """Once SQLite walked every event that was ever sent, and an idle relay grew slower with each order."""
    query = QUESTIONS["outbox.claimable"]

    plan = plan_of(connection, query, query.count("?"))

    assert "SEARCH o USING INDEX tokolib_outbox_open (partition=?)" == plan[0]
    assert "SEARCH p USING INDEX tokolib_outbox_open (partition=? AND stream=? AND seq<?)" in plan
