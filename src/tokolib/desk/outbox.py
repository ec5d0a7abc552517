"""The door `outbox`: events on their way out, and what an operator does when they don't get there."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar, Final

import attrs

from tokolib.desk.patience import patiently
from tokolib.desk.ports import Broker
from tokolib.desk.purging import note_purge
from tokolib.desk.relay import Relayed, ToMessage, relay
from tokolib.desk.relay_policy import RelayPolicy
from tokolib.kernel.clock import aware
from tokolib.kernel.ctx import permit
from tokolib.kernel.errors import Fault, InvalidInput, TokolibError, shown
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.rows import DeadLetter, Page
from tokolib.kernel.storage import Outbox
from tokolib.kernel.storage_errors import Refused
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import ATTEMPTS, Work

KEPT: Final = timedelta(hours=24)
"""How long what was delivered can be replayed at least."""
LARGEST_LIMIT: Final = 10**6


@attrs.frozen
class NoBroker(TokolibError):
    """Events are to be sent on, and the shop was opened without a broker. Nothing was claimed."""

    code: ClassVar[str] = "outbox.no_broker"
    status: ClassVar[int] = 409
    tenant: str

    def __str__(self) -> str:
        return f"the shop of tenant {self.tenant!r} was opened without a broker"

    @property
    def hint(self) -> str:
        return "open it with one: tokolib.open(url, broker=...)"


@attrs.frozen
class Outgoing:
    """Where a shop's events go, and how patiently."""

    broker: Broker | None
    policy: RelayPolicy
    to_message: ToMessage


@attrs.frozen
class OutboxService(Service[Colour]):
    """Events on their way out. They wait in the outbox, however long, until a relay has sent them on."""

    work: Work
    blocking: bool
    outgoing: Outgoing

    @command
    async def relay(self, *, limit: int = 100) -> Relayed:
        """Send on at most *limit* events that are due; `tick` does it as well. Several at once do no harm.

        Each event is delivered at least once, each stream in its order. `Relayed.failures` says what didn't go out.

        Raises:
            NoBroker: the shop was opened without one. InvalidInput: a *limit* below 1, or above 10^6.
            Forbidden: the access policy denies `outbox.relay`. InsideTransaction: within a transaction of the host.
                In all these cases nothing was claimed.
            StorageError: the outbox failed; what was published and not marked goes out again.
            NoWait: a relay policy answers no time to wait; the event is due again when its lease has ended.
        """
        if not 0 < limit <= LARGEST_LIMIT:
            raise InvalidInput((Fault("limit", "outbox.bad_limit", f"must be 1 to {LARGEST_LIMIT}", shown(limit)),))
        permit(self.work.access, self.work.ctx, "outbox.relay")
        self.work.must_be_outside("outbox.relay")
        return await send_on(self.work, self.outgoing, limit)

    @command
    async def dead_letters(self, *, after: str | None = None, limit: int = 100) -> Page[DeadLetter]:
        """Events that were given up, by stream and number. Their streams wait until they are revived or dismissed.

        Raises:
            BadCursor: *after* is no page's. InvalidInput: a *limit* below 1; one above `Limits.page` is that one.
            InsideTransaction: within a transaction of the host.
        """
        self.work.must_be_outside("outbox.dead_letters")

        async def step(unit: Unit) -> int:
            return await unit.page_size(limit)

        size = await self.work.read(step)
        return await patiently(self.work.storage, lambda: self._outbox.dead(after=after, limit=size))

    @command
    async def revive(self, ids: Sequence[str]) -> int:
        """Let dead letters, by the ids of their events, go out again, with no tries counted. How many there were.

        Raises:
            Forbidden: the access policy denies `outbox.revive`. InsideTransaction: within a transaction of the host.
                In both cases nothing was changed.
        """
        permit(self.work.access, self.work.ctx, "outbox.revive")
        self.work.must_be_outside("outbox.revive")
        now = self.work.clock.now()
        return await patiently(self.work.storage, lambda: self._outbox.revive(ids, now=now))

    @command
    async def dismiss(self, ids: Sequence[str]) -> int:
        """Lay dead letters to rest, undelivered, by the ids of their events; their streams go on. How many there were.

        They count as delivered now: `replay` sends them as well.

        Raises:
            Forbidden: the access policy denies `outbox.dismiss`. InsideTransaction: within a transaction of the host.
                In both cases nothing was changed.
        """
        permit(self.work.access, self.work.ctx, "outbox.dismiss")
        self.work.must_be_outside("outbox.dismiss")
        wanted, found, after = set(ids), list[str](), None
        while wanted:
            page = await patiently(self.work.storage, partial(self._outbox.dead, after=after, limit=1000))
            found += [letter.event.id for letter in page.items if letter.event.id in wanted]
            if (after := page.after) is None or len(found) == len(wanted):
                break
        now = self.work.clock.now()
        await patiently(self.work.storage, lambda: self._outbox.done(found, now=now))
        return len(found)

    @command
    async def replay(self, *, since: datetime, until: datetime) -> int:
        """Let what was delivered in [since, until) go out again, under the same ids, streams in order. How many.

        For a broker that lost what it had acknowledged, or a receiver that starts anew. What was purged stays away.

        Raises:
            NaiveDatetime: an instant without a zone. Forbidden: the access policy denies `outbox.replay`.
            InvalidInput: *until* lies before *since*. InsideTransaction: within a transaction of the host.
                In all these cases nothing was changed.
        """
        permit(self.work.access, self.work.ctx, "outbox.replay")
        self.work.must_be_outside("outbox.replay")
        first, end, now = aware(since, "since"), aware(until, "until"), self.work.clock.now()
        if end < first:
            message = f"must not be before since, {first.isoformat()}"
            raise InvalidInput((Fault("until", "outbox.no_span", message, end.isoformat()),))
        return await patiently(self.work.storage, lambda: self._outbox.replay(since=first, until=end, now=now))

    @command
    async def purge(self, *, before: datetime) -> int:
        """Forget that events were delivered before a moment, at least a day ago: they can't be replayed. How many.

        Histories stay whole, and so do dead letters and what waits.

        Raises:
            InvalidInput: *before* is less than a day ago, when a broker may still lose what it had acknowledged.
            NaiveDatetime: it has no zone. Forbidden: the access policy denies `outbox.purge`.
            InsideTransaction: within a transaction of the host. In all these cases nothing was changed.
        """
        self.work.must_be_outside("outbox.purge")
        end, latest = aware(before, "before"), self.work.clock.now() - KEPT
        if end > latest:
            message = "must be a day ago or more; a broker may lose what it has just acknowledged"
            raise InvalidInput((Fault("before", "outbox.too_soon", message, str(before)),))
        await self._note_purge(end)
        return await patiently(self.work.storage, lambda: self._outbox.purge(before=end))

    @property
    def _outbox(self) -> Outbox:
        return self.work.storage.outbox(self.work.ctx.tenant)

    async def _note_purge(self, before: datetime) -> None:
        """Note it before it is done, so that `verify` never takes a purged event for a lost one."""

        async def step(unit: Unit) -> None:
            await note_purge(unit, before)

        for attempt in range(1, ATTEMPTS + 1):
            try:
                await self.work.write("outbox.purge", step)
                break
            except Refused:  # another purge has raised the mark meanwhile
                if attempt == ATTEMPTS:
                    raise


async def send_on(work: Work, outgoing: Outgoing, limit: int) -> Relayed:
    """One run of the relay for a shop.

    Raises:
        NoBroker: there is nowhere to send events to. StorageError: the outbox failed. NoWait: the policy did.
    """
    if outgoing.broker is None:
        raise NoBroker(work.ctx.tenant)
    return await relay(
        work.storage,
        work.ctx.tenant,
        outgoing.broker,
        to_message=outgoing.to_message,
        now=work.clock.now,
        limit=limit,
        policy=outgoing.policy,
    )
