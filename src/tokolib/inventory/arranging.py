"""The door `stock`, as far as it arranges things: locations, when a SKU is low, what a channel must leave."""

from decimal import Decimal

import attrs

from tokolib.catalog.sku import key as sku_key
from tokolib.inventory.events import BufferSet, LocationOpened, ThresholdSet
from tokolib.inventory.levels import StockLevels, one_counted
from tokolib.inventory.model import MAIN, Location, buffer_id, location_id, resource
from tokolib.inventory.ports import BUFFERS, LOCATIONS, STOCK_ITEMS
from tokolib.inventory.register import opened, stock_items
from tokolib.inventory.watch import watch
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.lines import line
from tokolib.kernel.numbers import exact
from tokolib.kernel.quantity import Counted, InvalidQuantity, Quantity
from tokolib.kernel.unit import Unit


@attrs.frozen
class StockArrangements(StockLevels[Colour]):
    """How a shop's stock is arranged."""

    @command
    async def threshold(self, sku: str, quantity: Counted | None, *, location: str = MAIN) -> None:
        """Say `inventory.stock_low` when less than *quantity* is available at *location*; None says it no more.

        Raises:
            UnknownSku, UnknownLocation, BundleHasNoStock, InvalidQuantity: nothing was changed.
        """

        async def step(unit: Unit) -> None:
            one = await one_counted(unit, sku)
            await opened(unit, location)
            item = (await stock_items(unit, [one.key]))[one.key]
            set_to = None if quantity is None else one.unit.steps(quantity)
            levels = await unit.levels([where := resource(location, one.key)])
            item = unit[STOCK_ITEMS].record(item, ThresholdSet(location, set_to))
            unit[STOCK_ITEMS].record(item, *watch(item, location, levels[where].available))

        await self._write("stock.threshold", step)

    @command
    async def open_location(self, code: str, name: str) -> Location:
        """A place where stock can be; the same twice is the same, another name renames it.

        Raises:
            InvalidLocation: that can't be a code; nothing was changed.
            InvalidInput: no name was given; nothing was changed.
        """
        called = line("name", name, required=True)

        async def step(unit: Unit) -> Location:
            found = await unit[LOCATIONS].find(location_id(code))
            if found is not None and found.name == called:
                return found
            return unit[LOCATIONS].record(found, LocationOpened(code, called))

        return await self._write("stock.open_location", step)

    @command
    async def buffer(
        self, sku: str | None, quantity: Counted | None, *, channel: str, location: str | None = None
    ) -> None:
        """Let *channel* leave *quantity* for the other channels; None lets it sell all.

        Without *sku* it is left of each SKU, in the SKU's own unit (up to whole steps), and without *location* at each.
        The closest one counts: that SKU there, that SKU anywhere, any SKU there, any SKU anywhere; zero is one, too.

        Raises:
            UnknownSku, UnknownLocation, BundleHasNoStock, InvalidQuantity, InvalidInput: nothing was changed.
        """
        named = line("channel", channel, required=True)

        async def step(unit: Unit) -> None:
            where = "" if location is None else (await opened(unit, location)).code
            key, amount = "", None if quantity is None else _amount(quantity)
            if sku is not None:
                item = (await stock_items(unit, [sku_key(sku)]))[sku_key(sku)]
                key = item.key
                amount = None if quantity is None else Quantity(item.unit.steps(quantity, zero=True), item.unit).amount
            found = await unit[BUFFERS].find(buffer_id(named, where, key))
            if (found.amount if found else None) != amount:
                unit[BUFFERS].record(found, BufferSet(named, where, key, amount))

        await self._write("stock.buffer", step)


def _amount(quantity: Counted) -> Decimal:
    """An amount in whatever unit a SKU has."""
    amount = quantity.amount if isinstance(quantity, Quantity) else exact(quantity, "quantity")
    if amount < 0:
        raise InvalidQuantity(str(quantity), "a SKU's own unit", "is negative")
    return amount
