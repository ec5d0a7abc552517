"""A catalogue on real storage in memory, driven in both colours."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from tokolib.adapters.memory import MemoryStorage
from tokolib.catalog.service import CatalogService
from tokolib.kernel.configuration import SETTINGS_ID, SettingsChanged
from tokolib.kernel.ctx import AllowAll, Ctx
from tokolib.kernel.defaults import defaults
from tokolib.kernel.events import stream_of
from tokolib.kernel.hosting import drive
from tokolib.kernel.rows import StoredEvent
from tokolib.kernel.storage import Storage
from tokolib.kernel.unit import SETTINGS, Unit
from tokolib.kernel.work import Work
from tokolib.records.collections import COLLECTIONS
from tokolib.records.registry import record as record_of
from tokolib.records.registry import repositories


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 31, 2, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


class Ids:
    """Ids in order."""

    def __init__(self) -> None:
        self.last = 0

    def new(self, prefix: str) -> str:
        self.last += 1
        return f"{prefix}_{self.last:05}"

    def secret(self) -> str:
        return "secret"


class Door:
    """The service's commands, run to their end in one colour; and what stands behind them."""

    def __init__(self, work: Work, *, blocking: bool) -> None:
        self.work = work
        self.clock: Any = work.clock
        self.blocking = blocking
        self.moved_keys: set[str] = set()
        self._service: Any = CatalogService(work, blocking, self._moved)

    async def _moved(self, unit: Unit, keys: Any) -> bool:
        return bool(self.moved_keys & set(keys))

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._service, name)
        return method if self.blocking else lambda *args, **more: asyncio.run(method(*args, **more))

    def read(self, step: Callable[[Unit], Any]) -> Any:
        """What a step answers."""
        return drive(self.work.read(step))

    def limit(self, **limits: int) -> None:
        """Change limits of the shop."""

        async def step(unit: Unit) -> None:
            state = await unit[SETTINGS].get(SETTINGS_ID)
            values = attrs.evolve(state.values, limits=attrs.evolve(state.values.limits, **limits))
            unit[SETTINGS].record(state, SettingsChanged(values))

        drive(self.work.write("settings", step))

    def history(self, id: str) -> list[StoredEvent]:
        """The stored events of an aggregate."""
        return list(self.read(lambda unit: _history(unit, id)))

    def replayed(self, name: str, id: str) -> Any:
        """An aggregate made anew of its stored events."""
        record = record_of(name)
        return record.replay(None, [record.read_event(event).event for event in self.history(id)])

    def later(self, **span: int) -> None:
        """Let time pass."""
        self.clock.at += timedelta(**span)


KINDS = {"sku:": "skus", "type:": "product_types", "tree:": "categories"}
"""The collection of an id, by how the id begins; products have none of these."""


async def _history(unit: Unit, id: str) -> Any:
    kind = next((kind for prefix, kind in KINDS.items() if id.startswith(prefix)), "products")
    return unit.work.history(stream_of(kind, id))


def open_door(storage: Storage | None = None, *, blocking: bool = True) -> Door:
    """An empty catalogue of an Indonesian shop."""
    work = Work(storage or MemoryStorage(COLLECTIONS), repositories(), Clock(), Ids(), AllowAll(), Ctx())
    door = Door(work, blocking=blocking)

    async def step(unit: Unit) -> None:
        unit[SETTINGS].record(None, SettingsChanged(defaults("ID")))

    drive(door.work.write("settings", step))
    return door


@pytest.fixture(params=[True, False], ids=["blocking", "async"])
def door(request: pytest.FixtureRequest) -> Iterator[Door]:
    """The catalogue's door in both colours."""
    yield open_door(blocking=request.param)


@pytest.fixture(scope="session")
def new_door() -> Callable[[], Door]:
    """Makes as many catalogues as a test needs."""
    return open_door
