"""The door `stock`, as far as it is looked through: levels and movements; and how all of it writes."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import attrs

from tokolib.catalog.model import Sellable
from tokolib.catalog.sku import key as sku_key
from tokolib.inventory import ledger, steps
from tokolib.inventory.availability import sellable_at
from tokolib.inventory.demand import buildable
from tokolib.inventory.model import MAIN, Movement, StockLevel, StockState, resource, stock_level
from tokolib.inventory.register import counted, known
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.quantity import Quantity
from tokolib.kernel.rows import Page
from tokolib.kernel.storage_errors import AlreadyExists, StorageError
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work

T = TypeVar("T")


@attrs.frozen
class StockLevels(Service[Colour]):
    """What there is of a shop's goods."""

    work: Work
    blocking: bool

    @command
    async def available(self, sku: str, *, location: str = MAIN, channel: str = "") -> Quantity:
        """How much can be sold now; of a bundle, as many as its scarcest component allows.

        By *channel*, what it must leave for the others (`buffer`) is left out.
        """

        async def step(unit: Unit) -> Quantity:
            await known(unit, location)
            one = await one_counted(unit, sku)
            there = await sellable_at(unit, list(one.consumption(1)), location=location, channel=channel)
            return Quantity(buildable(one, there), one.unit)

        return await self.work.read(step)

    @command
    async def level(self, sku: str, *, location: str = MAIN) -> StockLevel:
        """On hand, held and available, and what is here or on its way and can't be sold.

        A bundle has nothing on hand: only its components have.
        """

        async def step(unit: Unit) -> StockLevel:
            await known(unit, location)
            return await level_of(unit, await one_counted(unit, sku), location)

        return await self.work.read(step)

    @command
    async def movements(
        self,
        sku: str,
        *,
        location: str = MAIN,
        state: StockState = StockState.SELLABLE,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[Movement]:
        """The movements of a SKU at a location, in one state, oldest first, in pages of at most `Limits.page`.

        Raises:
            InvalidInput: a *limit* below 1.
        """

        async def step(unit: Unit) -> Page[Movement]:
            await known(unit, location)
            size = await unit.page_size(limit)
            one = await one_counted(unit, sku)
            return await ledger.movements(unit, one, location, state, after=after, limit=size)

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


async def one_counted(unit: Unit, sku: str) -> Sellable:
    """What the catalogue knows of *sku*."""
    return (await counted(unit, [sku]))[sku_key(sku)]


async def level_of(unit: Unit, one: Sellable, location: str) -> StockLevel:
    """The level after all that this unit has recorded."""
    unit.write()
    if not one.components:
        names = [resource(location, one.key, state) for state in StockState]
        return stock_level(await unit.levels(names), one.sku, location, one.key, one.unit)
    where = {key: resource(location, key) for key in one.consumption(1)}
    levels = await unit.levels(list(where.values()))
    available = buildable(one, {key: levels[name].available for key, name in where.items()})
    nothing = Quantity(0, one.unit)
    return StockLevel(one.sku, location, nothing, nothing, Quantity(available, one.unit), nothing, nothing, nothing)
