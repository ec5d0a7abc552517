"""Plain dicts: the floor of a shop in memory. It looks first and changes then; there is no undo and no lock."""

from dataclasses import dataclass

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
        self._orders: dict[str, list[object]] = {}
        self._lines: dict[str, list[tuple[int, int, int]]] = {}
        self._paid: dict[str, list[int]] = {}
        self._events: list[tuple[str, str]] = []

    def checkout(self, k: int) -> str:
        paper = slip(wishes(k))
        for line in paper.lines:
            on_hand, reserved = self._stock[line.product]
            if on_hand - reserved < line.quantity:
                raise SoldOut
        for line in paper.lines:
            self._stock[line.product][1] += line.quantity
        self._orders[paper.number] = ["placed", paper.order, paper.lines]
        self._lines[paper.number] = [(line.product, line.quantity, line.total) for line in paper.lines]
        self._paid[paper.number] = [paper.due.total, 0]
        self._events.append(("order.placed", paper.payload))
        return paper.number

    def ship(self, number: str) -> None:
        for product, quantity, _ in self._lines[number]:
            shelf = self._stock[product]
            shelf[0] -= quantity
            shelf[1] -= quantity
        self._orders[number][0] = "shipped"
        self._events.append(("order.shipped", payload(number, 0)))

    def refund(self, number: str) -> None:
        product, quantity, total = self._lines[number][0]
        amount = total // quantity
        paid = self._paid[number]
        if paid[0] - paid[1] < amount:
            raise ValueError(f"order {number} was not paid {amount}")
        paid[1] += amount
        self._stock[product][0] += 1
        self._events.append(("order.refunded", payload(number, amount)))

    def close(self) -> None:
        self._stock.clear()
