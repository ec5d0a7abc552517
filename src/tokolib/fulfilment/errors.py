"""What fulfilment refuses."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError


@attrs.frozen
class ShipmentIllegal(TokolibError):
    """The shipment is in a state that does not allow this; nothing was changed."""

    code: ClassVar[str] = "fulfilment.illegal_transition"
    status: ClassVar[int] = 409
    shipment_id: str
    state: str
    event: str

    def __str__(self) -> str:
        return f"shipment {self.shipment_id} is {self.state}: {self.event} not allowed"


@attrs.frozen
class NothingToShip(TokolibError):
    """No unit of the order is left to ship; nothing was changed."""

    code: ClassVar[str] = "fulfilment.nothing_to_ship"
    status: ClassVar[int] = 409
    order_id: str

    def __str__(self) -> str:
        return f"order {self.order_id} has no unit left to ship"
