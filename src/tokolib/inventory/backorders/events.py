"""What happens to a backorder."""

from datetime import date
from typing import ClassVar

import attrs

from tokolib.kernel.events import Event
from tokolib.kernel.quantity import UnitOfMeasure


@attrs.frozen
class BackorderSet(Event):
    """So many steps of a SKU may be promised at a location beyond its stock, for then; of a closed one no more."""

    topic: ClassVar[str] = "inventory.backorder_set"
    key: str
    sku: str
    unit: UnitOfMeasure
    location: str
    steps: int
    days: int | None
    on: date | None
    closed: bool
