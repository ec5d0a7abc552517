"""The door `expected`: goods that are to come, and by when so many can be had."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date

import attrs

from tokolib.catalog.sku import key as sku_key
from tokolib.inventory.availability import sellable_at
from tokolib.inventory.backorders import steps as backorders
from tokolib.inventory.errors import BundleHasNoStock
from tokolib.inventory.expected import steps
from tokolib.inventory.expected.model import ExpectedReceipt, Promise, promised
from tokolib.inventory.expected.ports import EXPECTED_RECEIPTS
from tokolib.inventory.lots.model import LotReceipt
from tokolib.inventory.model import MAIN, StockState
from tokolib.inventory.register import counted, known
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import ExpectedReceiptId
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.quantity import Counted, Quantity
from tokolib.kernel.storage_errors import AlreadyExists
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work, once


@attrs.frozen
class ExpectedReceiptService(Service[Colour]):
    """What suppliers are to bring."""

    work: Work
    blocking: bool

    @command
    async def announce(
        self,
        sku: str,
        quantity: Counted,
        *,
        on: date,
        location: str = MAIN,
        reference: str = "",
        key: str | None = None,
    ) -> ExpectedReceipt:
        """Goods are to come to a location on a day; nothing moves yet. With *key*, they are announced once.

        Raises:
            UnknownSku, UnknownLocation, BundleHasNoStock, UnitChanged, InvalidQuantity, InvalidInput, KeyReused.
            In all cases nothing was stored.
        """
        refers_to, key_of = line("reference", reference), sku_key(sku)

        async def step(unit: Unit) -> ExpectedReceipt:
            wanted = (await counted(unit, [sku]))[key_of].unit.steps(quantity)

            async def make() -> str:
                return (await steps.announce(unit, key_of, wanted, on, location=location, reference=refers_to)).id

            request = [key_of, wanted, on.isoformat(), location, refers_to]
            made, _ = await once(unit, "expected.announce", key, request, make)
            return await unit[EXPECTED_RECEIPTS].get(made)

        return await self._write("expected.announce", step)

    @command
    async def change(
        self, receipt: ExpectedReceipt | ExpectedReceiptId, *, on: date | None = None, quantity: Counted | None = None
    ) -> ExpectedReceipt:
        """Another day, or another quantity in all; the same again changes nothing.

        Raises:
            MoreThanExpected: more has come than that. IllegalReceiptTransition: it has ended.
            NotFound, InvalidQuantity. In all cases nothing was changed.
        """
        id = _id(receipt)

        async def step(unit: Unit) -> ExpectedReceipt:
            found = await unit[EXPECTED_RECEIPTS].get(id)
            wanted = None if quantity is None else Quantity(found.unit.steps(quantity), found.unit)
            return await steps.change(unit, id, on, wanted)

        return await self._write("expected.change", step)

    @command
    async def receive(
        self,
        receipt: ExpectedReceipt | ExpectedReceiptId,
        quantity: Counted | None = None,
        *,
        state: StockState = StockState.SELLABLE,
        lots: Sequence[LotReceipt] = (),
        key: str | None = None,
    ) -> ExpectedReceipt:
        """Some of it came, or all that is expected: it is on the books. With *key*, it comes once.

        Raises:
            MoreThanExpected: more came than is expected. IllegalReceiptTransition: it has ended.
            LotsNeeded, LotsDiffer, LotDiffers, LotExpired, SerialInHouse, InvalidLot, NotTracked: the lots don't fit.
            NotFound, UnknownSku, UnitChanged, InvalidQuantity, InvalidInput, KeyReused.
            In all cases nothing was changed.
        """
        id = _id(receipt)
        if state is StockState.TRANSIT:
            message = "must be a state of goods that are here"
            raise InvalidInput((Fault("state", "inventory.in_transit", message, state.value),))

        async def step(unit: Unit) -> ExpectedReceipt:
            found = await unit[EXPECTED_RECEIPTS].get(id)
            came = None if quantity is None else found.unit.steps(quantity)
            told = [[each.code, found.unit.steps(each.quantity), str(each.expires_on or "")] for each in lots]

            async def arrive() -> str:
                return (await steps.receive(unit, id, came, state, lots)).id

            await once(unit, "expected.receive", key, [id, came, state.value, told], arrive)
            return await unit[EXPECTED_RECEIPTS].get(id)

        return await self._write("expected.receive", step)

    @command
    async def cancel(self, receipt: ExpectedReceipt | ExpectedReceiptId, *, reason: str) -> ExpectedReceipt:
        """No more of it comes; what has come stays.

        Raises:
            NotFound, IllegalReceiptTransition, InvalidInput (no reason): nothing was changed.
        """
        id, why = _id(receipt), given_reason(reason)

        async def step(unit: Unit) -> ExpectedReceipt:
            return await steps.cancel(unit, id, why)

        return await self._write("expected.cancel", step)

    @command
    async def get(self, receipt: ExpectedReceiptId) -> ExpectedReceipt:
        """An expected receipt.

        Raises:
            NotFound: there is none of that id.
        """

        async def step(unit: Unit) -> ExpectedReceipt:
            return await unit[EXPECTED_RECEIPTS].get(receipt)

        return await self.work.read(step)

    @command
    async def of(self, sku: str, *, location: str = MAIN) -> tuple[ExpectedReceipt, ...]:
        """What is still to come of a SKU to a location, the first to come first.

        Raises:
            UnknownLocation: the shop has no such location.
        """

        async def step(unit: Unit) -> tuple[ExpectedReceipt, ...]:
            await known(unit, location)
            return await steps.coming(unit, sku_key(sku), location)

        return await self.work.read(step)

    @command
    async def promise(self, sku: str, quantity: Counted, *, location: str = MAIN, channel: str = "") -> Promise:
        """By when so much of a SKU can be had there: what is here, what is expected, then its backorder.

        It is a look and holds nothing. By *channel*, what it must leave for the others (`buffer`) is left out.

        Raises:
            UnknownSku, UnknownLocation, BundleHasNoStock, InvalidQuantity.
        """

        async def step(unit: Unit) -> Promise:
            await known(unit, location)
            key = sku_key(sku)
            one = (await counted(unit, [sku]))[key]
            if one.components:
                raise BundleHasNoStock(one.sku, tuple(part.sku for part in one.components))
            wanted = Quantity(one.unit.steps(quantity), one.unit)
            here = (await sellable_at(unit, [key], location=location, channel=channel))[key]
            receipts = await steps.coming(unit, key, location)
            more = await backorders.level_at(unit, key, location)
            waiting = 0 if more is None else more.promised.steps - await backorders.on_shelf(unit, key, location)
            return promised(one.sku, location, wanted, here, await unit.today(), receipts, more, max(waiting, 0))

        return await self.work.read(step)

    async def _write(self, permission: str, step: Callable[[Unit], Awaitable[ExpectedReceipt]]) -> ExpectedReceipt:
        """Write; when another unit made the same stock item at this moment, it is there the second time."""
        try:
            return await self.work.write(permission, step)
        except AlreadyExists:
            return await self.work.write(permission, step)


def _id(receipt: ExpectedReceipt | ExpectedReceiptId) -> ExpectedReceiptId:
    return receipt.id if isinstance(receipt, ExpectedReceipt) else receipt
