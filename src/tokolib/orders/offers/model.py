"""An offer: the quotes that staff has made of one cart for a customer, and which of them was sent, until when."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

import attrs

from tokolib.kernel.ids import CartId, CustomerId, OfferId, OrderId, QuoteId
from tokolib.kernel.money import Money
from tokolib.kernel.personal import PERSONAL


class OfferState(StrEnum):
    """Where an offer stands; see `lifecycle.OFFER`."""

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@attrs.frozen
class OfferVersion:
    """One version: a stored quote, and whether and until when it was promised."""

    number: int
    """From 1 on."""
    quote_id: QuoteId
    total: Money
    made_at: datetime
    note: str = ""
    """What is new in it, or what the customer should know."""
    sent_at: datetime | None = None
    to: str = attrs.field(default="", metadata=PERSONAL)
    """Who got it: an address, a number, a name."""
    until: datetime | None = None
    """Up to when its figures are promised, this instant excluded."""
    holds: tuple[str, ...] = ()
    """The stock that was put aside for it when it was sent."""


@attrs.frozen
class Offer:
    """What is offered to somebody out of one cart."""

    id: OfferId
    version: int
    state: OfferState
    cart_id: CartId
    customer: CustomerId | None
    drafted_at: datetime
    versions: tuple[OfferVersion, ...]
    """The first one first; none is ever changed in its figures."""
    order_id: OrderId | None = None
    """The order that was made of it."""
    reason: str = ""
    """Why it was declined or withdrawn."""

    @property
    def newest(self) -> OfferVersion:
        """The last version that was written, sent or not."""
        return self.versions[-1]

    @property
    def standing(self) -> OfferVersion | None:
        """The last version that was sent: the only one that can be accepted; None where none was."""
        return next((each for each in reversed(self.versions) if each.sent_at is not None), None)

    @property
    def until(self) -> datetime | None:
        """Up to when the sent version is promised, while it waits for an answer."""
        return self.standing.until if self.state is OfferState.SENT and self.standing is not None else None

    @property
    def holds(self) -> tuple[str, ...]:
        """The stock that is put aside for it now, up to its term."""
        return self.standing.holds if self.state is OfferState.SENT and self.standing is not None else ()

    def numbered(self, number: int) -> OfferVersion | None:
        """The version of that number, or None."""
        return next((each for each in self.versions if each.number == number), None)

    def sent(self) -> Iterator[OfferVersion]:
        """The versions that were sent, the first one first."""
        yield from (each for each in self.versions if each.sent_at is not None)
