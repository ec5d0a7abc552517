"""**Ports.** Where it is kept what orders were taken over."""

from typing import Protocol

from tokolib.kernel.unit import Port, Repository
from tokolib.orders.foreign.model import TakenOver


class ForeignOrders(Repository[TakenOver], Protocol):
    """Orders from elsewhere by id. Indexes: `by_number` (unique: source and number), `by_order`, `differing`."""


FOREIGN_ORDERS: Port[ForeignOrders] = Port("foreign_orders")
