"""Which goods they are: lots with expiry dates and serial numbers, chosen when goods leave, and found again."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.inventory.lots.errors import (
        AlreadyMoved,
        InvalidLot,
        KeysNeeded,
        LotDiffers,
        LotExpired,
        LotsDiffer,
        LotShort,
        LotsNeeded,
        LotsNotPickable,
        NotTracked,
        SerialInHouse,
        UnknownLot,
        Unpickable,
    )
    from tokolib.inventory.lots.model import Lot, LotLevel, LotMovement, LotReceipt

__all__ = [
    "AlreadyMoved",
    "InvalidLot",
    "KeysNeeded",
    "Lot",
    "LotDiffers",
    "LotExpired",
    "LotLevel",
    "LotMovement",
    "LotReceipt",
    "LotShort",
    "LotsDiffer",
    "LotsNeeded",
    "LotsNotPickable",
    "NotTracked",
    "SerialInHouse",
    "UnknownLot",
    "Unpickable",
]

__getattr__ = exports(
    __name__,
    {
        "AlreadyMoved": "errors",
        "InvalidLot": "errors",
        "KeysNeeded": "errors",
        "Lot": "model",
        "LotDiffers": "errors",
        "LotExpired": "errors",
        "LotLevel": "model",
        "LotMovement": "model",
        "LotReceipt": "model",
        "LotShort": "errors",
        "LotsDiffer": "errors",
        "LotsNeeded": "errors",
        "LotsNotPickable": "errors",
        "NotTracked": "errors",
        "SerialInHouse": "errors",
        "UnknownLot": "errors",
        "Unpickable": "errors",
    },
)
