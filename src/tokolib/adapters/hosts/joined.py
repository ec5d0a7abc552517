"""A storage whose units are savepoints in one transaction of the host."""

from collections.abc import Callable, Sequence
from functools import partial
from inspect import iscoroutinefunction
from pathlib import Path

from tokolib.adapters.hosts.transaction import HostTransaction
from tokolib.kernel.errors import HostMismatch
from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import BackupReport, Capabilities
from tokolib.kernel.storage import Outbox, Storage, UnitOfWork
from tokolib.kernel.storage_errors import InsideTransaction


class JoinedStorage:
    """*inner*, as seen from inside the transaction. Closing it closes nothing: what is open is the host's.

    Raises:
        HostMismatch: the transaction must be awaited, and *inner* doesn't wait.
    """

    def __init__(self, inner: Storage, transaction: HostTransaction) -> None:
        self._waits = iscoroutinefunction(transaction.connection)
        if self._waits and not inner.capabilities.asynchronous:
            raise HostMismatch("an async session or connection")
        self.capabilities: Capabilities = inner.capabilities
        self._inner = inner
        self._transaction = transaction

    async def begin(self, partition: str, *, read_only: bool = False) -> UnitOfWork:
        """A savepoint in the host's transaction, which is looked for now, so that it may have begun after `within`.

        Raises:
            Misuse: no transaction is open there.
        """
        found = self._transaction.connection()
        connection = await found if self._waits else found  # one of aiosqlite can itself be awaited, but only once
        return await resolved(self._inner.join(connection, partition))

    async def join(self, connection: object, partition: str) -> UnitOfWork:
        """A savepoint in another transaction of the host."""
        return await resolved(self._inner.join(connection, partition))

    def migrate(self, *, dry_run: bool = False) -> Sequence[str]:
        """Refused."""
        raise InsideTransaction("migrate")

    def backup(self, target: Path) -> BackupReport:
        """Refused."""
        raise InsideTransaction("backup")

    def outbox(self, partition: str) -> Outbox:
        """Refused."""
        raise InsideTransaction("outbox")

    def pause(self, attempt: int) -> None:
        """Never waits: nothing is tried twice in a transaction that isn't ours."""

    def close(self) -> None:
        """Leave the host's connection as it is."""


def told_once(notify: Callable[[], object] | None, transaction: HostTransaction) -> Callable[[], object] | None:
    """*notify*, put off until the host has really committed, and then called once for all that it has committed."""
    return None if notify is None else partial(transaction.after_commit, notify)
