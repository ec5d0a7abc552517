"""tokolib doing the job through its public doors, on any storage. `place` is the one line that buys."""

import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import tokolib
from benchmarks.job import CYCLE, COUPON, ON_SALE, baskets
from benchmarks.stores.protocol import SoldOut
from benchmarks.stores.relaxed import Noted, every_connection, relax
from benchmarks.stores.sqlite import fresh_file

PKP_SINCE = date(2026, 1, 1)
"""From that day the shop charges PPN: 12 % of 11/12 of the price, which are the job's 11 %."""


def place(shop: tokolib.Shop, wished: dict[str, int], key: str) -> tokolib.Order:
    """An order of *wished*, paid in cash, with the job's coupon: the whole checkout, and the only place that does it."""
    cart = shop.carts.start(wished, coupons=[COUPON["code"]])
    return shop.orders.place(shop.carts.quote(cart), tender="cash", key=key)


def open_filled(url: str) -> tokolib.Shop:
    """A new shop with every product of the job on its shelf, and the coupon."""
    shop = tokolib.open(url, country="ID", pkp_since=PKP_SINCE)
    shop.catalog.import_csv("\n".join(["sku,name", *(f"{each.sku},Product {each.sku}" for each in ON_SALE)]))
    shop.prices.put_many({each.sku: tokolib.IDR(each.price) for each in ON_SALE})
    shop.stock.receive_all({each.sku: each.stock for each in ON_SALE}, key="opening")
    shop.promotions.percent("ten", COUPON["percent"], coupon=COUPON["code"])
    return shop


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

    def reset(self) -> None:
        fresh_file(self.path, lambda path: open_filled(sqlite_url(path)).close())

    def open(self) -> "Counter":
        if self.synchronous == "FULL":
            return Counter(tokolib.open(sqlite_url(self.path)))
        with every_connection(Noted):
            counter = Counter(tokolib.open(sqlite_url(self.path)))
        relax(self.synchronous)
        return counter


def sqlite_url(path: Path) -> str:
    """The URL of a file, with the write-ahead log and a patience that outlasts every other process."""
    return f"sqlite:///{path}?wal=1&timeout=60"


@dataclass(frozen=True)
class MemoryShop:
    """tokolib in memory; the store lives as long as its counter."""

    name: str = "tokolib, memory"

    def reset(self) -> None:
        """Nothing outlives a counter."""

    def open(self) -> "Counter":
        return Counter(open_filled("memory://"))


class Counter:
    """A till: one open shop."""

    def __init__(self, shop: tokolib.Shop) -> None:
        self.shop = shop
        self._baskets = baskets()

    def checkout(self, k: int) -> str:
        wished, due = self._baskets[k % CYCLE]
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
        self.shop.shipments.hand_over(number)

    def refund(self, number: str) -> None:
        first = self.shop.orders.get(number).lines[0]
        self.shop.returns.accept(number, {first.key: 1}, reason="changed mind")

    def close(self) -> None:
        self.shop.close()
