"""**Ports.** Where gift cards and grants are kept; what is left on them are the storage's counters."""

from typing import Protocol

from tokolib.kernel.unit import Port, Repository
from tokolib.stored_value.model import GiftCard, Grant


class GiftCards(Repository[GiftCard], Protocol):
    """Gift cards by id, by their code's digest (`by_digest`), by when they expire (`by_date`)."""


class Grants(Repository[Grant], Protocol):
    """Grants by id, by customer and currency (`by_customer`), by when they expire (`by_date`)."""


GIFT_CARDS: Port[GiftCards] = Port("gift_cards")
GRANTS: Port[Grants] = Port("credit_grants")
