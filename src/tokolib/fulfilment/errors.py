"""What fulfilment refuses."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.transitions import IllegalTransition


@attrs.frozen
class IllegalShipmentTransition(IllegalTransition):
    """The shipment is in a state that does not allow this; nothing was changed."""

    code: ClassVar[str] = "fulfilment.illegal_transition"
    thing: ClassVar[str] = "shipment"


@attrs.frozen
class NothingToShip(TokolibError):
    """No unit of the order is left to ship; nothing was changed."""

    code: ClassVar[str] = "fulfilment.nothing_to_ship"
    status: ClassVar[int] = 409
    order_id: str

    def __str__(self) -> str:
        return f"order {self.order_id} has no unit left to ship"

    @property
    def hint(self) -> str:
        return "see what left with shop.shipments.of(order); goods, when given, must name at least one unit"


@attrs.frozen
class ImpossibleArrival(TokolibError):
    """Goods arrive after they were handed over, and not in the future; nothing was changed."""

    code: ClassVar[str] = "fulfilment.impossible_arrival"
    shipment_id: str
    at: str
    earliest: str
    """When the goods were handed over."""
    latest: str
    """A day from now, since clocks and zones differ."""

    def __str__(self) -> str:
        return (
            f"shipment {self.shipment_id} can't have arrived at {self.at}: "
            f"it can between {self.earliest} and {self.latest}"
        )

    @property
    def hint(self) -> str:
        return "give the instant that the courier names, with its zone, or none for now"
