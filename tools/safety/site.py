"""Where a shop under test is kept: a file, or a server that can be killed."""

import os
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final

import attrs

import tokolib
from tokolib.adapters.urls import storage_from_url
from tokolib.kernel.storage import Storage
from tokolib.records.collections import COLLECTIONS
from tokolib.shop import Shop
from tokolib.testing.builders import Given
from tokolib.testing.fake_courier import FakeCourier
from tokolib.testing.postgres import PostgresServer

PRICES: Final[Mapping[str, int]] = {"KOPI-250": 75_000, "TEH-100": 20_000, "GULA-500": 14_500}
"""What every shop of a harness sells, in rupiah."""


def _nothing_to_say() -> str:
    return "ok"


@attrs.frozen
class Site:
    """A place where a shop is kept."""

    name: str
    url: str
    kill_server: Callable[[], None] | None = None
    """Kills the whole database server with SIGKILL and returns when it answers again; None for a file."""
    damage: Callable[[], str] = _nothing_to_say
    """The database's own check of what it keeps: `ok`, or what is broken."""

    def open(self) -> Shop:
        """The shop that is kept here."""
        return tokolib.open(self.url, couriers=[FakeCourier()])

    def storage(self) -> Storage:
        """The bare storage, for those who go past the shop."""
        return storage_from_url(self.url, COLLECTIONS)

    def furnish(self, units: int) -> None:
        """Make the shop, with *units* of everything that it sells."""
        with tokolib.open(self.url, country="ID") as shop:
            Given(shop).goods(PRICES, stock=units)


def on_sqlite(path: Path, *, wal: bool, durable: bool = True) -> Site:
    """A file; *wal* and *durable* are those of the storage."""
    name = f"SQLite, {'write-ahead log' if wal else 'rollback journal'}{'' if durable else ', not durable'}"
    return Site(name, f"sqlite:///{path}?wal={wal:d}&durable={durable:d}", damage=partial(sqlite_damage, path))


def on_postgres(server: PostgresServer, *, durable: bool = False) -> Site:
    """A new database of a *server* that is ours to kill, and that is *durable* or not."""

    def kill_server() -> None:
        server.kill()
        server.restart()

    url = f"{server.database()}?durable={durable:d}"
    tokolib.upgrade_schema(url)
    return Site(f"PostgreSQL {server.version}", url, kill_server)


def sqlite_damage(path: Path) -> str:
    """What SQLite's own check says of a file."""
    with closing(sqlite3.connect(os.fspath(path))) as connection:
        return ", ".join(row[0] for row in connection.execute("PRAGMA integrity_check(5)"))
