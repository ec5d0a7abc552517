"""What no rule could decide: observations that were set aside, and what people have decided about them."""

from datetime import datetime

import attrs

from tokolib.effects.model import Observation
from tokolib.kernel.money import Money


@attrs.frozen
class Review:
    """An observation that was set aside, by its digest; the history holds it whole."""

    fact: str
    reason: str
    operation_id: str
    amount: Money
    """What was seen of it: not always what was asked for."""
    at: datetime = attrs.field(eq=False)
    """When it was."""


@attrs.frozen(kw_only=True)
class Decision:
    """What a person has decided about something that no rule could."""

    case: str
    """What it was about: the id in the review queue."""
    why: str
    """Why it was there."""
    accepted: bool
    """Whether what was seen is taken for true; else it was put away."""
    reason: str
    by: str
    at: datetime
    order_id: str = ""
    """Whose it is, when it was accepted."""


@attrs.frozen
class Quarantine:
    """An observation that belongs to nothing in this shop, kept for a person."""

    id: str
    version: int
    observation: Observation
    reason: str
    at: datetime
    decision: Decision | None = None
    """What became of it; None while it waits."""
