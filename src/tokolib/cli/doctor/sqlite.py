"""A shop's SQLite file: it is only read, and keeps the journal that it has."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import Any

import attrs

from tokolib.adapters.sql.names import Names
from tokolib.adapters.sqlite.connecting import EXTRA, OFF, Settings, Version, connect, wal_is_safe
from tokolib.adapters.sqlite.storage import SqliteStorage
from tokolib.adapters.sqlite.translation import translating
from tokolib.cli.doctor.backlog import backlog
from tokolib.cli.doctor.finding import Finding, ok, warning, wrong
from tokolib.cli.doctor.machine import BUG, UPGRADE
from tokolib.cli.doctor.schema import schema
from tokolib.kernel.storage import Storage


def file(storage: Storage, now: datetime) -> Iterator[Finding]:
    """Whether the file can be used, how it is kept, and what waits in it.

    Raises:
        StorageError: it is no database, or can't be read.
    """
    if not isinstance(storage, SqliteStorage):
        return
    if not storage.path.is_file():
        way_out = (
            "open the shop once, which makes it, or correct the path: sqlite:///relative.db, sqlite:////absolute.db"
        )
        found = "is no file" if storage.path.exists() else "there is no such file"
        yield wrong("file", f"{storage.path}: {found}", way_out)
        return
    yield _access(storage)
    with closing(connect(attrs.evolve(storage.settings, read_only=True))) as connection, translating():
        yield journal(_one(connection, "PRAGMA journal_mode"), storage.settings, sqlite3.sqlite_version_info)
        yield _synchronous(connection, storage.settings)
        yield from schema(storage)
        if _has_tables(connection, storage.names):
            yield from backlog(lambda query: connection.execute(query).fetchall(), storage.names, now)


def _access(storage: SqliteStorage) -> Finding:
    path = storage.path
    if os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK):
        return ok("file", f"{path}, {path.stat().st_size:,} bytes")
    text = f"{path}: this user may not write it, or the folder that its journal must stand in"
    return warning("file", text, "run this as the user that runs the shop, or let that user write both")


def journal(mode: Any, settings: Settings, version: Version) -> Finding:
    """Which journal the file has, which one a shop would give it, and whether both are safe."""
    library = f"SQLite {'.'.join(map(str, version))}"
    wanted = "wal" if settings.wal else "delete"
    if not wal_is_safe(version) and "wal" in (mode, wanted):
        text = f"{settings.path} is in WAL mode" if mode == "wal" else "the URL asks for WAL mode (wal=1)"
        leave = "leave wal=1 out of the URL" if settings.wal else "stop whatever has the file open"
        back = f"{leave}: the next open goes back to the rollback journal; or {UPGRADE}"
        return warning("journal", f"{text}, and {library} has {BUG}: two checkpoints at once can damage it", back)
    later = f"; the next open of this URL makes it {wanted}" if (mode == "wal") != settings.wal else ""
    return ok("journal", f"{mode}{later}")


def _synchronous(connection: sqlite3.Connection, settings: Settings) -> Finding:
    """Whether SQLite takes the level that each connection of a shop sets; a file has none of its own."""
    wanted, name = (EXTRA, "EXTRA") if settings.durable else (OFF, "OFF")
    connection.execute(f"PRAGMA synchronous = {wanted}")
    if _one(connection, "PRAGMA synchronous") != wanted:
        return wrong("synchronous", f"this SQLite ignores {name}: a commit would not be lasting", UPGRADE)
    return ok("synchronous", f"{name}, which each connection of a shop sets for itself")


def _has_tables(connection: sqlite3.Connection, names: Names) -> bool:
    found = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    return {names.fixed("outbox"), names.fixed("hold")} <= found


def _one(connection: sqlite3.Connection, text: str) -> Any:
    return connection.execute(text).fetchone()[0]
