"""What taking orders over refuses."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError


@attrs.frozen
class ForeignOrderDiffers(TokolibError):
    """An order of this number was taken over from there with other content. Nothing was changed."""

    code: ClassVar[str] = "orders.foreign_order_differs"
    status: ClassVar[int] = 409
    source: str
    number: str
    order_id: str

    def __str__(self) -> str:
        return f"order {self.number} of {self.source} was taken over as {self.order_id}, with other content or tender"

    @property
    def hint(self) -> str:
        return "look at what was taken over (shop.foreign.of); what has changed since is an edit: shop.orders.edit"
