"""`postgresql://`: shops on a server, which many processes on many machines use at once."""

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from tokolib.adapters.jitter import jitter
from tokolib.adapters.postgres.body import BACKUP, Body, capabilities
from tokolib.adapters.postgres.connecting import Settings
from tokolib.adapters.postgres.joining import blocking_connection
from tokolib.adapters.postgres.pool import BlockingPool
from tokolib.adapters.postgres.sharing import SharedTransaction
from tokolib.adapters.postgres.wire import BlockingWire
from tokolib.adapters.sql.migrations.reporting import SchemaReport
from tokolib.adapters.sql.names import Names
from tokolib.adapters.sql.outbox import SqlOutbox
from tokolib.adapters.sql.schema import NAMES, Partitioned
from tokolib.adapters.sql.spreading import Layout
from tokolib.adapters.sql.unit import SqlUnit
from tokolib.kernel.hosting import drive
from tokolib.kernel.rows import BackupReport, Can, Collection
from tokolib.kernel.storage_errors import Unsupported


class PostgresStorage:
    """Keeps shops in one PostgreSQL database, for `Shop`.

    *names* tells what the tables are called and in which schema they stand. *split* makes each of them of parts, by the
    hash of the shop. *layout* tells in how many rows the stock of each resource is kept: one, or `Buckets` for what
    everybody wants.
    """

    def __init__(
        self,
        settings: Settings,
        collections: Sequence[Collection],
        *,
        names: Names = NAMES,
        split: Partitioned | None = None,
        layout: Layout | None = None,
    ) -> None:
        self.settings = settings
        self.names = names
        self.capabilities = capabilities(durable=settings.durable, asynchronous=False)
        self._pool = BlockingPool(settings)
        self._body = Body(settings, self._pool, collections, names, split, layout)

    def migrate(self, *, dry_run: bool = False) -> Sequence[str]:
        """Create what is missing; *dry_run* only tells it."""
        return drive(self._body.migrate(dry_run=dry_run))

    def schema_report(self) -> SchemaReport:
        """What is right and wrong with the schema; nothing is changed."""
        return drive(self._body.schema_report())

    def begin(self, partition: str, *, read_only: bool = False) -> SqlUnit:
        """Open a unit.

        Raises:
            Misuse: this thread has a unit open already, or the storage is closed.
            Busy: no connection was free in time. Unavailable: none could be opened.
        """
        return drive(self._body.begin(partition, read_only=read_only))

    def share(self) -> SharedTransaction:
        """Open a transaction for units that follow each other; raises what `begin` does."""
        return drive(self._body.share())

    def must_have_no_unit(self) -> None:
        """Refuse a thread that has a unit open, as `begin` does.

        Raises:
            Misuse: it has.
        """
        self._pool.must_have_none()

    def join(self, connection: Any, partition: str) -> SqlUnit:
        """Open a unit in the transaction that the host has open on a `psycopg.Connection`.

        Raises:
            Misuse: it is another kind of connection, is to another database, has no transaction open, or a failed one.
        """
        return drive(self._body.join(BlockingWire(blocking_connection(connection)), partition))

    def backup(self, target: Path) -> BackupReport:
        """Refused: a server has tools of its own."""
        raise Unsupported(Can.BACKUP, BACKUP)

    def outbox(self, partition: str) -> SqlOutbox:
        """The outbox of a partition."""
        return SqlOutbox(partial(self._body.turn, partition), self._body.declared.statements.outbox)

    def pause(self, attempt: int) -> None:
        """Wait a little before a retry."""
        time.sleep(jitter(attempt))

    def close(self) -> None:
        """Close the connections."""
        drive(self._body.pool.close())
