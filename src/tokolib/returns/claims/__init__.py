"""Claims: goods were damaged, wrong, missing or not as described, and the shop makes up for it."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.returns.claims.errors import IllegalClaimTransition, SpokenFor
    from tokolib.returns.claims.model import Claim, ClaimKind, ClaimRemedy, ClaimState, Recharge

__all__ = [
    "Claim",
    "ClaimKind",
    "ClaimRemedy",
    "ClaimState",
    "IllegalClaimTransition",
    "Recharge",
    "SpokenFor",
]

__getattr__ = exports(
    __name__,
    {
        "Claim": "model",
        "ClaimKind": "model",
        "ClaimRemedy": "model",
        "ClaimState": "model",
        "IllegalClaimTransition": "errors",
        "Recharge": "model",
        "SpokenFor": "errors",
    },
)
