"""Orders: placed in three steps, kept as a frozen snapshot with ledgers, explained to the last rupiah."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.orders.accounts import AccountLine, Balance, Posting, PostingLeg
    from tokolib.orders.block_errors import BlockKept, BlockUnknown
    from tokolib.orders.edits import Reprice
    from tokolib.orders.errors import (
        AllowanceTooLarge,
        AlreadyShipped,
        BookRateLapsed,
        CapturedOnce,
        IllegalOrderTransition,
        NotEditable,
        NotFree,
        NotShippable,
        PaymentDeclined,
    )
    from tokolib.orders.hindrances import Block, CancelWish
    from tokolib.orders.lines import OrderLine, Run
    from tokolib.orders.model import (
        Amendment,
        Cancellation,
        FulfilmentStatus,
        Order,
        OrderState,
        PaymentStatus,
        ReturnStatus,
    )
    from tokolib.orders.previews import AccountChange, LineUnits, OrderPreview, OrderStanding, StockChange
    from tokolib.orders.unit_errors import NamedTwice, NothingToCancel, TooManyUnits, UnknownLine

__all__ = [
    "AccountChange",
    "AccountLine",
    "AllowanceTooLarge",
    "AlreadyShipped",
    "Amendment",
    "Balance",
    "Block",
    "BlockKept",
    "BlockUnknown",
    "BookRateLapsed",
    "CancelWish",
    "Cancellation",
    "CapturedOnce",
    "FulfilmentStatus",
    "IllegalOrderTransition",
    "LineUnits",
    "NamedTwice",
    "NotEditable",
    "NotFree",
    "NotShippable",
    "NothingToCancel",
    "Order",
    "OrderLine",
    "OrderPreview",
    "OrderStanding",
    "OrderState",
    "PaymentDeclined",
    "PaymentStatus",
    "Posting",
    "PostingLeg",
    "Reprice",
    "ReturnStatus",
    "Run",
    "StockChange",
    "TooManyUnits",
    "UnknownLine",
]

__getattr__ = exports(
    __name__,
    {
        "Amendment": "model",
        "NotEditable": "errors",
        "Reprice": "edits",
        "LineUnits": "previews",
        "AccountChange": "previews",
        "StockChange": "previews",
        "OrderStanding": "previews",
        "OrderPreview": "previews",
        "AccountLine": "accounts",
        "AllowanceTooLarge": "errors",
        "AlreadyShipped": "errors",
        "Balance": "accounts",
        "Block": "hindrances",
        "CancelWish": "hindrances",
        "Cancellation": "model",
        "NothingToCancel": "unit_errors",
        "CapturedOnce": "errors",
        "BlockKept": "block_errors",
        "BlockUnknown": "block_errors",
        "BookRateLapsed": "errors",
        "FulfilmentStatus": "model",
        "IllegalOrderTransition": "errors",
        "NamedTwice": "unit_errors",
        "NotFree": "errors",
        "NotShippable": "errors",
        "Order": "model",
        "OrderLine": "lines",
        "OrderState": "model",
        "PaymentDeclined": "errors",
        "PaymentStatus": "model",
        "Posting": "accounts",
        "PostingLeg": "accounts",
        "ReturnStatus": "model",
        "Run": "lines",
        "TooManyUnits": "unit_errors",
        "UnknownLine": "unit_errors",
    },
)
