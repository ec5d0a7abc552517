"""Goods that come back: which units, why, what becomes of them, and the refund as a sum of their stored shares."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.returns.errors import AmbiguousSku, IllegalReturnTransition, NothingToReturn
    from tokolib.returns.model import Disposition, RefundPart, RefundPlan, Return, ReturnLine, ReturnState

__all__ = [
    "AmbiguousSku",
    "Disposition",
    "IllegalReturnTransition",
    "NothingToReturn",
    "RefundPart",
    "RefundPlan",
    "Return",
    "ReturnLine",
    "ReturnState",
]

__getattr__ = exports(
    __name__,
    {
        "AmbiguousSku": "errors",
        "Disposition": "model",
        "NothingToReturn": "errors",
        "RefundPart": "model",
        "RefundPlan": "model",
        "Return": "model",
        "IllegalReturnTransition": "errors",
        "ReturnLine": "model",
        "ReturnState": "model",
    },
)
