"""Orders: placed in three steps, kept as a frozen snapshot with ledgers, explained to the last rupiah."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.orders.errors import (
        AllowanceTooLarge,
        AlreadyShipped,
        BlockUnknown,
        BookRateLapsed,
        CapturedOnce,
        IllegalOrderTransition,
        NamedTwice,
        NotFree,
        NotShippable,
        PaymentDeclined,
        TooManyUnits,
        UnknownLine,
    )
    from tokolib.orders.model import (
        Block,
        CancelWish,
        FulfilmentStatus,
        Order,
        OrderLine,
        OrderState,
        PaymentStatus,
        ReturnStatus,
        Run,
    )

__all__ = [
    "AllowanceTooLarge",
    "AlreadyShipped",
    "Block",
    "BlockUnknown",
    "BookRateLapsed",
    "CancelWish",
    "CapturedOnce",
    "FulfilmentStatus",
    "IllegalOrderTransition",
    "NamedTwice",
    "NotFree",
    "NotShippable",
    "Order",
    "OrderLine",
    "OrderState",
    "PaymentDeclined",
    "PaymentStatus",
    "ReturnStatus",
    "Run",
    "TooManyUnits",
    "UnknownLine",
]

__getattr__ = exports(
    __name__,
    {
        "AllowanceTooLarge": "errors",
        "AlreadyShipped": "errors",
        "Block": "model",
        "CancelWish": "model",
        "CapturedOnce": "errors",
        "BlockUnknown": "errors",
        "BookRateLapsed": "errors",
        "FulfilmentStatus": "model",
        "IllegalOrderTransition": "errors",
        "NamedTwice": "errors",
        "NotFree": "errors",
        "NotShippable": "errors",
        "Order": "model",
        "OrderLine": "model",
        "OrderState": "model",
        "PaymentDeclined": "errors",
        "PaymentStatus": "model",
        "ReturnStatus": "model",
        "Run": "model",
        "TooManyUnits": "errors",
        "UnknownLine": "errors",
    },
)
