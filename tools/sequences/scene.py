"""What acts act on: a shop, the world outside it, one order, and chance."""

from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Any

import attrs

SKUS = ("CANGKIR", "KOPI-250", "TEH-50", "PAKET")
"""Cups at an odd price, coffee, tea, and a kit of coffee and tea."""


class Nothing(Exception):
    """There is nothing to do this to."""


@attrs.define
class Scene:
    """A shop, the world of its gateway, one order in it, and chance."""

    shop: Any
    world: Any
    clock: Any
    random: Random
    order: Any
    number: int = 0
    did: set[str] = attrs.field(factory=set)
    """The kinds of commands that were accepted."""

    def now(self) -> Any:
        """The order as it is."""
        return self.shop.orders.get(self.order.id)

    def key(self) -> str:
        """A key that was not used before."""
        self.number += 1
        return f"{self.order.id}-{self.number}"

    def some(self, units: Callable[[Any], Any]) -> dict[str, int]:
        """Some of the units that a line has in a bucket: of one line, by its id."""
        lines = [line for line in self.now().lines if units(line)]
        if not lines:
            raise Nothing
        line = self.random.choice(lines)
        return {line.id: self.random.randint(1, len(units(line)))}

    def sku(self, goods: Iterable[str]) -> str:
        """Of which SKU the line of *goods* is."""
        (line_id,) = goods
        return str(next(line.line.sku for line in self.now().lines if line.id == line_id))

    def one_of(self, found: Sequence[Any]) -> Any:
        """One of those that were *found*."""
        if not found:
            raise Nothing
        return self.random.choice(found)

    @property
    def returns(self) -> list[Any]:
        """The returns that are open, but for those that are settled with their exchanges."""
        return [each for each in self.shop.returns.of(self.order) if each.is_open and not each.part_of]

    @property
    def exchanges(self) -> list[Any]:
        """The exchanges that are open."""
        return [each for each in self.shop.exchanges.of(self.order) if each.is_open]

    @property
    def claims(self) -> list[Any]:
        """The claims that nobody has decided on."""
        return [each for each in self.shop.claims.of(self.order) if each.state == "opened"]

    def hear(self) -> None:
        """What the gateway tells is received."""
        for message in self.world.webhooks():
            self.shop.webhooks.receive("fake", *message)
