"""Couriers as the shop asks them: the port, what is told, and what is answered."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.fulfilment.couriers.errors import NoSuchCourier, NotOffered
    from tokolib.fulfilment.couriers.model import (
        BookedPickup,
        BoughtLabel,
        LabelContent,
        LabelRequest,
        PickupParcel,
        PickupRequest,
        PickupWindow,
    )
    from tokolib.fulfilment.couriers.ports import Courier, CourierCapabilities

__all__ = [
    "BookedPickup",
    "BoughtLabel",
    "Courier",
    "CourierCapabilities",
    "LabelContent",
    "LabelRequest",
    "NoSuchCourier",
    "NotOffered",
    "PickupParcel",
    "PickupRequest",
    "PickupWindow",
]

__getattr__ = exports(
    __name__,
    {
        "BookedPickup": "model",
        "BoughtLabel": "model",
        "Courier": "ports",
        "CourierCapabilities": "ports",
        "LabelContent": "model",
        "LabelRequest": "model",
        "NoSuchCourier": "errors",
        "NotOffered": "errors",
        "PickupParcel": "model",
        "PickupRequest": "model",
        "PickupWindow": "model",
    },
)
