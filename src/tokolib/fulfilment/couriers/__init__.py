"""Couriers as the shop asks them for labels: the port, what is told, and what is answered."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.fulfilment.couriers.model import BoughtLabel, LabelContent, LabelRequest
    from tokolib.fulfilment.couriers.ports import Courier, CourierCapabilities

__all__ = ["BoughtLabel", "Courier", "CourierCapabilities", "LabelContent", "LabelRequest"]

__getattr__ = exports(
    __name__,
    {
        "BoughtLabel": "model",
        "Courier": "ports",
        "CourierCapabilities": "ports",
        "LabelContent": "model",
        "LabelRequest": "model",
    },
)
