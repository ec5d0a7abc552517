"""The door `orders`."""

from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from tokolib.cart.ports import CARTS
from tokolib.checkout.asking import Asked
from tokolib.checkout.basket import Basket
from tokolib.checkout.model import Quote
from tokolib.checkout.ports import QUOTES
from tokolib.checkout.providing import Provided, TaxDesk
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.ids import OrderId, QuoteId
from tokolib.kernel.storage_errors import Refused
from tokolib.kernel.unit import Port, Unit
from tokolib.kernel.work import once
from tokolib.orders.editing import OrderEdits
from tokolib.orders.errors import PaymentDeclined
from tokolib.orders.model import Order, OrderState, asked_for
from tokolib.orders.placement import place
from tokolib.orders.ports import ORDERS
from tokolib.orders.requesting import request
from tokolib.payments.advance import advance
from tokolib.payments.ports import INTENTS
from tokolib.payments.steps import request_charge, settle_at_once
from tokolib.payments.tenders import Settlement
from tokolib.pricing.promotions.uses import claims
from tokolib.pricing.promotions.using import named_refusal
from tokolib.stored_value import paying
from tokolib.stored_value.paying import Credit, redeem
from tokolib.stored_value.spending import Part


@attrs.frozen
class OrderService(OrderEdits[Colour]):
    """Placing orders, following them, ending them."""

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
                if (told := _told(error, made)) is error:
                    raise
                raise told from error

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


def _told(error: Refused, made: Sequence[tuple[Order, Sequence[Part]]]) -> TokolibError:
    """What the storage refused, in the words of what was wished for: a balance or a coupon that is used up."""
    for order, parts in made:
        if (known := paying.named_refusal(error, parts)) is not error:
            return known
        if (known := named_refusal(error, claims(order.uses, str(order.customer or "")), order.currency)) is not error:
            return known
    return error


def _named_in(wanted: Basket | Quote | QuoteId) -> dict[Port[Any], list[str]]:
    """The documents that a wish for an order names, so that they come in the same trip as its key's answer."""
    if isinstance(wanted, Basket):
        return {}
    if isinstance(wanted, Quote):
        return {QUOTES: [wanted.id], CARTS: [wanted.cart_id]}
    return {QUOTES: [wanted]}
