"""What return labels refuse."""

from typing import ClassVar

import attrs

from tokolib.fulfilment.bookings.errors import BookingNotOpen
from tokolib.kernel.errors import TokolibError


@attrs.frozen
class ReturnLabelNotOpen(BookingNotOpen):
    """Nothing of the kind can be said of, or done with, the return label as it is; nothing was changed."""

    code: ClassVar[str] = "returns.label_not_open"
    thing: ClassVar[str] = "return label"


@attrs.frozen
class ReturnLabelStands(TokolibError):
    """The goods have a label that is bought, or asked for; nothing was changed."""

    code: ClassVar[str] = "returns.label_stands"
    status: ClassVar[int] = 409
    return_id: str
    label_id: str
    state: str

    def __str__(self) -> str:
        return f"return {self.return_id}: these goods are sent with label {self.label_id}, which is {self.state}"

    @property
    def hint(self) -> str:
        return "void it first: shop.return_labels.void(label); or name goods that have none: what={...}"


@attrs.frozen
class NothingToSend(TokolibError):
    """Nothing of the return is still to come in a parcel; nothing was changed."""

    code: ClassVar[str] = "returns.nothing_to_send"
    status: ClassVar[int] = 409
    return_id: str
    state: str

    def __str__(self) -> str:
        return f"return {self.return_id} is {self.state}, and nothing of it is still to come in a parcel"

    @property
    def hint(self) -> str:
        return "what came is inspected and accepted: shop.returns.accept(goods); for other goods request a return"


@attrs.frozen
class NoSender(TokolibError):
    """Nobody knows where the goods are to be fetched; nothing was changed."""

    code: ClassVar[str] = "returns.no_sender"
    status: ClassVar[int] = 409
    return_id: str
    order_id: str

    def __str__(self) -> str:
        return f"order {self.order_id} has no address, so nobody knows where return {self.return_id} is sent from"

    @property
    def hint(self) -> str:
        return "say where the customer is: shop.return_labels.buy(goods, sender=...)"


@attrs.frozen
class GoodsCame(TokolibError):
    """Goods of the label have come in, or its courier has delivered them, so that it was used; nothing was changed."""

    code: ClassVar[str] = "returns.goods_came"
    status: ClassVar[int] = 409
    label_id: str
    return_id: str

    def __str__(self) -> str:
        return f"label {self.label_id} can't be given back: goods of it have come with return {self.return_id}"

    @property
    def hint(self) -> str:
        return "it was carried, and is paid for; what the courier billed in vain is settled with the courier"
