"""The door `transfers`: goods between the shop's own locations."""

from collections.abc import Awaitable, Callable, Mapping

import attrs

from tokolib.catalog.sku import key as sku_key
from tokolib.inventory.lots.naming import ByCode, Named, named_lots
from tokolib.inventory.model import StockState
from tokolib.inventory.register import counted
from tokolib.inventory.steps import explain_refusal
from tokolib.inventory.transfers import steps
from tokolib.inventory.transfers.model import Transfer, TransferState
from tokolib.inventory.transfers.ports import TRANSFERS
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import TransferId
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.quantity import Counted
from tokolib.kernel.rows import Page
from tokolib.kernel.storage_errors import AlreadyExists, StorageError
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work, once


@attrs.frozen
class TransferService(Service[Colour]):
    """Sending goods from one location to another, and receiving them there."""

    work: Work
    blocking: bool

    @command
    async def draft(
        self, goods: Mapping[str, Counted], *, source: str, target: str, reference: str = "", key: str | None = None
    ) -> Transfer:
        """Write down what is to go (quantities by SKU); nothing moves yet. With *key*, it is written down once.

        Raises:
            InvalidTransfer: the same location twice, or no goods.
            UnknownSku, UnknownLocation, BundleHasNoStock, UnitChanged, InvalidQuantity, InvalidInput, KeyReused.
            In all cases nothing was stored.
        """
        refers_to = line("reference", reference)

        async def step(unit: Unit) -> Transfer:
            wanted = await _steps(unit, goods)

            async def make() -> str:
                return (await steps.draft(unit, source, target, wanted, refers_to)).id

            request = [wanted, source, target, refers_to]
            made, _ = await once(unit, "transfers.draft", key, request, make)
            return await unit[TRANSFERS].get(made)

        return await self._write("transfers.draft", step)

    @command
    async def dispatch(
        self,
        transfer: Transfer | TransferId,
        *,
        lots: Mapping[str, ByCode] | None = None,
        key: str | None = None,
    ) -> Transfer:
        """All of it leaves its source, and is counted in transit at the target. With *key*, it leaves once.

        Of SKUs that are tracked, those *lots* leave (quantities by SKU and code), else what expires first.

        Raises:
            LotsNotPickable, LotsDiffer, UnknownLot, LotShort, NotTracked: of some lots there is too little.
            BelowHeld: some of it is held for orders, or isn't there.
            NotFound, IllegalTransferTransition, KeyReused, InvalidInput. In all cases nothing was changed.
        """
        id = _id(transfer)

        async def step(unit: Unit) -> Transfer:
            some: Named = await named_lots(unit, lots or {})

            async def leave() -> str:
                return (await steps.dispatch(unit, id, some)).id

            await once(unit, "transfers.dispatch", key, [id, *([some] if some else [])], leave)
            return await unit[TRANSFERS].get(id)

        return await self._write("transfers.dispatch", step)

    @command
    async def receive(
        self,
        transfer: Transfer | TransferId,
        goods: Mapping[str, Counted] | None = None,
        *,
        state: StockState = StockState.SELLABLE,
        lots: Mapping[str, ByCode] | None = None,
        surplus: bool = False,
        key: str | None = None,
    ) -> Transfer:
        """What arrived (quantities by SKU), or all that is expected; the last of it closes the transfer.

        Where nothing is expected any longer, all of it is nothing, and changes nothing.

        Goods that are broken or to be looked at are received in that *state*. What arrives late, after it was given up,
        is new to the books; so is what is more than was sent, which arrives only where *surplus* says that it is no
        slip. *lots* (quantities by SKU and code) says which ones arrived where several of a SKU are on their way. With
        *key*, it arrives once.

        Raises:
            LotsNeeded, LotsDiffer, UnknownLot, LotShort, SerialInHouse, NotTracked: it isn't clear which lots they are.
            MoreThanSent: more than was sent, and no *surplus*.
            NotOnTransfer: a SKU that wasn't sent. IllegalTransferTransition: it hasn't left, or was cancelled.
            NotFound, UnknownSku, InvalidQuantity, InvalidInput, KeyReused. In all cases nothing was changed.
        """
        id = _id(transfer)
        if state is StockState.TRANSIT:
            message = "must be a state of goods that are here"
            raise InvalidInput((Fault("state", "inventory.in_transit", message, state.value),))
        if goods is not None and not goods:
            message = "must name at least one SKU, or be left out for all that is expected"
            raise InvalidInput((Fault("goods", "inventory.nothing_arrived", message, "{}"),))

        async def step(unit: Unit) -> Transfer:
            arrived = None if goods is None else await _steps(unit, goods)
            some: Named = await named_lots(unit, lots or {})

            async def arrive() -> str:
                return (await steps.receive(unit, id, arrived, state, some, surplus=surplus)).id

            request = [id, arrived, state.value, *([some] if some else []), *(["surplus"] if surplus else [])]
            await once(unit, "transfers.receive", key, request, arrive)
            return await unit[TRANSFERS].get(id)

        return await self._write("transfers.receive", step)

    @command
    async def close(self, transfer: Transfer | TransferId, *, reason: str, key: str | None = None) -> Transfer:
        """Expect nothing more: what is still on its way is lost, and written off. With *key*, once.

        Raises:
            NotFound, IllegalTransferTransition, InvalidInput (no reason), KeyReused: nothing was changed.
        """
        ending = _ending("transfers.close", steps.close, _id(transfer), given_reason(reason), key)
        return await self._write("transfers.close", ending)

    @command
    async def cancel(self, transfer: Transfer | TransferId, *, reason: str, key: str | None = None) -> Transfer:
        """It doesn't go: a draft is dropped, and goods of which none has arrived turn back. With *key*, once.

        Raises:
            NotFound, IllegalTransferTransition, InvalidInput (no reason), KeyReused: nothing was changed.
        """
        ending = _ending("transfers.cancel", steps.cancel, _id(transfer), given_reason(reason), key)
        return await self._write("transfers.cancel", ending)

    @command
    async def get(self, transfer: TransferId) -> Transfer:
        """A transfer.

        Raises:
            NotFound: there is none of that id.
        """

        async def step(unit: Unit) -> Transfer:
            return await unit[TRANSFERS].get(transfer)

        return await self.work.read(step)

    @command
    async def in_state(self, state: TransferState, *, after: str | None = None, limit: int = 100) -> Page[Transfer]:
        """The transfers in a state, in pages of at most `Limits.page`.

        Raises:
            InvalidInput: a *limit* below 1.
        """

        async def step(unit: Unit) -> Page[Transfer]:
            size = await unit.page_size(limit)
            return await unit[TRANSFERS].where("by_state", equals={"state": state.value}, after=after, limit=size)

        return await self.work.read(step)

    async def _write(self, permission: str, step: Callable[[Unit], Awaitable[Transfer]]) -> Transfer:
        """Write; when another unit made the same stock item at this moment, it is there the second time."""
        try:
            return await self._named(permission, step)
        except AlreadyExists:
            return await self._named(permission, step)

    async def _named(self, permission: str, step: Callable[[Unit], Awaitable[Transfer]]) -> Transfer:
        """Write, and give the storage's refusals their names here."""
        try:
            return await self.work.write(permission, step)
        except StorageError as error:
            if (named := explain_refusal(error)) is error:
                raise
            raise named from error


def _id(transfer: Transfer | TransferId) -> TransferId:
    return transfer.id if isinstance(transfer, Transfer) else transfer


def _ending(
    scope: str,
    how: Callable[[Unit, str, str], Awaitable[Transfer]],
    id: TransferId,
    reason: str,
    key: str | None,
) -> Callable[[Unit], Awaitable[Transfer]]:
    """What ends a transfer for a *reason*, once under a key."""

    async def step(unit: Unit) -> Transfer:
        async def end() -> str:
            return (await how(unit, id, reason)).id

        await once(unit, scope, key, [id, reason], end)
        return await unit[TRANSFERS].get(id)

    return step


async def _steps(unit: Unit, goods: Mapping[str, Counted]) -> dict[str, int]:
    """Steps by SKU key; two spellings of one SKU are added up."""
    sold = await counted(unit, goods)
    steps: dict[str, int] = {}
    for sku, quantity in goods.items():
        key = sku_key(sku)
        steps[key] = steps.get(key, 0) + sold[key].unit.steps(quantity)
    return steps
