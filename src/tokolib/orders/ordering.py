"""How an order is asked for, from its wish to the gateway's answer: one unit stores it, and the gateway is asked after
that, in none.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

import attrs

from tokolib.checkout.basket import Basket
from tokolib.checkout.model import Promised, Struck
from tokolib.checkout.providing import Provided, TaxDesk
from tokolib.effects.ports import Observe
from tokolib.inventory.again import looking_again
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.ids import OrderId, QuoteId
from tokolib.kernel.storage_errors import Refused
from tokolib.kernel.unit import Port, Unit
from tokolib.kernel.work import Work, once
from tokolib.orders.errors import PaymentDeclined
from tokolib.orders.model import Order, OrderState
from tokolib.orders.placement import place
from tokolib.orders.ports import ORDERS
from tokolib.orders.requesting import request
from tokolib.payments.advance import advance
from tokolib.payments.ports import INTENTS, Gateways
from tokolib.payments.steps import request_charge, settle_at_once
from tokolib.payments.tenders import Settlement
from tokolib.pricing.promotions.uses import claims
from tokolib.pricing.promotions.using import named_refusal
from tokolib.stored_value import paying
from tokolib.stored_value.paying import Credit, redeem
from tokolib.stored_value.spending import Part

SCOPE: Final = "orders.place"
"""Under which the keys of all orders are kept, whatever they were made of."""


def asked_for(source: str, tender: str, credit_hash: str, plan: str) -> tuple[str, ...]:
    """What a request for an order is known by again under its key: quote or basket, tender, credit, payment plan."""
    return (source, tender, credit_hash, plan) if credit_hash or plan else (source, tender)


async def _nothing_more(unit: Unit, order: Order) -> None:
    pass


@attrs.frozen
class OrderWish:
    """What an order is to be made of, and how it is paid."""

    wanted: Callable[[Unit], Awaitable[Basket | QuoteId | Promised | Struck]]
    """Looked at once the key is known to be new."""
    source: str
    """What the request is known by again under its key: a quote's id, or the hash of a basket or foreign order."""
    tender: str
    key: str
    credit: tuple[Credit, ...] = ()
    plan: str = ""
    done: Callable[[Unit, Order], Awaitable[None]] = _nothing_more
    """What is to happen in the unit that stores the order."""
    named: Mapping[Port[Any], Sequence[str]] = attrs.field(factory=dict)
    """The documents that it names, so that they come in the same trip as its key's answer."""


@attrs.frozen
class Ordering:
    """Whoever takes wishes for orders: a room's service lends it what it works with."""

    work: Work
    observe: Observe
    gateways: Gateways
    taxes: TaxDesk

    async def write(self, permission: str, wish: OrderWish) -> Order:
        """The order that is wished for, as it is once its gateway was asked.

        Raises:
            what `requesting.request` refuses: nothing was stored. PaymentDeclined: the order was, and is cancelled.
        """
        request_key = asked_for(wish.source, wish.tender, paying.fingerprint_of(wish.credit), wish.plan)

        async def run(provided: Provided | None) -> Order:
            made: list[tuple[Order, tuple[Part, ...]]] = []

            async def step(unit: Unit) -> Order:
                async def make() -> OrderId:
                    return await self._make(unit, wish, provided, made)

                id, _ = await once(unit, SCOPE, wish.key, request_key, make, wanted=wish.named)
                return await unit[ORDERS].get(OrderId(id))

            try:
                return await looking_again(self.work, permission, step)
            except Refused as error:
                if (told := _told(error, made)) is error:
                    raise
                raise told from error

        order = await self.taxes.settled(self.work, permission, run, placing=True)
        if order.state is OrderState.PENDING_PAYMENT and wish.tender in self.gateways:
            await advance(self.work, self.gateways, order.intent_id, self.observe)
            order = await self._get(order.id)
        if order.declined:
            raise PaymentDeclined(order.id, order.ending)
        return order

    async def _make(
        self, unit: Unit, wish: OrderWish, provided: Provided | None, made: list[tuple[Order, tuple[Part, ...]]]
    ) -> OrderId:
        """The order, stored in *unit*; *made* keeps it for whoever has to tell what was refused at the commit."""
        order, parts = await request(
            unit,
            await wish.wanted(unit),
            wish.tender,
            gateways=self.gateways,
            key=wish.key,
            provided=provided,
            credit=wish.credit,
            plan_name=wish.plan,
        )
        made[:] = [(order, parts)]
        await self._settle(unit, order, parts)
        await wish.done(unit, order)
        return order.id

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

    async def _get(self, id: OrderId) -> Order:
        async def step(unit: Unit) -> Order:
            return await unit[ORDERS].get(id)

        return await self.work.read(step)


def _told(error: Refused, made: Sequence[tuple[Order, Sequence[Part]]]) -> TokolibError:
    """What the storage refused, in the words of what was wished for: a balance or a coupon that is used up."""
    for order, parts in made:
        if (known := paying.named_refusal(error, parts)) is not error:
            return known
        if (known := named_refusal(error, claims(order.uses, str(order.customer or "")), order.currency)) is not error:
            return known
    return error
