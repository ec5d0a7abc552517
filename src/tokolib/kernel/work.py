"""How a service works: it opens a unit, lets its steps run, commits, and decides again when asked to.

`Work` is what every service gets: the storage, the repositories, clock, ids, context and access policy.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeVar

import attrs

from tokolib.kernel.asks import Recall
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.clock import Clock, aware
from tokolib.kernel.ctx import AccessPolicy, AllowAll, Ctx, permit
from tokolib.kernel.errors import Fault, InvalidInput, KeyReused, NotFound, TokolibError, shown
from tokolib.kernel.hosting import resolved
from tokolib.kernel.ids import Ids
from tokolib.kernel.rows import Seen
from tokolib.kernel.storage import Storage, UnitOfWork
from tokolib.kernel.storage_errors import (
    InsideTransaction,
    KeyMismatch,
    Misuse,
    Overtaken,
    Refused,
    RetryTransaction,
    StorageError,
)
from tokolib.kernel.unit import Port, Repositories, Unit

T = TypeVar("T")
ATTEMPTS: Final = 8
LONGEST_KEY: Final = 200


@attrs.define(eq=False)
class Life:
    """What all who act in a shop share: whether it is still open, and which tenants are known to be there."""

    over: bool = False
    tenants: set[str] | None = None
    """None where nobody is to be looked for."""

    def must_go_on(self) -> None:
        """Pass while the shop is open.

        Raises:
            Misuse: it was closed.
        """
        if self.over:
            raise Misuse("this shop is closed")

    async def must_be_known(self, unit: Unit) -> None:
        """Pass for a tenant that was opened once: looked for by its first unit here, and remembered.

        Raises:
            NotFound: it never was.
        """
        tenant = unit.ctx.tenant
        if self.tenants is None or tenant in self.tenants:
            return
        try:
            await unit.settings()
        except (NotFound, StorageError):
            raise
        except TokolibError:  # a damaged configuration is one, and for `verify` to tell of
            return
        self.tenants.add(tenant)


@attrs.frozen
class Work:
    """The wiring of a service: one shop, one actor."""

    storage: Storage
    repositories: Repositories
    clock: Clock
    ids: Ids
    access: AccessPolicy
    ctx: Ctx
    notify: Callable[[], object] | None = None
    """Called after a commit that stored events: a hint that there is something to send on. It raises nothing."""
    joined: bool = False
    """Whether its units are parts of a transaction of the host: nothing is tried twice, and nobody outside is asked."""
    life: Life = attrs.Factory(Life)
    """Ends when the shop is closed; what it joined may be open for long after."""

    def own(self) -> "Work":
        """The same for the shop itself: what a permitted command entails is not asked of the access policy again."""
        return attrs.evolve(self, access=AllowAll())

    def must_be_outside(self, command: str) -> None:
        """Refuse *command* within a transaction of the host, or when the shop was closed.

        Raises:
            InsideTransaction: it is one that asks the outside world, or needs a transaction of its own.
            Misuse: the shop was closed.
        """
        self.life.must_go_on()
        if self.joined:
            raise InsideTransaction(command)

    def end(self) -> None:
        """Refuse everything from now on, to everybody in the shop. What has joined a transaction ends nothing."""
        if not self.joined:
            self.life.over = True

    async def read(self, step: Callable[[Unit], Awaitable[T]]) -> T:
        """What *step* answers from one consistent state; asked again when the storage is busy.

        Raises:
            StorageError: it failed for good, or was busy too often; `Misuse` when the shop was closed.
        """
        return await self._again(partial(self._look, step))

    async def write(self, permission: str, step: Callable[[Unit], Awaitable[T]]) -> T:
        """Run *step* in one unit and commit; run it again, whole, when the storage asks for that.

        Raises:
            Forbidden: the access policy denies *permission*; nothing was opened.
            StorageError: it was refused for good, or busy too often; `Misuse` when the shop was closed. Nothing was
                changed.
        """
        permit(self.access, self.ctx, permission)
        return await self._again(partial(self._change, step))

    async def rehearse(self, permission: str, step: Callable[[Unit], Awaitable[T]]) -> T:
        """What *step* answers in a unit that is then given up: what it would refuse is refused, and nothing is changed.

        All that it records is sent to the storage before, so that a refusal there shows too.

        Raises:
            Forbidden: the access policy denies *permission*; nothing was opened.
            StorageError: as `write`. In no case was anything changed.
        """
        permit(self.access, self.ctx, permission)
        return await self._again(partial(self._rehearsed, step))

    async def _again(self, run: Callable[[], Awaitable[T]]) -> T:
        self.life.must_go_on()
        attempt = 0
        while True:
            attempt += 1
            try:
                return await run()
            except StorageError as error:
                if error.retryable and self.joined:
                    raise RetryTransaction(error.code, str(error)) from error
                if not error.retryable or attempt >= ATTEMPTS:
                    raise
                await resolved(self.storage.pause(attempt))

    async def _look(self, step: Callable[[Unit], Awaitable[T]]) -> T:
        work = await resolved(self.storage.begin(self.ctx.tenant, read_only=True))
        try:
            with self._unit(work) as unit:
                await self.life.must_be_known(unit)
                return await step(unit)
        finally:
            await resolved(work.rollback())

    async def _rehearsed(self, step: Callable[[Unit], Awaitable[T]]) -> T:
        work = await resolved(self.storage.begin(self.ctx.tenant))
        try:
            with self._unit(work) as unit:
                await self.life.must_be_known(unit)
                result = await step(unit)
                await unit.flush()
                return result
        finally:
            await resolved(work.rollback())

    async def _change(self, step: Callable[[Unit], Awaitable[T]]) -> T:
        work = await resolved(self.storage.begin(self.ctx.tenant))
        with self._unit(work) as unit:
            try:
                await self.life.must_be_known(unit)
                result = await step(unit)
                unit.write()
                await resolved(work.commit())
            except Refused as error:
                await resolved(work.rollback())
                if error.name in unit.chosen:
                    raise Overtaken(error.name) from error
                raise
            except BaseException:
                await resolved(work.rollback())
                raise
        if self.notify is not None and unit.told:
            self.notify()
        return result

    def _unit(self, work: UnitOfWork) -> Unit:
        return Unit(
            work,
            ctx=self.ctx,
            now=aware(self.clock.now(), "clock.now()"),
            ids=self.ids,
            repositories=self.repositories,
        )


def check_key(key: str) -> None:
    """Pass for a key under which a wish can be known again.

    Raises:
        InvalidInput: it is blank, too long, or not printable.
    """
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable() or key.isspace():
        message = f"must be 1 to {LONGEST_KEY} printable characters, not all blank; make one for each new wish"
        raise InvalidInput((Fault("key", "kernel.bad_key", message, shown(key)),))


async def once(
    unit: Unit,
    scope: str,
    key: str | None,
    request: object,
    step: Callable[[], Awaitable[str]],
    *,
    wanted: Mapping[Port[Any], Sequence[str]] | None = None,
) -> tuple[str, bool]:
    """The id that *step* answers under *key*, and whether this was the first time.

    The same key with the same request answers the stored id without running *step* again; without a key the
    step always runs. What it will want by id may be named, and comes in the same trip as the key's answer.

    Raises:
        InvalidInput: the key is blank, too long, or not printable. Nothing was changed.
        KeyReused: it belongs to another request. Nothing was changed.
    """
    if key is None:
        return await step(), True
    check_key(key)
    asked = fingerprint(request)
    seen: Seen | None
    try:
        (seen,) = await unit.read(Recall(scope, key, asked), wanted=wanted)
    except KeyMismatch as error:
        raise KeyReused(scope, key) from error
    if seen is not None:
        return seen.result.decode(), False
    result = await step()
    unit.work.remember(scope, key, asked, result.encode())
    return result, True
