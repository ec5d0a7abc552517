"""Bare SQL on SQLite: what is left when a shop is nothing but its durable rows. tokolib is measured against it."""

import shutil
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.job import ON_SALE, wishes
from benchmarks.stores.protocol import SoldOut
from benchmarks.stores.sql import SQLITE as SQL
from benchmarks.stores.sql import payload, slip, tables


@dataclass(frozen=True)
class BareSqlite:
    """A file with a write-ahead log; *synchronous* is SQLite's own word: FULL, NORMAL or OFF."""

    folder: str
    synchronous: str = "FULL"

    @property
    def name(self) -> str:
        return f"bare SQL, SQLite {self.synchronous}"

    @property
    def path(self) -> Path:
        return Path(self.folder, "bare.db")

    def reset(self) -> None:
        fresh_file(self.path, _fill)

    def open(self) -> "BareSqliteTill":
        return BareSqliteTill(self.path, self.synchronous)


class BareSqliteTill:
    """A connection that sends the job's statements and nothing else."""

    def __init__(self, path: Path, synchronous: str) -> None:
        self._connection = sqlite3.connect(path, timeout=60, isolation_level=None)
        self._connection.execute(f"PRAGMA synchronous = {synchronous}")

    def checkout(self, k: int) -> str:
        paper = slip(wishes(k))
        send = self._connection.execute
        send("BEGIN IMMEDIATE")
        try:
            order = send(SQL.order, paper.order).lastrowid
            for index, line in enumerate(paper.lines):
                if send(SQL.reserve, (line.quantity, line.product, line.quantity)).rowcount != 1:
                    raise SoldOut
                send(SQL.line, (order, index, *line))
            send(SQL.pay, (order, paper.due.total))
            send(SQL.event, ("order.placed", paper.payload))
        except BaseException:
            send("ROLLBACK")
            raise
        send("COMMIT")
        return paper.number

    def ship(self, number: str) -> None:
        send = self._connection.execute
        send("BEGIN IMMEDIATE")
        order = send(SQL.placed, (number,)).fetchone()[0]
        for product, quantity in send(SQL.lines, (order,)).fetchall():
            send(SQL.take, (quantity, quantity, product))
        send(SQL.shipment, (order, time.time_ns()))
        send(SQL.shipped, (order,))
        send(SQL.event, ("order.shipped", payload(number, 0)))
        send("COMMIT")

    def refund(self, number: str) -> None:
        send = self._connection.execute
        send("BEGIN IMMEDIATE")
        order = send(SQL.found, (number,)).fetchone()[0]
        product, quantity, total = send(SQL.first, (order,)).fetchone()
        amount = total // quantity
        send(SQL.refund, (order, amount))
        if send(SQL.give_back, (amount, order, amount)).rowcount != 1:
            raise ValueError(f"order {number} was not paid {amount}")
        send(SQL.restock, (product,))
        send(SQL.event, ("order.refunded", payload(number, amount)))
        send("COMMIT")

    def close(self) -> None:
        self._connection.close()


def fresh_file(path: Path, fill: Callable[[Path], object]) -> None:
    """A new copy of a filled file; it is filled once, and kept beside it."""
    template = path.with_suffix(".template")
    _remove(path)
    if not template.exists():
        fill(path)
        path.rename(template)
    shutil.copyfile(template, path)


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _fill(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN")
    for text in tables(postgres=False):
        connection.execute(text)
    connection.executemany(SQL.stock, ((index, product.stock) for index, product in enumerate(ON_SALE)))
    connection.execute("COMMIT")
    connection.close()
