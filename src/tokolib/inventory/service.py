"""The door `stock`: what a shop's people do with goods."""

from collections.abc import Mapping

import attrs

from tokolib.catalog.sku import key as sku_key
from tokolib.inventory import steps
from tokolib.inventory.arranging import StockArrangements
from tokolib.inventory.levels import level_of, one_counted
from tokolib.inventory.model import MAIN, StockLevel
from tokolib.inventory.register import counted, known
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.numbers import exact
from tokolib.kernel.quantity import Counted, Quantity, UnitOfMeasure
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import once


@attrs.frozen
class StockService(StockArrangements[Colour]):
    """Stock of one shop."""

    @command
    async def receive(
        self, sku: str, quantity: Counted, *, location: str = MAIN, key: str | None = None, reference: str = ""
    ) -> StockLevel:
        """Put goods on the shelf; answers the level. With *key*, sending it again receives them once.

        Raises:
            UnknownSku, UnknownLocation, BundleHasNoStock, UnitChanged, InvalidQuantity: nothing was changed.
            InvalidInput: a key or reference that can't be kept; nothing was changed.
            KeyReused: the key belongs to another delivery; nothing was changed.
        """

        refers_to = line("reference", reference)

        async def step(unit: Unit) -> StockLevel:
            one = await one_counted(unit, sku)
            goods = {one.key: one.unit.steps(quantity)}

            async def move() -> str:
                return await steps.receive(unit, goods, location=location, refers_to=refers_to)

            await once(unit, "stock.receive", key, [goods, location, refers_to], move)
            return await level_of(unit, one, location)

        return await self._write("stock.receive", step)

    @command
    async def receive_all(
        self, goods: Mapping[str, Counted], *, location: str = MAIN, key: str | None = None, reference: str = ""
    ) -> None:
        """Put a whole delivery (quantities by SKU) on the shelf, all or nothing. With *key*, it is received once.

        Raises:
            UnknownSku, UnknownLocation, BundleHasNoStock, UnitChanged, InvalidQuantity: nothing was changed.
            InvalidInput: a key or reference that can't be kept; nothing was changed.
            KeyReused: the key belongs to another delivery; nothing was changed.
        """
        refers_to = line("reference", reference)

        async def step(unit: Unit) -> None:
            sold = await counted(unit, goods)
            arrived: dict[str, int] = {}
            for sku, quantity in goods.items():  # two spellings of one SKU are two rows of one delivery
                key_ = sku_key(sku)
                arrived[key_] = arrived.get(key_, 0) + sold[key_].unit.steps(quantity)

            async def move() -> str:
                return await steps.receive(unit, arrived, location=location, refers_to=refers_to)

            await once(unit, "stock.receive_all", key, [arrived, location, refers_to], move)

        await self._write("stock.receive", step)

    @command
    async def adjust(
        self, sku: str, change: Counted, *, reason: str, location: str = MAIN, key: str | None = None
    ) -> StockLevel:
        """Correct the books by *change* (`3`, `"-0.5"`), and answer the level; the history keeps who and why.

        With *key*, sending it again corrects them once.

        Raises:
            BelowHeld: fewer would be left than are held for orders; nothing was changed.
            InvalidInput: no reason was given, or a key that can't be kept; nothing was changed.
            KeyReused: the key belongs to another correction; nothing was changed.
        """
        why = given_reason(reason)

        async def step(unit: Unit) -> StockLevel:
            one = await one_counted(unit, sku)
            goods = {one.key: _signed(one.unit, change)}

            async def move() -> str:
                return await steps.adjust(unit, goods, location=location, reason=why)

            await once(unit, "stock.adjust", key, [goods, location, why], move)
            return await level_of(unit, one, location)

        return await self._write("stock.adjust", step)

    @command
    async def write_off(
        self,
        sku: str,
        quantity: Counted,
        *,
        reason: str,
        location: str = MAIN,
        key: str | None = None,
        reference: str = "",
    ) -> StockLevel:
        """Take broken, lost or given-away goods off the books; answers the level. With *key*, they go once.

        Raises:
            BelowHeld: some of them are held for orders; nothing was changed.
            InvalidInput: no reason was given, or a key or reference that can't be kept; nothing was changed.
            KeyReused: the key belongs to another request; nothing was changed.
        """
        why, refers_to = given_reason(reason), line("reference", reference)

        async def step(unit: Unit) -> StockLevel:
            one = await one_counted(unit, sku)
            await known(unit, location)
            goods = {one.key: one.unit.steps(quantity)}

            async def move() -> str:
                return await steps.write_off(unit, goods, location=location, refers_to=refers_to, reason=why)

            await once(unit, "stock.write_off", key, [goods, location, refers_to, why], move)
            return await level_of(unit, one, location)

        return await self._write("stock.write_off", step)


def _signed(unit: UnitOfMeasure, change: Counted) -> int:
    if isinstance(change, Quantity):
        return -unit.steps(Quantity(-change.steps, change.unit)) if change.steps < 0 else unit.steps(change)
    amount = exact(change, f"change in {unit.code}")
    return -unit.steps(amount.copy_negate()) if amount < 0 else unit.steps(amount)
