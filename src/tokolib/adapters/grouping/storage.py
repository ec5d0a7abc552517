"""A storage whose writing units share commits. Reading units, and those inside a host's transaction, are as ever."""

import os
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from tokolib.adapters.awaited.unit import BlockingUnit
from tokolib.adapters.grouping.groups import Groups
from tokolib.adapters.grouping.shared import Shareable
from tokolib.adapters.grouping.unit import GroupedUnit
from tokolib.adapters.sql.migrations.reporting import SchemaReport
from tokolib.adapters.units.homes import CLOSED, open_already
from tokolib.adapters.units.waiting import seconds
from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.hosting import MaybeAwaitable
from tokolib.kernel.rows import BackupReport, Capabilities
from tokolib.kernel.storage import Outbox, Storage, UnitOfWork
from tokolib.kernel.storage_errors import Misuse

MOST: Final = 64
LONGEST: Final = 0.02
PATIENCE: Final = 5.0


class GroupCommit:
    """*inner*, with one commit for all units of this process that want one at the same time.

    Units run one after the other as savepoints in one transaction; each is answered when that has been committed. A
    group takes in *most* units, for *longest* seconds, and ends at once when nobody waits to join it. A unit waits
    *patience* seconds for its turn before it is `Busy`; one that keeps others waiting for longer is rolled back.

    Raises:
        AdapterConfig: a number is no such number, or *inner* can't share a transaction.
    """

    def __init__(
        self, inner: Storage, *, most: int = MOST, longest: float = LONGEST, patience: float = PATIENCE
    ) -> None:
        if type(most) is not int or most < 1:
            raise AdapterConfig("group commit", f"a group has one unit or more, not {most!r:.40}")
        self._inner = shareable(inner)
        self._most = most
        self._longest = seconds("group commit", longest)
        self._patience = seconds("group commit", patience)
        self.capabilities: Capabilities = inner.capabilities
        self._closed = False
        self._inherited: list[Groups] = []
        self._start()

    def _start(self) -> None:
        self._pid = os.getpid()
        self._writing: set[int] = set()
        self._groups = Groups(self._inner.share, most=self._most, longest=self._longest, patience=self._patience)

    @property
    def inner(self) -> Shareable:
        """The storage whose commits are shared."""
        return self._inner

    def migrate(self, *, dry_run: bool = False) -> Sequence[str]:
        """Bring the schema up to date."""
        return self._inner.migrate(dry_run=dry_run)

    def schema_report(self) -> SchemaReport:
        """What is right and wrong with the schema; nothing is changed."""
        return self._inner.schema_report()

    def begin(self, partition: str, *, read_only: bool = False) -> BlockingUnit:
        """Open a unit: one that writes when its turn has come, one that reads on a connection of its own.

        Raises:
            Misuse: this thread has a unit open already, or the storage is closed.
            Busy: the turn did not come in time, or the storage was locked.
        """
        if self._closed:
            raise Misuse(CLOSED)
        if os.getpid() != self._pid:
            self._inherited.append(self._groups)  # what is open there is the parent's, who will end it
            self._start()
        me = threading.get_ident()
        if me in self._writing:
            raise open_already()
        if read_only:
            return self._inner.begin(partition, read_only=True)
        self._inner.must_have_no_unit()  # one that reads: its connection would hold up everybody's commit
        self._writing.add(me)
        over = partial(self._writing.discard, me)
        try:
            return GroupedUnit(self._groups, partition, over)
        except BaseException:
            over()
            raise

    def join(self, connection: Any, partition: str) -> MaybeAwaitable[UnitOfWork]:
        """Open a unit in the host's transaction, whose commit is the host's own."""
        return self._inner.join(connection, partition)

    def backup(self, target: Path) -> BackupReport:
        """Copy everything committed into a new file."""
        return self._inner.backup(target)

    def outbox(self, partition: str) -> Outbox:
        """The outbox of a partition; its calls are transactions of their own."""
        return self._inner.outbox(partition)

    def pause(self, attempt: int) -> None:
        """Wait a little before a retry."""
        self._inner.pause(attempt)

    def close(self) -> None:
        """Close *inner*. A group that is under way goes on to its end."""
        self._closed = True
        self._inner.close()


def shareable(storage: Any) -> Shareable:
    """*storage*, which must be able to share a transaction.

    Raises:
        AdapterConfig: it can't, or must be awaited.
    """
    if not hasattr(storage, "share"):
        raise AdapterConfig("group commit", f"{type(storage).__name__} can't share a transaction between units")
    found: Shareable = storage
    return found
