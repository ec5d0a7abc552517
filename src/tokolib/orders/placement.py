"""Placement: step A stores the wish with everything it rests on, step C makes it an order that the shop owes.

Between the two, outside any unit, the gateway is asked (B). Cash, credit and a zero total collapse them into one
transaction; a bank transfer is A alone, until somebody says that the money arrived.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from tokolib.cart.steps import complete
from tokolib.checkout.errors import QuoteChanged
from tokolib.checkout.model import Difference, Quote
from tokolib.checkout.quoting import accepted
from tokolib.inventory import steps as stock
from tokolib.inventory.availability import check_available
from tokolib.inventory.holds import resource_of
from tokolib.inventory.model import place as place_of
from tokolib.kernel.ids import OrderId, QuoteId
from tokolib.kernel.settings import Settings
from tokolib.kernel.unit import Unit
from tokolib.orders import goods
from tokolib.orders.axes import derive
from tokolib.orders.booking import book
from tokolib.orders.errors import CashOnDeliveryRefused, NotFree
from tokolib.orders.events import OrderPlaced, OrderReinstated, OrderRequested
from tokolib.orders.model import Order, OrderLine, OrderState
from tokolib.orders.ports import ORDERS
from tokolib.orders.reference import reference
from tokolib.payments.steps import open_intent
from tokolib.payments.tenders import COD, FREE, Settlement, Tender, tender
from tokolib.pricing.steps import reserve_uses


async def request(unit: Unit, quote_id: QuoteId, tender_name: str, *, gateways: Collection[str], key: str) -> Order:
    """Step A: the order with its snapshot, its holds, its coupon uses and its payment intent, in one unit.

    Raises:
        QuoteExpired, QuoteChanged, OutOfStock, CouponExhausted, UnknownTender, CashOnDeliveryRefused, NotFree,
            CartClosed: nothing was stored.
    """
    chosen = tender(tender_name, gateways)
    quote = await accepted(unit, quote_id)
    _permit(quote, chosen)
    settings = await unit.settings()
    id = OrderId(unit.new_id("ord"))
    due = _due(chosen, quote, unit.now, settings)
    demands = goods.of_lines(quote.lines)
    holds = await stock.hold(unit, demands, location=quote.wishes.location, owner=id, until=due)
    await reserve_uses(unit, quote.coupons, str(quote.customer or ""), id)
    intent = await open_intent(unit, id, quote.total, chosen, due_until=due)
    await complete(unit, quote.cart_id, id)
    order = Order(
        id=id,
        version=1,
        reference=reference(settings.reference_prefix, id),
        quote_id=quote.id,
        quote_hash=quote.hash,
        cart_id=quote.cart_id,
        intent_id=intent.id,
        customer=quote.customer,
        channel=quote.channel,
        currency=quote.currency,
        lines=tuple(OrderLine(line) for line in quote.lines),
        charges=quote.charges,
        tender=chosen.name,
        coupons=quote.coupons,
        policies=quote.policies,
        tax_date=await unit.today(),  # no tax rule changes while a quote is valid
        location=quote.wishes.location,
        requested_at=unit.now,
        state=OrderState.PENDING_PAYMENT,
        ship_to=quote.wishes.ship_to,
        delivery=quote.delivery,
        key=key,
        due_until=due,
        holds=holds,
    )
    return unit[ORDERS].record(None, OrderRequested(derive(order)))


def _permit(quote: Quote, chosen: Tender) -> None:
    if quote.wishes.tender and quote.wishes.tender != chosen.name:
        raise QuoteChanged(quote.id, (str(Difference("tender", quote.wishes.tender, chosen.name)),))
    if chosen is FREE and not quote.total.is_zero:
        raise NotFree(quote.id, quote.total)
    if chosen is COD and quote.delivery is not None and not quote.delivery.cod_allowed:
        raise CashOnDeliveryRefused(quote.delivery.method)


def _due(chosen: Tender, quote: Quote, now: datetime, settings: Settings) -> datetime | None:
    if quote.total.is_zero:
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
    holds = await _hold_on(unit, order)
    return book(unit, order, OrderPlaced(unit.now, credit_terms, await _taken(unit, order, holds)))


async def reinstate(unit: Unit, order: Order) -> Order:
    """An expired order whose money came after all.

    Raises:
        OutOfStock: its goods are gone. CouponExhausted: its coupon is used up. Nothing was changed.
    """
    await check_available(unit, goods.of_open(order), location=order.location)
    await reserve_uses(unit, order.coupons, str(order.customer or ""), order.id)
    holds = await _hold_again(unit, order, goods.of_open(order))
    return book(unit, order, OrderReinstated(unit.now, await _taken(unit, order, holds)))


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
