"""What happens to an offer."""

from datetime import datetime
from typing import ClassVar

import attrs

from tokolib.kernel.events import Event
from tokolib.kernel.ids import OrderId
from tokolib.kernel.personal import PERSONAL
from tokolib.orders.offers.model import Offer, OfferVersion


@attrs.frozen
class OfferDrafted(Event):
    """A cart's quote is to be offered."""

    topic: ClassVar[str] = "orders.offer_drafted"
    offer: Offer


@attrs.frozen
class OfferRevised(Event):
    """There is a new version; what was sent before stands until this one is sent."""

    topic: ClassVar[str] = "orders.offer_revised"
    written: OfferVersion


@attrs.frozen
class OfferSent(Event):
    """The newest version is promised to somebody: the host sends it."""

    topic: ClassVar[str] = "orders.offer_sent"
    to: str = attrs.field(metadata=PERSONAL)
    until: datetime
    holds: tuple[str, ...]
    at: datetime


@attrs.frozen
class OfferAccepted(Event):
    """The sent version became an order."""

    topic: ClassVar[str] = "orders.offer_accepted"
    number: int
    order_id: OrderId
    at: datetime


@attrs.frozen
class OfferDeclined(Event):
    """The customer doesn't want it as it is."""

    topic: ClassVar[str] = "orders.offer_declined"
    reason: str
    at: datetime


@attrs.frozen
class OfferExpired(Event):
    """Nobody answered in time."""

    topic: ClassVar[str] = "orders.offer_expired"
    at: datetime


@attrs.frozen
class OfferWithdrawn(Event):
    """The shop offers it no longer."""

    topic: ClassVar[str] = "orders.offer_withdrawn"
    reason: str
    at: datetime
