"""How many there are, and for whom: locations, typed movements, levels, and holds of a whole cart or nothing.

Stock is counted in whole steps of a SKU's unit of measure. *On hand* is what the movements add up to, *held* is
promised to somebody, *available* is the rest. A hold is leased until a moment, kept, and then taken when the
goods leave, or released.
"""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.inventory.errors import (
        BelowHeld,
        BundleHasNoStock,
        HoldEnded,
        InvalidLocation,
        NotHeld,
        OutOfStock,
        Shortage,
        UnitChanged,
        UnknownLocation,
    )
    from tokolib.inventory.model import Location, Movement, MovementKind, StockLevel

__all__ = [
    "BelowHeld",
    "BundleHasNoStock",
    "HoldEnded",
    "InvalidLocation",
    "Location",
    "Movement",
    "MovementKind",
    "NotHeld",
    "OutOfStock",
    "Shortage",
    "StockLevel",
    "UnitChanged",
    "UnknownLocation",
]

__getattr__ = exports(
    __name__,
    {
        "BelowHeld": "errors",
        "BundleHasNoStock": "errors",
        "HoldEnded": "errors",
        "InvalidLocation": "errors",
        "Location": "model",
        "Movement": "model",
        "MovementKind": "model",
        "NotHeld": "errors",
        "OutOfStock": "errors",
        "Shortage": "errors",
        "StockLevel": "model",
        "UnitChanged": "errors",
        "UnknownLocation": "errors",
    },
)
