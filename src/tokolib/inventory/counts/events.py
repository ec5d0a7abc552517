"""What happens to a count."""

from datetime import datetime
from typing import ClassVar

import attrs

from tokolib.inventory.counts.model import Count, Tally
from tokolib.kernel.events import Event


@attrs.frozen
class CountOpened(Event):
    """Some SKUs of a location are to be counted."""

    topic: ClassVar[str] = "inventory.count_opened"
    count: Count


@attrs.frozen
class StockCounted(Event):
    """Somebody counted some of them; an approval of what was counted before holds no longer."""

    topic: ClassVar[str] = "inventory.stock_counted"
    tallies: tuple[Tally, ...]


@attrs.frozen
class CountApproved(Event):
    """Somebody who didn't count found the variances to be right."""

    topic: ClassVar[str] = "inventory.count_approved"
    by: str
    at: datetime


@attrs.frozen
class CountPosted(Event):
    """The books were adjusted by the variances."""

    topic: ClassVar[str] = "inventory.count_posted"
    reason: str
    at: datetime


@attrs.frozen
class CountCancelled(Event):
    """It was given up; the books are as they were."""

    topic: ClassVar[str] = "inventory.count_cancelled"
    reason: str
    at: datetime
