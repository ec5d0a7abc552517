"""Plain dicts: the floor of a shop in memory. It looks first and changes then; there is no undo and no lock."""

from dataclasses import dataclass
from typing import Any

from benchmarks.job import ON_SALE, wishes
from benchmarks.stores.protocol import SoldOut
from benchmarks.stores.sql import payload, slip


@dataclass(frozen=True)
class Dicts:
    """A store that lives as long as its till."""

    name: str = "plain dicts"

    def reset(self) -> None:
        """Nothing outlives a till."""

    def open(self) -> "DictTill":
        return DictTill()


class DictTill:
    """Orders, stock and events in dicts and lists."""

    def __init__(self) -> None:
        self._stock = [[product.stock, 0] for product in ON_SALE]
        self._orders: dict[str, list[Any]] = {}
        self._paid: dict[str, list[int]] = {}
        self._events: list[tuple[str, str]] = []

    def checkout(self, k: int) -> str:
        paper = slip(wishes(k))
        stock = self._stock
        for line in paper.lines:
            on_hand, reserved = stock[line.product]
            if on_hand - reserved < line.quantity:
                raise SoldOut
        for line in paper.lines:
            stock[line.product][1] += line.quantity
        self._orders[paper.number] = ["placed", paper.order, paper.lines]
        self._paid[paper.number] = [paper.due.total, 0]
        self._events.append(("order.placed", paper.payload))
        return paper.number

    def ship(self, number: str) -> None:
        order = self._orders[number]
        for line in order[2]:
            shelf = self._stock[line.product]
            shelf[0] -= line.quantity
            shelf[1] -= line.quantity
        order[0] = "shipped"
        self._events.append(("order.shipped", payload(number, 0)))

    def refund(self, number: str) -> None:
        line = self._orders[number][2][0]
        amount = line.total // line.quantity
        paid = self._paid[number]
        if paid[0] - paid[1] < amount:
            raise ValueError(f"order {number} was not paid {amount}")
        paid[1] += amount
        self._stock[line.product][0] += 1
        self._events.append(("order.refunded", payload(number, amount)))

    def close(self) -> None:
        self._stock.clear()
