"""`sqlite://`: shops in one file, which several processes may use at once."""

import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import attrs

from tokolib.adapters.jitter import jitter
from tokolib.adapters.sql.dialect import SQLITE
from tokolib.adapters.sql.migrations.blueprint import Blueprint
from tokolib.adapters.sql.migrations.reporting import SchemaReport
from tokolib.adapters.sql.migrations.upgrading import told, upgrade
from tokolib.adapters.sql.names import Names
from tokolib.adapters.sql.outbox import SqlOutbox
from tokolib.adapters.sql.schema import NAMES
from tokolib.adapters.sql.session import Session
from tokolib.adapters.sql.statements import Declared
from tokolib.adapters.sql.unit import SqlUnit
from tokolib.adapters.sqlite.connecting import Settings, journal
from tokolib.adapters.sqlite.copying import copy
from tokolib.adapters.sqlite.joining import Savepoint
from tokolib.adapters.sqlite.pool import Pool
from tokolib.adapters.sqlite.session import SqliteSession, Transaction
from tokolib.adapters.sqlite.sharing import SharedTransaction
from tokolib.adapters.units.borrowing import Borrowed
from tokolib.adapters.units.shapes import shapes_of
from tokolib.adapters.units.waiting import seconds
from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.hosting import drive
from tokolib.kernel.rows import BackupReport, Can, Capabilities, Collection
from tokolib.kernel.storage_errors import Unavailable

TIMEOUT: Final = 5.0
"""Seconds that a unit waits for the write lock before it is `Busy`."""

RELAXED: Final = "durable=False lets the operating system write when it likes"


class SqliteStorage:
    """Keeps shops in one SQLite file.

    *wal* chooses the write-ahead log; None takes it where this SQLite is free of its known fault, and the
    rollback journal elsewhere. *durable* False lets the operating system write when it likes: for bulk loads
    that can be repeated, because a power cut loses what was acknowledged. *read_only* True leaves the file as it is,
    its journal too, and refuses every write.
    """

    def __init__(
        self,
        path: str | Path,
        collections: Sequence[Collection],
        *,
        wal: bool | None = None,
        durable: bool = True,
        timeout: float = TIMEOUT,
        read_only: bool = False,
        names: Names = NAMES,
    ) -> None:
        name = str(path)
        if not name or name == ":memory:" or name.startswith("file:") or "\0" in name:
            raise AdapterConfig("sqlite", f"{name!r:.200} is no file; a shop in memory is memory://")
        use_wal = journal(wal, sqlite3.sqlite_version_info)
        self.path = Path(name).absolute()  # the process may go to another folder meanwhile
        self.names = names
        self.capabilities = Capabilities(lacks={} if durable else {Can.DURABLE: RELAXED})
        names.suit(SQLITE)
        shapes = shapes_of("sqlite", collections)
        self.declared = Declared(shapes, SQLITE, names, max_body=self.capabilities.max_body)
        self._blueprint = Blueprint(SQLITE, tuple(collections), names)
        self.settings = Settings(str(self.path), use_wal, durable, seconds("sqlite", timeout), read_only)
        self._borrowed = Borrowed()
        self._pool = Pool(self.settings)

    def migrate(self, *, dry_run: bool = False) -> Sequence[str]:
        """Create what is missing in the file; a shop's migrations, or tables and indexes. *dry_run* only tells them.

        Raises:
            SchemaTooNew: a newer tokolib has written it. Nothing was changed.
            SchemaChanged: what was applied to it is another schema here. Nothing was changed.
            AdapterConfig: a table lacks a declared column. Nothing was changed.
        """
        return drive(upgrade(partial(self._turn, ""), self._blueprint, dry_run=dry_run))

    def schema_report(self) -> SchemaReport:
        """What is right and wrong with the schema. The file is only read, and not made when there is none.

        Raises:
            Unavailable: there is no such file, or it is no database.
        """
        if not self.path.is_file():
            raise Unavailable(f"{self.path}: there is no such file")
        pool = Pool(attrs.evolve(self.settings, read_only=True))
        try:
            return drive(told(partial(self._turn, "", pool=pool), self._blueprint))
        finally:
            pool.close()

    def begin(self, partition: str, *, read_only: bool = False) -> SqlUnit:
        """Open a unit.

        Raises:
            Busy: the write lock stayed with others.
            Misuse: this thread has a unit open already, or the storage is closed.
        """
        lent = self._pool.lend(writes=not read_only)
        return SqlUnit(self.declared, SqliteSession(lent, partition), read_only=read_only)

    def share(self) -> SharedTransaction:
        """Open a transaction for units that follow each other.

        Raises:
            Busy: the write lock stayed with others. Misuse: the storage is closed.
        """

        def unit(part: Transaction, partition: str) -> SqlUnit:
            return SqlUnit(self.declared, SqliteSession(part, partition), read_only=False)

        return SharedTransaction(self._pool.lend(writes=True, who=object()), unit)

    def must_have_no_unit(self) -> None:
        """Refuse a thread that has a unit open, as `begin` does.

        Raises:
            Misuse: it has.
        """
        self._pool.must_have_none(threading.get_ident())

    def join(self, connection: Any, partition: str) -> SqlUnit:
        """Open a unit in the transaction that the host has open on a `sqlite3.Connection`.

        Raises:
            Misuse: it is another kind of connection, is on another file, is used by another unit, or has no transaction
            open.
        """
        savepoint = Savepoint(connection, self.path, self._borrowed)
        return SqlUnit(self.declared, SqliteSession(savepoint, partition), read_only=False)

    def backup(self, target: Path) -> BackupReport:
        """Copy everything committed into a new file, while others write.

        Raises:
            Misuse: something is there already.
            Unavailable: it can't be written. Busy: the file stayed locked. In all cases nothing is left of it.
        """
        return copy(self.settings, target)

    def outbox(self, partition: str) -> SqlOutbox:
        """The outbox of a partition."""
        return SqlOutbox(partial(self._turn, partition), self.declared.statements.outbox)

    def pause(self, attempt: int) -> None:
        """Wait a little before a retry."""
        time.sleep(jitter(attempt))

    def close(self) -> None:
        """Close the file."""
        self._pool.close()

    @asynccontextmanager
    async def _turn(self, partition: str, *, writes: bool, pool: Pool | None = None) -> AsyncIterator[Session]:
        """A transaction of our own: committed at the end, rolled back after an error."""
        lent = (pool or self._pool).lend(writes=writes)
        session = SqliteSession(lent, partition)
        try:
            yield session
        except BaseException:
            lent.rollback()
            raise
        lent.commit()
