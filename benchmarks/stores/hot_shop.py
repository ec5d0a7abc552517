"""tokolib selling one product that everybody wants, and its control: the same on a storage that holds nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import tokolib
from benchmarks.job import HOT, ON_SALE, priced
from benchmarks.stores.tokolib_shop import Counter, PostgresShop, SqliteShop
from tokolib.adapters.urls import storage_from_url
from tokolib.records.collections import COLLECTIONS


@dataclass(frozen=True)
class HotShop:
    """A tokolib store of which one product is bought; *reserved* False is the control."""

    store: PostgresShop | SqliteShop
    reserved: bool = True
    units: int = ON_SALE[HOT].stock

    @property
    def name(self) -> str:
        return f"{self.store.name}, hot SKU{'' if self.reserved else ', reserved never'}"

    def reset(self) -> None:
        self.store.reset()
        if missing := ON_SALE[HOT].stock - self.units:
            with tokolib.open(self.store.url) as shop:
                shop.stock.adjust(ON_SALE[HOT].sku, -missing, reason="a small lot")

    def open(self) -> Counter:
        storage: Any = storage_from_url(self.store.url, COLLECTIONS)
        shop = tokolib.open(storage if self.reserved else Forgetful(storage))
        return Counter(shop, [({ON_SALE[HOT].sku: 1}, priced([(HOT, 1)])[1])])


class Forgetful:
    """A storage that does everything but hold stock."""

    def __init__(self, storage: Any) -> None:
        self._storage = storage

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    def begin(self, partition: str, *, read_only: bool = False) -> Any:
        """A unit that holds nothing."""
        return ForgetfulUnit(self._storage.begin(partition, read_only=read_only))


class ForgetfulUnit:
    """A unit of work to which holding and keeping are nothing to do."""

    def __init__(self, unit: Any) -> None:
        self._unit = unit

    def __getattr__(self, name: str) -> Any:
        return getattr(self._unit, name)

    def hold(self, demands: Sequence[object], **when: object) -> None:
        """Hold nothing."""

    def keep(self, holds: Sequence[str], **when: object) -> None:
        """Keep nothing."""
