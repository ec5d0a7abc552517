"""What is refused about the blocks of an order."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.money import Money


@attrs.frozen
class BlockUnknown(TokolibError):
    """The order has no such block."""

    code: ClassVar[str] = "orders.block_unknown"
    status: ClassVar[int] = 404
    order_id: str
    block: str
    known: tuple[str, ...]
    """Its blocks, each with its owner where it has one: `verification of risk`."""
    owner: str = ""
    """Whose block was asked for; empty for one that anybody may decide on."""

    def __str__(self) -> str:
        wanted = f"{self.block[:40]!r} of {self.owner[:40]!r}" if self.owner else f"{self.block[:40]!r}"
        return f"order {self.order_id} has no block {wanted}; it has {', '.join(self.known) or 'none'}"

    @property
    def hint(self) -> str:
        if not self.known:
            return "there is nothing to lift"
        return f"name one of {', '.join(self.known)}; what has an owner is lifted by code and owner="


@attrs.frozen
class BlockKept(TokolibError):
    """The payment plan blocks the order while an instalment is overdue; nothing was changed."""

    code: ClassVar[str] = "orders.block_kept"
    status: ClassVar[int] = 409
    order_id: str
    block: str
    overdue: Money

    def __str__(self) -> str:
        return f"order {self.order_id}: the block {self.block!r} is its payment plan's, and {self.overdue} is overdue"

    @property
    def hint(self) -> str:
        return (
            "it ends by itself when nothing is overdue: payments.charge or payments.received takes what is, "
            "orders.grant_allowance gives it up"
        )
