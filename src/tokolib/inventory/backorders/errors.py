"""What backorders refuse."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.quantity import Quantity


@attrs.frozen
class BelowPromised(TokolibError):
    """More is promised than would be allowed. Nothing was changed."""

    code: ClassVar[str] = "inventory.below_promised"
    status: ClassVar[int] = 409
    sku: str
    location: str
    limit: Quantity
    promised: Quantity

    def __str__(self) -> str:
        return f"{self.sku} at {self.location}: {self.promised} are promised, a limit of {self.limit} is less"

    @property
    def hint(self) -> str:
        return "stop at what is promised (shop.backorders.close), or cancel orders that wait for it first"


@attrs.frozen
class NoBackorder(TokolibError):
    """Nothing of this SKU may be promised beyond its stock there. Nothing was changed."""

    code: ClassVar[str] = "inventory.no_backorder"
    status: ClassVar[int] = 404
    sku: str
    location: str

    def __str__(self) -> str:
        return f"{self.sku} has no backorder at {self.location}"

    @property
    def hint(self) -> str:
        return "allow one: shop.backorders.allow"
