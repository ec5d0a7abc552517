"""The door `stock`: what a shop's people do with goods."""

from collections.abc import Mapping, Sequence

import attrs

from tokolib.catalog.model import Sellable
from tokolib.catalog.sku import key as sku_key
from tokolib.inventory import moving
from tokolib.inventory.arranging import StockArrangements
from tokolib.inventory.levels import level_of, one_counted
from tokolib.inventory.lots.model import LotReceipt
from tokolib.inventory.lots.naming import ByCode, Named, in_steps, signed
from tokolib.inventory.model import MAIN, StockLevel, StockState
from tokolib.inventory.register import counted, known
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.quantity import Counted, UnitOfMeasure
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import once


@attrs.frozen
class StockService(StockArrangements[Colour]):
    """Stock of one shop."""

    @command
    async def receive(
        self,
        sku: str,
        quantity: Counted,
        *,
        location: str = MAIN,
        state: StockState = StockState.SELLABLE,
        lots: Sequence[LotReceipt] = (),
        key: str | None = None,
        reference: str = "",
    ) -> StockLevel:
        """Put goods on the shelf; answers the level. With *key*, sending it again receives them once.

        Goods that are to be looked at first, or came broken, are received in that *state*. Of a SKU
        that is tracked, *lots* names what arrived of each lot, and when it expires, or each serial.

        Raises:
            LotsNeeded, LotsDiffer, LotDiffers, LotExpired, SerialInHouse, InvalidLot, NotTracked: nothing was changed.
            UnknownSku, UnknownLocation, BundleHasNoStock, UnitChanged, InvalidQuantity: nothing was changed.
            InvalidInput: a key or reference that can't be kept; nothing was changed.
            KeyReused: the key belongs to another delivery; nothing was changed.
        """

        refers_to = _reference(reference)
        _here("state", state)

        async def step(unit: Unit) -> StockLevel:
            one: Sellable = await one_counted(unit, sku)
            goods = {one.key: one.unit.steps(quantity)}

            async def move() -> str:
                return await moving.receive(
                    unit, goods, location=location, state=state, refers_to=refers_to, receipts={one.key: lots}
                )

            request: list[object] = [goods, location, state.value, refers_to, *_told(one.unit, lots)]
            await once(unit, "stock.receive", key, request, move)
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
        refers_to = _reference(reference)

        async def step(unit: Unit) -> None:
            sold = await counted(unit, goods)
            arrived: dict[str, int] = {}
            for sku, quantity in goods.items():  # two spellings of one SKU are two rows of one delivery
                key_ = sku_key(sku)
                arrived[key_] = arrived.get(key_, 0) + sold[key_].unit.steps(quantity)

            async def move() -> str:
                return await moving.receive(unit, arrived, location=location, refers_to=refers_to)

            await once(unit, "stock.receive_all", key, [arrived, location, refers_to], move)

        await self._write("stock.receive", step)

    @command
    async def adjust(
        self,
        sku: str,
        change: Counted,
        *,
        reason: str,
        location: str = MAIN,
        lots: ByCode | None = None,
        key: str | None = None,
    ) -> StockLevel:
        """Correct the books by *change* (`3`, `"-0.5"`), and answer the level; the history keeps who and why.

        Of a SKU that is tracked, *lots* says by how much of each lot. With *key*, sending it again corrects them once.

        Raises:
            BelowHeld: fewer would be left than are held for orders; nothing was changed.
            KeysNeeded, LotsNeeded, LotsDiffer, UnknownLot, LotShort, SerialInHouse, NotTracked: nothing was changed.
            InvalidInput: no reason was given, or a key that can't be kept; nothing was changed.
            KeyReused: the key belongs to another correction; nothing was changed.
        """
        why = given_reason(reason)

        async def step(unit: Unit) -> StockLevel:
            one = await one_counted(unit, sku)
            goods = {one.key: signed(one.unit, change)}
            some: Named = {one.key: in_steps(one.unit, one.key, lots, signed)} if lots else {}

            async def move() -> str:
                return await moving.adjust(unit, goods, location=location, reason=why, lots=some)

            await once(unit, "stock.adjust", key, [goods, location, why, *([some] if some else [])], move)
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
        state: StockState = StockState.SELLABLE,
        lots: ByCode | None = None,
        key: str | None = None,
        reference: str = "",
    ) -> StockLevel:
        """Take broken, lost or given-away goods off the books; answers the level. With *key*, they go once.

        They go from the shelf, or from where the damaged ones are, or those to be looked at (*state*). Of a SKU that is
        tracked, *lots* says how much of each lot.

        Raises:
            KeysNeeded, LotsNeeded, LotsDiffer, UnknownLot, LotShort, NotTracked: nothing was changed.
            BelowHeld: some of them are held for orders; nothing was changed.
            UnknownSku, UnknownLocation, InvalidQuantity (one of *lots* too, of zero or less): nothing was changed.
            InvalidInput: no reason was given, or a key or reference that can't be kept; nothing was changed.
            KeyReused: the key belongs to another request; nothing was changed.
        """
        why, refers_to = given_reason(reason), line("reference", reference)
        _here("state", state)

        async def step(unit: Unit) -> StockLevel:
            one = await one_counted(unit, sku)
            await known(unit, location)
            goods = {one.key: one.unit.steps(quantity)}
            some: Named = _named(one, lots)

            async def move() -> str:
                return await moving.write_off(
                    unit, goods, location=location, state=state, refers_to=refers_to, reason=why, lots=some
                )

            request = [goods, location, state.value, refers_to, why, *([some] if some else [])]
            await once(unit, "stock.write_off", key, request, move)
            return await level_of(unit, one, location)

        return await self._write("stock.write_off", step)

    @command
    async def move(
        self,
        sku: str,
        quantity: Counted,
        *,
        from_: StockState,
        to: StockState,
        reason: str,
        location: str = MAIN,
        lots: ByCode | None = None,
        key: str | None = None,
    ) -> StockLevel:
        """Put goods of a location into another state (`DAMAGED`); answers the level. With *key*, it is done once.

        Of a SKU that is tracked, *lots* says how much of each lot. What is on its way (`TRANSIT`) is
        its transfer's, and moves with it alone.

        Raises:
            BelowHeld: some of them are held for orders, or fewer are in that state; nothing was changed.
            LotsNeeded, LotsDiffer, UnknownLot, LotShort, NotTracked: nothing was changed.
            UnknownSku, UnknownLocation, InvalidQuantity (one of *lots* too, of zero or less): nothing was changed.
            InvalidInput: the states are the same or one is `TRANSIT`, no reason, a key that can't be kept; nothing was
                changed.
            KeyReused: the key belongs to another request; nothing was changed.
        """
        why = given_reason(reason)
        _here("from_", from_)
        _here("to", to)
        if from_ is to:
            raise InvalidInput(
                (Fault("to", "inventory.same_state", f"must be another state than {from_.value}", to.value),)
            )

        async def step(unit: Unit) -> StockLevel:
            one = await one_counted(unit, sku)
            await known(unit, location)
            goods = {one.key: one.unit.steps(quantity)}
            some: Named = _named(one, lots)

            async def move() -> str:
                return await moving.move(unit, goods, (location, from_), (location, to), reason=why, lots=some)

            request = [goods, location, from_.value, to.value, why, *([some] if some else [])]
            await once(unit, "stock.move", key, request, move)
            return await level_of(unit, one, location)

        return await self._write("stock.move", step)


def _here(path: str, state: StockState) -> None:
    """Pass for a state that people put goods into by hand.

    Raises:
        InvalidInput: what is on its way is its transfer's.
    """
    if state is StockState.TRANSIT:
        message = "must be a state of goods that are here; what is on its way belongs to its transfer"
        raise InvalidInput((Fault(path, "inventory.in_transit", message, state.value),))


def _reference(text: str) -> str:
    """What a delivery is known by.

    Raises:
        InvalidInput: it can't be kept, or is an expected receipt, which has a command of its own.
    """
    reference = line("reference", text)
    if reference.startswith("exp_"):
        message = "is an expected receipt: receive it with shop.expected.receive, which counts what has come"
        raise InvalidInput((Fault("reference", "inventory.expected_receipt", message, reference),))
    return reference


def _named(one: Sellable, lots: ByCode | None) -> dict[str, dict[str, int]]:
    """Lots that somebody named of a SKU, as steps by its key."""
    return {one.key: in_steps(one.unit, one.key, lots)} if lots else {}


def _told(unit: UnitOfMeasure, lots: Sequence[LotReceipt]) -> list[object]:
    """A receipt's lots as a request remembers them; nothing where there are none."""
    told: list[object] = [[each.code, unit.steps(each.quantity), str(each.expires_on or "")] for each in lots]
    return [told] if told else []
