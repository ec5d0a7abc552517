"""How SQLite finds rows: by an index, however big the shop is."""

import sqlite3

import pytest

from tokolib.adapters.sql.dialect import SQLITE
from tokolib.adapters.sql.statements import Statements
from tokolib.adapters.sqlite import SqliteStorage


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        ("ledger_by_account", "tokolib_ledger_account (partition=? AND name=? AND (account,id)>"),
        ("ledger_by_reference", "tokolib_ledger_refers_to (partition=? AND name=? AND (refers_to,id)>"),
        ("ledger_by_both", "tokolib_ledger_refers_to (partition=? AND name=? AND (refers_to,id)>"),
    ],
)
def test_a_few_entries_of_a_big_ledger_are_found_by_their_index(tmp_path, statement, index):
    """Once SQLite walked all movements of a year for each shipment, and a proof of the books took hours."""
    storage = SqliteStorage(tmp_path / "shop.db", ())
    storage.migrate()
    storage.close()
    query = getattr(Statements(SQLITE), statement)
    values = ["x"] * query.count("?")

    connection = sqlite3.connect(tmp_path / "shop.db")
    ((*_, plan),) = connection.execute(f"EXPLAIN QUERY PLAN {query}", values).fetchall()
    connection.close()

    assert index in plan
