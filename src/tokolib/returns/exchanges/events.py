"""What happens to an exchange."""

from datetime import datetime
from typing import ClassVar

import attrs

from tokolib.kernel.events import Event
from tokolib.returns.exchanges.model import Exchange, Settlement
from tokolib.returns.replacements import SetAside


@attrs.frozen
class ExchangeRequested(Event):
    """The customer wants something else for goods; it is held from now on."""

    topic: ClassVar[str] = "returns.exchange_requested"
    exchange: Exchange


@attrs.frozen
class ExchangeAuthorised(Event):
    """The shop agrees, and waits for the goods."""

    topic: ClassVar[str] = "returns.exchange_authorised"
    by: str


@attrs.frozen
class ExchangeExtended(Event):
    """The replacement is held longer, or was held anew."""

    topic: ClassVar[str] = "returns.exchange_extended"
    goods: tuple[SetAside, ...]
    holds: tuple[str, ...]
    until: datetime


@attrs.frozen
class ExchangeCompleted(Event):
    """The goods are back and credited, and the replacement is a part of the order."""

    topic: ClassVar[str] = "returns.exchange_completed"
    at: datetime
    settlement: Settlement


@attrs.frozen
class ExchangeRejected(Event):
    """The shop doesn't agree; the replacement is free again."""

    topic: ClassVar[str] = "returns.exchange_rejected"
    at: datetime
    note: str


@attrs.frozen
class ExchangeCancelled(Event):
    """The customer keeps the goods after all; the replacement is free again."""

    topic: ClassVar[str] = "returns.exchange_cancelled"
    at: datetime
    reason: str


@attrs.frozen
class ExchangeExpired(Event):
    """Nothing came while the replacement was held, or nobody decided on what came; nobody put the end off."""

    topic: ClassVar[str] = "returns.exchange_expired"
    at: datetime
