"""Two ways to sell the last unit: the shop's, and the one that everybody writes first."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from typing import Final, TypeVar, cast

import tokolib
from safety.races import SKUS, Counter
from safety.selling import sell, violations
from safety.site import Site
from tokolib.adapters.urls import storage_from_url
from tokolib.inventory.errors import OutOfStock
from tokolib.kernel.hosting import MaybeAwaitable, drive, resolved
from tokolib.kernel.rows import Collection
from tokolib.kernel.storage import Storage
from tokolib.kernel.storage_errors import StorageError

Answer = TypeVar("Answer")
SHELF: Final = Collection("naive_shelf")
"""Where the naive till keeps how much is left of each SKU."""
PARTITION: Final = "naive"
PATIENCE: Final = 120.0
"""Seconds after which a process gives up on those that should look as well."""


def shop_counter(site: Site, units: int) -> Counter:
    """A furnished shop that sells as everybody does who uses it."""
    site.furnish(units)
    return Counter(partial(ShopTill, site), partial(_left, site), partial(_violations, site))


class ShopTill:
    """Sells through the shop, whose holds are conditional updates."""

    def __init__(self, site: Site) -> None:
        self._storage = Patient(site.storage())
        self._shop = tokolib.open(cast(Storage, self._storage))

    @property
    def retries(self) -> int:
        """How often a unit of work had to be decided again."""
        return self._storage.retries

    def buy(self, sku: str, key: str) -> bool:
        """Sell one unit; False when none is left."""
        with suppress(OutOfStock):
            sell(self._shop, {sku: 1}, key)
            return True
        return False

    def close(self) -> None:
        """Close the shop."""
        self._shop.close()


def naive_counter(site: Site, units: int, *, processes: int) -> Counter:
    """The control: numbers in the same storage, sold by looking first and writing afterwards."""
    storage = _shelf(site)
    _answer(storage.migrate())
    unit = _answer(storage.begin(PARTITION))
    for sku in SKUS:
        unit.insert(SHELF, sku, b"%d" % units, {})
    _answer(unit.commit())
    _answer(storage.close())
    all_have_looked = get_context("fork").Barrier(processes)
    return Counter(partial(NaiveTill, site, all_have_looked), partial(_left_on_shelf, site), tuple)


class NaiveTill:
    """Reads how much is left, decides, and writes one less than it saw, whatever is there by then.

    Every process looks before one of them writes, so that the control doesn't hang on how fast a machine is.
    """

    def __init__(self, site: Site, all_have_looked: Barrier) -> None:
        self._storage = _shelf(site)
        self._all_have_looked = all_have_looked
        self.retries = 0

    def buy(self, sku: str, key: str) -> bool:
        """Sell one unit, if one was left a moment ago."""
        seen = _on_shelf(self._storage, (sku,))[sku]
        self._all_have_looked.wait(PATIENCE)
        while seen > 0 and not self._write_down(sku, seen - 1):
            self.retries += 1
        return seen > 0

    def _write_down(self, sku: str, left: int) -> bool:
        unit = _answer(self._storage.begin(PARTITION))
        try:
            stored = _answer(unit.get(SHELF, sku))
            if stored is not None:
                unit.replace(SHELF, sku, b"%d" % left, {}, expected=stored.version)
            _answer(unit.commit())
        except StorageError as error:
            if not error.retryable:
                raise
            return False
        finally:
            _answer(unit.rollback())
        return True

    def close(self) -> None:
        """Close the storage."""
        _answer(self._storage.close())


class Patient:
    """A storage that counts how often it is asked to wait before a retry; for the rest it is the one it was given."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.retries = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._storage, name)

    def pause(self, attempt: int) -> MaybeAwaitable[None]:
        """As the storage does, and count it."""
        self.retries += 1
        return self._storage.pause(attempt)


def _left(site: Site) -> Mapping[str, int]:
    with site.open() as shop:
        return {sku: shop.stock.available(sku).steps for sku in SKUS}


def _violations(site: Site) -> tuple[str, ...]:
    with site.open() as shop:
        return violations(shop)


def _shelf(site: Site) -> Storage:
    return storage_from_url(site.url, (SHELF,))


def _left_on_shelf(site: Site) -> Mapping[str, int]:
    storage = _shelf(site)
    try:
        return _on_shelf(storage, SKUS)
    finally:
        _answer(storage.close())


def _on_shelf(storage: Storage, skus: Sequence[str]) -> dict[str, int]:
    unit = _answer(storage.begin(PARTITION, read_only=True))
    try:
        stored = _answer(unit.get_many(SHELF, skus))
        return {sku: int(stored[sku].body) for sku in skus}
    finally:
        _answer(unit.rollback())


def _answer(value: MaybeAwaitable[Answer]) -> Answer:
    return drive(resolved(value))
