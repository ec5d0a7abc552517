"""The door `prices`: lists and prices, and what the shelf shows of them."""

from collections.abc import Sequence

import attrs

from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.unit import Unit
from tokolib.pricing.lost import Problem
from tokolib.pricing.prices.service import PriceService
from tokolib.pricing.problems import error
from tokolib.pricing.shelf import ShelfPrice
from tokolib.pricing.steps import on_shelf


@attrs.frozen
class PriceDoor(PriceService[Colour]):
    """Price lists, prices, and what a customer sees before there is a cart."""

    @command
    async def shelf(
        self, sku: str, *, channel: str = "web", group: str = "", currency: str | None = None
    ) -> ShelfPrice:
        """What one unit of a SKU costs now in a *currency*, for a customer of *group* who buys through *channel*.

        The promotions that are `on_shelf` are in it, and no others; a cart charges so many times as much, before
        its own promotions. A price finer than the minor unit, or one that a policy takes tax out of or puts it on, is
        shown rounded up: a cart then charges a little less than so many times as much, never more.

        Raises:
            NoPrice: no price list that applies has a price for it, or only at an exchange rate that is too old.
            UnknownSku, NotForSale: it can't be sold now.
            CurrencyNotAccepted: the shop doesn't sell in *currency*; without one, that of its books is meant.
        """

        async def step(unit: Unit) -> ShelfPrice:
            found = await on_shelf(unit, (sku,), channel, group, currency)
            shown = found[sku]
            if isinstance(shown, Problem):
                raise error(shown, currency or (await unit.settings()).currency)
            return shown

        return await self.work.read(step)

    @command
    async def shelves(
        self, skus: Sequence[str], *, channel: str = "web", group: str = "", currency: str | None = None
    ) -> dict[str, ShelfPrice]:
        """The same of many SKUs at once, for a page of a catalogue; those without a price are left out.

        Raises:
            UnknownSku, NotForSale: some can't be sold now; all of those are named.
            CurrencyNotAccepted: the shop doesn't sell in *currency*.
        """

        async def step(unit: Unit) -> dict[str, ShelfPrice]:
            found = await on_shelf(unit, tuple(skus), channel, group, currency)
            return {sku: shown for sku, shown in found.items() if isinstance(shown, ShelfPrice)}

        return await self.work.read(step)
