"""What claims refuse."""

from typing import ClassVar

import attrs

from tokolib.kernel.transitions import IllegalTransition


@attrs.frozen
class IllegalClaimTransition(IllegalTransition):
    """The claim is in a state that doesn't allow this; nothing was changed."""

    code: ClassVar[str] = "returns.illegal_claim_transition"
    thing: ClassVar[str] = "claim"
