"""A stockroom: a shop's catalogue and stock on a real storage, at a clock that a test sets."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tokolib.adapters.memory.storage import MemoryStorage
from tokolib.adapters.sqlite.storage import SqliteStorage
from tokolib.catalog.service import CatalogService
from tokolib.inventory.model import StockItem
from tokolib.inventory.ports import STOCK_ITEMS
from tokolib.inventory.register import moved
from tokolib.inventory.service import StockService
from tokolib.kernel.configuration import SettingsChanged
from tokolib.kernel.ctx import AllowAll, Ctx, Staff
from tokolib.kernel.defaults import defaults
from tokolib.kernel.hosting import Awaiting, Blocking, drive, resolved
from tokolib.kernel.ids import make_id
from tokolib.kernel.rows import Entry, Kind, Level, StoredHold
from tokolib.kernel.unit import SETTINGS, Unit
from tokolib.kernel.work import Work
from tokolib.records.collections import COLLECTIONS
from tokolib.records.registry import repositories

START = datetime(2026, 1, 31, 2, 0, tzinfo=UTC)


class HandClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time

    def pass_(self, **length: float) -> None:
        self.time += timedelta(**length)


class CountedIds:
    """Ids in the order in which they are made."""

    def __init__(self) -> None:
        self.count = 0

    def new(self, prefix: str) -> str:
        self.count += 1
        return make_id(prefix, self.count, 0)

    def secret(self) -> str:
        self.count += 1
        return f"secret-{self.count}"


class Stockroom:
    """The doors and steps of a shop with three products: coffee by the piece, rice by the kilogram, a bundle."""

    def __init__(self, storage: Any) -> None:
        self.clock, self.storage = HandClock(), storage
        storage.migrate()
        ctx = Ctx(actor=Staff("budi"))
        self.work = Work(storage, repositories(), self.clock, CountedIds(), AllowAll(), ctx)
        self.stock: StockService[Blocking] = StockService(self.work, True)
        self.awaited: StockService[Awaiting] = StockService(self.work, False)
        self.catalog: CatalogService[Blocking] = CatalogService(self.work, True, moved)
        self.do(self._settings)
        self.catalog.put("KOPI-250", "Kopi Gayo")
        self.catalog.put("BERAS", "Beras pandan wangi", unit="kg")
        self.catalog.put("GULA", "Gula aren")
        self.catalog.put("PAKET", "Paket pagi", components={"KOPI-250": 2, "GULA": 1})

    async def _settings(self, unit: Unit) -> None:
        unit[SETTINGS].record(None, SettingsChanged(defaults("ID")))

    def do(self, step: Callable[[Unit], Awaitable[Any]]) -> Any:
        """Run a step in a unit of its own, and commit."""
        return drive(self.work.write("test", step))

    def look(self, step: Callable[[Unit], Awaitable[Any]]) -> Any:
        return drive(self.work.read(step))

    def level(self, key: str, location: str = "main") -> Level:
        async def step(unit: Unit) -> Level:
            name = f"{location}|{key}"
            return (await unit.levels([name]))[name]

        found: Level = self.look(step)
        return found

    def entries(self) -> list[Entry]:
        return self._scan(Kind.LEDGER, "stock")

    def holds(self) -> list[StoredHold]:
        return self._scan(Kind.HOLDS, "")

    def events(self) -> list[str]:
        return [event.topic for event in self._scan(Kind.HISTORY, "") if event.topic.startswith("inventory.")]

    def item(self, key: str) -> StockItem:
        async def step(unit: Unit) -> StockItem:
            return await unit[STOCK_ITEMS].get(f"stk_{key}")

        found: StockItem = self.look(step)
        return found

    def _scan(self, kind: Kind, name: str) -> list[Any]:
        async def step(unit: Unit) -> list[Any]:
            found: list[Any] = []
            after: str | None = None
            while True:
                page = await resolved(unit.work.scan(kind, name=name, after=after))
                found.extend(page.items)
                if (after := page.after) is None:
                    return found

        rows: list[Any] = self.look(step)
        return rows


@pytest.fixture
def in_memory() -> Callable[[], Stockroom]:
    """Makes stockrooms in memory."""
    return lambda: Stockroom(MemoryStorage(COLLECTIONS))


@pytest.fixture(params=["memory", "sqlite"])
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stockroom]:
    """A stockroom on each storage."""
    made = MemoryStorage(COLLECTIONS) if request.param == "memory" else _on_file(tmp_path)
    yield Stockroom(made)
    made.close()


def _on_file(folder: Path) -> SqliteStorage:
    return SqliteStorage(folder / "toko.db", COLLECTIONS, durable=False)
