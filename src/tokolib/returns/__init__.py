"""Goods that come back: which units, why, what becomes of them, and the refund as a sum of their stored shares."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.returns.acceptance import ReturnPreview
    from tokolib.returns.dispositions import Finding
    from tokolib.returns.eligibility import Because, Eligibility
    from tokolib.returns.errors import (
        AllRefused,
        AmbiguousSku,
        IllegalReturnTransition,
        NoReturnLabel,
        NotEven,
        NothingToReturn,
        PartOfAnother,
    )
    from tokolib.returns.evidence import Evidence
    from tokolib.returns.model import (
        Approval,
        Disposition,
        Inspection,
        Overruled,
        Receipt,
        RefundPart,
        RefundPlan,
        Return,
        ReturnLine,
        ReturnState,
        Unearned,
    )
    from tokolib.returns.proposals import Answer, Proposal, Side
    from tokolib.returns.refusals import (
        ApproverRequested,
        GiftMissing,
        NotEligible,
        OnlyByStaff,
        OwnProposal,
        ProposalOver,
        ReturnApprovalNeeded,
    )
    from tokolib.returns.replacements import Replacement, ReplacementPricing

__all__ = [
    "AllRefused",
    "AmbiguousSku",
    "Answer",
    "Approval",
    "ApproverRequested",
    "Because",
    "Disposition",
    "Eligibility",
    "Evidence",
    "Finding",
    "GiftMissing",
    "IllegalReturnTransition",
    "Inspection",
    "NoReturnLabel",
    "NotEligible",
    "NotEven",
    "NothingToReturn",
    "OnlyByStaff",
    "Overruled",
    "OwnProposal",
    "PartOfAnother",
    "Proposal",
    "ProposalOver",
    "Receipt",
    "RefundPart",
    "RefundPlan",
    "Replacement",
    "ReplacementPricing",
    "Return",
    "ReturnApprovalNeeded",
    "ReturnLine",
    "ReturnPreview",
    "ReturnState",
    "Side",
    "Unearned",
]

__getattr__ = exports(
    __name__,
    {
        "AmbiguousSku": "errors",
        "ProposalOver": "refusals",
        "OwnProposal": "refusals",
        "Side": "proposals",
        "Proposal": "proposals",
        "Answer": "proposals",
        "Evidence": "evidence",
        "ReturnPreview": "acceptance",
        "Receipt": "model",
        "Inspection": "model",
        "Finding": "dispositions",
        "AllRefused": "errors",
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
        "NoReturnLabel": "errors",
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
