"""Sends statements over one connection: rows come back, row counts come back, driver errors do not."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from tokolib.adapters.sqlite.translation import collision, translated, translating

Values = Sequence[Any]
Rows = Sequence[Values]


class Session:
    """One connection, for one partition."""

    def __init__(self, connection: sqlite3.Connection, partition: str) -> None:
        self.partition = partition
        self._connection = connection

    def rows(self, text: str, values: Values) -> list[Any]:
        """Every row that a query answers."""
        with translating():
            return self._connection.execute(text, values).fetchall()

    def row(self, text: str, values: Values) -> Any | None:
        """The first row, or None."""
        with translating():
            return self._connection.execute(text, values).fetchone()

    def change(self, text: str, values: Values) -> int:
        """How many rows a statement changed."""
        return self.change_each(text, (values,))

    def change_each(self, text: str, rows: Rows) -> int:
        """How many rows a statement changed, sent once for each of *rows*.

        Raises:
            Collision: unique columns of one of them are taken.
        """
        sent = 0

        def counted() -> Iterator[Values]:
            nonlocal sent
            for row in rows:
                sent += 1
                yield row

        try:
            if len(rows) == 1:
                sent = 1
                return self._connection.execute(text, rows[0]).rowcount
            return self._connection.executemany(text, counted()).rowcount
        except (sqlite3.Error, OverflowError, UnicodeError) as error:
            found = collision(error, sent - 1) if isinstance(error, sqlite3.Error) else None
            if found is not None:
                raise found from error
            raise translated(error) from error


def listed(ids: Sequence[str]) -> str:
    """Ids as the one value that a statement's list is bound to; text with NUL is nowhere stored."""
    return json.dumps([id for id in ids if "\0" not in id])
