"""Rows of a database as the port's values."""

from typing import Any

from tokolib.adapters.units.instants import from_micros
from tokolib.kernel.rows import Entry, HoldState, StoredEvent, StoredHold


def event_from(row: tuple[Any, ...]) -> StoredEvent:
    """The columns `statements.EVENT`."""
    return StoredEvent(row[0], row[1], row[2], row[3], row[4], from_micros(row[5]))


def entry_from(row: tuple[Any, ...]) -> Entry:
    """The columns `statements.ENTRY`."""
    return Entry(row[0], row[1], row[2], row[3], row[4], row[5], row[6], from_micros(row[7]))


def hold_from(row: tuple[Any, ...]) -> StoredHold:
    """The columns `statements.HOLD`."""
    until = None if row[5] is None else from_micros(row[5])
    return StoredHold(row[0], row[1], row[2], row[3], HoldState(row[4]), until)
