"""What happens to locations and stock items. Movements themselves are rows of the ledger, not events."""

from decimal import Decimal
from typing import ClassVar

import attrs

from tokolib.kernel.events import Event
from tokolib.kernel.quantity import UnitOfMeasure


@attrs.frozen
class LocationOpened(Event):
    """A location was opened, or given another name."""

    topic: ClassVar[str] = "inventory.location_opened"
    code: str
    name: str


@attrs.frozen
class StockItemOpened(Event):
    """The first movement of a SKU: from now on it is counted in this unit and step."""

    topic: ClassVar[str] = "inventory.item_opened"
    key: str
    sku: str
    unit: UnitOfMeasure


@attrs.frozen
class ThresholdSet(Event):
    """Below *steps* available steps the SKU is low at a location; None means it never is."""

    topic: ClassVar[str] = "inventory.threshold_set"
    location: str
    steps: int | None


@attrs.frozen
class ItemTracked(Event):
    """From its first movement on, the SKU is tracked so."""

    topic: ClassVar[str] = "inventory.item_tracked"
    tracked: str
    """The value of a `Tracked`."""


@attrs.frozen
class BufferSet(Event):
    """How much of a SKU (empty: of any) a channel must leave at a location (empty: at any); None lets it sell all."""

    topic: ClassVar[str] = "inventory.buffer_set"
    channel: str
    location: str
    key: str
    amount: Decimal | None


@attrs.frozen
class StockLow(Event):
    """Less than the threshold is available. Said once, until it has recovered."""

    topic: ClassVar[str] = "inventory.stock_low"
    sku: str
    location: str
    available: int
    threshold: int


@attrs.frozen
class StockRecovered(Event):
    """The threshold is available again."""

    topic: ClassVar[str] = "inventory.stock_recovered"
    sku: str
    location: str
    available: int
    threshold: int


@attrs.frozen
class StockAdded(Event):
    """Goods came in, or came back; the history says who took them in."""

    topic: ClassVar[str] = "inventory.stock_added"
    movement_id: str
    location: str
    kind: str
    """`receive` or `restock`."""
    change: int
    """Steps, positive."""
    state: str
    """What they are good for: the value of a `StockState`."""


@attrs.frozen
class StockCorrected(Event):
    """Somebody adjusted or wrote off stock by hand, for a reason; the history says who."""

    topic: ClassVar[str] = "inventory.stock_corrected"
    movement_id: str
    location: str
    kind: str
    """`adjust` or `write_off`."""
    change: int
    """Steps, negative when they went."""
    state: str
    """What they were good for: the value of a `StockState`."""
    reason: str


@attrs.frozen
class StockMoved(Event):
    """Goods went from one state or location into another; the history says who moved them."""

    topic: ClassVar[str] = "inventory.stock_moved"
    out_id: str
    """The movement out of where they were."""
    in_id: str
    """The movement into where they are now."""
    from_location: str
    from_state: str
    to_location: str
    to_state: str
    change: int
    """Steps, positive."""
    reason: str
