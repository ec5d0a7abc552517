"""What stops an order: blocks, each with who has to decide on it, and the wish that it be cancelled."""

from datetime import datetime

import attrs

from tokolib.kernel.explain import Reason
from tokolib.kernel.verification import Lapse


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
    because: tuple[Reason, ...] = ()
    """What a verification rule found, with its figures; empty where somebody set the block."""


@attrs.frozen
class CancelWish:
    """Somebody wants the order cancelled, and a charge is open: it is, as soon as the charge has ended."""

    reason: str
    by: str
    at: datetime
    keep: int = 0
    """What of a plan's deposit the shop keeps then, in minor units at most."""
