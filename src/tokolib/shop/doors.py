"""A shop, in either colour: its rooms, and what concerns the whole of it. No rule lives here."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import attrs

from tokolib.adapters.hosts.joined import JoinedStorage, told_once
from tokolib.adapters.hosts.transaction import host_transaction
from tokolib.kernel.clock import aware
from tokolib.kernel.ctx import Actor, Ctx, permit
from tokolib.kernel.hosting import Awaiting, Blocking, Colour, command, drive, resolved
from tokolib.kernel.rows import BackupReport, Can
from tokolib.kernel.storage import Storage
from tokolib.kernel.storage_errors import Unsupported
from tokolib.kernel.unit import Unit
from tokolib.shop.rooms import Rooms

if TYPE_CHECKING:
    from tokolib.desk.restoring import Restored
    from tokolib.desk.ticking.tick import Ticked
    from tokolib.desk.timeline import Moment
    from tokolib.desk.verify.report import Report
    from tokolib.kernel.ids import OrderId
    from tokolib.orders.model import Order
    from tokolib.reconciliation.model import SettlementRow
    from tokolib.reconciliation.terms import ReconcileTerms


class Doors(Rooms[Colour]):
    """Everything that can be done with a shop, by one actor. `acting` gives the same shop to another."""

    def acting(self, actor: Actor, *, tenant: str | None = None, request_id: str = "") -> Self:
        """The same shop for another actor (or another tenant of the same storage); closing either closes both.

        Raises:
            InvalidInput: no actor, an empty tenant or id, or text that is too long or can't be printed.
        Commands raise, beside their own errors:
            NotFound: the *tenant* was never opened. Nothing was changed.
        """
        ctx = Ctx(self._work.ctx.tenant if tenant is None else tenant, actor, request_id)
        return type(self)(attrs.evolve(self._work, ctx=ctx), self._outside, blocking=self.blocking)

    def within(self, transaction: object) -> Self:
        """The same shop inside a transaction that the host has open: both last together, or neither does.

        *transaction* is a connection of sqlite3 or psycopg, or one of SQLAlchemy (its `Session` or `AsyncSession` too)
        or of Django. Each command is a savepoint in it: a refusal takes back its own part and leaves the rest as it is.
        Gateways are not asked inside; `payments.advance(order)` does so after the commit, or `tick`.

        Raises:
            InvalidInput: *transaction* is nothing that can be joined. Unsupported: this storage can't join any.
        Commands raise, beside their own errors:
            Misuse: no transaction is open, or it is on another kind of database than the shop.
            RetryTransaction: the database asks to run the host's transaction again, all of it.
        """
        storage = self._work.storage
        if not storage.capabilities.can(Can.JOIN):
            raise Unsupported(Can.JOIN, storage.capabilities.lacks[Can.JOIN])
        host = host_transaction(transaction)
        joined = attrs.evolve(
            self._work, storage=JoinedStorage(storage, host), joined=True, notify=told_once(self._work.notify, host)
        )
        return type(self)(joined, self._outside, blocking=self.blocking)

    @command
    async def verify(self) -> "Report":
        """The proof of the books: every promise over every stored row. It changes nothing."""
        from tokolib.desk.verify.check import check
        from tokolib.records.archive import RecordArchive

        async def step(unit: Unit) -> "Report":
            return await check(unit, RecordArchive())

        return await self._work.read(step)

    @command
    async def timeline(self, order: "Order | OrderId", *, at: datetime | None = None) -> "tuple[Moment, ...]":
        """Everything that happened around an order, the first thing first: to it, its payment, its shipments, its
        returns and its documents; up to the instant *at*, where it is given.

        Raises:
            NotFound: there is no such order. NaiveDatetime: *at* has no zone.
        """
        from tokolib.desk.timeline import timeline_of

        id, when = order if isinstance(order, str) else order.id, None if at is None else aware(at, "at")

        async def step(unit: Unit) -> "tuple[Moment, ...]":
            return await timeline_of(unit, id, when)

        return await self._work.read(step)

    @command
    async def backup(self, target: Path | str) -> BackupReport:
        """A copy of everything in the storage, all tenants, in a new file *target*, made while others sell.

        A path in text is one from the working directory, as `open` would take it; it is no URL.

        Raises:
            Forbidden: the access policy denies `shop.backup`. InsideTransaction: within a transaction of the host.
            Unsupported: this storage has no such copy, and says what to do instead.
            Misuse: something is there already, or the shop was closed. Unavailable, Busy: from the storage.
                Nothing is left of it.
        """
        permit(self._work.access, self._work.ctx, "shop.backup")
        self._work.must_be_outside("backup")
        return await resolved(self._work.storage.backup(Path(target)))

    @command
    async def after_restore(
        self,
        *,
        key: str,
        reason: str,
        last_numbers: Iterable[str] = (),
        settlements: "Iterable[SettlementRow]" = (),
        terms: "ReconcileTerms | None" = None,
    ) -> "Restored":
        """What is to be done first in a shop whose storage was restored from a backup: the world is ahead of it.

        A new epoch stands in every new idempotency key, so that none is used again that a provider knows from the
        time that was lost. Every operation without a definite answer counts as sent: `tick` looks it up before anything
        is sent. *last_numbers* are the last numbers of documents that are known outside, as they are printed, one of
        each series: it goes on behind them, and what lies between is kept as lost, for *reason*. *settlements* are the
        rows of the provider's list since the backup: money that the books have forgotten is learned, and that of
        orders that are gone waits in review.

        All but the settlements is done in one unit, once per *key*; called again, it takes in the rows that are new.
        Call it while nobody sells yet, for each tenant.

        Raises:
            Forbidden: the access policy denies `shop.after_restore`. InsideTransaction: within one of the host.
            InvalidInput: no reason, a number that no document of this shop can have, or something that is no row.
            KeyReused: *key* belongs to another restore. In all cases nothing was changed.
        """
        from tokolib.desk.restoring import after_restore

        self._work.must_be_outside("after_restore")
        return await after_restore(
            self._work,
            self._observe,
            key=key,
            reason=reason,
            last_numbers=last_numbers,
            settlements=settlements,
            terms=terms,
        )

    @command
    async def tick(self, *, budget: int = 100) -> "Ticked":
        """Move on all that waits, at most *budget* of each: unpaid orders, silent gateways and tax
        providers, idle carts, events to send.

        Raises:
            InvalidInput: a *budget* below 1, or above 10^6. Forbidden: the access policy denies `shop.tick`.
            InsideTransaction: the shop works within a transaction of the host.
                In all cases nobody was asked, and nothing was changed.
        """
        from tokolib.desk.ticking.tick import tick

        self._work.must_be_outside("tick")
        outside = self._outside
        return await tick(
            self._work,
            self._observe,
            outside.gateways,
            outside.taxes,
            outside.couriers,
            self._outgoing,
            budget,
        )


class Shop(Doors[Blocking]):
    """A shop whose commands return their results."""

    def close(self) -> None:
        """Give back files and connections, and refuse every command from now on. Harmless the second time."""
        self._work.end()
        drive(closed(self._work.storage), "close")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncShop(Doors[Awaiting]):
    """A shop whose commands are awaited."""

    async def close(self) -> None:
        """Give back files and connections, and refuse every command from now on. Harmless the second time."""
        self._work.end()
        await closed(self._work.storage)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


async def closed(storage: Storage) -> None:
    """Wait until *storage* is closed."""
    await resolved(storage.close())
