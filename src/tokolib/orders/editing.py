"""The door `orders`, as far as orders are edited after they were placed."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import attrs

from tokolib.cart.model import LineWish
from tokolib.checkout.model import ChargeWish
from tokolib.kernel.address import Address
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.ids import OrderId
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.preview import Preview, confirm
from tokolib.kernel.quantity import Counted
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import once
from tokolib.orders.aftercare import OrderAftercare, check_version
from tokolib.orders.amending import edit
from tokolib.orders.edits import Edit, Reprice
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.orders.previews import OrderPreview, shown
from tokolib.orders.relocating import relocate
from tokolib.orders.units import Wanted, wish
from tokolib.shipping.points import CollectionPoint

EDIT: Final = "orders.edit"
RELOCATE: Final = "orders.relocate"


@attrs.frozen
class OrderEdits(OrderAftercare[Colour]):
    """What becomes of the goods, charges and destination of an order after it was placed."""

    @command
    async def edit(
        self,
        order: Order | OrderId,
        *,
        add: Mapping[str, Counted] | Sequence[LineWish] = (),
        remove: Wanted | None = None,
        charges: Sequence[ChargeWish] = (),
        ship_to: Address | None = None,
        delivery: str = "",
        point: CollectionPoint | None = None,
        reprice: Reprice | Mapping[str, Reprice] = Reprice.KEEP,
        reason: str,
        key: str | None = None,
        expected: int | None = None,
        preview: Preview | str | None = None,
    ) -> Order:
        """The order with goods and *charges* added, open goods removed, and sent elsewhere or otherwise.

        It may have been paid, captured, shipped or returned in part. What is removed is credited with its stored
        shares. What is added is priced by *reprice*, for all or by SKU: `keep` the order's price of the SKU, `new`
        today's, or `all` today's for the open units of it as well; a `LineWish` may state a price. Promotions and
        charge rules look at no edit. Stock is held at once; what the same word takes out and puts in stays held. Only
        the difference in money goes back, or is due: `payments.received` or `payments.charge` bring it.

        *ship_to*, *delivery* and *point* say where and how what has not left travels; the agreed charges stay, and what
        it costs more is a charge of the kind `shipping`, what less an allowance.

        With a *key* it is safe to repeat. With a *preview*, or its hash, it does what was shown and nothing else.

        Raises:
            NotFound: there is no such order. IllegalOrderTransition: it isn't placed.
            NotEditable: somebody wants it cancelled; its taxes are a provider's word; it follows a payment plan; it
                would go to another country; or a kept price would change its meaning.
            OutOfStock: naming everything that is short.
            UnknownLine, NamedTwice, TooManyUnits: what is to be removed isn't still to leave.
            UnknownSku, NotForSale, NoPrice, UnknownMethod: it can't be sold, or sent, as it is.
            PointNeeded, PointRefused, TenderRefused: not by that delivery, not to that point, or not for cash there.
            GiftCardSpent, KeptByGiftCards: gift cards among what is removed were used, or among what stays.
            VersionMismatch: it is not at version *expected*.
            PreviewStale: it would do something else by now than what *preview* shows.
            NotExact, InvalidQuantity, InvalidInput: nothing is to change, or something that can't be kept.
            KeyReused: *key* belongs to another request. In all cases nothing was changed.
        """
        id, why = order.id if isinstance(order, Order) else order, given_reason(reason)
        wanted = Edit.of(add, remove, charges, reprice, ship_to, line("delivery", delivery), point)
        request = fingerprint((id, wanted.fingerprint))

        async def step(unit: Unit) -> Order:
            async def make() -> OrderId:
                await check_version(unit, id, expected)
                editing = partial(self._edited, unit, id, wanted, why)
                if preview is None:
                    await editing()
                else:
                    confirm(preview, await shown(unit, id, EDIT, request, editing))
                return id

            await once(unit, EDIT, key, (request, why), make)
            return await unit[ORDERS].get(id)

        return await self._advanced(await self._write(EDIT, step))

    @command
    async def preview_edit(
        self,
        order: Order | OrderId,
        *,
        add: Mapping[str, Counted] | Sequence[LineWish] = (),
        remove: Wanted | None = None,
        charges: Sequence[ChargeWish] = (),
        ship_to: Address | None = None,
        delivery: str = "",
        point: CollectionPoint | None = None,
        reprice: Reprice | Mapping[str, Reprice] = Reprice.KEEP,
    ) -> OrderPreview:
        """What `edit` would do to money, stock and units, shown before it is done; nothing is changed.

        Raises:
            As `edit`, but for its key, reason and version.
        """
        id = order.id if isinstance(order, Order) else order
        wanted = Edit.of(add, remove, charges, reprice, ship_to, line("delivery", delivery), point)

        async def step(unit: Unit) -> OrderPreview:
            editing = partial(self._edited, unit, id, wanted, "preview")
            return await shown(unit, id, EDIT, fingerprint((id, wanted.fingerprint)), editing)

        return await self.work.rehearse(EDIT, step)

    async def _edited(self, unit: Unit, id: OrderId, wanted: Edit, why: str) -> None:
        order = await unit[ORDERS].get(id)
        await edit(unit, order, wanted, why, observe=self.observe, gateways=self.gateways)

    @command
    async def relocate(
        self,
        order: Order | OrderId,
        goods: Wanted | None = None,
        *,
        location: str,
        reason: str,
        key: str | None = None,
        expected: int | None = None,
        preview: Preview | str | None = None,
    ) -> Order:
        """The order with units leaving from *location*: all open ones, or *goods* (quantities by SKU or line id).

        They are held there and free where they were, at once or not at all; units that wait for stock have it there.
        What a shipment has claimed stays. A bundle moves whole. With a *key* it is safe to repeat; with a *preview*, or
        its hash, it does what was shown and nothing else.

        Raises:
            NotRelocatable: nothing of it is to leave from elsewhere, or its stock left the books with the sale.
            OutOfStock: naming everything that *location* lacks. UnknownLocation: there is no such place.
            UnknownLine, NamedTwice, TooManyUnits: *goods* aren't open, or leave from there already.
            NotFound, IllegalOrderTransition, VersionMismatch, PreviewStale, InvalidInput, KeyReused.
            In all cases nothing was changed.
        """
        id, why = order.id if isinstance(order, Order) else order, given_reason(reason)
        wanted = None if goods is None else wish(goods)
        request = fingerprint((id, wanted, location))

        async def step(unit: Unit) -> Order:
            async def make() -> OrderId:
                await check_version(unit, id, expected)
                moving = partial(relocate, unit, id, goods, location, why)
                if preview is None:
                    await moving()
                else:
                    confirm(preview, await shown(unit, id, RELOCATE, request, moving))
                return id

            await once(unit, RELOCATE, key, (id, wanted, location, why), make)
            return await unit[ORDERS].get(id)

        return await self._write(RELOCATE, step)

    @command
    async def preview_relocate(
        self, order: Order | OrderId, goods: Wanted | None = None, *, location: str
    ) -> OrderPreview:
        """What `relocate` would do to the stock that is held, shown before it is done; nothing is changed.

        Raises:
            As `relocate`, but for its key, reason and version.
        """
        id, wanted = order.id if isinstance(order, Order) else order, None if goods is None else wish(goods)

        async def step(unit: Unit) -> OrderPreview:
            moving = partial(relocate, unit, id, goods, location, "preview")
            return await shown(unit, id, RELOCATE, fingerprint((id, wanted, location)), moving)

        return await self.work.rehearse(RELOCATE, step)
