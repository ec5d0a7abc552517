"""Opening a connection the way money needs it, and proof that SQLite took the settings."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import attrs

from tokolib.adapters.sqlite.places import must_be_a_file, way_in
from tokolib.adapters.sqlite.translation import is_unopened, translating
from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.storage_errors import Unavailable

FLOOR: Final = (3, 37, 0)
"""STRICT tables; without them SQLite keeps 'abc' in an integer column."""

EXTRA, OFF = 3, 0
"""With a rollback journal a commit is the deletion of the journal, which only EXTRA makes lasting in its folder.

Source: sqlite.org/pragma.html#pragma_synchronous. With the write-ahead log EXTRA is FULL.
"""

Version = tuple[int, int, int]


@attrs.frozen
class Settings:
    """How a file is opened."""

    path: str
    wal: bool
    durable: bool
    timeout: float
    read_only: bool


def wal_is_safe(version: Version) -> bool:
    """Whether this SQLite is free of the WAL-reset bug, which can damage a file under two checkpoints.

    Source: sqlite.org/wal.html, section "The WAL-reset bug": fixed in 3.51.3, 3.50.7 and 3.44.6.
    """
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0)


def journal(wal: bool | None, version: Version) -> bool:
    """Whether to use the write-ahead log: as told, else where it is safe.

    Raises:
        AdapterConfig: this SQLite is too old.
    """
    if version < FLOOR:
        found = ".".join(map(str, version))
        raise AdapterConfig("sqlite", f"SQLite {found} is too old; tokolib needs 3.37 or newer")
    return wal_is_safe(version) if wal is None else wal


def connect(settings: Settings) -> sqlite3.Connection:
    """An open connection: explicit transactions, and a commit that has reached the disk when it returns.

    Raises:
        Unavailable: the file can't be opened, is none, or is no database.
        Busy: the journal must be changed, and others use the file. One that is only read keeps the journal it has.
    """
    with _naming(settings.path), translating():
        must_be_a_file(settings.path)
        connection = sqlite3.connect(
            settings.path,
            timeout=settings.timeout,
            isolation_level=None,
            check_same_thread=False,  # a unit stays on its thread, which it checks itself; close() may come from any
            cached_statements=256,
        )
        try:
            _set(connection, settings)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def _naming(path: str) -> Iterator[None]:
    """Say which file it is that can't be used, and why, where SQLite doesn't."""
    try:
        yield
    except Unavailable as error:
        way_out = way_in(path) if is_unopened(error.__cause__) else error.way_out
        raise attrs.evolve(error, detail=f"{path}: {error.detail}", way_out=way_out) from error.__cause__


def _set(connection: sqlite3.Connection, settings: Settings) -> None:
    if settings.read_only:
        connection.execute("PRAGMA query_only = ON")
        return
    synchronous = EXTRA if settings.durable else OFF
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA fullfsync = ON")  # macOS: a plain fsync stops at the drive's own cache
    mode = _one(connection, "PRAGMA journal_mode")
    if settings.wal and mode != "wal":
        mode = _one(connection, "PRAGMA journal_mode = WAL")
        if mode != "wal":
            raise Unavailable(f"SQLite keeps journal mode {mode}; open this file with wal=False")
    elif not settings.wal and mode not in ("delete", "truncate", "persist"):
        mode = _one(connection, "PRAGMA journal_mode = DELETE")
        if mode != "delete":
            raise Unavailable(f"SQLite keeps journal mode {mode}; close every program that has the file open")
    if _one(connection, "PRAGMA synchronous") != synchronous or _one(connection, "PRAGMA foreign_keys") != 1:
        raise Unavailable("SQLite ignores its settings: a commit would not be lasting")


def _one(connection: sqlite3.Connection, text: str) -> object:
    row = connection.execute(text).fetchone()
    return None if row is None else row[0]
