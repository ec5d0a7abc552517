"""The body of a PostgreSQL storage, for both colours: what it lends, begins, joins and brings up to date."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final

from tokolib.adapters.postgres.combining import Combiner
from tokolib.adapters.postgres.connecting import Settings
from tokolib.adapters.postgres.joining import Place, must_be_joinable
from tokolib.adapters.postgres.pool import Pool
from tokolib.adapters.postgres.session import OwnTransaction, PostgresSession, Savepoint, Transaction
from tokolib.adapters.postgres.sharing import SharedTransaction
from tokolib.adapters.postgres.wire import Wire
from tokolib.adapters.sql.dialect import POSTGRES
from tokolib.adapters.sql.migrations.blueprint import Blueprint
from tokolib.adapters.sql.migrations.reporting import SchemaReport
from tokolib.adapters.sql.migrations.upgrading import told, upgrade
from tokolib.adapters.sql.names import Names
from tokolib.adapters.sql.schema import Partitioned
from tokolib.adapters.sql.session import Query, Session
from tokolib.adapters.sql.spreading import Layout
from tokolib.adapters.sql.statements import Declared
from tokolib.adapters.sql.unit import SqlUnit
from tokolib.adapters.units.borrowing import Borrowed
from tokolib.adapters.units.shapes import shapes_of
from tokolib.kernel.rows import Can, Capabilities, Collection
from tokolib.kernel.storage_errors import ConnectionLost

BACKUP: Final = "a server has tools of its own for that: pg_dump, or a base backup"
RELAXED: Final = "durable=False lets the server acknowledge what a power cut may still lose"
MAX_BODY: Final = 64 * 1024 * 1024


def capabilities(*, durable: bool, asynchronous: bool) -> Capabilities:
    """What a storage on a server can do."""
    lacks: Mapping[Can, str] = {Can.BACKUP: BACKUP}
    lacking = lacks if durable else {**lacks, Can.DURABLE: RELAXED}
    return Capabilities(asynchronous, lacking, MAX_BODY, self_upgrading=False)


class Body:
    """Units, turns and the schema, over a pool of either colour."""

    def __init__(
        self,
        settings: Settings,
        pool: Pool,
        collections: Sequence[Collection],
        names: Names,
        split: Partitioned | None,
        layout: Layout | None,
    ) -> None:
        names.suit(POSTGRES)
        shapes = shapes_of("postgresql", collections)
        self.declared = Declared(shapes, POSTGRES, names, max_body=MAX_BODY, layout=layout)
        self.pool = pool
        self._settings = settings
        self._combiner = Combiner()
        self.blueprint = Blueprint(POSTGRES, tuple(collections), names, split)
        self._borrowed = Borrowed()
        self._place = Place(names, self._own_place)

    async def begin(self, partition: str, *, read_only: bool) -> SqlUnit:
        """A unit in a transaction of its own, which begins with its first trip."""
        begin = self._settings.begin_reading if read_only else self._settings.begin
        return SqlUnit(self.declared, await self._session(partition, begin), read_only=read_only)

    async def _session(self, partition: str, begin: str) -> PostgresSession:
        lent = await self.pool.lend()
        return PostgresSession(
            lent.wire, partition, OwnTransaction(begin), self._combiner, partial(self.pool.take_back, lent)
        )

    async def join(self, wire: Wire, partition: str) -> SqlUnit:
        """A unit in the transaction that the host has open.

        Raises:
            Misuse: none is open there, it has failed, another unit uses it just now, or it is in another database.
        """
        leave = self._borrowed.take(wire.connection)  # first: a unit that is at work makes the connection look busy
        try:
            must_be_joinable(wire.connection)
            await self._place.must_be_that_of(wire)
        except BaseException:
            leave()
            raise

        async def end() -> None:  # the host's connection stays where it is
            leave()

        session = PostgresSession(wire, partition, Savepoint(), self._combiner, end)
        return SqlUnit(self.declared, session, read_only=False)

    async def _own_place(self, question: Query) -> Sequence[Any]:
        try:
            return await self._answer(question)
        except ConnectionLost:  # the server was started anew: what the pool had kept is gone now
            return await self._answer(question)

    async def _answer(self, question: Query) -> Sequence[Any]:
        async with self.turn("", writes=False) as session:
            [[row]] = await session.answers(question)
        found: Sequence[Any] = row
        return found

    async def share(self) -> SharedTransaction:
        """A transaction that writes, for units that follow each other."""
        lent = await self.pool.lend(object())

        def unit(part: Transaction, partition: str) -> SqlUnit:
            session = PostgresSession(lent.wire, partition, part, self._combiner, _leave_it)
            return SqlUnit(self.declared, session, read_only=False)

        return SharedTransaction(lent.wire, self._settings.begin, unit, partial(self.pool.take_back, lent))

    @asynccontextmanager
    async def turn(self, partition: str, *, writes: bool) -> AsyncIterator[Session]:
        """A transaction of our own: committed at the end if it *writes*, rolled back otherwise and after an error."""
        session = await self._session(partition, self._settings.begin if writes else self._settings.begin_reading)
        try:
            yield session
        except BaseException:
            await session.rollback()
            raise
        await (session.commit() if writes else session.rollback())

    async def migrate(self, *, dry_run: bool) -> Sequence[str]:
        """Create what is missing, each migration in a transaction of its own."""
        return await upgrade(partial(self.turn, ""), self.blueprint, dry_run=dry_run)

    async def schema_report(self) -> SchemaReport:
        """What is right and wrong with the schema; nothing is changed."""
        return await told(partial(self.turn, ""), self.blueprint)


async def _leave_it() -> None:
    """The connection stays where it is."""
