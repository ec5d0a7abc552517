"""A transfer: what goes, from where to where, and what of it has arrived."""

from datetime import datetime
from enum import StrEnum

import attrs

from tokolib.kernel.ids import TransferId
from tokolib.kernel.quantity import Quantity, UnitOfMeasure


class TransferState(StrEnum):
    """Where a transfer stands."""

    DRAFT = "draft"
    DISPATCHED = "dispatched"
    RECEIVING = "receiving"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@attrs.frozen
class Portion:
    """Steps of one SKU key."""

    key: str
    steps: int


@attrs.frozen
class TransferLine:
    """One SKU of a transfer, in steps of its unit."""

    key: str
    sku: str
    unit: UnitOfMeasure
    sent: int
    arrived: int = 0
    """All that has arrived, late and surplus goods counted in."""
    lost: int = 0
    """What was given up as lost when the transfer was closed, less what arrived after that."""

    @property
    def open(self) -> int:
        """Steps that are still expected."""
        return max(self.sent - self.arrived - self.lost, 0)

    @property
    def surplus(self) -> int:
        """Steps that arrived beyond what was sent."""
        return max(self.arrived - self.sent, 0)

    @property
    def variance(self) -> Quantity:
        """What arrived less what was sent: negative where some is lost or still expected."""
        return Quantity(self.arrived - self.sent, self.unit)


@attrs.frozen
class Transfer:
    """Goods that go from one location to another. While they are on their way they are the target's `transit`."""

    id: TransferId
    version: int
    state: TransferState
    source: str
    target: str
    lines: tuple[TransferLine, ...]
    reference: str
    drafted_at: datetime
    dispatched_at: datetime | None = None
    closed_at: datetime | None = None
    reason: str = ""
    """Why it was closed with goods missing, or cancelled."""

    def line(self, key: str) -> TransferLine | None:
        """The line of a SKU key, if it has one."""
        return next((each for each in self.lines if each.key == key), None)

    @property
    def on_its_way(self) -> dict[str, int]:
        """Steps by SKU key that are in transit now."""
        if self.state not in (TransferState.DISPATCHED, TransferState.RECEIVING):
            return {}
        return {line.key: line.open for line in self.lines if line.open}
