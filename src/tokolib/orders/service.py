"""The door `orders`."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Final

import attrs

from tokolib.cart.ports import CARTS
from tokolib.checkout.asking import Asked
from tokolib.checkout.basket import Basket
from tokolib.checkout.model import Quote
from tokolib.checkout.ports import QUOTES
from tokolib.checkout.providing import Provided, TaxDesk
from tokolib.effects.ports import Observe
from tokolib.inventory.steps import explain_refusal
from tokolib.kernel.errors import Fault, InvalidInput, VersionMismatch, shown
from tokolib.kernel.events import Recorded
from tokolib.kernel.formats import said
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import CustomerId, OrderId, QuoteId
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.money import Money
from tokolib.kernel.rows import Page
from tokolib.kernel.storage_errors import HoldGone, Refused
from tokolib.kernel.unit import Port, Unit
from tokolib.kernel.work import T, Work, once
from tokolib.orders import blocks
from tokolib.orders.allowances import grant
from tokolib.orders.capturing import capture_shipped
from tokolib.orders.ending import cancel
from tokolib.orders.errors import PaymentDeclined
from tokolib.orders.explain import reason_of
from tokolib.orders.model import Order, OrderState, asked_for
from tokolib.orders.placement import place, request
from tokolib.orders.ports import ORDERS
from tokolib.orders.refining import refine
from tokolib.orders.wording import in_words
from tokolib.payments.advance import advance
from tokolib.payments.explain import account_of, has_more_to_tell
from tokolib.payments.ports import INTENTS, Gateways
from tokolib.payments.steps import request_charge, settle_at_once
from tokolib.payments.tenders import Settlement
from tokolib.payments.wording import WORDING
from tokolib.pricing.promotions.uses import claims
from tokolib.pricing.promotions.using import named_refusal
from tokolib.stored_value import paying
from tokolib.stored_value.paying import Credit, redeem
from tokolib.stored_value.spending import Part

MOST_LOOKS: Final = 3


@attrs.frozen
class OrderService(Service[Colour]):
    """Placing orders, following them, ending them."""

    work: Work
    blocking: bool
    observe: Observe
    gateways: Gateways
    taxes: TaxDesk
    """Who works taxes out beside the shop's own tables."""

    @command
    async def place(
        self,
        wanted: Basket | Quote | QuoteId,
        *,
        tender: str,
        key: str,
        credit: Iterable[Credit] = (),
        plan: str = "",
    ) -> Order:
        """An order of a basket or a quote, paid by *tender*: `cash`, `bank_transfer`, `cod`, or a gateway's name.

        A *basket* is priced as it is placed, once; nothing is stored of it but the order. The order is stored, with
        its stock held, before a gateway is asked. The same *key* with the same request answers the same order,
        however often it is sent. A gateway that does not answer leaves the order pending; `shop.tick()` asks again.

        *credit* names gift cards and the customer's store credit that pay first, in this order, each up to what is
        left of the total; the tender pays the rest, and no rest needs none. They are claimed in the transaction that
        stores the order, and get their money back in the one that ends it.

        *plan* names one of the shop's payment plans (`shop.plans`): the order is placed when its deposit is there, and
        the instalments follow on the days that are frozen now.

        Raises:
            QuoteExpired, QuoteChanged: the customer has to agree to a new quote.
            OutOfStock, LimitReached: somebody was faster.
            GiftCardMistyped, GiftCardRefused, InsufficientBalance, CreditNeedsCustomer, NotTheirCredit,
            CurrencyMismatch: what *credit* names can't pay.
            UnknownTender, TenderRefused, UnknownPlan, PlanRefused, NotFree, IllegalCartTransition, KeyReused,
            CannotAuthorise (money is captured at hand-over, and the gateway can't reserve any),
            InvalidInput (a blank key):
            in all these cases nothing was stored.
            what `carts.start` and `carts.quote` refuse (a basket): it can't be sold as it is; nothing was stored.
                A tax provider, where the shop has one for the place, is asked for a basket as it is for a quote.
            TaxUnavailable: the tax provider is down. By the policy `tax_outage` no order of a basket is placed without
                it, or, unless it is `fallback_table`, of a quote whose taxes somebody else worked out.
            InsideTransaction: the provider would have to be asked within a transaction of the host. In both cases
                nothing was stored.
            PaymentDeclined: the gateway said no; the order is cancelled, and the cart open again.
        """
        if isinstance(wanted, Basket):
            Asked.of(wanted, tender).check()
        asked = wanted.id if isinstance(wanted, Quote) else wanted
        request_id = asked.hash if isinstance(asked, Basket) else asked
        wishes: tuple[Credit, ...] = tuple(credit)
        request_key = asked_for(request_id, tender, paying.fingerprint_of(wishes), plan)

        async def run(provided: Provided | None) -> Order:
            made: list[tuple[Order, tuple[Part, ...]]] = []

            async def step(unit: Unit) -> Order:
                async def make() -> OrderId:
                    order, parts = await request(
                        unit,
                        asked,
                        tender,
                        gateways=self.gateways,
                        key=key,
                        provided=provided,
                        credit=wishes,
                        plan_name=plan,
                    )
                    made[:] = [(order, parts)]
                    await self._settle(unit, order, parts)
                    return order.id

                id, _ = await once(unit, "orders.place", key, request_key, make, wanted=_named_in(wanted))
                return await unit[ORDERS].get(id)

            try:
                return await self._write("orders.place", step)
            except Refused as error:
                for order, parts in made:
                    if (known := paying.named_refusal(error, parts)) is not error:
                        raise known from error
                    wanted_uses = claims(order.uses, str(order.customer or ""))
                    if (named := named_refusal(error, wanted_uses, order.currency)) is not error:
                        raise named from error
                raise

        order = await self.taxes.settled(self.work, "orders.place", run, placing=True)
        if order.state is OrderState.PENDING_PAYMENT and tender in self.gateways:
            await advance(self.work, self.gateways, order.intent_id, self.observe)
            order = await self._get(order.id)
        if order.declined:
            raise PaymentDeclined(order.id, order.ending)
        return order

    async def _settle(self, unit: Unit, order: Order, parts: Sequence[Part]) -> None:
        await redeem(unit, order.intent_id, parts, self.observe)
        order, intent = await unit[ORDERS].get(order.id), await unit[INTENTS].get(order.intent_id)
        if order.state is not OrderState.PENDING_PAYMENT:
            return
        match intent.settlement:
            case Settlement.AT_ONCE:
                await settle_at_once(unit, intent, self.observe)
            case Settlement.ON_DELIVERY:
                await place(unit, order, credit_terms=True)
            case Settlement.NOTHING_DUE:
                await place(unit, order)
            case Settlement.BY_GATEWAY if parts:
                await request_charge(unit, intent)
            case _:
                pass

    @command
    async def get(self, order: OrderId) -> Order:
        """An order by its id.

        Raises:
            NotFound: there is none.
        """
        return await self._get(order)

    @command
    async def by_reference(self, reference: str) -> Order | None:
        """The order with that reference, or None."""

        async def step(unit: Unit) -> Order | None:
            wanted = reference.strip().upper()
            page = await unit[ORDERS].where("by_reference", equals={"reference": wanted}, limit=1)
            return page.items[0] if page.items else None

        return await self.work.read(step)

    @command
    async def page(
        self,
        *,
        state: OrderState | None = None,
        customer: CustomerId | None = None,
        sub_state: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[Order]:
        """Orders, the newest first, in pages: all, those in a *state*, those of a *customer*, or both.

        Or those in a *sub_state* of the shop's own (`Refinement`), by its name alone: it belongs to one state.
        At most `Limits.page` at a time.

        Raises:
            InvalidInput: a *limit* below 1, or a *sub_state* beside a *state* or a *customer*.
        """
        equals: dict[str, str] = {} if customer is None else {"customer": str(customer)}
        if state is not None:
            equals["state"] = state.value
        if sub_state is not None:
            if equals:
                message = f"is asked for by itself, without {' and '.join(equals)}"
                raise InvalidInput((Fault("sub_state", "orders.sub_state_alone", message, shown(sub_state)),))
            equals["sub_state"] = sub_state
        index = "_".join(["by", *equals]) if equals else "by_time"

        async def step(unit: Unit) -> Page[Order]:
            most = await unit.page_size(limit)
            return await unit[ORDERS].where(index, equals=equals, after=after, limit=most, descending=True)

        return await self.work.read(step)

    @command
    async def cancel(
        self,
        order: Order | OrderId,
        *,
        reason: str,
        key: str | None = None,
        expected: int | None = None,
        keep_deposit: bool = False,
    ) -> Order:
        """End an order before anything has shipped: its goods and coupons are free, and what was paid goes back.

        While a charge is open at a gateway, the wish is kept in `order.cancel_requested`: the charge is given up
        where the gateway can, and the order cancelled when the charge has ended, with a refund of what came in all
        the same. Nothing ships meanwhile; `shop.tick()` asks the gateway. Said twice, it counts once.

        With *keep_deposit* the shop keeps what was paid of the deposit, by a payment plan that says so.
        With a *key* it is safe to repeat: the same request answers the order as it is by now.

        Raises:
            GiftCardSpent: a gift card that it bought was used; one that wasn't is taken back.
            AlreadyShipped, IllegalOrderTransition: too late.
            DepositNotKept: no plan of it lets the shop *keep_deposit*.
            VersionMismatch: it is not at version *expected*.
            InvalidInput: a blank reason, or one or a key that can't be kept.
            KeyReused: *key* belongs to another request. In all cases nothing was changed.
        """
        id, why = order.id if isinstance(order, Order) else order, given_reason(reason)

        async def step(unit: Unit) -> Order:
            async def make() -> OrderId:
                found = await unit[ORDERS].get(id)
                if expected is not None and found.version != expected:
                    raise VersionMismatch("order", id, expected, found.version)
                await cancel(unit, found, why, observe=self.observe, gateways=self.gateways, keep_deposit=keep_deposit)
                return id

            await once(unit, "orders.cancel", key, (id, why, keep_deposit), make)
            return await unit[ORDERS].get(id)

        return await self._advanced(await self._write("orders.cancel", step))

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
    async def block(self, order: Order | OrderId, code: str, *, reason: str) -> Order:
        """Stop fulfilment for a reason (`fraud`, `address`, `verification`, `stock`, or a word of yours).

        Raises:
            IllegalOrderTransition: the order has ended. InvalidInput: a code or reason that can't be kept.
            In both cases nothing was changed.
        """
        id = order.id if isinstance(order, Order) else order
        word, why = line("code", code, required=True), given_reason(reason)

        async def step(unit: Unit) -> Order:
            return await blocks.block(unit, id, word, why)

        return await self._write("orders.block", step)

    @command
    async def unblock(self, order: Order | OrderId, code: str, *, reason: str = "") -> Order:
        """Lift a block.

        Raises:
            BlockUnknown: the order has none of that code. IllegalOrderTransition: the order has ended.
            InvalidInput: a code or reason that can't be kept. In all cases nothing was changed.
        """
        id = order.id if isinstance(order, Order) else order
        word, why = line("code", code, required=True), given_reason(reason, required=False)

        async def step(unit: Unit) -> Order:
            return await blocks.unblock(unit, id, word, why)

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

    @command
    async def timeline(self, order: Order | OrderId) -> tuple[Recorded, ...]:
        """Everything that ever happened to an order, oldest first: when, by whom, what."""
        id = order.id if isinstance(order, Order) else order

        async def step(unit: Unit) -> tuple[Recorded, ...]:
            await unit[ORDERS].get(id)
            return await unit[ORDERS].history(id)

        return await self.work.read(step)

    @command
    async def explain(self, order: Order | OrderId, locale: str = "en") -> str:
        """Where every figure of the order came from, in words (`id` or `en`), and where its money went if not into it.

        Raises:
            NotFound: no such order. UnknownLocale: neither of the two.
        """
        id = order.id if isinstance(order, Order) else order

        async def step(unit: Unit) -> str:
            order = await unit[ORDERS].get(id)
            figures = in_words(reason_of(order, await unit[ORDERS].history(id)), locale)
            intent = await unit[INTENTS].get(order.intent_id)
            if not has_more_to_tell(intent):
                return figures
            return f"{figures}\n{said(account_of(intent), locale, WORDING)}"

        return await self.work.read(step)

    async def _advanced(self, order: Order) -> Order:
        """*order* after its gateways were asked for what goes back, or is given up."""
        if not self.gateways:
            return order
        await advance(self.work, self.gateways, order.intent_id, self.observe)
        return await self._get(order.id)

    async def _get(self, id: OrderId) -> Order:
        async def step(unit: Unit) -> Order:
            return await unit[ORDERS].get(id)

        return await self.work.read(step)

    async def _write(self, permission: str, step: Callable[[Unit], Awaitable[T]]) -> T:
        """`work.write`, deciding again when somebody was faster: the second look names what is gone."""
        looks = 0
        while True:
            looks += 1
            try:
                return await self.work.write(permission, step)
            except (Refused, HoldGone) as error:
                if looks < MOST_LOOKS:
                    continue
                if (named := explain_refusal(error)) is error:
                    raise
                raise named from error


def _named_in(wanted: Basket | Quote | QuoteId) -> dict[Port[Any], list[str]]:
    """The documents that a wish for an order names, so that they come in the same trip as its key's answer."""
    if isinstance(wanted, Basket):
        return {}
    if isinstance(wanted, Quote):
        return {QUOTES: [wanted.id], CARTS: [wanted.cart_id]}
    return {QUOTES: [wanted]}
