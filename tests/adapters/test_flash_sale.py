"""One product that everybody wants: four hundred buyers at once, a hundred units, and exactly a hundred sold."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import tokolib
from tokolib.adapters.urls import storage_from_url
from tokolib.records.collections import COLLECTIONS

THREADS, BUYERS, UNITS = 8, 50, 100


def sold(url: str) -> tuple[int, int]:
    """How many were sold, and how many were told that nothing is left."""
    storage: Any = storage_from_url(url, COLLECTIONS)
    storage.migrate()
    with tokolib.open(storage, country="ID") as shop:
        shop.catalog.import_csv("sku,name\nHOT,Everybody wants it")
        shop.prices.put_many({"HOT": tokolib.IDR(10_000)})
        shop.stock.receive("HOT", UNITS)
        with ThreadPoolExecutor(THREADS) as pool:
            answers = list(pool.map(lambda number: _bought(shop, number), range(THREADS)))
        report = shop.verify()
        assert report.ok, str(report)
        level = shop.stock.level("HOT")
        assert 0 == level.available.steps
    return sum(bought for bought, _ in answers), sum(refused for _, refused in answers)


def _bought(shop: tokolib.Shop, number: int) -> Sequence[int]:
    bought = 0
    for buyer in range(BUYERS):
        try:
            quote = shop.carts.quote(shop.carts.start({"HOT": 1}))
            shop.orders.place(quote, tender="cash", key=f"{number}-{buyer}")
        except tokolib.TokolibError as error:
            if error.code != "inventory.out_of_stock":
                raise
        else:
            bought += 1
    return bought, BUYERS - bought


@pytest.mark.parametrize("way", ["wal=1", "wal=1&group_commit=1"])
def test_a_hundred_units_are_sold_a_hundred_times_from_a_file(tmp_path: Path, way: str) -> None:
    """SQLite, with a commit for each order and with shared commits."""
    assert (UNITS, THREADS * BUYERS - UNITS) == sold(f"sqlite:///{tmp_path}/shop.db?timeout=60&{way}")


@pytest.mark.parametrize("way", ["", "group_commit=1", "buckets=16", "buckets=16&group_commit=1"])
def test_a_hundred_units_are_sold_a_hundred_times_from_a_server(postgres_url: str, way: str) -> None:
    """PostgreSQL, in each way of reserving."""
    join = "&" if "?" in postgres_url else "?"
    assert (UNITS, THREADS * BUYERS - UNITS) == sold(f"{postgres_url}{join}durable=0&{way}".rstrip("&"))
