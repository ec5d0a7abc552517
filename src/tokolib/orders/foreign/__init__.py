"""Orders that were made elsewhere: taken over with every figure that was agreed there."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.orders.foreign.errors import ForeignOrderDiffers
    from tokolib.orders.foreign.model import (
        Figure,
        ForeignCharge,
        ForeignDiscount,
        ForeignLine,
        ForeignOrder,
        ForeignTax,
        TakenOver,
    )

__all__ = [
    "Figure",
    "ForeignCharge",
    "ForeignDiscount",
    "ForeignLine",
    "ForeignOrder",
    "ForeignOrderDiffers",
    "ForeignTax",
    "TakenOver",
]

__getattr__ = exports(
    __name__,
    {
        "Figure": "model",
        "ForeignCharge": "model",
        "ForeignDiscount": "model",
        "ForeignLine": "model",
        "ForeignOrder": "model",
        "ForeignOrderDiffers": "errors",
        "ForeignTax": "model",
        "TakenOver": "model",
    },
)
