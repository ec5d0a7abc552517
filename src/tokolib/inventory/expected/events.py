"""What happens to an expected receipt."""

from datetime import date, datetime
from typing import ClassVar

import attrs

from tokolib.inventory.expected.model import ExpectedReceipt
from tokolib.kernel.events import Event


@attrs.frozen
class ReceiptAnnounced(Event):
    """Goods are to come."""

    topic: ClassVar[str] = "inventory.receipt_announced"
    receipt: ExpectedReceipt


@attrs.frozen
class ReceiptChanged(Event):
    """They come on another day, or as another quantity."""

    topic: ClassVar[str] = "inventory.receipt_changed"
    expected_on: date
    steps: int


@attrs.frozen
class ReceiptArrived(Event):
    """Some of them came."""

    topic: ClassVar[str] = "inventory.receipt_arrived"
    steps: int
    at: datetime


@attrs.frozen
class ReceiptCompleted(Event):
    """All of them have come."""

    topic: ClassVar[str] = "inventory.receipt_completed"
    at: datetime


@attrs.frozen
class ReceiptCancelled(Event):
    """No more of them comes; what has come stays."""

    topic: ClassVar[str] = "inventory.receipt_cancelled"
    reason: str
    at: datetime
