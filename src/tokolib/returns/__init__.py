"""Goods that come back: which units, why, what becomes of them, and the refund as a sum of their stored shares."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.returns.eligibility import Because, Eligibility
    from tokolib.returns.errors import AmbiguousSku, IllegalReturnTransition, NotEven, NothingToReturn, PartOfAnother
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
    from tokolib.returns.replacements import Replacement, ReplacementPricing

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
    "NotEven",
    "NothingToReturn",
    "OnlyByStaff",
    "Overruled",
    "PartOfAnother",
    "RefundPart",
    "RefundPlan",
    "Replacement",
    "ReplacementPricing",
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
        "NotEven": "errors",
        "NothingToReturn": "errors",
        "PartOfAnother": "errors",
        "Replacement": "replacements",
        "ReplacementPricing": "replacements",
        "RefundPart": "model",
        "RefundPlan": "model",
        "Return": "model",
        "IllegalReturnTransition": "errors",
        "ReturnLine": "model",
        "ReturnState": "model",
    },
)
