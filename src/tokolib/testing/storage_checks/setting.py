"""What every check starts from: a fresh storage, made by the author's fixtures, and a few things to keep in it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Final, Protocol

import pytest

from tokolib.kernel import hosting
from tokolib.kernel.hosting import MaybeAwaitable
from tokolib.kernel.rows import Collection, Column, Demand, Entry, FactTable, Index, Kind, StoredEvent
from tokolib.kernel.storage import Storage
from tokolib.testing.storage_checks.driven import Drive, Driven

GOODS: Final = Collection(
    "goods",
    columns=(Column("code", null=True), Column("city", null=True), Column("rank", "integer")),
    indexes=(
        Index("by_code", ("code",), unique=True),
        Index("by_city", ("city", "rank")),
        Index("by_rank", ("rank",)),
        Index("in_city", ("city", "rank"), sparse=True),
        Index("ranked_in_city", ("rank", "city"), sparse=True),
    ),
    facts=(FactTable("goods_line", (Column("sku"), Column("quantity", "integer", null=True))),),
)
NOTES: Final = Collection("notes")
COLLECTIONS: Final = (GOODS, NOTES)

NOW: Final = datetime(2026, 3, 14, 9, 26, 53, 589_793, tzinfo=UTC)
SOON: Final = NOW + timedelta(minutes=15)
MICROSECOND: Final = timedelta(microseconds=1)

MakeStorage = Callable[[Sequence[Collection]], Storage]
Reopen = Callable[[Storage], Storage]


class Host(Protocol):
    """A host's connection to the place of a storage, as the kit handles it. The answers may have to be awaited."""

    connection: Any
    """What `join` takes."""

    def begin(self) -> MaybeAwaitable[object]:
        """Open a transaction."""
        ...

    def commit(self) -> MaybeAwaitable[object]:
        """End it so that it lasts."""
        ...

    def rollback(self) -> MaybeAwaitable[object]:
        """End it without a trace."""
        ...

    def close(self) -> MaybeAwaitable[object]:
        """Give the connection back."""
        ...


OpenHost = Callable[[Storage], MaybeAwaitable[Host]]
OpenBackup = Callable[[Path], Storage]


class Setting:
    """The fixtures of the kit. An author overrides `make_storage` and `reopen`, and `drive` for an async adapter.

    Whose storage can join overrides `open_host`, and whose storage can back up `open_backup`.
    """

    examples: ClassVar[int] = 20
    """How many random stories the comparison of stock with its model tells, for each hundred examples that
    Hypothesis is set to.
    """

    @pytest.fixture
    def make_storage(self) -> MakeStorage:
        """Makes a fresh storage for collections, not migrated."""
        raise NotImplementedError("override the fixture make_storage")

    @pytest.fixture
    def reopen(self) -> Reopen:
        """Opens the place of a storage that may be open, closed or abandoned, a second time."""
        raise NotImplementedError("override the fixture reopen")

    @pytest.fixture
    def open_host(self) -> OpenHost:
        """Opens a host's connection to the place of a storage, with no transaction on it."""
        raise NotImplementedError("this storage can join: override the fixture open_host")

    @pytest.fixture
    def open_backup(self) -> OpenBackup:
        """Opens a backup as a storage for `GOODS` and `NOTES`."""
        raise NotImplementedError("this storage can back up: override the fixture open_backup")

    @pytest.fixture
    def drive(self) -> Drive:
        """Runs a coroutine to its end."""
        return hosting.drive

    @pytest.fixture
    def store(self, make_storage: MakeStorage, drive: Drive) -> Iterator[Driven]:
        """A fresh storage, migrated, for `GOODS` and `NOTES`."""
        driven = Driven(make_storage(COLLECTIONS), drive)
        driven.migrate()
        yield driven
        driven.close()


def goods(code: str | None = None, *, city: str | None = None, rank: int = 0) -> dict[str, str | int | None]:
    """The columns of one of the goods."""
    return {"code": code, "city": city, "rank": rank}


def event(stream: str, seq: int, *, at: datetime = NOW) -> StoredEvent:
    """An event of a stream."""
    return StoredEvent(f"{stream}.{seq}", stream, seq, "goods.counted", b'{"n":1}', at)


def events(stream: str, count: int, *, after: int = 0) -> list[StoredEvent]:
    """Events of a stream that follow *after*."""
    return [event(stream, seq) for seq in range(after + 1, after + count + 1)]


def entry(id: str, *, account: str = "cash", refers_to: str = "o1", amount: int = 75_000) -> Entry:
    """An entry of a ledger."""
    return Entry(id, f"batch-{id}", account, amount, "IDR", "sale", refers_to, NOW)


def demand(hold_id: str, resource: str = "kopi", quantity: int = 1, *, leave: int = 0) -> Demand:
    """A wish to hold."""
    return Demand(hold_id, resource, quantity, "o1", leave)


def write_some_of_everything(unit: Any, mark: str) -> None:
    """Record one write of every kind, all named after *mark*."""
    unit.insert(GOODS, mark, b"{}", goods(mark), {"goods_line": [{"sku": mark, "quantity": 1}]})
    unit.append(f"stream-{mark}", events(f"stream-{mark}", 2), expected=0)
    unit.post("money", [entry(mark)])
    unit.count(f"counter-{mark}", 3)
    unit.adjust(f"stock-{mark}", 5)
    unit.hold([demand(f"hold-{mark}", f"stock-{mark}", 2)], until=SOON, now=NOW)
    unit.remember("place", mark, "print", b"done")


def everything(store: Driven, partition: str = "p") -> dict[Kind, list[Any]]:
    """Every row that a partition has."""
    names = {Kind.DOCUMENTS: GOODS.name, Kind.LEDGER: "money"}
    with store.reading(partition) as unit:
        return {kind: pages(unit.scan, kind, name=names.get(kind, "")) for kind in Kind}


def pages(ask: Callable[..., Any], *args: Any, **kwargs: Any) -> list[Any]:
    """The items of every page."""
    found: list[Any] = []
    after = None
    while True:
        page = ask(*args, after=after, **kwargs)
        found += page.items
        after = page.after
        if after is None:
            return found
