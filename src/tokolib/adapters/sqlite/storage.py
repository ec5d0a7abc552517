"""`sqlite://`: shops in one file, which several processes may use at once."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tokolib.adapters.jitter import jitter
from tokolib.adapters.shapes import shapes_of
from tokolib.adapters.sql.dialect import SQLITE
from tokolib.adapters.sql.statements import CollectionStatements, Statements
from tokolib.adapters.sqlite.connecting import Settings, journal
from tokolib.adapters.sqlite.migrating import make, missing
from tokolib.adapters.sqlite.outbox import SqliteOutbox
from tokolib.adapters.sqlite.pool import Pool
from tokolib.adapters.sqlite.session import Session
from tokolib.adapters.sqlite.translation import commit_error
from tokolib.adapters.sqlite.unit import Declared, SqliteUnit
from tokolib.adapters.waiting import seconds
from tokolib.kernel.errors import AdapterConfig
from tokolib.kernel.rows import BackupReport, Can, Capabilities, Collection

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
    ) -> None:
        name = str(path)
        if not name or name == ":memory:" or name.startswith("file:") or "\0" in name:
            raise AdapterConfig("sqlite", f"{name!r:.200} is no file; a shop in memory is memory://")
        use_wal = journal(wal, sqlite3.sqlite_version_info)
        self.path = Path(name)
        self.capabilities = Capabilities(lacks={} if durable else {Can.DURABLE: RELAXED})
        shapes = shapes_of("sqlite", collections)
        self._declared = Declared(
            shapes,
            Statements(SQLITE),
            {name: CollectionStatements(shape, SQLITE) for name, shape in shapes.items()},
            self.capabilities.max_body,
        )
        self._pool = Pool(Settings(str(self.path), use_wal, durable, seconds("sqlite", timeout), read_only))

    def migrate(self, *, dry_run: bool = False) -> Sequence[str]:
        """Create what is missing in the file.

        Raises:
            SchemaTooNew: a newer tokolib has written it. Nothing was changed.
            AdapterConfig: a table lacks a declared column. Nothing was changed.
        """
        lacking = self.lacking()
        if dry_run or not lacking:
            return tuple(lacking)
        with self._turn("", writes=True) as session:
            return make(session, missing(session, self._declared.shapes))

    def lacking(self) -> Sequence[str]:
        """The tables and indexes that `migrate` would create; nothing is changed. It raises what `migrate` does."""
        with self._turn("", writes=False) as session:
            return [name for name, _ in missing(session, self._declared.shapes)]

    def begin(self, partition: str, *, read_only: bool = False) -> SqliteUnit:
        """Open a unit.

        Raises:
            Busy: the write lock stayed with others.
            Misuse: this thread has a unit open already, or the storage is closed.
        """
        lent = self._pool.lend(writes=not read_only)
        return SqliteUnit(self._declared, lent, partition, read_only=read_only)

    def join(self, connection: Any, partition: str) -> SqliteUnit:
        """Open a unit in the host's transaction."""
        raise NotImplementedError

    def backup(self, target: Path) -> BackupReport:
        """Copy everything committed into a new file."""
        raise NotImplementedError

    def outbox(self, partition: str) -> SqliteOutbox:
        """The outbox of a partition."""
        return SqliteOutbox(lambda *, writes: self._turn(partition, writes=writes), self._declared.statements)

    def pause(self, attempt: int) -> None:
        """Wait a little before a retry."""
        time.sleep(jitter(attempt))

    def close(self) -> None:
        """Close the file."""
        self._pool.close()

    @contextmanager
    def _turn(self, partition: str, *, writes: bool) -> Iterator[Session]:
        """A transaction of our own: committed at the end, rolled back after an error."""
        lent = self._pool.lend(writes=writes)
        try:
            yield Session(lent.connection, partition)
            try:
                lent.connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise commit_error(error) from error
        finally:
            lent.give_back()
