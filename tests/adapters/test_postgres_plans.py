"""How PostgreSQL finds rows: by an index, whether it has statistics or not, and however big the shop is."""

import re
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any, Final

import psycopg
import pytest

from tokolib.adapters.postgres import PostgresStorage
from tokolib.adapters.postgres.combining import Combiner
from tokolib.adapters.postgres.connecting import Settings
from tokolib.adapters.sql.changes import Change
from tokolib.adapters.sql.dialect import POSTGRES
from tokolib.adapters.sql.finding import find
from tokolib.adapters.sql.schema import NAMES
from tokolib.adapters.sql.session import Step
from tokolib.adapters.sql.statements import Declared
from tokolib.adapters.units.ranges import range_of
from tokolib.adapters.units.shapes import shapes_of
from tokolib.kernel.rows import Collection, Column, FactTable, Index

ORDERS: Final = Collection(
    "orders",
    (Column("reference"), Column("city", null=True), Column("placed", "integer")),
    (Index("by_reference", ("reference",), unique=True), Index("by_city", ("city", "placed"))),
    (FactTable("order_line", (Column("sku"),)),),
)
SHAPES: Final = shapes_of("postgresql", (ORDERS,))
DECLARED: Final = Declared(SHAPES, POSTGRES, NAMES, max_body=1)
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
    if isinstance(change, Change)
}
FILLED: Final = """
    INSERT INTO tokolib_key SELECT 'p', 'place', n, 'print', '' FROM generate_series(1, 2000) n;
    INSERT INTO tokolib_history SELECT 'p', 's' || n / 10, n % 10 + 1, n, 't', '', n FROM generate_series(1, 2000) n;
    INSERT INTO tokolib_outbox SELECT 'p', n, 's' || n / 10, n % 10 + 1, 1,
        CASE WHEN n > 200 THEN n END, CASE WHEN n < 9 THEN n END, 0, '' FROM generate_series(1, 2000) n;
    INSERT INTO tokolib_ledger
        SELECT 'p', 'money', n, n, n % 9, n, 'IDR', 'k', n / 3, n FROM generate_series(1, 2000) n;
    INSERT INTO tokolib_counter SELECT 'p', n, n FROM generate_series(1, 2000) n;
    INSERT INTO tokolib_stock SELECT 'p', n, 0, 9, 1 FROM generate_series(1, 2000) n;
    INSERT INTO tokolib_hold SELECT 'p', n, n, 1, 'o', 'leased', n, 0 FROM generate_series(1, 2000) n;
    INSERT INTO tokolib_doc_orders (partition, id, version, body, reference, city, placed)
        SELECT 'p', n, 1, '', n, n % 50, n FROM generate_series(1, 2000) n;
    INSERT INTO tokolib_relay SELECT n, 1 FROM generate_series(1, 2000) n;
    INSERT INTO tokolib_fact_order_line SELECT 'p', n / 3, n, 'sku' FROM generate_series(1, 2000) n;
"""


@pytest.fixture(scope="module", params=["empty", "filled, not analysed", "filled and analysed"])
def connection(request: pytest.FixtureRequest, postgres: Any) -> "Iterator[psycopg.Connection[Any]]":
    """A connection as the storage has it, to tables that the server knows nothing, or everything, about."""
    settings = Settings(postgres.database(), durable=False)
    storage = PostgresStorage(settings, (ORDERS,))
    storage.migrate()
    storage.close()
    with psycopg.connect(settings.address, **settings.connecting()) as made:
        for text, _ in settings.statements():
            made.execute(text.encode())
        if request.param != "empty":
            made.execute(FILLED)
        if request.param == "filled and analysed":
            made.execute("ANALYZE")
        yield made


def plan_of(connection: "psycopg.Connection[Any]", text: str) -> list[str]:
    """The steps by which the server would do *text*, for whatever values."""
    numbers = count(1)
    numbered = re.sub(r"\?", lambda found: f"${next(numbers)}", text)
    values = ", ".join("NULL" for _ in range(text.count("?")))
    connection.execute(f"PREPARE asked AS {numbered}".encode())
    try:
        rows = connection.execute(f"EXPLAIN (COSTS OFF) EXECUTE asked({values})".encode()).fetchall()
    finally:
        connection.execute("DEALLOCATE asked")
    return [row[0].strip() for row in rows]


def costly(plan: Sequence[str]) -> list[str]:
    """The steps that walk a table, sort, or compare all rows of one with all rows of another."""
    dear = ("Seq Scan", "Sort", "Join Filter", "Hash", "Bitmap", "Materialize")
    return [step for step in plan if any(word in step for word in dear) and "Function Scan" not in step]


def bound(plan: Sequence[str]) -> list[set[str]]:
    """The columns by which each index is entered."""
    return [
        set(re.findall(r"(?:\(|ROW\(|, )(?:\w+\.)?\"?(\w+)\"?(?=[ ,)])", step.partition(": ")[2]))
        for step in plan
        if step.startswith("Index Cond")
    ]


@pytest.mark.parametrize("name", [*QUESTIONS, *PAGES])
def test_every_question_has_its_index(connection, name):
    """No question of a running shop walks a whole table, and no page sorts what an index has in order."""
    plan = plan_of(connection, (QUESTIONS | PAGES)[name])

    found = [step for step in costly(plan) if name != "order_line.of_documents" or "Sort" not in step]
    assert [] == found, plan  # before 17 the facts of one page of documents are sorted
    assert all("partition" in columns for columns in bound(plan)), plan


@pytest.mark.parametrize(
    ("index", "equals", "since", "until", "after", "descending"),
    [
        ("by_city", {"city": "Solo"}, None, None, None, False),
        ("by_city", {"city": "Solo"}, 1, 9, '[5,"x"]', True),
        ("by_city", None, "A", None, None, False),
        ("by_reference", {"reference": "x"}, None, None, None, False),
    ],
)
def test_every_stretch_of_an_index_is_found_by_it(connection, index, equals, since, until, after, descending):
    """Whatever is asked of a declared index, its rows are found by it and come in its order."""
    asked = range_of(SHAPES["orders"], index, equals, since, until, after, 10, descending)
    question, _ = find(OF_ORDERS.table, "p", asked)

    plan = plan_of(connection, question)

    of_one = ["->  Sort"] if SHAPES["orders"].collection.indexes[0].name == index else []  # a unique row comes alone
    assert of_one == [step for step in costly(plan) if not step.startswith("Sort Key")], plan
    assert any(f"using tokolib_ix_orders_{index}" in step for step in plan), plan


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_finds_its_rows_by_their_key(connection, name):
    """A change enters the table by its whole key, once for each row that it was sent."""
    change = CHANGES[name]
    key = connection.execute(
        """SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
        WHERE i.indrelid = %s::regclass AND i.indisprimary""",
        [change.table],
    ).fetchall()

    plan = plan_of(connection, change.text)

    assert [] == costly(plan), plan
    if not change.text.startswith("INSERT"):
        (entered,) = bound(plan)
        assert {column for (column,) in key} <= entered, plan


def test_everything_that_a_unit_writes_is_found_by_keys(connection):
    """The changes of a whole unit in one statement are planned as well as each of them alone."""
    text = DECLARED.statements
    changes = [text.remember, OF_ORDERS.replace, text.append, text.send, text.post, text.stock.reserve, text.stock.hold]
    combined, values = Combiner().statement([Step(change, [[None] * len(change.columns)]) for change in changes])

    plan = plan_of(connection, combined)

    assert len(values) == combined.count("?")
    assert [] == costly(plan), plan
    assert {"partition", "id"} <= bound(plan)[0], plan


def test_a_claim_looks_for_earlier_events_of_a_stream_in_that_stream(connection):
    """Once PostgreSQL walked every open event for each one that it claimed, until it had statistics."""
    plan = plan_of(connection, QUESTIONS["outbox.claimable"])

    assert any({"partition", "stream", "seq"} <= columns for columns in bound(plan)[1:]), plan
