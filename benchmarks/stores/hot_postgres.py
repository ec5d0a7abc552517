"""Bare SQL selling one product that everybody wants: each order is one unit of the same SKU.

The control stores the same order and reserves nothing: the most that one order a commit can do on this machine.
"""

from dataclasses import dataclass
from typing import Literal

from benchmarks.job import HOT, ON_SALE
from benchmarks.stores.postgres import BarePostgres, BarePostgresTill
from benchmarks.stores.protocol import SoldOut
from benchmarks.stores.sql import POSTGRES as SQL
from benchmarks.stores.sql import slip

When = Literal["first", "last", "never"]


@dataclass(frozen=True)
class HotPostgres:
    """Bare SQL; the unit is reserved before the order's rows, after them, or (the control) never."""

    bare: BarePostgres
    reserved: When
    units: int = ON_SALE[HOT].stock

    @property
    def name(self) -> str:
        return f"bare SQL, PostgreSQL, hot SKU, reserved {self.reserved}"

    def reset(self) -> None:
        self.bare.reset()
        till = BarePostgresTill(self.bare.url)
        till.send("UPDATE stock SET on_hand = %s WHERE product = %s", (self.units, HOT))
        till.close()

    def open(self) -> "HotPostgresTill":
        return HotPostgresTill(self.bare.url, self.reserved)


class HotPostgresTill(BarePostgresTill):
    """Sells the one product."""

    def __init__(self, url: str, reserved: When) -> None:
        super().__init__(url)
        self._reserved = reserved

    def checkout(self, k: int) -> str:
        paper, send = slip([(HOT, 1)]), self.send
        with self.connection.transaction():
            if self._reserved == "first":
                self._reserve()
            (order,) = send(SQL.order, paper.order).fetchone() or ()
            send(SQL.line, (order, 0, *paper.lines[0]))
            send(SQL.pay, (order, paper.due.total))
            send(SQL.event, ("order.placed", paper.payload))
            if self._reserved == "last":
                self._reserve()
        return paper.number

    def _reserve(self) -> None:
        if self.send(SQL.reserve, (1, HOT, 1)).rowcount != 1:
            raise SoldOut
