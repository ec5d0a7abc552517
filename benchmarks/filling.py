"""Makes a SQLite shop full, quickly: whatever a first part of its life has added is copied, many times over, by SQL.

No table is named here: what grew between two moments is found by comparing the files, and its rows are copied with
new keys. Each copy's ids are the original's with a number behind, so the search trees have the entries, and the
depth, of a shop that has lived so long. Bodies of copies are cut short, since no checkout reads them; so `verify`
would find such a shop damaged, and it is good for nothing but measuring.
"""

import re
import sqlite3
from pathlib import Path
from typing import Final, NamedTuple

ID: Final = re.compile(r"[a-z]{3}_[0-9a-z]{26}")
KEPT_OF_A_BODY: Final = 200


class Table(NamedTuple):
    """A table's columns in order, and each set of columns that must be unique, the key first."""

    name: str
    columns: tuple[str, ...]
    texts: frozenset[str]
    uniques: tuple[tuple[str, ...], ...]


def multiply(file: Path, before: Path, copies: int, *, after: Path | None = None) -> int:
    """Add *copies* copies of all rows that *after* has and *before* hasn't; answers how many rows were added.

    All three are one shop at different moments; without *after*, the rows are those that *file* has by now.
    """
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -500000")
    connection.execute("ATTACH ? AS earlier", (str(before),))
    connection.execute("ATTACH ? AS later", (str(after or file),))
    connection.execute("CREATE TEMP TABLE numbers (i INTEGER PRIMARY KEY)")
    connection.executemany("INSERT INTO numbers VALUES (?)", ((i,) for i in range(1, copies + 1)))
    added = 0
    for table in tables(connection):
        connection.execute("BEGIN")
        added += _copy(connection, table)
        connection.execute("COMMIT")
    connection.close()
    return added


def tables(connection: sqlite3.Connection) -> list[Table]:
    names = connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    return [_table(connection, name) for (name,) in names]


def _table(connection: sqlite3.Connection, name: str) -> Table:
    rows = connection.execute("SELECT name, type, pk FROM pragma_table_info(?)", (name,)).fetchall()
    key = tuple(column for column, _, place in sorted(rows, key=lambda row: row[2]) if place)
    indexes = connection.execute('SELECT name FROM pragma_index_list(?) WHERE "unique"', (name,)).fetchall()
    uniques = [
        tuple(row[0] for row in connection.execute("SELECT name FROM pragma_index_info(?)", index)) for index in indexes
    ]
    texts = frozenset(column for column, kind, _ in rows if kind == "TEXT")
    return Table(name, tuple(row[0] for row in rows), texts, (key, *uniques))


def _copy(connection: sqlite3.Connection, table: Table) -> int:
    """Copy the rows of a table that are new, each so often; the copies lie beside their original, in order."""
    key = table.uniques[0]
    same = " AND ".join(f'old."{column}" = new."{column}"' for column in key)
    old = f'SELECT 1 FROM earlier."{table.name}" old WHERE {same}'  # noqa: S608 - the names are the schema's own
    new = f'FROM later."{table.name}" new WHERE NOT EXISTS ({old})'
    sample = connection.execute(f"SELECT * {new} LIMIT 100").fetchall()
    if not sample:
        return 0
    renamed = _renamed(table, sample)
    values = ", ".join(_value(column, renamed) for column in table.columns)
    columns = ", ".join(f'"{column}"' for column in table.columns)
    connection.execute(f"CREATE TEMP TABLE fresh AS SELECT * {new} ORDER BY {', '.join(key)}")
    changed = connection.execute(
        f'INSERT INTO main."{table.name}" ({columns}) SELECT {values} FROM fresh CROSS JOIN numbers'  # noqa: S608
    ).rowcount
    connection.execute("DROP TABLE fresh")
    return changed


def _renamed(table: Table, sample: list[tuple[object, ...]]) -> frozenset[str]:
    """The columns that are another's in each copy: those with ids, and the last text of a unique key without one."""
    renamed = {
        column
        for place, column in enumerate(table.columns)
        if column in table.texts and any(ID.search(str(row[place])) for row in sample)
    }
    for unique in table.uniques:
        if not renamed.intersection(unique):
            renamed.add([column for column in unique if column in table.texts][-1])
    return frozenset(renamed)


def _value(column: str, renamed: frozenset[str]) -> str:
    if column in renamed:
        return f"""fresh."{column}" || printf('~%07d', i)"""
    if column in ("body", "payload"):
        return f'substr(fresh."{column}", 1, {KEPT_OF_A_BODY})'
    return f'fresh."{column}"'
