"""What happens to a transfer."""

from datetime import datetime
from typing import ClassVar

import attrs

from tokolib.inventory.transfers.model import Portion, Transfer
from tokolib.kernel.events import Event


@attrs.frozen
class TransferDrafted(Event):
    """Somebody wrote down what is to go; no goods have moved."""

    topic: ClassVar[str] = "inventory.transfer_drafted"
    transfer: Transfer


@attrs.frozen
class TransferDispatched(Event):
    """All of it left its source, and is on its way."""

    topic: ClassVar[str] = "inventory.transfer_dispatched"
    at: datetime


@attrs.frozen
class TransferArrived(Event):
    """Some of it arrived: as expected, late, or more than was sent."""

    topic: ClassVar[str] = "inventory.transfer_arrived"
    goods: tuple[Portion, ...]
    state: str
    """What it is good for: the value of a `StockState`."""
    at: datetime


@attrs.frozen
class TransferClosed(Event):
    """Nothing more is expected; what is missing was written off."""

    topic: ClassVar[str] = "inventory.transfer_closed"
    lost: tuple[Portion, ...]
    reason: str
    at: datetime


@attrs.frozen
class TransferCancelled(Event):
    """It never left, or turned back whole."""

    topic: ClassVar[str] = "inventory.transfer_cancelled"
    reason: str
    at: datetime
