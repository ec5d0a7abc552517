"""What orders keep."""

from typing import Protocol

from tokolib.kernel.unit import Port, Repository
from tokolib.orders.model import Order


class Orders(Repository[Order], Protocol):
    """The orders of the shop.

    Indexes: `by_reference` (unique), `by_state` (state, then the instant it is due), `by_customer`,
    `by_customer_state`, `by_sub_state` (sub-state, then the instant it was asked for).
    """


ORDERS: Port[Orders] = Port("orders")
