"""Goods that come back: which units, why, what becomes of them, and the refund as a sum of their stored shares."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.returns.eligibility import Because, Eligibility
    from tokolib.returns.errors import AmbiguousSku, IllegalReturnTransition, NothingToReturn
    from tokolib.returns.model import (
        Approval,
        Disposition,
        Overruled,
        RefundPart,
        RefundPlan,
        Return,
        ReturnLine,
        ReturnState,
        Unearned,
    )
    from tokolib.returns.refusals import ApproverRequested, GiftMissing, NotEligible, OnlyByStaff, ReturnApprovalNeeded

__all__ = [
    "AmbiguousSku",
    "Approval",
    "ApproverRequested",
    "Because",
    "Disposition",
    "Eligibility",
    "GiftMissing",
    "IllegalReturnTransition",
    "NotEligible",
    "NothingToReturn",
    "OnlyByStaff",
    "Overruled",
    "RefundPart",
    "RefundPlan",
    "Return",
    "ReturnApprovalNeeded",
    "ReturnLine",
    "ReturnState",
    "Unearned",
]

__getattr__ = exports(
    __name__,
    {
        "AmbiguousSku": "errors",
        "Approval": "model",
        "ApproverRequested": "refusals",
        "ReturnApprovalNeeded": "refusals",
        "Because": "eligibility",
        "Eligibility": "eligibility",
        "GiftMissing": "refusals",
        "NotEligible": "refusals",
        "Unearned": "model",
        "Overruled": "model",
        "OnlyByStaff": "refusals",
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
