"""What exchanges refuse."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.transitions import IllegalTransition


@attrs.frozen
class IllegalExchangeTransition(IllegalTransition):
    """The exchange is in a state that doesn't allow this; nothing was changed."""

    code: ClassVar[str] = "returns.illegal_exchange_transition"
    thing: ClassVar[str] = "exchange"


@attrs.frozen
class NothingReplaced(TokolibError):
    """So little came, or was fit, that nothing whole takes its place. Nothing was changed."""

    code: ClassVar[str] = "returns.nothing_replaced"
    status: ClassVar[int] = 409
    exchange_id: str
    came: int
    asked: int
    """Both in steps of the goods that come back."""

    def __str__(self) -> str:
        return f"exchange {self.exchange_id}: {self.came} of {self.asked} came back, and that replaces nothing whole"

    @property
    def hint(self) -> str:
        return (
            "wait for the rest; or end it (shop.exchanges.reject, shop.exchanges.cancel), and credit what came by its "
            "return (shop.returns.accept) or send it back (shop.returns.reject)"
        )
