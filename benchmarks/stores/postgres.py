"""Bare SQL on PostgreSQL, statement by statement, as most programs speak to it: the twin of `sqlite`.

A checkout is eleven round trips: BEGIN, nine statements, COMMIT.
"""

import time
from dataclasses import dataclass
from typing import Final

import psycopg

from benchmarks.job import ON_SALE, wishes
from benchmarks.server import Server
from benchmarks.stores.protocol import SoldOut
from benchmarks.stores.sql import POSTGRES as SQL
from benchmarks.stores.sql import Slip, payload, slip, tables

DATABASE: Final = "bench_bare"


@dataclass(frozen=True)
class BarePostgres:
    """A database of its own on a server."""

    server: Server
    name: str = "bare SQL, PostgreSQL"

    @property
    def url(self) -> str:
        return self.server.url(DATABASE)

    def reset(self) -> None:
        fresh_database(self.server, DATABASE)
        with psycopg.connect(self.url, autocommit=True) as connection:
            for text in tables(postgres=True):
                connection.execute(text)
            with connection.cursor() as cursor:
                cursor.executemany(SQL.stock, [(index, product.stock) for index, product in enumerate(ON_SALE)])
        settled(self.url)

    def open(self) -> "BarePostgresTill":
        return BarePostgresTill(self.url)


class BarePostgresTill:
    """A connection with prepared statements."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True, prepare_threshold=0)
        self.send = self.connection.cursor().execute

    def checkout(self, k: int) -> str:
        paper = slip(wishes(k))
        with self.connection.transaction():
            self._place(paper)
        return paper.number

    def _place(self, paper: Slip) -> None:
        send = self.send
        (order,) = send(SQL.order, paper.order).fetchone() or ()
        for index, line in enumerate(paper.lines):
            if send(SQL.reserve, (line.quantity, line.product, line.quantity)).rowcount != 1:
                raise SoldOut
            send(SQL.line, (order, index, *line))
        send(SQL.pay, (order, paper.due.total))
        send(SQL.event, ("order.placed", paper.payload))

    def ship(self, number: str) -> None:
        send = self.send
        with self.connection.transaction():
            (order,) = send(SQL.placed, (number,)).fetchone() or ()
            for product, quantity in send(SQL.lines, (order,)).fetchall():
                send(SQL.take, (quantity, quantity, product))
            send(SQL.shipment, (order, time.time_ns()))
            send(SQL.shipped, (order,))
            send(SQL.event, ("order.shipped", payload(number, 0)))

    def refund(self, number: str) -> None:
        send = self.send
        with self.connection.transaction():
            (order,) = send(SQL.found, (number,)).fetchone() or ()
            product, quantity, total = send(SQL.first, (order,)).fetchone() or ()
            amount = total // quantity
            send(SQL.refund, (order, amount))
            if send(SQL.give_back, (amount, order, amount)).rowcount != 1:
                raise ValueError(f"order {number} was not paid {amount}")
            send(SQL.restock, (product,))
            send(SQL.event, ("order.refunded", payload(number, amount)))

    def close(self) -> None:
        self.connection.close()


def fresh_database(server: Server, database: str, *, template: str = "template0") -> None:
    """Make *database* anew, empty or as a copy of *template*."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {database} TEMPLATE {template}")


def database_exists(server: Server, database: str) -> bool:
    """Whether there is such a database."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone()
    return found is not None


def settled(url: str) -> None:
    """Leave the server no work of the set-up to do while the job is measured."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
