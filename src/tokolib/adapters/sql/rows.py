"""Rows of a database as the port's values.

A database keeps whatever is written by hand; what no value of the port can be is refused with its row and column.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

import attrs

from tokolib.adapters.units.cursors import to_cursor
from tokolib.adapters.units.instants import from_micros
from tokolib.kernel.rows import Entry, HoldState, StoredEvent, StoredHold
from tokolib.kernel.storage_errors import Unreadable

T = TypeVar("T")


def event_from(row: tuple[Any, ...]) -> StoredEvent:
    """The columns `statements.EVENT`.

    Raises:
        Unreadable: its instant is none.
    """
    return StoredEvent(row[0], row[1], row[2], row[3], row[4], _instant("event", row[0], "at", row[5]))


def entry_from(row: tuple[Any, ...]) -> Entry:
    """The columns `statements.ENTRY`.

    Raises:
        Unreadable: its instant is none.
    """
    return Entry(row[0], row[1], row[2], row[3], row[4], row[5], row[6], _instant("entry", row[0], "at", row[7]))


def hold_from(row: tuple[Any, ...]) -> StoredHold:
    """The columns `statements.HOLD`.

    Raises:
        Unreadable: its state is none, or its instant.
    """
    until = None if row[5] is None else _instant("hold", row[0], "until", row[5])
    return StoredHold(row[0], row[1], row[2], row[3], _state(row[0], row[4]), until)


def each_of(found: Sequence[Any], making: Callable[[Any], T], key: tuple[int, ...]) -> Iterator[T]:
    """The rows of a page, of which the columns *key* make the cursor.

    Raises:
        Unreadable: one is; it says how many before it can be read, and where the rest begins.
    """
    for place, row in enumerate(found):
        try:
            yield making(row)
        except Unreadable as error:
            behind = to_cursor([row[each] for each in key])
            raise attrs.evolve(error, readable=place, behind=behind) from error


def _state(id: str, value: Any) -> HoldState:
    try:
        return HoldState(value)
    except ValueError as error:
        raise Unreadable("hold", id, "state", repr(value)) from error


def _instant(what: str, id: str, column: str, value: Any) -> datetime:
    try:
        return from_micros(value)
    except (OverflowError, TypeError) as error:
        raise Unreadable(what, id, column, repr(value)) from error
