"""What transfers refuse."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError, named
from tokolib.kernel.quantity import Quantity
from tokolib.kernel.transitions import IllegalTransition


@attrs.frozen
class IllegalTransferTransition(IllegalTransition):
    """The transfer is in a state that doesn't allow this. Nothing was changed."""

    code: ClassVar[str] = "inventory.illegal_transfer_transition"
    thing: ClassVar[str] = "transfer"


@attrs.frozen
class InvalidTransfer(TokolibError):
    """Goods go from one location to another one, and there must be some. Nothing was stored."""

    code: ClassVar[str] = "inventory.invalid_transfer"
    source: str
    target: str
    why: str

    def __str__(self) -> str:
        return f"no transfer from {self.source} to {self.target}: {self.why}"

    @property
    def hint(self) -> str:
        return "name two locations and at least one SKU; within a location goods are put elsewhere by shop.stock.move"


@attrs.frozen
class NotOnTransfer(TokolibError):
    """Goods arrived that the transfer doesn't name. Nothing was changed."""

    code: ClassVar[str] = "inventory.not_on_transfer"
    status: ClassVar[int] = 409
    transfer_id: str
    sku: str = attrs.field(converter=named)
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"transfer {self.transfer_id} has no {self.sku}; it is of {', '.join(self.known)}"

    @property
    def hint(self) -> str:
        return "receive what it names; correct the books of both places for the rest: shop.stock.adjust"


@attrs.frozen
class MoreThanSent(TokolibError):
    """More would have arrived, all in all, than the transfer sent. Nothing was changed."""

    code: ClassVar[str] = "inventory.more_than_sent"
    status: ClassVar[int] = 409
    transfer_id: str
    sku: str
    given: Quantity
    sent: Quantity
    arrived: Quantity
    """Before."""

    def __str__(self) -> str:
        return f"{self.transfer_id}: {self.given} of {self.sku}; sent {self.sent}, arrived before {self.arrived}"

    @property
    def hint(self) -> str:
        return (
            "receive what was sent; if more has truly come, surplus=True puts it onto the books as new, and "
            "shop.stock.adjust corrects those of the place that sent it"
        )
