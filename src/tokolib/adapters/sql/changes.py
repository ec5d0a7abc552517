"""Statements that change rows, written once for any number of rows, in each dialect.

A change is declared with the names of the values that a row of it holds, and speaks of them as `:name`. SQLite is sent
one row at a time. PostgreSQL is sent all rows at once, as one array for each name, so that the text stays the same
however many there are. The table is called `t` in either.
"""

# ruff: noqa: S608 - names in the text come from declarations that were checked

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs

from tokolib.adapters.sql.dialect import Dialect

Values = Sequence[Any]
Rows = Sequence[Values]
NAMED: Final = re.compile(r"(?<!:):(\w+)")
ARRAYS: Final[Mapping[str, str]] = {"text": "text[]", "integer": "bigint[]", "blob": "bytea[]"}
"""How PostgreSQL calls many values of a type."""


@attrs.frozen(eq=False)
class Change:
    """One statement. `columns` names the values of a row in their order, with their types."""

    table: str
    text: str
    columns: Mapping[str, str]
    tells: str = ""
    """The column by whose value a row is known among those that took effect; empty where their number is enough."""


@attrs.frozen
class Changes:
    """Makes statements in one dialect."""

    dialect: Dialect

    def insert(
        self,
        table: str,
        columns: Mapping[str, str],
        *,
        given: Mapping[str, str] | None = None,
        only: str = "",
        conflict: str = "",
        tells: str = "",
    ) -> Change:
        """Rows of *columns*, *only* under a condition, which may speak of the *given* values as well."""
        named = {**columns, **(given or {})}
        text = f"INSERT INTO {table} AS t ({_quoted(columns)})"
        if self.dialect.sets:
            chosen = ", ".join(f'r."{name}"' for name in columns)
            text += f" SELECT {chosen} FROM {_rows(named)}" + (f" WHERE {self._named(only, named)}" if only else "")
        else:
            marks = ", ".join(f"?{place + 1}" for place in range(len(columns)))
            text += f" SELECT {marks} WHERE {self._named(only, named)}" if only else f" VALUES ({marks})"
        return self._made(table, f"{text} {conflict}".rstrip(), named, f't."{tells}"' if tells else "", tells)

    def update(self, table: str, columns: Mapping[str, str], setting: str, where: str, *, tells: str = "") -> Change:
        """*setting* in the rows *where* it may be done."""
        text = f"UPDATE {table} AS t SET {self._named(setting, columns)}"
        text += f" FROM {_rows(columns)}" if self.dialect.sets else ""
        text += f" WHERE {self._named(where, columns)}"
        return self._made(table, text, columns, f'r."{tells}"' if tells else "", tells)

    def delete(self, table: str, columns: Mapping[str, str], where: str) -> Change:
        """Without the rows *where*."""
        text = f"DELETE FROM {table} AS t" + (f" USING {_rows(columns)}" if self.dialect.sets else "")
        return self._made(table, f"{text} WHERE {self._named(where, columns)}", columns, "", "")

    def _named(self, text: str, columns: Mapping[str, str]) -> str:
        if self.dialect.sets:
            return NAMED.sub(r'r."\1"', text)
        places = {name: place for place, name in enumerate(columns, start=1)}
        return NAMED.sub(lambda found: f"?{places[found[1]]}", text)

    def _made(self, table: str, text: str, columns: Mapping[str, str], told: str, tells: str) -> Change:
        if self.dialect.sets:
            text += f" RETURNING {told or 1}"
        return Change(table.replace('"', ""), text, columns, tells)


def _rows(columns: Mapping[str, str]) -> str:
    arrays = ", ".join(f"?::{ARRAYS[kind]}" for kind in columns.values())
    return f"unnest({arrays}) AS r({_quoted(columns)})"


def _quoted(columns: Mapping[str, str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)
