"""What happens to the goods of an order, from the shelf to the customer and back."""

from typing import ClassVar

import attrs

from tokolib.checkout.lines import Awaited
from tokolib.kernel.events import Event
from tokolib.kernel.ids import LineId, LocationId
from tokolib.orders.lines import Run


@attrs.frozen
class GoodsShipped(Event):
    """Units left the house; `holds` still stand."""

    topic: ClassVar[str] = "orders.goods_shipped"
    shipment_id: str
    runs: tuple[Run, ...]
    holds: tuple[str, ...]


@attrs.frozen
class GoodsDelivered(Event):
    """Units reached the customer."""

    topic: ClassVar[str] = "orders.goods_delivered"
    shipment_id: str
    runs: tuple[Run, ...]


@attrs.frozen
class GoodsPlanned(Event):
    """A shipment claimed units: they leave with it, or it gives them back."""

    topic: ClassVar[str] = "orders.goods_planned"
    shipment_id: str
    runs: tuple[Run, ...]


@attrs.frozen
class GoodsUnplanned(Event):
    """A shipment gave units back before it left: any other may take them."""

    topic: ClassVar[str] = "orders.goods_unplanned"
    shipment_id: str
    runs: tuple[Run, ...]


@attrs.frozen
class DeliveryRevoked(Event):
    """Units that were told to have reached the customer did not: they are on their way back to the sender."""

    topic: ClassVar[str] = "orders.delivery_revoked"
    shipment_id: str
    runs: tuple[Run, ...]


@attrs.frozen
class GoodsUndelivered(Event):
    """Units that left won't arrive: they are lost, or back at the sender. The customer still has them coming."""

    topic: ClassVar[str] = "orders.goods_undelivered"
    shipment_id: str
    runs: tuple[Run, ...]


@attrs.frozen
class GoodsReopened(Event):
    """Units that did not arrive are to be shipped again."""

    topic: ClassVar[str] = "orders.goods_reopened"
    shipment_id: str
    runs: tuple[Run, ...]
    held: tuple[str, ...]
    """The holds that were made for them; taken at once where stock leaves the books at the sale."""
    holds: tuple[str, ...]
    """All that then stand."""


@attrs.frozen
class GoodsAllocated(Event):
    """Stock came, and units that waited for it have theirs."""

    topic: ClassVar[str] = "orders.goods_allocated"
    runs: tuple[Run, ...]
    held: tuple[str, ...]
    """The holds that were made for them, in place of the promise."""
    holds: tuple[str, ...]
    """All that then stand."""


@attrs.frozen
class GoodsRelocated(Event):
    """Units leave from another place than was chosen for them."""

    topic: ClassVar[str] = "orders.goods_relocated"
    location: LocationId
    runs: tuple[Run, ...]
    held: tuple[str, ...]
    """The holds that were made for them there."""
    holds: tuple[str, ...]
    """All that then stand."""
    reason: str


@attrs.frozen
class PromiseMoved(Event):
    """Units of a line that wait for stock come on other days than they were promised for: tell the customer."""

    topic: ClassVar[str] = "orders.promise_moved"
    line_id: LineId
    awaited: tuple[Awaited, ...]
    """All units of the line that no stock has been given to, by the day for which they are promised now."""


@attrs.frozen
class GoodsReturned(Event):
    """Units came back, or never arrived; their shares are credited to the customer."""

    topic: ClassVar[str] = "orders.goods_returned"
    return_id: str
    runs: tuple[Run, ...]
    charges: bool
    credited: int
    even: bool = False
    """Whether something that costs the same has taken their place: no allowance went with them."""
