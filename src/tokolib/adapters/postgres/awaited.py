"""PostgreSQL for `AsyncShop`: the same body over connections that are awaited."""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from tokolib.adapters.jitter import jitter
from tokolib.adapters.postgres.body import BACKUP, Body, capabilities
from tokolib.adapters.postgres.connecting import Settings
from tokolib.adapters.postgres.joining import awaited_connection
from tokolib.adapters.postgres.pool import AwaitedPool
from tokolib.adapters.postgres.wire import AwaitedWire
from tokolib.adapters.sql.names import Names
from tokolib.adapters.sql.outbox import SqlOutbox
from tokolib.adapters.sql.schema import NAMES, Partitioned
from tokolib.adapters.sql.spreading import Layout
from tokolib.adapters.sql.unit import SqlUnit
from tokolib.kernel.rows import BackupReport, Can, Collection
from tokolib.kernel.storage_errors import Unsupported


class AsyncPostgresStorage:
    """Keeps shops in one PostgreSQL database, for `AsyncShop`; it is for one event loop."""

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
        self.capabilities = capabilities(durable=settings.durable, asynchronous=True)
        self._body = Body(settings, AwaitedPool(settings), collections, names, split, layout)

    async def migrate(self, *, dry_run: bool = False) -> Sequence[str]:
        """Create what is missing; *dry_run* only tells it."""
        return await self._body.migrate(dry_run=dry_run)

    async def begin(self, partition: str, *, read_only: bool = False) -> SqlUnit:
        """Open a unit; raises what the blocking storage does."""
        return await self._body.begin(partition, read_only=read_only)

    async def join(self, connection: Any, partition: str) -> SqlUnit:
        """Open a unit in the transaction that the host has open on a `psycopg.AsyncConnection`.

        Raises:
            Misuse: it is another kind of connection, is to another database, has no transaction open, or a failed one.
        """
        return await self._body.join(AwaitedWire(awaited_connection(connection)), partition)

    async def backup(self, target: Path) -> BackupReport:
        """Refused: a server has tools of its own."""
        raise Unsupported(Can.BACKUP, BACKUP)

    def outbox(self, partition: str) -> SqlOutbox:
        """The outbox of a partition."""
        return SqlOutbox(partial(self._body.turn, partition), self._body.declared.statements.outbox)

    async def pause(self, attempt: int) -> None:
        """Wait a little before a retry."""
        await asyncio.sleep(jitter(attempt))

    async def close(self) -> None:
        """Close the connections."""
        await self._body.pool.close()
