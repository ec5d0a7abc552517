"""Wishes to the outside world: one protocol for charges, refunds, labels and tax documents."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.effects.answers import UnusableAnswer
    from tokolib.effects.model import EffectKind, EffectState, Observation, Operation, Outcome, Source, Verdict
    from tokolib.effects.outside import (
        AuthFailed,
        Conflict,
        Declined,
        Invalid,
        NotFoundOutside,
        NotSupported,
        OutsideError,
        RateLimited,
        Transient,
        Unknown,
    )
    from tokolib.effects.resend import Dedupe, Terms

__all__ = [
    "AuthFailed",
    "Conflict",
    "Declined",
    "Dedupe",
    "EffectKind",
    "EffectState",
    "Invalid",
    "NotFoundOutside",
    "NotSupported",
    "Observation",
    "Operation",
    "Outcome",
    "OutsideError",
    "RateLimited",
    "Source",
    "Terms",
    "Transient",
    "Unknown",
    "UnusableAnswer",
    "Verdict",
]

__getattr__ = exports(
    __name__,
    {
        "AuthFailed": "outside",
        "Conflict": "outside",
        "Declined": "outside",
        "Dedupe": "resend",
        "EffectKind": "model",
        "EffectState": "model",
        "Invalid": "outside",
        "NotFoundOutside": "outside",
        "NotSupported": "outside",
        "Observation": "model",
        "Operation": "model",
        "Outcome": "model",
        "OutsideError": "outside",
        "RateLimited": "outside",
        "Source": "model",
        "Terms": "resend",
        "Transient": "outside",
        "Unknown": "outside",
        "UnusableAnswer": "answers",
        "Verdict": "model",
    },
)
