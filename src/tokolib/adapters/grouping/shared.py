"""What group commit needs of a storage: a transaction in which one unit after the other is a savepoint."""

from typing import Protocol

from tokolib.adapters.awaited.storage import BlockingStorage
from tokolib.adapters.awaited.unit import BlockingUnit
from tokolib.adapters.sql.migrations.reporting import SchemaReport


class SharedTransaction(Protocol):
    """A transaction that writes, for units of many threads, of which one is open at a time."""

    def begin(self, partition: str) -> BlockingUnit:
        """A unit of the calling thread. Its commit lets it become part of the transaction; its end takes back its own
        writes, and nobody else's.
        """
        ...

    def is_whole(self) -> bool:
        """Whether all that became part of it is still there: some errors make a database end a transaction itself."""
        ...

    def commit(self) -> None:
        """Let all of it last.

        Raises:
            StorageError: as from the commit of a unit. Only after `CommitUnknown` may anything of it be there.
        """
        ...

    def rollback(self) -> None:
        """End it without a trace, if it is open."""
        ...


class Shareable(BlockingStorage, Protocol):
    """A blocking storage whose units may share a transaction."""

    def share(self) -> SharedTransaction:
        """A transaction of its own for units that follow each other.

        Raises:
            Misuse: the storage is closed. Busy: others kept it locked. Unavailable: it can't be reached.
        """
        ...

    def must_have_no_unit(self) -> None:
        """Refuse a thread that has a unit open, as `begin` does.

        Raises:
            Misuse: it has.
        """
        ...

    def schema_report(self) -> SchemaReport:
        """What is right and wrong with the schema; nothing is changed."""
        ...

    def pause(self, attempt: int) -> None:
        """Wait a little before a retry."""
        ...
