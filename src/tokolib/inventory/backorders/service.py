"""The door `backorders`: how much may be promised before it is there."""

from collections.abc import Awaitable, Callable
from datetime import date

import attrs

from tokolib.catalog.sku import key as sku_key
from tokolib.inventory.again import looking_again
from tokolib.inventory.backorder import MOST_DAYS, Backorder, BackorderLevel
from tokolib.inventory.backorders import steps
from tokolib.inventory.model import MAIN
from tokolib.inventory.ports import BACKORDERS
from tokolib.inventory.register import counted, known
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.quantity import Counted
from tokolib.kernel.storage_errors import AlreadyExists
from tokolib.kernel.unit import Unit, every
from tokolib.kernel.work import Work


@attrs.frozen
class BackorderService(Service[Colour]):
    """What a shop may promise beyond its stock."""

    work: Work
    blocking: bool

    @command
    async def allow(
        self, sku: str, limit: Counted, *, days: int | None = None, on: date | None = None, location: str = MAIN
    ) -> BackorderLevel:
        """Let so much of a SKU be promised that is not there, in all: in *days* from the promise, or for the day *on*.

        It sets the limit and the day anew where there was one, also of one that was closed; promises that were made
        keep theirs. The same again changes nothing.

        Raises:
            BelowPromised: more is promised already.
            InvalidInput: neither *days* nor *on*, both, or none that can be.
            UnknownSku, UnknownLocation, BundleHasNoStock, UnitChanged, InvalidQuantity.
            In all cases nothing was changed.
        """
        _term(days, on)
        key = sku_key(sku)

        async def step(unit: Unit) -> Backorder:
            if on is not None and on < (today := await unit.today()):
                raise _fault("on", f"must not be before today, {today}", on)
            wanted = (await counted(unit, [sku]))[key].unit.steps(limit)
            return await steps.allow(unit, key, wanted, days=days, on=on, location=location)

        return await self._write("backorders.allow", step)

    @command
    async def close(self, sku: str, *, location: str = MAIN) -> BackorderLevel:
        """Promise no more of a SKU beyond its stock; what is promised stands.

        Raises:
            NoBackorder: there is none there. UnknownLocation. Nothing was changed.
        """

        async def step(unit: Unit) -> Backorder:
            await known(unit, location)
            return await steps.close(unit, sku_key(sku), location)

        return await self._write("backorders.close", step)

    @command
    async def of(self, sku: str, *, location: str = MAIN) -> BackorderLevel:
        """How much of a SKU may be promised there beyond its stock, and how much is.

        Raises:
            NoBackorder: there is none there. UnknownLocation.
        """

        async def step(unit: Unit) -> BackorderLevel:
            await known(unit, location)
            return await steps.level_of(unit, await steps.one(unit, sku_key(sku), location))

        return await self.work.read(step)

    @command
    async def all(self) -> tuple[BackorderLevel, ...]:
        """Every backorder of the shop, by location and SKU, the closed ones too."""

        async def step(unit: Unit) -> tuple[BackorderLevel, ...]:
            found = await every(unit[BACKORDERS], "by_id", {})
            return tuple([await steps.level_of(unit, each) for each in found])

        return await self.work.read(step)

    async def _write(self, permission: str, step: Callable[[Unit], Awaitable[Backorder]]) -> BackorderLevel:
        """Write, and answer the level; when another unit made the same at this moment, it is there the second time."""

        async def levelled(unit: Unit) -> BackorderLevel:
            return await steps.level_of(unit, await step(unit))

        try:
            return await looking_again(self.work, permission, levelled)
        except AlreadyExists:
            return await looking_again(self.work, permission, levelled)


def _term(days: int | None, on: date | None) -> None:
    """Pass for a number of days, or a day.

    Raises:
        InvalidInput: neither, both, or one that can't be.
    """
    if (days is None) is (on is None):
        raise _fault("days", "must be given, or on: one of the two", days)
    if days is not None and not 0 <= days <= MOST_DAYS:
        raise _fault("days", f"must be from 0 to {MOST_DAYS}", days)


def _fault(path: str, message: str, value: object) -> InvalidInput:
    return InvalidInput((Fault(path, "inventory.backorder_term", message, str(value)),))
