"""Where the goods of an order leave from: the locations that cost least, chosen by a pure function."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
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
    "DemandTwice",
    "InvalidSourcing",
    "LocationCost",
    "LocationWithoutCost",
    "NothingToSource",
    "SourcePlan",
    "SourcingCost",
    "SourcingDemand",
    "SourcingParts",
    "Unsourced",
    "WeightMissing",
    "source",
]

__getattr__ = exports(
    __name__,
    {
        "Allocation": "model",
        "DemandTwice": "errors",
        "InvalidSourcing": "errors",
        "LocationCost": "costs",
        "LocationWithoutCost": "errors",
        "NothingToSource": "errors",
        "SourcePlan": "model",
        "SourcingCost": "costs",
        "SourcingDemand": "model",
        "SourcingParts": "model",
        "Unsourced": "model",
        "WeightMissing": "errors",
        "source": "choose",
    },
)
