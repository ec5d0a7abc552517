"""A shop of which only delivery is open, on the memory storage."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from tokolib.adapters.memory import MemoryStorage
from tokolib.adapters.system import SystemIds
from tokolib.kernel.ctx import AllowAll, Ctx
from tokolib.kernel.hosting import Blocking
from tokolib.kernel.settings import SETTINGS_ID, SettingsChanged, ShopSettings, defaults
from tokolib.kernel.settings import evolve as evolve_settings
from tokolib.kernel.storage import Column, Index
from tokolib.kernel.unit import SETTINGS, Unit
from tokolib.kernel.work import Work
from tokolib.records.record import Record
from tokolib.records.repository import DocumentRepository
from tokolib.shipping.events import MethodPut, MethodWithdrawn, RatesPut
from tokolib.shipping.lifecycle import evolve, evolve_sheet
from tokolib.shipping.model import DeliveryMethod, RateSheet
from tokolib.shipping.service import DeliveryService

RECORDS: tuple[Record[Any], ...] = (
    Record("settings", "settings", ShopSettings, (SettingsChanged,), evolve_settings),
    Record(
        "delivery_methods",
        "delivery method",
        DeliveryMethod,
        (MethodPut, MethodWithdrawn),
        evolve,
        (Column("status"),),
        (Index("status", ("status",)),),
        lambda method: {"status": "active" if method.active else "withdrawn"},
    ),
    Record(
        "rate_sheets",
        "rate sheet",
        RateSheet,
        (RatesPut,),
        evolve_sheet,
        (Column("method"),),
        (Index("method", ("method",)),),
        lambda sheet: {"method": sheet.method},
    ),
)


class FixedClock:
    def now(self) -> datetime:
        return datetime(2026, 1, 31, 5, 0, tzinfo=UTC)


def _factory(record: Record[Any]) -> Callable[[Unit], Any]:
    return lambda unit: DocumentRepository(record, unit)


@pytest.fixture
def work() -> Work:
    storage = MemoryStorage([record.collection for record in RECORDS])
    repositories: Mapping[str, Callable[[Unit], Any]] = {record.name: _factory(record) for record in RECORDS}
    made = Work(storage, repositories, FixedClock(), SystemIds(), AllowAll(), Ctx())
    unit = made._unit(storage.begin("default"))
    unit[SETTINGS].record(None, SettingsChanged(defaults("ID")))
    unit.write()
    unit.work.commit()
    assert SETTINGS_ID == "set_shop"
    return made


@pytest.fixture
def delivery(work) -> DeliveryService[Blocking]:
    return DeliveryService(work, blocking=True)
