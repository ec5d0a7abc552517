"""Goods put into parcels: boxes, what they bear, what may not go together, and how full they get."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.fulfilment.packing.errors import CannotPack, InvalidPacking, NotAllPacked
    from tokolib.fulfilment.packing.model import Box, PackedParcel, PackingRules, ParcelDraft

__all__ = ["Box", "CannotPack", "InvalidPacking", "NotAllPacked", "PackedParcel", "PackingRules", "ParcelDraft"]

__getattr__ = exports(
    __name__,
    {
        "Box": "model",
        "CannotPack": "errors",
        "InvalidPacking": "errors",
        "NotAllPacked": "errors",
        "PackedParcel": "model",
        "PackingRules": "model",
        "ParcelDraft": "model",
    },
)
