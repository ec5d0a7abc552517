"""SQLite's errors in the words of the port."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from tokolib.adapters.sql.ways_out import NO_COLUMN, NO_RECORD, NO_TABLE
from tokolib.kernel.storage_errors import Busy, CommitUnknown, Misuse, Serialization, StorageError, Unavailable

REFUSABLE: Final = (sqlite3.Error, OverflowError, UnicodeError)
"""What the driver raises: SQLite's errors, and its own about values that it can't hand over."""
UNIQUE: Final = frozenset(
    {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID}
)
PRIMARY: Final = 0xFF
"""The bits of an extended result code that hold the primary one."""

MOVED: Final = "close the shop and open it anew: what it holds open is not the file that is there now"

WAYS_OUT: Final[Mapping[int, str]] = {
    sqlite3.SQLITE_CANTOPEN: "let this process read and write the file, and in its folder",
    sqlite3.SQLITE_READONLY: "let this process write to the file, and in its folder",
    sqlite3.SQLITE_READONLY_DBMOVED: MOVED,
    sqlite3.SQLITE_FULL: "free some space on the disk, and send the command again",
    sqlite3.SQLITE_NOTADB: "name a database, or a file that isn't there yet: this one was made by another program",
    sqlite3.SQLITE_CORRUPT: "close the shop, and put back the last good copy of the file",
}
"""What to do, by SQLite's extended result code, or else by its primary one."""
SAID: Final[Mapping[str, str]] = {
    "no such table": NO_TABLE,
    "no such index": NO_TABLE,
    "no such column": NO_COLUMN,
    "has no column named": NO_COLUMN,
    "already exists": NO_RECORD,
}
"""What to do, by what SQLite says of a statement that it can't read."""


def translated(error: Exception) -> StorageError:
    """*error* as the port's: a closed set, whatever SQLite says."""
    if isinstance(error, OverflowError | UnicodeError):
        return Misuse(f"SQLite can't keep this value: {error}")
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return Misuse(f"SQLite was used against its rules: {error}")
    match code & PRIMARY:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Busy(str(error))
        case sqlite3.SQLITE_SCHEMA:
            return Serialization(str(error))
        case sqlite3.SQLITE_CONSTRAINT | sqlite3.SQLITE_MISMATCH | sqlite3.SQLITE_TOOBIG:
            return Misuse(f"SQLite refused a value: {error}")
        case _:
            detail = (
                "the file was moved, replaced or deleted" if code == sqlite3.SQLITE_READONLY_DBMOVED else str(error)
            )
            return Unavailable(detail, _way_out(error, code))


def _way_out(error: Exception, code: int) -> str:
    if code == sqlite3.SQLITE_ERROR:  # said in words alone, and always in English
        return next((way_out for said, way_out in SAID.items() if said in str(error)), "")
    return WAYS_OUT.get(code, WAYS_OUT.get(code & PRIMARY, ""))


@contextmanager
def translating() -> Iterator[None]:
    """Raise the port's errors instead of SQLite's."""
    try:
        yield
    except REFUSABLE as error:
        raise translated(error) from error


def is_unopened(error: BaseException | None) -> bool:
    """Whether the file, or one beside it, can't be opened."""
    return (getattr(error, "sqlite_errorcode", 0) & PRIMARY) == sqlite3.SQLITE_CANTOPEN


def commit_error(error: sqlite3.Error) -> StorageError:
    """What a failed COMMIT means: after an input/output error nobody knows which side of it we are on."""
    if (getattr(error, "sqlite_errorcode", 0) & PRIMARY) == sqlite3.SQLITE_IOERR:
        return CommitUnknown(str(error))
    return translated(error)


def taken_columns(error: Exception) -> tuple[str, ...] | None:
    """The unique columns that another row has, if *error* says so: "UNIQUE constraint failed: t.partition, t.id"."""
    if getattr(error, "sqlite_errorcode", None) not in UNIQUE:
        return None
    return tuple(re.findall(r"\.(\w+)", str(error).partition(": ")[2]))
