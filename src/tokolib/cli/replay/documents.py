"""Rows gathered into documents: a document is what has one number, and its first timestamp counts."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

import attrs

from tokolib.cli.replay.errors import Unreadable
from tokolib.cli.replay.reading import Row

PATIENCE: Final = timedelta(hours=1)
"""How long a document stays open: its rows may stand a minute apart, with another document's between them."""


@attrs.frozen
class Document:
    """Everything under one number."""

    number: str
    at: datetime
    """The first of its timestamps."""
    rows: tuple[Row, ...]

    @property
    def is_cancellation(self) -> bool:
        """Whether it takes sales back, as its number says."""
        return self.number.startswith("C")

    @property
    def is_adjustment(self) -> bool:
        """Whether it corrects the books and no goods move, as its number says."""
        return self.number.startswith("A")


def documents(rows: Iterable[Row]) -> Iterator[Document]:
    """The documents of *rows*, in the order in which they begin.

    Raises:
        Unreadable: a number comes back long after its document was over.
    """
    opened: dict[str, list[Row]] = {}
    over: set[str] = set()
    for row in rows:
        found = opened.get(row.document)
        if found is not None:
            found.append(row)
            continue
        if row.document in over:
            raise Unreadable(row.document, row.line, "this document was over more than an hour before")
        for number in _ended(opened, row.at):
            over.add(number)
            yield _document(number, opened.pop(number))
        opened[row.document] = [row]
    for number in list(opened):
        yield _document(number, opened.pop(number))


def _ended(opened: dict[str, list[Row]], now: datetime) -> list[str]:
    """The oldest open documents, as far as nothing can come to them any more."""
    ended: list[str] = []
    for number, rows in opened.items():
        if now - rows[0].at <= PATIENCE:
            break
        ended.append(number)
    return ended


def _document(number: str, rows: list[Row]) -> Document:
    return Document(number, rows[0].at, tuple(rows))
