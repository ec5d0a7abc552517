"""Goods on their way between two locations of a shop: sent whole, received in parts, closed with what is missing."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.inventory.transfers.errors import (
        IllegalTransferTransition,
        InvalidTransfer,
        MoreThanSent,
        NotOnTransfer,
    )
    from tokolib.inventory.transfers.model import Transfer, TransferLine, TransferState

__all__ = [
    "IllegalTransferTransition",
    "InvalidTransfer",
    "MoreThanSent",
    "NotOnTransfer",
    "Transfer",
    "TransferLine",
    "TransferState",
]

__getattr__ = exports(
    __name__,
    {
        "IllegalTransferTransition": "errors",
        "InvalidTransfer": "errors",
        "MoreThanSent": "errors",
        "NotOnTransfer": "errors",
        "Transfer": "model",
        "TransferLine": "model",
        "TransferState": "model",
    },
)
