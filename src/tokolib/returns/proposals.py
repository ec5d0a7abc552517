"""What customer and shop propose to each other about goods that are to come back."""

from datetime import datetime
from enum import StrEnum

import attrs

from tokolib.kernel.money import Money


class Side(StrEnum):
    """Who proposes."""

    CUSTOMER = "customer"
    SHOP = "shop"


class Answer(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    """The other side has not answered yet."""
    AGREED = "agreed"
    DECLINED = "declined"
    """The other side doesn't want it, or its own side has taken it back."""
    COUNTERED = "countered"
    """Another one took its place."""
    LAPSED = "lapsed"
    """Nobody answered in time."""


@attrs.frozen(kw_only=True)
class Proposal:
    """That goods come back for their credit, or that the customer keeps them and is allowed an amount."""

    amount: Money | None
    """What is allowed to a customer who keeps the goods; None where they come back."""
    side: Side
    by: str
    at: datetime
    until: datetime
    """When it lapses, if nobody has answered."""
    note: str
    answer: Answer = Answer.OPEN
    answered_by: str = ""
    """Who agreed, declined or countered; empty while it is open, and where it lapsed."""
    answered_at: datetime | None = None
