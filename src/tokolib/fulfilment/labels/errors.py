"""What labels refuse, or have refused."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError


@attrs.frozen
class NoSuchCourier(TokolibError):
    """The shop was opened with no courier account of this name; nothing was changed."""

    code: ClassVar[str] = "fulfilment.no_such_courier"
    status: ClassVar[int] = 404
    account: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"no courier account {self.account!r}; this shop has {', '.join(self.known) or 'none'}"

    @property
    def hint(self) -> str:
        return "open the shop with it: tokolib.open(url, couriers=[...])"


@attrs.frozen
class NoRecipient(TokolibError):
    """The order has no address to send to; nothing was changed."""

    code: ClassVar[str] = "fulfilment.no_recipient"
    status: ClassVar[int] = 409
    order_id: str

    def __str__(self) -> str:
        return f"order {self.order_id} names no address, so that no label can be bought for it"

    @property
    def hint(self) -> str:
        return "hand it over at the counter: shop.shipments.hand_over(shipment)"


@attrs.frozen
class LabelNotOpen(TokolibError):
    """Nothing of the kind can be said of, or done with, the label as it is; nothing was changed."""

    code: ClassVar[str] = "fulfilment.label_not_open"
    status: ClassVar[int] = 409
    label_id: str
    state: str
    asked: str

    def __str__(self) -> str:
        return f"label {self.label_id}: {self.asked} is not possible: it is {self.state}"
