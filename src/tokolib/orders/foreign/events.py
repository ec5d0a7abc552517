"""What happens to a foreign order: it is taken over, once."""

from typing import ClassVar

import attrs

from tokolib.kernel.events import Event


@attrs.frozen
class OrderTakenOver(Event):
    """An order that was made elsewhere is one of this shop."""

    topic: ClassVar[str] = "orders.order_taken_over"
    foreign_id: str
    order_id: str
    source: str
    number: str
    total: int
    difference: int
