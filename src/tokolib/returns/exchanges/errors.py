"""What exchanges refuse."""

from typing import ClassVar

import attrs

from tokolib.kernel.transitions import IllegalTransition


@attrs.frozen
class IllegalExchangeTransition(IllegalTransition):
    """The exchange is in a state that doesn't allow this; nothing was changed."""

    code: ClassVar[str] = "returns.illegal_exchange_transition"
    thing: ClassVar[str] = "exchange"
