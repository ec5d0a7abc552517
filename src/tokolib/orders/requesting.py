"""Step A of placement: an order is asked for, and stored with everything it rests on."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import attrs

from tokolib.cart.steps import complete
from tokolib.checkout.bargaining import of_basket
from tokolib.checkout.basket import Basket
from tokolib.checkout.lines import consumed
from tokolib.checkout.model import Bargain, Promised, Struck
from tokolib.checkout.providing import Provided, Unestimated
from tokolib.checkout.quoting import accepted
from tokolib.inventory import steps as stock
from tokolib.inventory.availability import Supply, seek
from tokolib.kernel.ids import CartId, OrderId, QuoteId
from tokolib.kernel.money import Money
from tokolib.kernel.policies import CaptureMoment
from tokolib.kernel.quick import quick
from tokolib.kernel.refinement import entered
from tokolib.kernel.settings import Settings
from tokolib.kernel.unit import Unit
from tokolib.orders.axes import derive
from tokolib.orders.book_currency import frozen_rate
from tokolib.orders.errors import NotFree
from tokolib.orders.events import BlockSet, OrderRequested
from tokolib.orders.lifecycle import ORDER
from tokolib.orders.model import Order, OrderState
from tokolib.orders.ports import ORDERS
from tokolib.orders.reference import reference
from tokolib.orders.returnable import frozen, order_lines
from tokolib.orders.verifying import stopped
from tokolib.payments.errors import CannotAuthorise
from tokolib.payments.model import Intent
from tokolib.payments.plans.model import PaymentPlan
from tokolib.payments.plans.steps import agree
from tokolib.payments.ports import Can, Gateways, can
from tokolib.payments.steps import open_intent
from tokolib.payments.tenders import FREE, LOCAL, Settlement, Tender, tender
from tokolib.payments.terms import terms_of
from tokolib.pricing.promotions.uses import claims
from tokolib.pricing.promotions.using import take_uses
from tokolib.stored_value.paying import Credit, fingerprint_of, plan
from tokolib.stored_value.spending import Part

_order: Final = quick(Order)


async def request(
    unit: Unit,
    wanted: Basket | QuoteId | Promised | Struck,
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
    chosen = LOCAL[tender_name] if isinstance(wanted, Struck) else tender(tender_name, gateways)
    try:
        bargain, supplies, source = await _bargained(unit, wanted, chosen, provided)
    except Unestimated as lacking:  # what costs something before tax isn't free with it: nobody need be asked
        at_least, _ = await _shared(unit, credit, lacking.bargain)
        _permit(at_least, chosen, _quote_of(wanted))
        raise
    rest, parts = await _shared(unit, credit, bargain)
    _permit(rest, chosen, source.quote_id or "")
    reserves = _reserves(bargain, chosen, gateways)
    agreed = await agree(unit, plan_name, bargain.total, chosen, reserves=reserves)
    settings = await unit.settings()
    rate = frozen_rate(settings, bargain.currency.code, bargain.tax_date)
    blocks = await stopped(unit, settings.verification, bargain, chosen.name)
    id = OrderId(unit.new_id("ord"))
    due = _due(chosen, rest, unit.now, settings)
    holds = stock.promise(unit, supplies, owner=id, until=due)
    take_uses(unit, claims(bargain.uses, str(bargain.customer or ""), bargain.order_number), id)
    intent = await _intent(unit, id, bargain, chosen, rest=rest, due=due, agreed=agreed)
    if source.cart_id is not None:
        await complete(unit, source.cart_id, id, promised=isinstance(wanted, Promised))
    order = _order(
        **_snapshot(bargain, source, settings),
        id=id,
        version=1,
        credit_hash=fingerprint_of(credit),
        intent_id=intent.id,
        tender=chosen.name,
        requested_at=unit.now,
        reference=reference(settings.reference_prefix, id),
        key=key,
        plan=plan_name,
        deposit=None if agreed is None else agreed.deposit.minor_units,
        due_until=due,
        holds=holds,
        book_rate=rate,
    )
    requested = OrderRequested(derive(order), bargain.grounds)
    return unit[ORDERS].record(None, requested, *map(BlockSet, blocks)), parts


@attrs.frozen
class _Source:
    """What an order is made of: a quote of a cart, or a basket."""

    quote_id: QuoteId | None = None
    quote_hash: str = ""
    cart_id: CartId | None = None
    basket_hash: str = ""


async def _bargained(
    unit: Unit, wanted: QuoteId | Promised | Basket | Struck, chosen: Tender, provided: Provided | None
) -> tuple[Bargain, tuple[Supply, ...], _Source]:
    """The bargain that is ordered, the stock that is there for it, and what it was made of."""
    if isinstance(wanted, Basket):
        bargain, supplies = await of_basket(unit, wanted, chosen.name, provided)
        return bargain, supplies, _Source(basket_hash=wanted.hash)
    if isinstance(wanted, Struck):
        bargain = wanted.bargain
        demands = consumed((line, line.steps) for line in bargain.lines)
        supply = await seek(unit, demands, location=bargain.wishes.location, channel=bargain.channel)
        return bargain, (supply,), _Source(basket_hash=wanted.hash)
    quote, supplies = await accepted(unit, wanted, chosen.name, provided)
    return quote, supplies, _Source(quote_id=quote.id, quote_hash=quote.hash, cart_id=quote.cart_id)


def _reserves(bargain: Bargain, chosen: Tender, gateways: Gateways) -> bool:
    """Whether a gateway reserves the money now, and captures it at hand-over."""
    wanted = bargain.policies.capture is CaptureMoment.AT_HAND_OVER and chosen.name in gateways
    if wanted and not can(gateways, chosen.name, Can.AUTHORISE):
        raise CannotAuthorise(chosen.name)
    return wanted


async def _intent(
    unit: Unit,
    id: OrderId,
    bargain: Bargain,
    chosen: Tender,
    *,
    rest: Money,
    due: datetime | None,
    agreed: PaymentPlan | None,
) -> Intent:
    """The payment of the order, opened by its policies and terms."""
    return await open_intent(
        unit,
        id,
        bargain.total,
        chosen,
        due_until=due,
        rest=rest,
        authorises=bargain.policies.capture is CaptureMoment.AT_HAND_OVER and agreed is None,
        refund_order=bargain.policies.refund_order,
        terms=terms_of(await unit.settings(), bargain.policies, bargain.total, bargain.customer),
        plan=agreed,
    )


def _snapshot(bargain: Bargain, source: _Source, settings: Settings) -> dict[str, Any]:
    """The fields of an order that were agreed before it: nothing of tomorrow changes them."""
    policy = frozen(settings.return_policy)
    return {
        "quote_id": source.quote_id,
        "quote_hash": source.quote_hash,
        "cart_id": source.cart_id,
        "basket_hash": source.basket_hash,
        "customer": bargain.customer,
        "channel": bargain.channel,
        "currency": bargain.currency,
        "lines": order_lines(bargain.lines, bargain.grounds.lines, policy),
        "charges": bargain.charges,
        "uses": bargain.uses,
        "policies": bargain.policies,
        "tax_date": bargain.tax_date,
        "tax_fact": bargain.tax_fact,
        "buyer": bargain.buyer,
        "location": bargain.wishes.location,
        "ship_to": bargain.wishes.ship_to,
        "delivery": bargain.delivery,
        "state": OrderState.PENDING_PAYMENT,
        "sub_state": entered(ORDER.name, OrderState.PENDING_PAYMENT, settings.refinements),
        "refinements": settings.refinements,
        "return_policy": policy,
    }


async def _shared(unit: Unit, credit: Sequence[Credit], bargain: Bargain) -> tuple[Money, tuple[Part, ...]]:
    """What the tender is to pay of *bargain*, and what gift cards and store credit do."""
    parts = await plan(unit, credit, bargain.total, bargain.customer) if credit else ()
    return bargain.total - Money.total((part.amount for part in parts), bargain.currency), parts


def _quote_of(wanted: Basket | QuoteId | Promised | Struck) -> str:
    match wanted:
        case Basket() | Struck():
            return ""
        case Promised(quote_id=id):
            return id
        case _:
            return wanted


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
