"""What expected receipts refuse."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.quantity import Quantity
from tokolib.kernel.transitions import IllegalTransition


@attrs.frozen
class IllegalReceiptTransition(IllegalTransition):
    """The expected receipt is in a state that doesn't allow this. Nothing was changed."""

    code: ClassVar[str] = "inventory.illegal_receipt_transition"
    thing: ClassVar[str] = "expected receipt"


@attrs.frozen
class MoreThanExpected(TokolibError):
    """More arrived than is still expected, or less was to be expected than has arrived. Nothing was changed."""

    code: ClassVar[str] = "inventory.more_than_expected"
    status: ClassVar[int] = 409
    receipt_id: str
    sku: str
    given: Quantity
    expected: Quantity
    arrived: Quantity

    def __str__(self) -> str:
        return f"{self.receipt_id}: {self.given} of {self.sku}; expected {self.expected}, arrived {self.arrived}"

    @property
    def hint(self) -> str:
        return "raise what is expected first (shop.expected.change), or receive the rest by itself: shop.stock.receive"
