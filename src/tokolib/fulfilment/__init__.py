"""Goods on their way: shipments of units of an order, handed over, tracked, delivered."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.fulfilment.errors import IllegalShipmentTransition, ImpossibleArrival, NothingToShip
    from tokolib.fulfilment.model import Shipment, ShipmentState

__all__ = ["IllegalShipmentTransition", "ImpossibleArrival", "NothingToShip", "Shipment", "ShipmentState"]

__getattr__ = exports(
    __name__,
    {
        "ImpossibleArrival": "errors",
        "NothingToShip": "errors",
        "Shipment": "model",
        "IllegalShipmentTransition": "errors",
        "ShipmentState": "model",
    },
)
