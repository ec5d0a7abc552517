"""What price lists refuse."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError


@attrs.frozen
class PriceListCycle(TokolibError):
    """A price list would be derived from itself, by way of the others that are named; nothing was changed."""

    code: ClassVar[str] = "pricing.price_list_cycle"
    lists: tuple[str, ...]
    """From the list that was asked about along its parents, to the one that comes again."""

    def __str__(self) -> str:
        return f"price list {self.lists[-1]} would be derived from itself: {' → '.join(self.lists)}"

    @property
    def hint(self) -> str:
        return "let one of them have prices of its own: put_list(code) without a parent"
