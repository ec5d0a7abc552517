"""Labels: what each parcel's carriage was bought for, at which account, and what became of it."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.fulfilment.labels.errors import LabelNotOpen, LabelOutdated, NoRecipient, NotToThatPoint
    from tokolib.fulfilment.labels.model import Label, Reweighed
    from tokolib.fulfilment.labels.states import LabelState

__all__ = [
    "Label",
    "LabelNotOpen",
    "LabelOutdated",
    "LabelState",
    "NoRecipient",
    "NotToThatPoint",
    "Reweighed",
]

__getattr__ = exports(
    __name__,
    {
        "Label": "model",
        "LabelNotOpen": "errors",
        "LabelOutdated": "errors",
        "LabelState": "states",
        "NoRecipient": "errors",
        "NotToThatPoint": "errors",
        "Reweighed": "model",
    },
)
