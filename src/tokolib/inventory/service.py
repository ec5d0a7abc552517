"""The door `stock`: what a shop's people do with goods."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import attrs

from tokolib.catalog.model import Sellable
from tokolib.catalog.sku import key as sku_key
from tokolib.inventory import ledger, steps
from tokolib.inventory.demand import buildable
from tokolib.inventory.events import LocationOpened, ThresholdSet
from tokolib.inventory.model import (
    MAIN,
    Location,
    Movement,
    StockLevel,
    location_id,
    resource,
    stock_level,
)
from tokolib.inventory.ports import LOCATIONS, STOCK_ITEMS
from tokolib.inventory.register import counted, known, opened, stock_items
from tokolib.inventory.watch import watch
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.numbers import exact
from tokolib.kernel.quantity import Counted, Quantity, UnitOfMeasure
from tokolib.kernel.rows import Page
from tokolib.kernel.storage_errors import AlreadyExists, StorageError
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work, once

T = TypeVar("T")


@attrs.frozen
class StockService(Service[Colour]):
    """Stock of one shop."""

    work: Work
    blocking: bool

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
            one = await _counted(unit, sku)
            goods = {one.key: one.unit.steps(quantity)}

            async def move() -> str:
                return await steps.receive(unit, goods, location=location, refers_to=refers_to)

            await once(unit, "stock.receive", key, [goods, location, refers_to], move)
            return await _level(unit, one, location)

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
            one = await _counted(unit, sku)
            goods = {one.key: _signed(one.unit, change)}

            async def move() -> str:
                return await steps.adjust(unit, goods, location=location, reason=why)

            await once(unit, "stock.adjust", key, [goods, location, why], move)
            return await _level(unit, one, location)

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
            one = await _counted(unit, sku)
            await known(unit, location)
            goods = {one.key: one.unit.steps(quantity)}

            async def move() -> str:
                return await steps.write_off(unit, goods, location=location, refers_to=refers_to, reason=why)

            await once(unit, "stock.write_off", key, [goods, location, refers_to, why], move)
            return await _level(unit, one, location)

        return await self._write("stock.write_off", step)

    @command
    async def available(self, sku: str, *, location: str = MAIN) -> Quantity:
        """How much can be sold now; of a bundle, as many as its scarcest component allows."""
        level = await self._read_level(sku, location)
        return level.available

    @command
    async def level(self, sku: str, *, location: str = MAIN) -> StockLevel:
        """On hand, held and available. A bundle has nothing on hand: only its components have."""
        return await self._read_level(sku, location)

    @command
    async def movements(
        self, sku: str, *, location: str = MAIN, after: str | None = None, limit: int = 100
    ) -> Page[Movement]:
        """The movements of a SKU at a location, oldest first, in pages; at most `Limits.page` at a time.

        Raises:
            InvalidInput: a *limit* below 1.
        """

        async def step(unit: Unit) -> Page[Movement]:
            await known(unit, location)
            size = await unit.page_size(limit)
            return await ledger.movements(unit, await _counted(unit, sku), location, after=after, limit=size)

        return await self.work.read(step)

    @command
    async def threshold(self, sku: str, quantity: Counted | None, *, location: str = MAIN) -> None:
        """Say `inventory.stock_low` when less than *quantity* is available at *location*; None says it no more.

        Raises:
            UnknownSku, UnknownLocation, BundleHasNoStock, InvalidQuantity: nothing was changed.
        """

        async def step(unit: Unit) -> None:
            one = await _counted(unit, sku)
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

    async def _read_level(self, sku: str, location: str) -> StockLevel:
        async def step(unit: Unit) -> StockLevel:
            await known(unit, location)
            return await _level(unit, await _counted(unit, sku), location)

        return await self.work.read(step)

    async def _write(self, permission: str, step: Callable[[Unit], Awaitable[T]]) -> T:
        """Write; when another unit made the same location or stock item at this moment, it is there the second time."""
        try:
            return await self._named(permission, step)
        except AlreadyExists:
            return await self._named(permission, step)

    async def _named(self, permission: str, step: Callable[[Unit], Awaitable[T]]) -> T:
        """Write, and give the storage's refusals their names here."""
        try:
            return await self.work.write(permission, step)
        except StorageError as error:
            if (named := steps.explain_refusal(error)) is error:
                raise
            raise named from error


async def _counted(unit: Unit, sku: str) -> Sellable:
    return (await counted(unit, [sku]))[sku_key(sku)]


async def _level(unit: Unit, one: Sellable, location: str) -> StockLevel:
    """The level after all that this unit has recorded."""
    unit.write()
    where = {key: resource(location, key) for key in one.consumption(1)}
    levels = await unit.levels(list(where.values()))
    if not one.components:
        return stock_level(levels[where[one.key]], one.sku, location, one.unit)
    available = buildable(one, {key: levels[name].available for key, name in where.items()})
    nothing = Quantity(0, one.unit)
    return StockLevel(one.sku, location, nothing, nothing, Quantity(available, one.unit))


def _signed(unit: UnitOfMeasure, change: Counted) -> int:
    if isinstance(change, Quantity):
        return -unit.steps(Quantity(-change.steps, change.unit)) if change.steps < 0 else unit.steps(change)
    amount = exact(change, f"change in {unit.code}")
    return -unit.steps(amount.copy_negate()) if amount < 0 else unit.steps(amount)
