"""**Ports.** Where gift cards and grants are kept; what is left on them are the storage's counters."""

from typing import Protocol

from tokolib.kernel.unit import Port, Repository, Unit
from tokolib.stored_value.model import CardLine, GiftCard, Grant


class GiftCards(Repository[GiftCard], Protocol):
    """Gift cards by id, by their code's digest (`by_digest`), by when they expire (`by_date`)."""


class Grants(Repository[Grant], Protocol):
    """Grants by id, by customer and currency (`by_customer`), by when they expire (`by_date`)."""


class CardLines(Protocol):
    """What of an order may be a gift card."""

    async def __call__(self, unit: Unit, order_id: str, /) -> tuple[CardLine, ...]:
        """The untaxed lines whose units all cost the same; none of an order that isn't placed, or is to be cancelled.

        Raises:
            NotFound: there is no such order.
        """
        ...


GIFT_CARDS: Port[GiftCards] = Port("gift_cards")
GRANTS: Port[Grants] = Port("credit_grants")
