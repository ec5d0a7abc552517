"""What must hold beside a shipment's state for something to happen to it; the table of its life names them."""

from typing import Final

from tokolib.fulfilment.errors import NoCourierClaim, RemediedOtherwise
from tokolib.fulfilment.model import Shipment
from tokolib.kernel.machine import Guard


def _remedied(shipment: Shipment) -> RemediedOtherwise:
    return RemediedOtherwise(shipment.id, str(shipment.remedy))


undecided: Final = Guard[Shipment](
    "undecided",
    "nobody has decided what the customer gets for it",
    lambda shipment: shipment.remedy is None,
    _remedied,
)

claimed: Final = Guard[Shipment](
    "claimed",
    "the shop has claimed it of the courier",
    lambda shipment: shipment.claim is not None,
    lambda shipment: NoCourierClaim(shipment.id),
)
