"""What a checkout asks of a database: statements where each is a call, trips where each is a wait."""

import sqlite3
import sys
from contextlib import contextmanager
from datetime import date

import tokolib
from tokolib import IDR, Basket
from tokolib.adapters.urls import storage_from_url
from tokolib.records.collections import COLLECTIONS

BASKET = Basket({"KOPI-250": 1, "TEH-100": 2, "CANGKIR": 3}, ["TEN"])
SENT = {"execute", "executemany", "executescript"}


def shop_at(url):
    """A shop that sells three things with a coupon, has tax in its prices, and remembers its reference data."""
    storage = storage_from_url(url, COLLECTIONS)
    storage.migrate()
    shop = tokolib.open(storage, country="ID", pkp_since=date(2025, 1, 1))
    for sku in ("KOPI-250", "TEH-100", "CANGKIR"):
        shop.catalog.put(sku, sku.title())
        shop.prices.put(sku, IDR(75_000))
        shop.stock.receive(sku, 100, key=sku)
    shop.promotions.percent("TEN", 10, coupon="TEN")
    shop.orders.place(BASKET, tender="cash", key="1")
    return shop


@contextmanager
def sent_to_sqlite():
    """The calls that send statements, by name, in order; what the driver is called is seen, and nothing is changed."""
    calls = []

    def watch(frame, event, called):
        owner = getattr(called, "__self__", None)
        if event == "c_call" and isinstance(owner, sqlite3.Cursor | sqlite3.Connection) and called.__name__ in SENT:
            calls.append(called.__name__)

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        yield calls
    finally:
        sys.setprofile(before)


def test_a_checkout_on_sqlite_is_twelve_statements(tmp_path):
    """Three lines, a coupon, cash: two reads, ten writes; BEGIN and COMMIT are not counted."""
    with shop_at(f"sqlite:///{tmp_path / 'kedai.db'}") as shop, sent_to_sqlite() as calls:
        shop.orders.place(BASKET, tender="cash", key="2")

    begin_and_commit = 2
    assert 12 + begin_and_commit == len(calls)


def test_a_checkout_on_postgresql_is_four_trips(postgres_url, monkeypatch):
    """BEGIN with the key, then the stock; everything written in one statement; COMMIT."""
    from tokolib.adapters.postgres.wire import BlockingWire

    trips = []
    trip = BlockingWire.trip
    monkeypatch.setattr(BlockingWire, "trip", lambda self, sent: trips.append(len(sent)) or trip(self, sent))
    url = f"{postgres_url}{'&' if '?' in postgres_url else '?'}durable=0"
    with shop_at(url) as shop:
        del trips[:]
        shop.orders.place(BASKET, tender="cash", key="2")

    assert [2, 1, 1, 1] == trips
