"""The door `foreign`: orders that were made elsewhere, taken over with every figure that was agreed there."""

from collections.abc import Awaitable, Callable

import attrs

from tokolib.checkout.model import Struck
from tokolib.checkout.providing import TaxDesk
from tokolib.effects.ports import Observe
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.clock import aware
from tokolib.kernel.errors import KeyReused, NotFound
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import LocationId, OrderId
from tokolib.kernel.rows import Page
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.orders.foreign import steps
from tokolib.orders.foreign.checks import check
from tokolib.orders.foreign.errors import ForeignOrderDiffers
from tokolib.orders.foreign.model import ForeignOrder, TakenOver
from tokolib.orders.foreign.ports import FOREIGN_ORDERS
from tokolib.orders.model import Order
from tokolib.orders.ordering import Ordering, OrderWish
from tokolib.payments.ports import Gateways
from tokolib.payments.tenders import CHANNEL
from tokolib.payments.words import check_local

Ship = Callable[[Unit, OrderId, str], Awaitable[None]]
"""Hands all goods of an order over, under a tracking number: a later room's step."""


@attrs.frozen
class ForeignOrderService(Service[Colour]):
    """Orders from marketplaces, and from systems before this one."""

    work: Work
    blocking: bool
    observe: Observe
    gateways: Gateways
    taxes: TaxDesk
    ship: Ship

    @command
    async def take_over(
        self,
        order: ForeignOrder,
        *,
        paid: bool = True,
        tender: str = CHANNEL.name,
        shipped: bool = False,
        tracking: str = "",
        location: str = "main",
    ) -> Order:
        """The order of this shop that an order made elsewhere is, with its lines, discounts, charges, taxes and totals
        to the minor unit. The same source and number with the same content are the same order.

        What their total has beside their own parts is a charge of the kind `difference`; `of` tells every figure of
        theirs beside ours. Where it is *paid*, the money has come by *tender*: `channel` where the source took it, or
        another one that people handle. Unpaid, it waits as an order by that tender does (`cod` is placed on credit).
        Its goods are held at *location*; where they have *shipped* already, they leave the books at once, under
        *tracking*, from stock that is there: receive it first where the books begin later.

        Raises:
            ForeignOrderDiffers: it was taken over with other content or by another tender.
            InvalidInput: it can't be kept as it is stated, with paths. NotLocal: nobody handles the *tender*.
            UnknownSku, NotForSale, OutOfStock, UnknownLocation, InvalidQuantity, CurrencyNotAccepted, TenderRefused,
            BookRateLapsed, NotShippable (*shipped*, and it is neither paid nor on credit, or a rule stops it).
            In all cases nothing was stored.
        """
        aware(order.ordered_at, "ordered_at")
        check(order)
        check_local(tender)
        digest, where = fingerprint(order), LocationId(location)

        async def wanted(unit: Unit) -> Struck:
            return await steps.struck(unit, order, where, digest)

        async def done(unit: Unit, made: Order) -> None:
            if paid:
                await steps.paid(unit, order, made, self.observe)
            await steps.keep(unit, order, made, digest)
            if shipped:
                await self.ship(unit, made.id, tracking)

        key = f"foreign:{fingerprint(order.source, order.number)}"
        wish = OrderWish(wanted, digest, tender, key, done=done)
        try:
            return await Ordering(self.work, self.observe, self.gateways, self.taxes).write("foreign.take_over", wish)
        except KeyReused as error:
            known = await self._find(order.source, order.number)
            raise ForeignOrderDiffers(order.source, order.number, known.order_id if known else "") from error

    @command
    async def find(self, source: str, number: str) -> TakenOver:
        """What was taken over from *source* under *number*, with every figure beside ours.

        Raises:
            NotFound: nothing was.
        """
        found = await self._find(source, number)
        if found is None:
            raise NotFound("foreign order", f"{source} {number}")
        return found

    @command
    async def of(self, order: Order | OrderId) -> TakenOver | None:
        """What an order was made of elsewhere, with every figure beside ours; None where it was made here."""
        id = order.id if isinstance(order, Order) else order

        async def step(unit: Unit) -> TakenOver | None:
            page = await unit[FOREIGN_ORDERS].where("by_order", equals={"order_id": id}, limit=1)
            return page.items[0] if page.items else None

        return await self.work.read(step)

    @command
    async def differing(self, *, after: str | None = None, limit: int = 100) -> Page[TakenOver]:
        """Orders from elsewhere of which some figure isn't what our maths makes of it, in pages of at most
        `Limits.page`.

        Raises:
            InvalidInput: a *limit* below 1.
        """

        async def step(unit: Unit) -> Page[TakenOver]:
            most, equals = await unit.page_size(limit), {"differs": 1}
            return await unit[FOREIGN_ORDERS].where("differing", equals=equals, after=after, limit=most)

        return await self.work.read(step)

    async def _find(self, source: str, number: str) -> TakenOver | None:
        async def step(unit: Unit) -> TakenOver | None:
            return await steps.taken_over(unit, source, number)

        return await self.work.read(step)
