"""A stockroom: a shop's catalogue and stock on a real storage, at a clock that a test sets."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tokolib.adapters.memory.storage import MemoryStorage
from tokolib.adapters.sqlite.storage import SqliteStorage
from tokolib.catalog import events as catalog_events
from tokolib.catalog import lifecycle as catalog_lifecycle
from tokolib.catalog.attributes import ProductType
from tokolib.catalog.categories import CategoryTree
from tokolib.catalog.model import Product, SkuOwner
from tokolib.catalog.service import CatalogService
from tokolib.inventory import events as stock_events
from tokolib.inventory.lifecycle import evolve_item, evolve_location
from tokolib.inventory.model import Location, StockItem
from tokolib.inventory.register import moved
from tokolib.inventory.service import StockService
from tokolib.kernel.ctx import AllowAll, Ctx, Staff
from tokolib.kernel.hosting import Awaiting, Blocking, drive, resolved
from tokolib.kernel.ids import make_id
from tokolib.kernel.settings import SettingsChanged, ShopSettings, defaults, evolve
from tokolib.kernel.storage import Column, Entry, Index, Kind, Level, StoredHold
from tokolib.kernel.unit import SETTINGS, Unit
from tokolib.kernel.work import Work
from tokolib.records.record import Record
from tokolib.records.repository import DocumentRepository

START = datetime(2026, 1, 31, 2, 0, tzinfo=UTC)


def events_of(module: Any) -> tuple[Any, ...]:
    return tuple(one for one in vars(module).values() if isinstance(one, type) and getattr(one, "topic", ""))


_CATALOG = events_of(catalog_events)
_STOCK = events_of(stock_events)

RECORDS: tuple[Record[Any], ...] = (
    Record("settings", "configuration", ShopSettings, (SettingsChanged,), evolve),
    Record(
        "products",
        "product",
        Product,
        _CATALOG,
        catalog_lifecycle.evolve_product,
        (Column("external_id", null=True),),
        (Index("external_id", ("external_id",), unique=True),),
        lambda product: {"external_id": product.external_id or None},
    ),
    Record("skus", "SKU", SkuOwner, _CATALOG, catalog_lifecycle.evolve_sku),
    Record("product_types", "product type", ProductType, _CATALOG, catalog_lifecycle.evolve_type),
    Record("categories", "category tree", CategoryTree, _CATALOG, catalog_lifecycle.evolve_categories),
    Record("locations", "location", Location, _STOCK, evolve_location),
    Record("stock_items", "stock item", StockItem, _STOCK, evolve_item),
)


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
        self.clock, self.storage, self.collections = HandClock(), storage, collections()
        storage.migrate()
        repositories: Mapping[str, Any] = {
            record.name: lambda unit, record=record: DocumentRepository(record, unit) for record in RECORDS
        }
        ctx = Ctx(actor=Staff("budi"))
        self.work = Work(storage, repositories, self.clock, CountedIds(), AllowAll(), ctx)
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
            from tokolib.inventory.ports import STOCK_ITEMS

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


def collections() -> list[Any]:
    return [record.collection for record in RECORDS]


@pytest.fixture
def in_memory() -> Callable[[], Stockroom]:
    """Makes stockrooms in memory."""
    return lambda: Stockroom(MemoryStorage(collections()))


@pytest.fixture(params=["memory", "sqlite"])
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stockroom]:
    """A stockroom on each storage."""
    made = MemoryStorage(collections()) if request.param == "memory" else _on_file(tmp_path)
    yield Stockroom(made)
    made.close()


def _on_file(folder: Path) -> SqliteStorage:
    return SqliteStorage(folder / "toko.db", collections(), durable=False)
