"""A plan of faults, by the number of the call that each strikes, for every port that a shop reaches the outside by.

```python
plan = FaultPlan.at({17: Mode.AFTER})                      # the 17th call takes effect, and then the process dies
shop = tokolib.open(faulty_storage(storage, plan), gateways=[faulty_gateway(gateway, plan)], clock=clock)
```

A *call* is what may fail by itself: `storage.begin`, `storage.read`, `storage.commit`, `gateway.create`,
`broker.publish`, ... Calls are counted from 1, in `plan.calls`; writes that a unit only records are none. What struck
stands in `plan.struck`. `FaultPlan(choose)` takes any rule instead of a table: it is asked with each `Call`, and
answers a `Mode` or None, so that a simulator draws them from its seed.

After a `Crash` the process is dead: every further call raises `Crash` again, uncounted, and the open unit is rolled
back, as a database does for a client that is gone. `plan.restart()` is the next process, in which calls count on; what
it works with must be made anew (`tokolib.open` over wrappers of the same storage and the same worlds). Inside
`with plan.quiet():` nothing is counted and nothing strikes: for what a test looks up.

The wrappers keep the port of what they wrap, in its colour, and pass on whatever else it has. A wrapped storage never
waits before a retry, and closing it leaves the inner one open: that belongs to whoever made it.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import StrEnum
from functools import partial
from inspect import iscoroutinefunction
from typing import Any, Final, TypeVar, cast

import attrs

from tokolib.desk.ports import Broker
from tokolib.effects.outside import AuthFailed, Transient, Unknown
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.hosting import MaybeAwaitable, drive, resolved
from tokolib.kernel.quick import quick
from tokolib.kernel.storage import Outbox, Storage, UnitOfWork
from tokolib.kernel.storage_errors import Busy, CommitUnknown, ConnectionLost, Misuse, Serialization, Unavailable
from tokolib.payments.ports import PaymentGateway
from tokolib.pricing.exchange.ports import ExchangeRates
from tokolib.tax.ports import TaxProvider

P = TypeVar("P")
WHY: Final = "a planned fault"
READS: Final = frozenset(
    {"read", "get", "get_many", "find", "history", "ledger", "levels", "holds", "seen", "value", "scan"}
)
SENT: Final = READS | {"flush"}
"""What a unit sends before it is committed."""
OUTBOX: Final = frozenset({"claim", "done", "retry", "bury", "dead", "revive", "replay", "purge"})
LASTING: Final = (OUTBOX - {"dead"}) | {"commit", "migrate"}
"""What lasts once it took effect, so that a lost answer leaves that unknown."""
GATEWAY: Final = frozenset({"create", "refund", "query", "authorise", "capture", "void", "submit_evidence"})
TAX: Final = frozenset({"estimate", "commit", "void", "refund", "validate_id"})


class Crash(BaseException):
    """The process dies here. Nothing in the library catches it, and nothing after it reaches a port."""


class Mode(StrEnum):
    """How a call fails."""

    BEFORE = "before"
    """The process dies before the call."""
    AFTER = "after"
    """The call takes effect, and the process dies before it hears of that."""
    ERROR = "error"
    """The call has no effect, and may be made again: a storage asks for that, a provider can't be reached."""
    FAILURE = "failure"
    """The call has no effect, and trying again is nobody's duty: a storage can't be used, a provider lets us not in."""
    TIME_OUT = "time_out"
    """The call takes effect, and its answer is lost."""

    @property
    def takes_effect(self) -> bool:
        """Whether the call does what it was made for."""
        return self in (Mode.AFTER, Mode.TIME_OUT)

    @property
    def is_crash(self) -> bool:
        """Whether the process dies."""
        return self in (Mode.BEFORE, Mode.AFTER)


@attrs.frozen
class Call:
    """One call of a port."""

    number: int
    """Its number in the plan, from 1."""
    name: str
    """The port and the method: `storage.commit`, `gateway.create`."""
    request: int = 0
    """The request that it served, as `plan.request` said."""

    @property
    def lasts(self) -> bool:
        """Whether something outside the process may be another after it: a commit, any word to a provider."""
        port, _, method = self.name.partition(".")
        return port not in ("storage", "outbox") or method in LASTING

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


_call: Final = quick(Call)


@attrs.frozen
class Strike:
    """One fault that happened."""

    call: Call
    mode: Mode

    def __str__(self) -> str:
        return f"{self.mode} {self.call}"


Choose = Callable[[Call], Mode | None]
"""How a call fails, or None: it doesn't."""


def never(_: Call) -> None:
    """No fault at all: a plan that only counts."""


@attrs.define(eq=False)
class FaultPlan:
    """Counts calls, and strikes those that *choose* says."""

    choose: Choose = never
    calls: list[Call] = attrs.field(factory=list)
    """Every call that was counted."""
    struck: list[Strike] = attrs.field(factory=list)
    """Every fault that happened, in order."""
    crashes: int = 0
    """How many processes have died."""
    is_dead: bool = False
    request: int = 0
    """The number of the request that is served now, for whoever counts requests."""
    _quiet: bool = False

    @classmethod
    def at(cls, faults: Mapping[int, Mode]) -> "FaultPlan":
        """The plan that strikes the calls of these numbers."""

        def choose(call: Call) -> Mode | None:
            return faults.get(call.number)

        return cls(choose)

    def restart(self) -> None:
        """Begin the next process; the numbers go on."""
        self.is_dead = False

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """A while in which nothing is counted, and nothing strikes; a dead process is no obstacle either."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

    def count(self, name: str) -> Mode | None:
        """How the call that is made now fails, or None.

        Raises:
            Crash: the process is dead already. The call isn't counted.
        """
        if self._quiet:
            return None
        if self.is_dead:
            raise Crash(f"{name} by a dead process")
        call = _call(len(self.calls) + 1, name, self.request)
        self.calls.append(call)
        if (mode := self.choose(call)) is not None:
            self.struck.append(Strike(call, mode))
            if mode.is_crash:
                self.is_dead = True
                self.crashes += 1
        return mode


Trouble = Callable[[Mode], BaseException]
"""What a call raises, by how it fails: a new error each time, for a raised one keeps its traceback."""


def trouble_of_storage(method: str, mode: Mode) -> BaseException:
    """What *method* of a storage, a unit or an outbox raises."""
    if mode.is_crash:
        return Crash(f"{mode} storage.{method}")
    if mode is Mode.FAILURE:
        return Unavailable(WHY)
    if method in LASTING and mode is Mode.TIME_OUT:
        return CommitUnknown(WHY)
    if method in SENT or method == "rollback":
        return ConnectionLost(WHY)
    return Serialization(WHY) if method == "commit" else Busy(WHY)


def trouble_outside(port: str, method: str, provider: str, mode: Mode) -> BaseException:
    """What the adapter of a *provider* raises: the request was certainly not taken, or it may have been."""
    match mode:
        case Mode.ERROR:
            return Transient(provider, WHY)
        case Mode.FAILURE:
            return AuthFailed(provider, WHY)
        case Mode.TIME_OUT:
            return Unknown(provider, "", WHY)
        case _:
            return Crash(f"{mode} {port}.{method}")


async def _nothing(_: object) -> None:
    return None


async def struck(
    plan: FaultPlan,
    name: str,
    trouble: Trouble,
    call: Callable[[], MaybeAwaitable[P]],
    undo: Callable[[P | None], Awaitable[None]] = _nothing,
) -> P:
    """What *call* answers, unless the plan strikes it: then *undo* gets the answer that nobody else will.

    Raises:
        Crash: the process dies before or after the call, or has died. Whatever the plan has for this call, or the
        call itself raises.
    """
    mode = plan.count(name)
    if mode is None:
        return await resolved(call())
    answer: P | None = None
    if mode.takes_effect:
        with suppress(TokolibError, OSError):  # a refusal is an answer, too, and lost
            answer = await resolved(call())
    await undo(answer)
    raise trouble(mode)


# A storage, its units and its outboxes. Units are asked by coroutines that wait only where the inner storage does.


class _Unit:
    """A unit of work whose calls are counted. After a fault it is closed and has left nothing, or is committed."""

    def __init__(self, inner: UnitOfWork, plan: FaultPlan) -> None:
        self._inner = inner
        self._plan = plan
        self._over = False

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name not in SENT:
            return found

        async def call(*args: Any, **kwargs: Any) -> Any:
            trouble = partial(trouble_of_storage, name)
            return await struck(self._plan, f"storage.{name}", trouble, partial(found, *args, **kwargs), self._end)

        return call

    async def commit(self) -> None:
        """Commit, unless the plan says otherwise."""
        trouble = partial(trouble_of_storage, "commit")
        await struck(self._plan, "storage.commit", trouble, self._inner.commit, self._end)
        self._over = True

    async def rollback(self) -> None:
        """Leave no trace. It costs nothing, and counts for nothing, when the unit is over."""
        if self._over:
            return
        if self._plan.is_dead:  # what a database does for a client that is gone
            await self._end(None)
            return
        trouble = partial(trouble_of_storage, "rollback")
        await struck(self._plan, "storage.rollback", trouble, self._inner.rollback, self._end)
        self._over = True

    async def _end(self, _: object) -> None:
        self._over = True
        await resolved(self._inner.rollback())


class _Outbox:
    """An outbox whose calls are counted."""

    def __init__(self, inner: Outbox, plan: FaultPlan) -> None:
        self._inner = inner
        self._plan = plan

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name not in OUTBOX:
            return found

        async def call(*args: Any, **kwargs: Any) -> Any:
            trouble = partial(trouble_of_storage, name)
            return await struck(self._plan, f"outbox.{name}", trouble, partial(found, *args, **kwargs))

        return call


class _Storage:
    """A storage whose calls are counted."""

    def __init__(self, inner: Storage, plan: FaultPlan) -> None:
        self._inner = inner
        self._plan = plan
        self._closed = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def migrate(self, *, dry_run: bool = False) -> Any:
        """Bring the schema up to date, unless the plan says otherwise."""
        trouble = partial(trouble_of_storage, "migrate")
        return await struck(self._plan, "storage.migrate", trouble, lambda: self._inner.migrate(dry_run=dry_run))

    async def begin(self, partition: str, *, read_only: bool = False) -> UnitOfWork:
        """Open a unit, unless the plan says otherwise."""
        return await self._opened("begin", lambda: self._inner.begin(partition, read_only=read_only))

    async def join(self, connection: Any, partition: str) -> UnitOfWork:
        """Open a unit in the host's transaction, unless the plan says otherwise."""
        return await self._opened("join", lambda: self._inner.join(connection, partition))

    async def _opened(self, method: str, call: Callable[[], MaybeAwaitable[UnitOfWork]]) -> UnitOfWork:
        if self._closed:
            raise Misuse("this storage was closed, and what it wraps was not: wrap it again")

        async def undo(unit: UnitOfWork | None) -> None:
            if unit is not None:
                await resolved(unit.rollback())

        begun = await struck(self._plan, f"storage.{method}", partial(trouble_of_storage, "begin"), call, undo)
        return cast(UnitOfWork, _Unit(begun, self._plan))

    def outbox(self, partition: str) -> Outbox:
        """The outbox of a partition, counted as well."""
        return cast(Outbox, _Outbox(self._inner.outbox(partition), self._plan))

    def pause(self, attempt: int) -> None:
        """Not at all: what others would do meanwhile, a plan does."""

    def close(self) -> None:
        """Begin no more units; the inner storage stays open."""
        self._closed = True


def faulty_storage(storage: Storage, plan: FaultPlan) -> Storage:
    """*storage*, struck by *plan*: `storage.begin`, `storage.read`, ..., `storage.commit`, `outbox.claim`, ...

    An error of a unit closes it, as the port says. A time-out of `commit` is `CommitUnknown`: it happened.
    """
    return cast(Storage, _Storage(storage, plan))


# Providers. Their methods keep their colour, so that a blocking shop still refuses one that waits.


class _Provider:
    """An adapter whose calls are counted."""

    def __init__(self, inner: object, plan: FaultPlan, port: str, methods: frozenset[str]) -> None:
        self._inner = inner
        self._plan = plan
        self._port = port
        self._methods = methods

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name not in self._methods:
            return found
        provider = str(getattr(self._inner, "name", self._port))
        trouble = partial(trouble_outside, self._port, name, provider)

        async def call(*args: Any, **kwargs: Any) -> Any:
            return await struck(self._plan, f"{self._port}.{name}", trouble, partial(found, *args, **kwargs))

        def call_at_once(*args: Any, **kwargs: Any) -> Any:
            return drive(call(*args, **kwargs), f"{self._port}.{name}")

        return call if iscoroutinefunction(found) else call_at_once


def faulty_gateway(gateway: PaymentGateway, plan: FaultPlan) -> PaymentGateway:
    """*gateway*, struck by *plan*: `gateway.create`, `gateway.refund`, `gateway.query`, ...

    Parsing a webhook calls nobody, and is not counted.
    """
    return cast(PaymentGateway, _Provider(gateway, plan, "gateway", GATEWAY))


def faulty_broker(broker: Broker, plan: FaultPlan) -> Broker:
    """*broker*, struck by *plan*: `broker.publish`."""
    return cast(Broker, _Provider(broker, plan, "broker", frozenset({"publish"})))


def faulty_tax(provider: TaxProvider, plan: FaultPlan) -> TaxProvider:
    """*provider*, struck by *plan*: `tax.estimate`, `tax.commit`, `tax.void`, `tax.refund`, ..."""
    return cast(TaxProvider, _Provider(provider, plan, "tax", TAX))


def faulty_exchange(rates: ExchangeRates, plan: FaultPlan) -> ExchangeRates:
    """*rates*, struck by *plan*: `exchange.rate`."""
    return cast(ExchangeRates, _Provider(rates, plan, "exchange", frozenset({"rate"})))


def faulty(port: str, adapter: P, plan: FaultPlan, *methods: str) -> P:
    """*adapter* of any other port (a courier), struck by *plan* wherever one of its *methods* is called."""
    return cast(P, _Provider(adapter, plan, port, frozenset(methods)))
