"""The storage: who may open a unit, what it can't do and why, and its URL."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tokolib.adapters import building
from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.rows import BackupReport, Can, Capabilities, Collection
from tokolib.kernel.storage import Storage
from tokolib.kernel.storage_errors import Unsupported
from tokolib_dbm.book import Book

LACKS = {
    Can.MULTI_PROCESS: "the order of the rows is kept in memory, so one process has the folder to itself",
    Can.JOIN: "dbm has no transaction that a host could have open",
    Can.BACKUP: "a shop is a folder of several files; copy it while no process has it open",
}


class DbmStorage:
    """Keeps shops in a folder, opened by its migration. One unit at a time: the next waits, up to *timeout* seconds."""

    def __init__(self, folder: Path, collections: Sequence[Collection], *, timeout: float = 5.0) -> None:
        self.folder = folder
        self.capabilities = Capabilities(lacks=LACKS, max_body=4 * 1024 * 1024)
        self._shapes = building.shapes_of("dbm", collections)
        self._book = Book(folder)
        self._turns = building.Turns(self._book, building.seconds("dbm", timeout))

    def migrate(self, *, dry_run: bool = False) -> Sequence[str]:
        """Declare the collections, and index anew those that are declared otherwise; *dry_run* makes no folder."""
        if dry_run and not self.folder.exists():
            return [f"declare {name}" for name in self._shapes]
        return building.declare("dbm", self._begin(), self._shapes, dry_run=dry_run)

    def begin(self, partition: str, *, read_only: bool = False) -> building.KeyedUnit:
        """Open a unit once no other is open."""
        most = self.capabilities.max_body
        return building.KeyedUnit(self._shapes, self._begin(), partition, max_body=most, read_only=read_only)

    def outbox(self, partition: str) -> building.KeyedOutbox:
        """The outbox of a partition."""
        return building.KeyedOutbox(partition, self._begin)

    def join(self, connection: Any, partition: str) -> building.KeyedUnit:
        """Refused: there is nothing to join."""
        raise Unsupported(Can.JOIN, LACKS[Can.JOIN])

    def backup(self, target: Path) -> BackupReport:
        """Refused: it is more than a file."""
        raise Unsupported(Can.BACKUP, LACKS[Can.BACKUP])

    def pause(self, attempt: int) -> None:
        """Wait a little before a retry."""
        time.sleep(building.jitter(attempt))

    def close(self) -> None:
        """Give the folder back."""
        self._book.close()

    def _begin(self) -> building.Rows:
        self._book.check()
        return self._turns.begin()


def dbm_storage(url: str, collections: Sequence[Collection], *, asynchronous: bool) -> Storage:
    """The storage of a URL: `dbm:///kedai` is a relative folder, `dbm:////srv/kedai` an absolute one."""
    parts = building.place("dbm", url, "dbm:///folder")
    building.parameters("dbm", building.queried(parts), ())
    if len(parts.path) < 2:
        raise AdapterConfig("dbm", f"{building.without_password(url)} names no folder; write dbm:///folder")
    storage = DbmStorage(Path(parts.path[1:]), collections)
    thread = building.OneThread("dbm")
    return building.AsyncStorage(storage, runner=thread, timeout=5.0) if asynchronous else storage
