"""What stops an order: blocks, each with who has to decide on it, and the wish that it be cancelled."""

from datetime import datetime
from enum import StrEnum

import attrs


class Lapse(StrEnum):
    """What becomes of a block whose time is over, and that nobody has decided on."""

    LIFT = "lift"
    """It is lifted: goods may leave."""
    CANCEL = "cancel"
    """The order is cancelled; where goods have left, a person has to decide."""
    ESCALATE = "escalate"
    """It stands, and waits in the review queue."""


@attrs.frozen
class Block:
    """Something that stops fulfilment until it is lifted: fraud, address, verification, stock.

    There is one of each code and owner.
    """

    code: str
    reason: str
    by: str
    at: datetime
    owner: str = ""
    """Who has to decide on it, in the shop's own words: a role or a person; empty where anybody may."""
    until: datetime | None = None
    """When its time is over; None where it stands until somebody lifts it."""
    then: Lapse = Lapse.ESCALATE
    """What becomes of it then."""


@attrs.frozen
class CancelWish:
    """Somebody wants the order cancelled, and a charge is open: it is, as soon as the charge has ended."""

    reason: str
    by: str
    at: datetime
    keep: int = 0
    """What of a plan's deposit the shop keeps then, in minor units at most."""
