"""Safety buffers: what a channel must leave for the others, so that it sells out before the goods are gone.

A marketplace that hears of a sale minutes later may sell what the shop has sold meanwhile. Of the rules that speak of
a SKU at a location, the closest one counts: that SKU there, that SKU anywhere, any SKU there, any SKU anywhere.
"""

from collections.abc import Iterable
from math import ceil

from tokolib.inventory.model import Buffer, StockItem


class Safety:
    """All buffers of a shop, made ready to be asked."""

    def __init__(self, buffers: Iterable[Buffer]) -> None:
        self._amounts = {(one.channel, one.key, one.location): one.amount for one in buffers if one.amount is not None}

    def steps(self, channel: str, location: str, item: StockItem) -> int:
        """How many steps of *item* must stay at *location* when *channel* sells."""
        if not self._amounts:
            return 0
        closest = ((item.key, location), (item.key, ""), ("", location), ("", ""))
        for key, where in closest:
            amount = self._amounts.get((channel, key, where))
            if amount is not None:
                return ceil(amount / item.unit.step)
        return 0
