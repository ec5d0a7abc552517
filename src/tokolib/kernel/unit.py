"""The unit of work as steps see it: repositories by typed key, stock and ledgers, and who asks when.

A service opens a unit, calls steps with it, and the unit commits once. Repositories keep an identity map: an
aggregate that was read or recorded in this unit is answered from memory, and written once, at the end.

Reference data (settings, products, prices, ...) is remembered between units as well. Whether it has changed is told by
one counter of the partition, the *mark*: whoever changes reference data raises it in the same unit, by luck, and a unit
asks for it together with its first question (docs/explanation/decisions/reference-data-is-marked.md).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, Generic, Protocol, TypeVar, cast
from zlib import crc32

import attrs

from tokolib.kernel.asks import Ask, Fetch, Holds, Levels, Value
from tokolib.kernel.clock import day
from tokolib.kernel.configuration import SETTINGS_ID, ShopSettings
from tokolib.kernel.ctx import Ctx
from tokolib.kernel.errors import Fault, InvalidInput, NotFound, shown
from tokolib.kernel.events import Event, Recorded
from tokolib.kernel.hosting import resolved
from tokolib.kernel.ids import Ids
from tokolib.kernel.rows import Demand, Entry, Level, Page, Scalar, StoredHold
from tokolib.kernel.settings import Settings
from tokolib.kernel.storage import UnitOfWork

A = TypeVar("A")
B = TypeVar("B")
T = TypeVar("T")
PAGE: Final = 200
"""How many aggregates `every` asks for at once."""
MARK: Final = "records.reference"
"""The counter that says whether reference data has changed."""


class Repository(Protocol[A]):
    """The aggregates of one kind inside one unit. State is made by `evolve` alone: callers record events."""

    async def get(self, id: str) -> A:
        """The aggregate.

        Raises:
            NotFound: nothing by that id in this shop.
        """
        ...

    async def find(self, id: str) -> A | None:
        """The aggregate, or None."""
        ...

    async def has(self, id: str) -> bool:
        """Whether there is one, which is not made of its row for that."""
        ...

    async def get_many(self, ids: Sequence[str]) -> dict[str, A]:
        """Those that exist, by id."""
        ...

    async def where(
        self,
        index: str,
        *,
        equals: Mapping[str, Scalar] | None = None,
        since: Scalar = None,
        until: Scalar = None,
        after: str | None = None,
        limit: int = 100,
        descending: bool = False,
    ) -> Page[A]:
        """Aggregates by a declared index, in pages."""
        ...

    async def derived(self, index: str, equals: Mapping[str, Scalar], make: Callable[[tuple[A, ...]], B]) -> B:
        """What *make* makes of all aggregates that an index holds; of reference data it is remembered."""
        ...

    async def history(self, id: str) -> tuple[Recorded, ...]:
        """Everything that ever happened to the aggregate, oldest first, without what this unit records."""
        ...

    def record(self, state: A | None, *events: Event) -> A:
        """*state* after *events* (None starts a new aggregate), kept for the commit together with its history.

        The first event names the new aggregate's id. Each event raises the version by one.
        """
        ...

    def keep(self, snapshot: A, event: Event) -> A:
        """Store a value that is made once and never changes (a quote), announced by *event*."""
        ...

    def fetch(self, ids: Sequence[str]) -> Fetch | None:
        """For `Unit.read`: the question for those of *ids* that are neither at hand nor remembered, if any are."""
        ...


async def every(repository: Repository[A], index: str, equals: Mapping[str, Scalar]) -> tuple[A, ...]:
    """All aggregates that an index holds for *equals*, page by page: for what a shop has few of."""
    found: list[A] = []
    after: str | None = None
    while True:
        page = await repository.where(index, equals=equals, after=after, limit=PAGE)
        found.extend(page.items)
        if (after := page.after) is None:
            return tuple(found)


@attrs.frozen
class Port(Generic[T]):
    """The typed key of a repository: `unit[ORDERS]`."""

    name: str


SETTINGS: Port[Repository[ShopSettings]] = Port("settings")

Repositories = Mapping[str, Callable[["Unit"], Any]]


class Unit:
    """One open unit of work: everything a step may touch."""

    def __init__(self, work: UnitOfWork, *, ctx: Ctx, now: datetime, ids: Ids, repositories: Repositories) -> None:
        self.work = work
        self.ctx = ctx
        self.now = now
        self.mark: int | None = None
        """What the mark was at this unit's first question; None until then."""
        self.raised = False
        """Whether this unit has changed reference data: what it reads of it from now on is not remembered."""
        self.told = False
        """Whether this unit stores events."""
        self.posted: list[tuple[str, Sequence[Entry]]] = []
        """What this unit adds to ledgers, by their names: what it does to money and goods, told by itself."""
        self.chosen: set[str] = set()
        """The resources that this unit chose among several: where one is refused, another may do."""
        self._ids = ids
        self._factories = repositories
        self._open: dict[str, Any] = {}
        self._settings: Settings | None = None
        self._today: date | None = None

    def __enter__(self) -> "Unit":
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the repositories, which know this unit: what they read is freed at once, not by a collector."""
        self._open.clear()

    def __getitem__(self, port: Port[T]) -> T:
        repository: T | None = self._open.get(port.name)
        if repository is None:
            repository = self._open[port.name] = self._factories[port.name](self)
        return repository

    def new_id(self, prefix: str) -> str:
        """A new id of that kind."""
        return self._ids.new(prefix)

    def secret(self) -> str:
        """256 unguessable bits as text."""
        return self._ids.secret()

    async def read(self, *asks: Ask[Any], wanted: Mapping[Port[Any], Sequence[str]] | None = None) -> tuple[Any, ...]:
        """The answers to *asks*, in their order, with the aggregates *wanted* by id brought in: all in one trip.

        What is wanted is not answered here: `unit[PORT].find(id)` has it at hand afterwards, be there one or not. What
        this unit already has, or the shop remembers, is not asked for again.

        Raises:
            KeyMismatch: a key was asked for with another request than it belongs to.
        """
        fetches = [fetch for port, ids in (wanted or {}).items() if (fetch := self[port].fetch(ids)) is not None]
        answers, steady = await self.ask(
            *asks,
            *(fetch.ask for fetch in fetches),
            remembered=any(fetch.remembered for fetch in fetches),
        )
        for fetch, answer in zip(fetches, answers[len(asks) :], strict=True):
            fetch.take(answer, steady)
        return tuple(answers[: len(asks)])

    async def ask(self, *asks: Ask[Any], remembered: bool) -> tuple[list[Any], bool]:
        """The answers to *asks* in one trip, and whether they may be remembered for the mark that this unit goes by.

        They may when reference data was the same before and after them, and this unit has changed none of it itself.
        """
        first = self.mark is None
        asked = [Value(MARK), *asks] if first else [*asks]
        if remembered:
            asked.append(Value(MARK))
        answers = [*await resolved(self.work.read(*asked))] if asked else []
        if first:
            self.mark = answers.pop(0)
        steady = remembered and answers.pop() == self.mark and not self.raised
        return answers, steady

    def raise_mark(self) -> None:
        """Let every later unit know that reference data has changed: once in a unit is enough."""
        if not self.raised:
            self.raised = True
            self.work.count(MARK, 1 + crc32(self.secret().encode()), floor=None)

    async def settings(self) -> Settings:
        """The shop's stored configuration, as it was when this unit first asked: whoever changes it asks no more.

        Raises:
            NotFound: the tenant was never opened, so there is no shop.
        """
        if self._settings is None:
            if (found := await self[SETTINGS].find(SETTINGS_ID)) is None:
                raise NotFound("shop", self.ctx.tenant)
            self._settings = found.values
        return self._settings

    async def epoch(self) -> int:
        """What stands in every new idempotency key; 0 for a shop that was never restored from a backup."""
        found = await self[SETTINGS].find(SETTINGS_ID)
        return 0 if found is None else found.epoch

    async def page_size(self, limit: int) -> int:
        """How many a page may answer when *limit* are asked for: at most `Limits.page`.

        Raises:
            InvalidInput: a *limit* below 1, which is no page.
        """
        if limit < 1:
            raise InvalidInput((Fault("limit", "kernel.bad_limit", "must be 1 or more", shown(limit)),))
        return min(limit, (await self.settings()).limits.page)

    async def today(self) -> date:
        """The calendar day of this unit in the shop's zone."""
        if self._today is None:
            self._today = day(self.now, (await self.settings()).zone)
        return self._today

    # Stock, ledgers and counters go straight to the storage; their rules live in the rooms.

    async def levels(self, resources: Sequence[str]) -> dict[str, Level]:
        """The levels of resources now."""
        (levels,) = await self.read(Levels(resources, self.now))
        return cast(dict[str, Level], levels)

    async def holds(self, ids: Sequence[str]) -> dict[str, StoredHold]:
        """Holds by id."""
        (holds,) = await self.read(Holds(ids))
        return cast(dict[str, StoredHold], holds)

    async def counter(self, name: str) -> int:
        """The value of a counter."""
        (value,) = await self.read(Value(name))
        return cast(int, value)

    def hold(self, demands: Sequence[Demand], *, until: datetime | None) -> None:
        """Hold all demands or none."""
        self.work.hold(demands, until=until, now=self.now)

    def keep(self, holds: Sequence[str]) -> None:
        """Let leased holds last."""
        self.work.keep(holds, now=self.now)

    def take(self, holds: Sequence[str]) -> None:
        """Let held goods leave."""
        self.work.take(holds, now=self.now)

    def release(self, holds: Sequence[str]) -> None:
        """Give holds back."""
        self.work.release(holds)

    def adjust(self, resource: str, delta: int, *, chosen: bool = False) -> None:
        """Change on hand. What was *chosen* among several is chosen anew when another unit was faster."""
        if chosen:
            self.chosen.add(resource)
        self.work.adjust(resource, delta)

    def post(self, ledger: str, entries: Sequence[Entry]) -> None:
        """Add entries to a ledger."""
        self.posted.append((ledger, entries))
        self.work.post(ledger, entries)

    def count(self, name: str, delta: int, *, floor: int | None = 0, ceiling: int | None = None) -> None:
        """Change a counter within its bounds."""
        self.work.count(name, delta, floor=floor, ceiling=ceiling)

    async def flush(self) -> None:
        """Send what was recorded so far, so that a refusal shows here and not only at the commit."""
        self.write()
        await resolved(self.work.flush())

    def write(self) -> None:
        """Hand every touched aggregate to the storage's unit; called once, before the commit or a flush."""
        for repository in self._open.values():
            repository.write()
