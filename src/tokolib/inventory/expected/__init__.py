"""Goods that are to come: expected receipts, and the day by which so many can be had."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.inventory.expected.errors import IllegalReceiptTransition, MoreThanExpected
    from tokolib.inventory.expected.model import Coming, ExpectedReceipt, Promise, ReceiptState

__all__ = [
    "Coming",
    "ExpectedReceipt",
    "IllegalReceiptTransition",
    "MoreThanExpected",
    "Promise",
    "ReceiptState",
]

__getattr__ = exports(
    __name__,
    {
        "Coming": "model",
        "ExpectedReceipt": "model",
        "IllegalReceiptTransition": "errors",
        "MoreThanExpected": "errors",
        "Promise": "model",
        "ReceiptState": "model",
    },
)
