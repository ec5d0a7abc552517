"""Goods on their way: shipments of units of an order, planned, handed over, tracked, delivered, or gone astray."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.fulfilment.errors import (
        IllegalShipmentTransition,
        ImpossibleArrival,
        InvalidClaim,
        LabelAwaited,
        LabelsStand,
        NoCourierClaim,
        NotForCollection,
        NotHere,
        NothingAstray,
        NothingMissed,
        NothingToAsk,
        NothingToShip,
        RemediedOtherwise,
        TakenBefore,
        WrongCode,
    )
    from tokolib.fulfilment.model import Attempt, CourierClaim, Remedy, Shipment, ShipmentState

__all__ = [
    "Attempt",
    "CourierClaim",
    "IllegalShipmentTransition",
    "ImpossibleArrival",
    "InvalidClaim",
    "LabelAwaited",
    "LabelsStand",
    "NoCourierClaim",
    "NotForCollection",
    "NotHere",
    "NothingAstray",
    "NothingMissed",
    "NothingToAsk",
    "NothingToShip",
    "RemediedOtherwise",
    "Remedy",
    "Shipment",
    "ShipmentState",
    "TakenBefore",
    "WrongCode",
]

__getattr__ = exports(
    __name__,
    {
        "Attempt": "model",
        "CourierClaim": "model",
        "IllegalShipmentTransition": "errors",
        "ImpossibleArrival": "errors",
        "InvalidClaim": "errors",
        "LabelAwaited": "errors",
        "LabelsStand": "errors",
        "NoCourierClaim": "errors",
        "NothingAstray": "errors",
        "NothingToAsk": "errors",
        "NotHere": "errors",
        "WrongCode": "errors",
        "NothingMissed": "errors",
        "NotForCollection": "errors",
        "NothingToShip": "errors",
        "RemediedOtherwise": "errors",
        "Remedy": "model",
        "Shipment": "model",
        "ShipmentState": "model",
        "TakenBefore": "errors",
    },
)
