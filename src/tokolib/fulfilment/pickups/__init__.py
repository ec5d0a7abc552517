"""Pickups: labelled parcels of one location, fetched by a courier in a window, booked once and cancelled once."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.fulfilment.pickups.errors import LabelledElsewhere, PickupMade, PickupNotOpen, PickupStands
    from tokolib.fulfilment.pickups.model import Pickup
    from tokolib.fulfilment.pickups.states import PickupState

__all__ = [
    "LabelledElsewhere",
    "Pickup",
    "PickupMade",
    "PickupNotOpen",
    "PickupStands",
    "PickupState",
]

__getattr__ = exports(
    __name__,
    {
        "LabelledElsewhere": "errors",
        "Pickup": "model",
        "PickupMade": "errors",
        "PickupNotOpen": "errors",
        "PickupStands": "errors",
        "PickupState": "states",
    },
)
