"""**Ports.** Where offers are kept."""

from typing import Protocol

from tokolib.kernel.unit import Port, Repository
from tokolib.orders.offers.model import Offer


class Offers(Repository[Offer], Protocol):
    """Offers by id. Indexes: `by_state` (state, then the instant up to which they are promised), `by_cart`."""


OFFERS: Port[Offers] = Port("offers")
