"""Return labels: carriage that the shop buys, so that a customer can send goods back; bought once, given back once."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.returns.labels.errors import (
        GoodsCame,
        NoSender,
        NothingToSend,
        ReturnLabelNotOpen,
        ReturnLabelStands,
    )
    from tokolib.returns.labels.model import ReturnLabel
    from tokolib.returns.labels.states import ReturnLabelState

__all__ = [
    "GoodsCame",
    "NoSender",
    "NothingToSend",
    "ReturnLabel",
    "ReturnLabelNotOpen",
    "ReturnLabelStands",
    "ReturnLabelState",
]

__getattr__ = exports(
    __name__,
    {
        "GoodsCame": "errors",
        "NoSender": "errors",
        "NothingToSend": "errors",
        "ReturnLabel": "model",
        "ReturnLabelNotOpen": "errors",
        "ReturnLabelStands": "errors",
        "ReturnLabelState": "states",
    },
)
