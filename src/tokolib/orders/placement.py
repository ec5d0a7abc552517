"""Placement: step A stores the wish with everything it rests on, step C makes it an order that the shop owes.

Between the two, outside any unit, the gateway is asked (B). Cash, credit and a zero total collapse them into one
transaction; a bank transfer is A alone, until somebody says that the money arrived.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import attrs

from tokolib.cart.steps import complete
from tokolib.checkout.bargaining import of_basket
from tokolib.checkout.basket import Basket
from tokolib.checkout.model import Bargain
from tokolib.checkout.providing import Provided, Unestimated
from tokolib.checkout.quoting import accepted
from tokolib.inventory import steps as stock
from tokolib.inventory.availability import check_available
from tokolib.inventory.holds import resource_of
from tokolib.inventory.model import place as place_of
from tokolib.kernel.ids import CartId, OrderId, QuoteId
from tokolib.kernel.money import Money
from tokolib.kernel.policies import CaptureMoment
from tokolib.kernel.quick import quick
from tokolib.kernel.refinement import entered
from tokolib.kernel.settings import Settings
from tokolib.kernel.unit import Unit
from tokolib.orders import goods
from tokolib.orders.axes import derive
from tokolib.orders.beginning import begin
from tokolib.orders.book_currency import frozen_rate
from tokolib.orders.booking import book
from tokolib.orders.errors import NotFree
from tokolib.orders.events import OrderPlaced, OrderReinstated, OrderRequested
from tokolib.orders.lifecycle import ORDER
from tokolib.orders.model import Order, OrderLine, OrderState
from tokolib.orders.ports import ORDERS
from tokolib.orders.reference import reference
from tokolib.payments.errors import CannotAuthorise
from tokolib.payments.plans.steps import agree
from tokolib.payments.ports import Can, Gateways, can
from tokolib.payments.steps import open_intent
from tokolib.payments.tenders import FREE, Settlement, Tender, tender
from tokolib.payments.terms import terms_of
from tokolib.pricing.promotions.uses import claims
from tokolib.pricing.promotions.using import reserve_uses, take_uses
from tokolib.stored_value.paying import Credit, fingerprint_of, plan
from tokolib.stored_value.spending import Part

_order: Final = quick(Order)


async def request(
    unit: Unit,
    wanted: Basket | QuoteId,
    tender_name: str,
    *,
    gateways: Gateways,
    key: str,
    provided: Provided | None = None,
    credit: Sequence[Credit] = (),
    plan_name: str = "",
) -> tuple[Order, tuple[Part, ...]]:
    """Step A: the order with its snapshot, its holds, its coupon uses and its payment intent, in one unit; and what
    gift cards and store credit are to pay of it, which is claimed in the same unit.

    Everything is read before the first write: a read after it would make the storage send what it has so far.

    Raises:
        QuoteExpired, QuoteChanged, OutOfStock, LimitReached, UnknownTender,
            TenderRefused, UnknownPlan, PlanRefused, NotFree, CannotAuthorise, IllegalCartTransition, BookRateLapsed,
            what `stored_value.paying.plan` refuses, and for a basket what makes it unsaleable: nothing was stored.
        Unestimated: the taxes of a basket are to be worked out by whoever is *provided*, or those of a quote to be
            confirmed; nothing was stored.
    """
    chosen = tender(tender_name, gateways)
    try:
        if isinstance(wanted, Basket):
            bargain, supply = await of_basket(unit, wanted, chosen.name, provided)
            source = _Source(basket_hash=wanted.hash)
        else:
            bargain, supply = quote, _ = await accepted(unit, wanted, chosen.name, provided)
            source = _Source(quote_id=quote.id, quote_hash=quote.hash, cart_id=quote.cart_id)
    except Unestimated as lacking:  # what costs something before tax isn't free with it: nobody need be asked
        at_least, _ = await _shared(unit, credit, lacking.bargain)
        _permit(at_least, chosen, "" if isinstance(wanted, Basket) else wanted)
        raise
    rest, parts = await _shared(unit, credit, bargain)
    _permit(rest, chosen, source.quote_id or "")
    authorises = bargain.policies.capture is CaptureMoment.AT_HAND_OVER
    if authorises and chosen.name in gateways and not can(gateways, chosen.name, Can.AUTHORISE):
        raise CannotAuthorise(chosen.name)
    reserves = authorises and chosen.name in gateways
    agreed = await agree(unit, plan_name, bargain.total, chosen, reserves=reserves)
    settings = await unit.settings()
    rate = frozen_rate(settings, bargain.currency.code, bargain.tax_date)
    id = OrderId(unit.new_id("ord"))
    due = _due(chosen, rest, unit.now, settings)
    holds = stock.promise(unit, supply, owner=id, until=due)
    take_uses(unit, claims(bargain.uses, str(bargain.customer or ""), bargain.order_number), id)
    intent = await open_intent(
        unit,
        id,
        bargain.total,
        chosen,
        due_until=due,
        rest=rest,
        authorises=authorises and agreed is None,
        refund_order=bargain.policies.refund_order,
        terms=terms_of(settings, bargain.policies, bargain.total, bargain.customer),
        plan=agreed,
    )
    if source.cart_id is not None:
        await complete(unit, source.cart_id, id)
    order = _order(
        id=id,
        version=1,
        reference=reference(settings.reference_prefix, id),
        quote_id=source.quote_id,
        quote_hash=source.quote_hash,
        cart_id=source.cart_id,
        basket_hash=source.basket_hash,
        credit_hash=fingerprint_of(credit),
        intent_id=intent.id,
        customer=bargain.customer,
        channel=bargain.channel,
        currency=bargain.currency,
        lines=tuple(OrderLine(line) for line in bargain.lines),
        charges=bargain.charges,
        tender=chosen.name,
        uses=bargain.uses,
        policies=bargain.policies,
        tax_date=bargain.tax_date,
        tax_fact=bargain.tax_fact,
        buyer=bargain.buyer,
        location=bargain.wishes.location,
        requested_at=unit.now,
        state=OrderState.PENDING_PAYMENT,
        sub_state=entered(ORDER.name, OrderState.PENDING_PAYMENT, settings.refinements),
        refinements=settings.refinements,
        ship_to=bargain.wishes.ship_to,
        delivery=bargain.delivery,
        key=key,
        plan=plan_name,
        deposit=None if agreed is None else agreed.deposit.minor_units,
        due_until=due,
        holds=holds,
        book_rate=rate,
    )
    return unit[ORDERS].record(None, OrderRequested(derive(order), bargain.grounds)), parts


@attrs.frozen
class _Source:
    """What an order is made of: a quote of a cart, or a basket."""

    quote_id: QuoteId | None = None
    quote_hash: str = ""
    cart_id: CartId | None = None
    basket_hash: str = ""


async def _shared(unit: Unit, credit: Sequence[Credit], bargain: Bargain) -> tuple[Money, tuple[Part, ...]]:
    """What the tender is to pay of *bargain*, and what gift cards and store credit do."""
    parts = await plan(unit, credit, bargain.total, bargain.customer) if credit else ()
    return bargain.total - Money.total((part.amount for part in parts), bargain.currency), parts


def _permit(rest: Money, chosen: Tender, quote_id: str) -> None:
    if chosen is FREE and not rest.is_zero:
        raise NotFree(quote_id, rest)


def _due(chosen: Tender, rest: Money, now: datetime, settings: Settings) -> datetime | None:
    if rest.is_zero:
        return None
    match chosen.settlement:
        case Settlement.ON_RECEIPT:
            return now + timedelta(hours=settings.transfer_hours)
        case Settlement.BY_GATEWAY:
            return now + settings.hold_for
        case _:
            return None


async def place(unit: Unit, order: Order, *, credit_terms: bool = False) -> Order:
    """Step C: the shop owes the goods now, and holds them without a term.

    A lease that has run out meanwhile is held again.

    Raises:
        OutOfStock: it could not be. The caller decides what becomes of the money; nothing was changed.
    """
    if order.due_until is None:
        left = await _promised(unit, order)
    else:
        left = await _taken(unit, order, await _hold_on(unit, order))
    return book(unit, order, OrderPlaced(unit.now, credit_terms or await begin(unit, order), left))


async def _promised(unit: Unit, order: Order) -> tuple[str, ...]:
    """The holds that stand of an order that was never due: made for good in this very unit, none need be looked at."""
    if order.takes_at_shipment:
        return order.holds
    await stock.take_promised(unit, goods.of_open(order), location=order.location, owner=order.id)
    return ()


async def reinstate(unit: Unit, order: Order) -> Order:
    """An expired order whose money came after all.

    Raises:
        OutOfStock: its goods are gone. LimitReached: a promotion or coupon of it is used up. Nothing was changed.
    """
    await check_available(unit, goods.of_open(order), location=order.location)
    await reserve_uses(unit, order.uses, str(order.customer or ""), order.id, order.total.currency)
    holds = await _hold_again(unit, order, goods.of_open(order))
    taken = await _taken(unit, order, holds)
    return book(unit, order, OrderReinstated(unit.now, taken, await begin(unit, order)))


async def _hold_on(unit: Unit, order: Order) -> tuple[str, ...]:
    """The order's holds without a term: those that stand are kept, and what a machine's fast clock ended is held anew.

    Nothing is given up for it, so that a refusal leaves every hold as it was.
    """
    standing = await stock.standing_holds(unit, order.holds)
    held = {place_of(resource_of(id))[1] for id in standing}
    missing = {key: steps for key, steps in goods.of_open(order).items() if key not in held}
    again = await _hold_again(unit, order, missing) if missing else ()
    await stock.keep(unit, standing)
    return standing + again


async def _hold_again(unit: Unit, order: Order, demands: Mapping[str, int]) -> tuple[str, ...]:
    attempt = order.version + 1  # rises with every event, so an ended hold's id is never used again
    return await stock.hold(unit, demands, location=order.location, owner=order.id, until=None, attempt=attempt)


async def _taken(unit: Unit, order: Order, holds: tuple[str, ...]) -> tuple[str, ...]:
    if order.takes_at_shipment:
        return holds
    await stock.take(unit, holds, refers_to=order.id)
    return ()
