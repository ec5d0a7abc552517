"""Goods to be sent, as they stand in a cart or in a quote."""

from collections.abc import Iterable, Mapping

import attrs

from tokolib.cart.model import CartLine
from tokolib.catalog.model import Sellable
from tokolib.checkout.lines import QuoteLine, consumed
from tokolib.kernel.ids import LineId


@attrs.frozen
class Wanted:
    """A line of goods to be sent, as it stands in a cart or in a quote."""

    id: LineId
    key: str
    steps: int
    goods: Sellable | QuoteLine
    """What is known of them: their parts and their weight."""

    @classmethod
    def of_cart(cls, lines: Iterable[CartLine], sold: Mapping[str, Sellable]) -> "tuple[Wanted, ...]":
        """The lines of a cart, that is *sold*."""
        return tuple(cls(line.id, line.key, line.quantity, sold[line.key]) for line in lines)

    @classmethod
    def of_quote(cls, lines: Iterable[QuoteLine]) -> "tuple[Wanted, ...]":
        """The lines of a quote."""
        return tuple(cls(line.id, line.key, line.steps, line) for line in lines)


def demands_of(lines: Iterable[Wanted]) -> dict[str, int]:
    """What *lines* take from stock, in steps by SKU key, in the order of the keys."""
    return consumed((line.goods, line.steps) for line in lines)
