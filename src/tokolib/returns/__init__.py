"""Goods that come back: which units, why, what becomes of them, and the refund as a sum of their stored shares."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.returns.eligibility import Because, Eligibility
    from tokolib.returns.errors import AmbiguousSku, IllegalReturnTransition, NothingToReturn
    from tokolib.returns.model import (
        Disposition,
        Overruled,
        RefundPart,
        RefundPlan,
        Return,
        ReturnLine,
        ReturnState,
    )
    from tokolib.returns.refusals import NotEligible, OverruledByCustomer

__all__ = [
    "AmbiguousSku",
    "Because",
    "Disposition",
    "Eligibility",
    "IllegalReturnTransition",
    "NotEligible",
    "NothingToReturn",
    "Overruled",
    "OverruledByCustomer",
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
        "Because": "eligibility",
        "Eligibility": "eligibility",
        "NotEligible": "refusals",
        "Overruled": "model",
        "OverruledByCustomer": "refusals",
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
