"""The door `lots`: how SKUs are tracked, where lots are, and which orders have them."""

from collections.abc import Awaitable, Callable, Sequence

import attrs

from tokolib.catalog.sku import key as sku_key
from tokolib.inventory.lots import finding, tracking
from tokolib.inventory.lots.errors import UnknownLot
from tokolib.inventory.lots.events import LotBlocked
from tokolib.inventory.lots.model import Lot, LotLevel, LotMovement, lot_id
from tokolib.inventory.lots.ports import LOTS
from tokolib.inventory.model import MovementKind, Tracked, item_id
from tokolib.inventory.ports import STOCK_ITEMS
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.lines import given_reason
from tokolib.kernel.storage_errors import AlreadyExists
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work

References = Callable[[Unit, str], Awaitable[Sequence[str]]]
"""What movements of an order's goods refer to: the order itself, its shipments, its returns."""


@attrs.frozen
class LotService(Service[Colour]):
    """Lots, serials and expiry dates."""

    work: Work
    blocking: bool
    references: References

    @command
    async def track(self, sku: str, tracked: Tracked) -> None:
        """Track a SKU by lot or by serial, or not at all: decided before its first movement. Safe to repeat.

        Raises:
            AlreadyMoved: there are movements of it. UnknownSku, BundleHasNoStock, UnitChanged.
            In all cases nothing was changed.
        """

        async def step(unit: Unit) -> None:
            await tracking.track(unit, sku_key(sku), tracked)

        try:
            await self.work.write("lots.track", step)
        except AlreadyExists:  # another unit made the stock item at this moment
            await self.work.write("lots.track", step)

    @command
    async def block(self, sku: str, lot: str, *, reason: str) -> Lot:
        """Let none of a lot leave for orders any longer, such as in a recall; the same again changes nothing.

        What has been picked by then has left: `orders_of` tells where it went.

        Raises:
            UnknownLot, InvalidLot, UnknownSku, InvalidInput (no reason): nothing was changed.
        """
        why = given_reason(reason)

        async def step(unit: Unit) -> Lot:
            return _mark(unit, await _lot(unit, sku, lot), why)

        return await self.work.write("lots.block", step)

    @command
    async def unblock(self, sku: str, lot: str) -> Lot:
        """Let a lot leave again; the same again changes nothing.

        Raises:
            UnknownLot, InvalidLot, UnknownSku: nothing was changed.
        """

        async def step(unit: Unit) -> Lot:
            return _mark(unit, await _lot(unit, sku, lot), "")

        return await self.work.write("lots.unblock", step)

    @command
    async def get(self, sku: str, lot: str) -> Lot:
        """What is known of a lot or serial.

        Raises:
            UnknownLot, InvalidLot: there is none.
        """

        async def step(unit: Unit) -> Lot:
            return await _lot(unit, sku, lot)

        return await self.work.read(step)

    @command
    async def levels(self, sku: str) -> tuple[LotLevel, ...]:
        """All lots of a SKU that are here, at any location and in any state, the first to expire first."""

        async def step(unit: Unit) -> tuple[LotLevel, ...]:
            item = await unit[STOCK_ITEMS].find(item_id(sku_key(sku)))
            return () if item is None else await finding.levels(unit, item)

        return await self.work.read(step)

    @command
    async def movements(self, sku: str, lot: str) -> tuple[LotMovement, ...]:
        """Everything that ever moved of a lot, the oldest first.

        Raises:
            UnknownLot, InvalidLot: there is none.
        """

        async def step(unit: Unit) -> tuple[LotMovement, ...]:
            found = await _lot(unit, sku, lot)
            return await finding.movements(unit, await unit[STOCK_ITEMS].get(item_id(found.key)), found)

        return await self.work.read(step)

    @command
    async def orders_of(self, sku: str, lot: str) -> tuple[LotMovement, ...]:
        """Which orders have got goods of a lot, shipment by shipment, the oldest first: whom a recall has to reach.

        What came back since is among `movements`.

        Raises:
            UnknownLot, InvalidLot: there is none.
        """

        async def step(unit: Unit) -> tuple[LotMovement, ...]:
            found = await _lot(unit, sku, lot)
            moved = await finding.movements(unit, await unit[STOCK_ITEMS].get(item_id(found.key)), found)
            return tuple(each for each in moved if each.kind is MovementKind.SHIP)

        return await self.work.read(step)

    @command
    async def of(self, reference: str) -> tuple[LotMovement, ...]:
        """The lots that moved for an order (with its shipments and returns), or for one shipment, return or transfer,
        by its id; none where nothing of it is tracked.
        """

        async def step(unit: Unit) -> tuple[LotMovement, ...]:
            return await finding.of_references(unit, await self.references(unit, reference))

        return await self.work.read(step)


def _mark(unit: Unit, lot: Lot, reason: str) -> Lot:
    return lot if lot.blocked == reason else unit[LOTS].record(lot, LotBlocked(reason))


async def _lot(unit: Unit, sku: str, code: str) -> Lot:
    found = await unit[LOTS].find(lot_id(sku_key(sku), code))
    if found is None:
        raise UnknownLot(sku, code)
    return found
