"""The exchange: what comes back, what takes its place, and until when that is held."""

from datetime import datetime
from enum import StrEnum

import attrs

from tokolib.kernel.ids import AmendmentId, ExchangeId, OrderId, ReturnId
from tokolib.kernel.money import Money
from tokolib.returns.replacements import Replacement, ReplacementPricing, SetAside


class ExchangeState(StrEnum):
    """Where an exchange stands."""

    REQUESTED = "requested"
    AUTHORISED = "authorised"
    COMPLETED = "completed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@attrs.frozen
class Settlement:
    """What an exchange has come to."""

    amendment_id: AmendmentId
    """What it has added to the order."""
    added: Money
    """What the replacement costs."""
    credited: Money
    """What was credited for the goods that came back."""
    replacements: tuple[Replacement, ...]
    """What was put in: less than was held where only some of the goods came, or were fit."""

    @property
    def difference(self) -> Money:
        """What the customer owes for it; negative: what goes back."""
        return self.added - self.credited


@attrs.frozen
class Exchange:
    """Goods of one order that come back, and what takes their place in it."""

    id: ExchangeId
    version: int
    order_id: OrderId
    return_id: ReturnId
    """The return that the goods come back with."""
    replacements: tuple[Replacement, ...]
    pricing: ReplacementPricing
    goods: tuple[SetAside, ...]
    """What the replacement takes from stock."""
    holds: tuple[str, ...]
    """The holds of these goods; they stand until `hold_until`, or until it ends."""
    hold_until: datetime
    """When the replacement is free again, unless that is put off."""
    state: ExchangeState
    reason: str
    requested_by: str
    requested_at: datetime
    authorised_by: str = ""
    settlement: Settlement | None = None
    """Present once it is completed."""
    ended_at: datetime | None = None
    note: str = ""
    """Why it was rejected or cancelled."""

    @property
    def is_open(self) -> bool:
        """Whether it may still be completed."""
        return self.state in (ExchangeState.REQUESTED, ExchangeState.AUTHORISED)

    @property
    def given_up_at(self) -> datetime:
        """When it ends though goods came in, unless its hold is put off: the shop has as long again to decide."""
        return self.hold_until + (self.hold_until - self.requested_at)

    @property
    def held(self) -> dict[str, int]:
        """Steps by resource that its holds are of."""
        return {each.resource: each.steps for each in self.goods}
