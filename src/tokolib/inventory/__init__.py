"""How many there are, and for whom: locations, typed movements, levels, and holds of a whole cart or nothing.

Stock is counted in whole steps of a SKU's unit of measure. *On hand* is what the movements add up to, *held* is
promised to somebody, *available* is the rest. A hold is leased until a moment, kept, and then taken when the
goods leave, or released.
"""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.inventory.backorder import Backorder, BackorderLevel
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
    from tokolib.inventory.model import Location, Movement, MovementKind, StockLevel, StockState, Tracked
    from tokolib.inventory.sourcing.choose import source
    from tokolib.inventory.sourcing.costs import LocationCost, SourcingCost
    from tokolib.inventory.sourcing.errors import (
        DemandTwice,
        InvalidSourcing,
        LocationWithoutCost,
        NothingToSource,
        WeightMissing,
    )
    from tokolib.inventory.sourcing.model import Allocation, SourcePlan, SourcingDemand, SourcingParts, Unsourced

__all__ = [
    "Allocation",
    "Backorder",
    "BackorderLevel",
    "BelowHeld",
    "BundleHasNoStock",
    "DemandTwice",
    "HoldEnded",
    "InvalidLocation",
    "InvalidSourcing",
    "Location",
    "LocationCost",
    "LocationWithoutCost",
    "Movement",
    "MovementKind",
    "NotHeld",
    "NothingToSource",
    "OutOfStock",
    "Shortage",
    "SourcePlan",
    "SourcingCost",
    "SourcingDemand",
    "SourcingParts",
    "StockLevel",
    "StockState",
    "Tracked",
    "UnitChanged",
    "UnknownLocation",
    "Unsourced",
    "WeightMissing",
    "source",
]

__getattr__ = exports(
    __name__,
    {
        "Backorder": "backorder",
        "BackorderLevel": "backorder",
        "Allocation": "sourcing.model",
        "BelowHeld": "errors",
        "BundleHasNoStock": "errors",
        "DemandTwice": "sourcing.errors",
        "HoldEnded": "errors",
        "InvalidLocation": "errors",
        "InvalidSourcing": "sourcing.errors",
        "Location": "model",
        "LocationCost": "sourcing.costs",
        "LocationWithoutCost": "sourcing.errors",
        "Movement": "model",
        "MovementKind": "model",
        "NotHeld": "errors",
        "NothingToSource": "sourcing.errors",
        "OutOfStock": "errors",
        "Shortage": "errors",
        "SourcePlan": "sourcing.model",
        "SourcingCost": "sourcing.costs",
        "SourcingDemand": "sourcing.model",
        "SourcingParts": "sourcing.model",
        "StockLevel": "model",
        "StockState": "model",
        "Tracked": "model",
        "UnitChanged": "errors",
        "UnknownLocation": "errors",
        "Unsourced": "sourcing.model",
        "WeightMissing": "sourcing.errors",
        "source": "sourcing.choose",
    },
)
