"""The door `orders`, as far as staff look after orders that exist: ended, credited, blocked, moved on."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Final

import attrs

from tokolib.effects.ports import Observe
from tokolib.inventory.again import looking_again
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.clock import aware
from tokolib.kernel.errors import VersionMismatch
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.ids import OrderId
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.money import Money
from tokolib.kernel.preview import Preview, confirm
from tokolib.kernel.unit import Unit
from tokolib.kernel.verification import Lapse
from tokolib.kernel.work import T, once
from tokolib.orders import blocks
from tokolib.orders.allocating import Allocated, Serving, allocate
from tokolib.orders.allowances import grant
from tokolib.orders.cancelling import cancel_part, is_all
from tokolib.orders.capturing import capture_shipped
from tokolib.orders.ending import cancel
from tokolib.orders.instalments import lift
from tokolib.orders.lookups import OrderLookups
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.orders.previews import OrderPreview, shown
from tokolib.orders.refining import refine
from tokolib.orders.units import Wanted, wish
from tokolib.payments.advance import advance
from tokolib.payments.ports import Gateways

CANCEL: Final = "orders.cancel"


@attrs.frozen
class OrderAftercare(OrderLookups[Colour]):
    """What becomes of an order after it was placed, by the word of staff."""

    observe: Observe
    gateways: Gateways

    @command
    async def cancel(
        self,
        order: Order | OrderId,
        goods: Wanted | None = None,
        *,
        reason: str,
        key: str | None = None,
        expected: int | None = None,
        keep_deposit: bool = False,
        preview: Preview | str | None = None,
    ) -> Order:
        """End an order before anything has shipped: its goods and coupons are free, and what was paid goes back.

        With *goods* (quantities by SKU or line id) only these are cancelled, of what is still to leave: they are
        credited with their shares, those of the charges too, and the bargain stands for the rest. Coupons stay
        used. Where *goods* are all that is left, and nothing has shipped, the order ends.

        While a charge is open at a gateway, the wish is kept in `order.cancel_requested`: the charge is given up
        where the gateway can, and the order cancelled when the charge has ended, with a refund of what came in all
        the same. Nothing ships meanwhile; `shop.tick()` asks the gateway. Said twice, it counts once.

        With *keep_deposit* the shop keeps what was paid of the deposit, by a payment plan that says so.
        With a *key* it is safe to repeat: the same request answers the order as it is by now. With a *preview*, or its
        hash, it does what was shown and nothing else.

        Raises:
            GiftCardSpent: a gift card that it bought was used; one that wasn't is taken back.
            AlreadyShipped, IllegalOrderTransition: too late; or, for *goods*, too early: it isn't placed yet.
            UnknownLine, NamedTwice, TooManyUnits, NothingToCancel: *goods* aren't still to leave.
            NotExact, InvalidQuantity: a quantity that can't be counted.
            KeptByGiftCards: after an allowance the rest would be worth less than the gift cards that stay.
            DepositNotKept: no plan of it lets the shop *keep_deposit*.
            VersionMismatch: it is not at version *expected*.
            PreviewStale: it would do something else by now than what *preview* shows.
            InvalidInput: a blank reason, or one or a key that can't be kept.
            KeyReused: *key* belongs to another request. In all cases nothing was changed.
        """
        id, why = order.id if isinstance(order, Order) else order, given_reason(reason)
        wanted = None if goods is None else wish(goods)
        request = fingerprint((id, wanted, keep_deposit))

        async def step(unit: Unit) -> Order:
            async def make() -> OrderId:
                await check_version(unit, id, expected)
                ending = partial(self._cancelled, unit, id, goods, why, keep_deposit=keep_deposit)
                if preview is None:
                    await ending()
                else:
                    confirm(preview, await shown(unit, id, CANCEL, request, ending))
                return id

            await once(unit, CANCEL, key, (id, wanted, why, keep_deposit), make)
            return await unit[ORDERS].get(id)

        return await self._advanced(await self._write(CANCEL, step))

    @command
    async def preview_cancel(
        self, order: Order | OrderId, goods: Wanted | None = None, *, keep_deposit: bool = False
    ) -> OrderPreview:
        """What `cancel` would do to money, stock and units, shown before it is done; nothing is changed.

        Raises:
            As `cancel`, but for its key, reason and version.
        """
        id, wanted = order.id if isinstance(order, Order) else order, None if goods is None else wish(goods)

        async def step(unit: Unit) -> OrderPreview:
            ending = partial(self._cancelled, unit, id, goods, "preview", keep_deposit=keep_deposit)
            return await shown(unit, id, CANCEL, fingerprint((id, wanted, keep_deposit)), ending)

        return await self.work.rehearse(CANCEL, step)

    async def _cancelled(self, unit: Unit, id: OrderId, goods: Wanted | None, why: str, *, keep_deposit: bool) -> None:
        found = await unit[ORDERS].get(id)
        if goods is None or is_all(found, goods):
            await cancel(unit, found, why, observe=self.observe, gateways=self.gateways, keep_deposit=keep_deposit)
        else:
            await cancel_part(unit, found, goods, why, observe=self.observe, gateways=self.gateways)

    @command
    async def capture(self, order: Order | OrderId) -> Order:
        """The order after its gateway was asked again for the money of goods that have left, or to release the rest.

        Each hand-over asks by itself; this is for what was refused then. It asks for what is missing and no more, so
        it is safe to repeat.

        Raises:
            NotFound: there is no such order. CapturedOnce: more goods will leave, and the gateway captures once.
            Nothing was changed.
        """
        id = order.id if isinstance(order, Order) else order

        async def step(unit: Unit) -> Order:
            return await capture_shipped(unit, await unit[ORDERS].get(id), self.gateways, again=True)

        return await self._advanced(await self._write("orders.capture", step))

    @command
    async def allocate(self, *, budget: int = 100) -> Allocated:
        """Give stock that came to at most *budget* of the orders that wait for it, the first promised first.

        Each is served by itself: the promise ends, and the goods are held for it. Whose units come on another day by
        what is expected now is told so by an event (`PromiseMoved`), of which the shop writes to its customer.
        `shop.tick` does the same. Called again, it goes on where something is left to do.

        Raises:
            InvalidInput: a *budget* below 1. Those before a refusal of the storage (`Busy`, `Unavailable`) are served.
        """

        async def serve(step: Callable[[Unit], Awaitable[Serving]]) -> Serving:
            return await self._write("orders.allocate", step)

        return await allocate(self.work, serve, budget)

    @command
    async def grant_allowance(self, order: Order | OrderId, amount: Money, *, reason: str, key: str) -> Order:
        """The order with *amount* less to pay, though the customer keeps the goods; what was paid of it goes back.

        It goes back as a refund does: cash at once, a transfer when somebody makes it, a gateway's before this
        returns. Sales and their tax stay as they were. Goods that come back later are credited whole, and take the
        allowance with them, so that never more goes back than came in.

        Raises:
            IllegalOrderTransition: it isn't placed. AllowanceTooLarge: it isn't worth so much any more.
            KeptByGiftCards: the rest would be worth less than the gift cards that it bought.
            InvalidAmount, CurrencyMismatch, NotMoney: no such amount. InvalidInput: a reason or key that can't be
            kept. KeyReused: *key* belongs to another allowance. In all cases nothing was changed.
        """
        id, why = order.id if isinstance(order, Order) else order, given_reason(reason)

        async def step(unit: Unit) -> Order:
            async def make() -> OrderId:
                return (await grant(unit, id, amount, why, observe=self.observe)).id

            await once(unit, "orders.grant_allowance", key, (id, amount, why), make)
            return await unit[ORDERS].get(id)

        return await self._advanced(await self._write("orders.grant_allowance", step))

    @command
    async def block(
        self,
        order: Order | OrderId,
        code: str,
        *,
        reason: str,
        owner: str = "",
        until: datetime | None = None,
        then: Lapse = Lapse.ESCALATE,
    ) -> Order:
        """Stop fulfilment for a reason (`fraud`, `address`, `verification`, `stock`, or a word of yours).

        *owner* says who has to decide: a role or a person, in your words. One code may stand once for each owner, and
        goods leave when all are lifted; the same code and owner again replaces the block. When *until* has passed,
        `shop.tick()` does what *then* says: lifts it, cancels the order, or leaves it to `shop.reviews`, where it
        waits from that instant on, tick or no tick.

        Raises:
            IllegalOrderTransition: the order has ended. InvalidInput: a code, reason or owner that can't be kept, an
            *until* that isn't an aware instant later than now. In both cases nothing was changed.
        """
        id = order.id if isinstance(order, Order) else order
        word, why, whose = line("code", code, required=True), given_reason(reason), line("owner", owner)
        when = None if until is None else aware(until, "until")

        async def step(unit: Unit) -> Order:
            return await blocks.block(unit, id, word, why, owner=whose, until=when, then=then)

        return await self._write("orders.block", step)

    @command
    async def unblock(self, order: Order | OrderId, code: str, *, owner: str = "", reason: str = "") -> Order:
        """Lift a block: that of the *code* which *owner* has to decide on.

        Raises:
            BlockUnknown: the order has none of that code and owner. BlockKept: its payment plan blocks it while an
            instalment is overdue. IllegalOrderTransition: the order has ended.
            InvalidInput: a code, owner or reason that can't be kept. In all cases nothing was changed.
        """
        id = order.id if isinstance(order, Order) else order
        word, why = line("code", code, required=True), given_reason(reason, required=False)
        whose = line("owner", owner)

        async def step(unit: Unit) -> Order:
            return await lift(unit, id, word, why, owner=whose)

        return await self._write("orders.unblock", step)

    @command
    async def refine(self, order: Order | OrderId, sub_state: str, *, reason: str = "") -> Order:
        """Move an order to another sub-state of the shop's own (`Refinement`); the same again changes nothing.

        Its state and all that hangs on it stay as they are. The timeline tells who moved it, when and why.

        Raises:
            IllegalSubState: its state has no sub-states, or its table has no such move.
            InvalidInput: a sub-state or reason that can't be kept. In both cases nothing was changed.
        """
        id = order.id if isinstance(order, Order) else order
        wanted, why = line("sub_state", sub_state, required=True), given_reason(reason, required=False)

        async def step(unit: Unit) -> Order:
            return await refine(unit, id, wanted, why)

        return await self._write("orders.refine", step)

    async def _advanced(self, order: Order) -> Order:
        """*order* after its gateways were asked for what goes back, or is given up."""
        if not self.gateways:
            return order
        await advance(self.work, self.gateways, order.intent_id, self.observe)
        return await self._get(order.id)

    async def _write(self, permission: str, step: Callable[[Unit], Awaitable[T]]) -> T:
        return await looking_again(self.work, permission, step)


async def check_version(unit: Unit, id: OrderId, expected: int | None) -> None:
    """Pass when the order is at version *expected*, or none is.

    Raises:
        VersionMismatch: it is at another one.
    """
    if expected is not None and (found := await unit[ORDERS].get(id)).version != expected:
        raise VersionMismatch("order", id, expected, found.version)
