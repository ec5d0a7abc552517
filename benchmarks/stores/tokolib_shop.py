"""tokolib doing the job through its public doors, on any storage. `place` is the one line that buys."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import tokolib
from benchmarks.job import COUPON, ON_SALE, Due, Product, baskets
from benchmarks.server import Server
from benchmarks.stores.protocol import SoldOut
from benchmarks.stores.relaxed import Noted, every_connection, relax
from benchmarks.stores.sqlite import fresh_file
from tokolib.adapters.urls import storage_from_url
from tokolib.kernel.ids import OrderId
from tokolib.kernel.storage import Storage
from tokolib.records.collections import COLLECTIONS

DATABASE: Final = "bench_tokolib"
PKP_SINCE: Final = date(2026, 1, 1)
"""From that day the shop charges PPN: 12 % of 11/12 of the price, which are the job's 11 %."""


def place(shop: tokolib.Shop, wished: dict[str, int], key: str) -> tokolib.Order:
    """An order of *wished*, paid in cash, with the job's coupon: the whole checkout, here and nowhere else."""
    return shop.orders.place(tokolib.Basket(wished, [COUPON["code"]]), tender="cash", key=key)


def open_filled(storage: str | Storage, goods: Sequence[Product] = ON_SALE) -> tokolib.Shop:
    """A new shop with *goods* on its shelf, and the coupon."""
    shop = tokolib.open(storage, country="ID", pkp_since=PKP_SINCE)
    shop.promotions.percent("ten", COUPON["percent"], coupon=COUPON["code"])
    stock_up(shop, goods)
    return shop


def stock_up(shop: tokolib.Shop, goods: Sequence[Product]) -> None:
    """Put more products of the job on the shelf."""
    shop.catalog.import_csv("\n".join(["sku,name", *(f"{each.sku},Product {each.sku}" for each in goods)]))
    shop.prices.put_many({each.sku: tokolib.IDR(each.price) for each in goods})
    shop.stock.receive_all({each.sku: each.stock for each in goods})


@dataclass(frozen=True)
class SqliteShop:
    """tokolib on a file with a write-ahead log; *synchronous* is SQLite's own word: FULL, NORMAL or OFF."""

    folder: str
    synchronous: str = "FULL"

    @property
    def name(self) -> str:
        return f"tokolib, SQLite {self.synchronous}"

    @property
    def path(self) -> Path:
        return Path(self.folder, "tokolib.db")

    @property
    def url(self) -> str:
        return sqlite_url(self.path)

    def reset(self) -> None:
        fresh_file(self.path, lambda path: open_filled(sqlite_url(path)).close())

    def open(self) -> "Counter":
        if self.synchronous == "FULL":
            return Counter(tokolib.open(self.url), baskets())
        with every_connection(Noted):
            counter = Counter(tokolib.open(self.url), baskets())
        relax(self.synchronous)
        return counter


def sqlite_url(path: Path) -> str:
    """The URL of a file, with the write-ahead log and a patience that outlasts every other process."""
    return f"sqlite:///{path}?wal=1&timeout=60"


@dataclass(frozen=True)
class PostgresShop:
    """tokolib in a database of its own on a server; *way* is a parameter of its URL."""

    server: Server
    name: str = "tokolib, PostgreSQL"
    way: str = ""

    @property
    def url(self) -> str:
        parts = urlsplit(self.server.url(DATABASE))
        return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, self.way)))))

    def reset(self) -> None:
        from benchmarks.stores.postgres import database_exists, fresh_database, settled

        template = "_".join(filter(None, (DATABASE, "filled", self.way.partition("=")[0])))
        if not database_exists(self.server, template):
            fresh_database(self.server, DATABASE)
            storage: Any = storage_from_url(self.url, COLLECTIONS)
            storage.migrate()
            open_filled(storage).close()
            fresh_database(self.server, template, template=DATABASE)
        fresh_database(self.server, DATABASE, template=template)
        settled(self.server.url(DATABASE))

    def open(self) -> "Counter":
        return Counter(tokolib.open(self.url), baskets())


@dataclass(frozen=True)
class MemoryShop:
    """tokolib in memory; the store lives as long as its counter."""

    name: str = "tokolib, memory"

    def reset(self) -> None:
        """Nothing outlives a counter."""

    def open(self) -> "Counter":
        return Counter(open_filled("memory://"), baskets())


class Counter:
    """A till: one open shop, that sells *baskets* (quantities by SKU, and what is due for them) in turn."""

    def __init__(self, shop: tokolib.Shop, baskets: Sequence[tuple[dict[str, int], Due]]) -> None:
        self.shop = shop
        self._baskets = baskets

    def checkout(self, k: int) -> str:
        wished, due = self._baskets[k % len(self._baskets)]
        order = self._place(wished)
        assert due.total == order.total.minor_units
        return str(order.id)

    def _place(self, wished: dict[str, int]) -> tokolib.Order:
        try:
            return place(self.shop, wished, secrets.token_hex(16))
        except tokolib.TokolibError as error:
            if error.code == "inventory.out_of_stock":
                raise SoldOut from error
            raise

    def ship(self, number: str) -> None:
        self.shop.shipments.hand_over(OrderId(number))

    def refund(self, number: str) -> None:
        first = self.shop.orders.get(OrderId(number)).lines[0]
        self.shop.returns.accept(OrderId(number), {first.key: 1}, reason="changed mind")

    def close(self) -> None:
        self.shop.close()
