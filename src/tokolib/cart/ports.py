"""**Port.** Where carts are kept."""

from typing import Protocol

from tokolib.cart.model import Cart
from tokolib.kernel.unit import Port, Repository


class Carts(Repository[Cart], Protocol):
    """The shop's carts.

    Indexes: `by_token` (token hash, unique), `by_customer` (customer, status), `by_activity` (status, touched).
    """


CARTS: Port[Carts] = Port("carts")
