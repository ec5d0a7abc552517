"""Counting what is really there: blind, with recounts, approved above a limit, posted as the difference."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.inventory.counts.errors import (
        AlreadyCounting,
        ApprovalNeeded,
        ApproverCounted,
        CountBelowHeld,
        CountIncomplete,
        CountIsBlind,
        HeldFor,
        IllegalCountTransition,
        InvalidCount,
        NotOnCount,
        TooFew,
    )
    from tokolib.inventory.counts.model import Count, CountLine, CountSheet, CountState, SheetLine, Tally

__all__ = [
    "AlreadyCounting",
    "ApprovalNeeded",
    "ApproverCounted",
    "Count",
    "CountBelowHeld",
    "CountIncomplete",
    "CountIsBlind",
    "CountLine",
    "CountSheet",
    "CountState",
    "HeldFor",
    "IllegalCountTransition",
    "InvalidCount",
    "NotOnCount",
    "SheetLine",
    "Tally",
    "TooFew",
]

__getattr__ = exports(
    __name__,
    {
        "AlreadyCounting": "errors",
        "ApprovalNeeded": "errors",
        "ApproverCounted": "errors",
        "Count": "model",
        "CountBelowHeld": "errors",
        "CountIncomplete": "errors",
        "CountIsBlind": "errors",
        "CountLine": "model",
        "CountSheet": "model",
        "CountState": "model",
        "HeldFor": "errors",
        "IllegalCountTransition": "errors",
        "InvalidCount": "errors",
        "NotOnCount": "errors",
        "SheetLine": "model",
        "Tally": "model",
        "TooFew": "errors",
    },
)
