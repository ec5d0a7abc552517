"""What happens to a lot. What moves of it are rows of a ledger, not events."""

from datetime import date, datetime
from typing import ClassVar

import attrs

from tokolib.kernel.events import Event


@attrs.frozen
class LotMade(Event):
    """A lot or serial was received for the first time."""

    topic: ClassVar[str] = "inventory.lot_made"
    key: str
    sku: str
    code: str
    tracked: str
    """The value of a `Tracked`."""
    expires_on: date | None
    at: datetime


@attrs.frozen
class LotArrived(Event):
    """Some of it came to a place."""

    topic: ClassVar[str] = "inventory.lot_arrived"
    where: str


@attrs.frozen
class LotLeft(Event):
    """The last of it left a place."""

    topic: ClassVar[str] = "inventory.lot_left"
    where: str


@attrs.frozen
class LotBlocked(Event):
    """None of it may leave for orders from now on, or, without a reason, all of it may again."""

    topic: ClassVar[str] = "inventory.lot_blocked"
    reason: str
