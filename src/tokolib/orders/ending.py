"""Orders that end without goods: cancelled by somebody, declined by a gateway, or never paid."""

import attrs

from tokolib.cart.steps import reopen
from tokolib.effects.ports import Observe
from tokolib.inventory import steps as stock
from tokolib.inventory.moving import restock
from tokolib.kernel.ids import CancellationId
from tokolib.kernel.money import Money
from tokolib.kernel.policies import CouponOnCancel
from tokolib.kernel.unit import Unit
from tokolib.orders import goods
from tokolib.orders.booking import book
from tokolib.orders.cards import take_back_cards
from tokolib.orders.differences import settle
from tokolib.orders.errors import DepositNotKept
from tokolib.orders.events import CancelRequested, DepositKept, OrderCancelled, OrderExpired
from tokolib.orders.hindrances import CancelWish
from tokolib.orders.lifecycle import check
from tokolib.orders.lines import Run
from tokolib.orders.model import Cancellation, Order, OrderState
from tokolib.orders.ports import ORDERS
from tokolib.orders.shares import unsold
from tokolib.orders.units import still_open
from tokolib.payments.model import Intent
from tokolib.payments.plans.model import DepositOnCancel
from tokolib.payments.ports import INTENTS, Gateways
from tokolib.payments.refunding import request_refund
from tokolib.payments.reserving import release_reserves
from tokolib.payments.states import Closing
from tokolib.payments.steps import change_amount, close_intent, stop_intent
from tokolib.payments.tenders import BANK_TRANSFER
from tokolib.pricing.promotions.using import release_uses


async def cancel(
    unit: Unit, order: Order, reason: str, *, observe: Observe, gateways: Gateways, keep_deposit: bool = False
) -> Order:
    """The bargain is off: goods and coupons are free again, and what was paid goes back.

    While a charge is open that may still succeed, the wish is kept, and the charge given up where its gateway can:
    the order is cancelled when the charge has ended, with a refund where it succeeded. The wish counts once.

    Raises:
        IllegalOrderTransition: it has ended. AlreadyShipped: goods have left.
        GiftCardSpent: a card that it bought was used. DepositNotKept: no plan of it lets the shop *keep_deposit*.
        In all cases nothing was changed.
    """
    check(order, OrderCancelled)
    intent = await unit[INTENTS].get(order.intent_id)
    if keep_deposit and not may_be_kept(intent):
        raise DepositNotKept(order.id, order.plan)
    await take_back_cards(unit, order, reason)
    intent = await unit[INTENTS].get(order.intent_id)
    keep = may_be_kept(intent) if keep_deposit else 0
    if intent.awaited is None:
        return await carry_out(unit, order, reason, observe=observe, keep=keep)
    await stop_intent(unit, intent, gateways)
    if order.cancel_requested is not None:
        return order
    return unit[ORDERS].record(order, CancelRequested(CancelWish(reason, str(unit.ctx.actor), unit.now, keep)))


def may_be_kept(intent: Intent) -> int:
    """What of the deposit the shop may keep when the order is cancelled, in minor units at most, by its plan."""
    agreed = intent.plan.agreed if intent.plan is not None else None
    if agreed is None or agreed.deposit_on_cancel is not DepositOnCancel.KEEP:
        return 0
    return agreed.deposit.minor_units


async def carry_out(unit: Unit, order: Order, reason: str, *, observe: Observe, keep: int = 0) -> Order:
    """*order* cancelled, with no charge to wait for; of what was paid the shop keeps up to *keep* minor units."""
    intent = await unit[INTENTS].get(order.intent_id)
    gone = _all_gone(unit, order, reason)
    await _free_goods(unit, order, gone.runs)
    if order.policies.coupon_on_cancel is CouponOnCancel.GIVE_BACK or order.placed_at is None:
        await release_uses(unit, order.id)
    await close_intent(unit, intent, Closing.CANCELLED)
    order = book(unit, order, OrderCancelled(gone))
    if kept := max(0, min(keep, intent.totals.left)):
        order = book(unit, order, DepositKept(kept))
    order = await give_back(unit, order, reason, observe=observe)
    if kept:
        await change_amount(unit, await unit[INTENTS].get(order.intent_id), Money(kept, order.currency))
    return order


async def decline(unit: Unit, order: Order, reason: str, *, observe: Observe) -> Order:
    """The payment was refused for good: the order is cancelled, its cart is open again, and what gift cards and
    store credit have paid goes back to them.
    """
    await stock.release(unit, order.holds)
    await release_uses(unit, order.id)
    await close_intent(unit, await unit[INTENTS].get(order.intent_id), Closing.CANCELLED)
    if order.cart_id is not None:
        await reopen(unit, order.cart_id, order.id)
    order = book(unit, order, OrderCancelled(_all_gone(unit, order, reason), declined=True))
    return await give_back(unit, order, reason, observe=observe)


async def expire(unit: Unit, order: Order, *, observe: Observe) -> Order:
    """It was not paid in time: goods and coupons are free again, and what was paid of it goes back.

    Where it was to be cancelled, it is: nobody wants money that comes later to bring it back.
    """
    check(order, OrderExpired)
    if order.cancel_requested is not None:
        wish = order.cancel_requested
        return await carry_out(unit, order, wish.reason, observe=observe, keep=wish.keep)
    await stock.release(unit, order.holds)
    await release_uses(unit, order.id)
    intent = await close_intent(unit, await unit[INTENTS].get(order.intent_id), Closing.EXPIRED)
    order = book(unit, order, OrderExpired(unit.now))
    return await give_back(unit, order, "not paid in time", observe=observe, as_credit=intent.terms.credits_part)


async def give_back(unit: Unit, order: Order, reason: str, *, observe: Observe, as_credit: bool = False) -> Order:
    """*order* with a refund on its way of everything that the shop has and does not deserve, or store credit for it.

    Of an order that has ended, what is reserved is released, and nothing of what came is kept. What a gateway has
    refused to give back is not asked of it again and again: a person hands it over.
    """
    intent = await unit[INTENTS].get(order.intent_id)
    if order.state in (OrderState.CANCELLED, OrderState.EXPIRED):
        intent = await release_reserves(unit, intent)
        order = settle(unit, order, intent)
        intent = await unit[INTENTS].get(order.intent_id)
    owed = -order.due.minor_units - intent.totals.pending_refund
    amount = min(owed, intent.refundable.minor_units)
    if amount <= 0:
        return order
    money, method = Money(amount, order.currency), BANK_TRANSFER.name if intent.refused_back else None
    await request_refund(unit, intent, money, reason, key=None, observe=observe, method=method, as_credit=as_credit)
    return await unit[ORDERS].get(order.id)


def _all_gone(unit: Unit, order: Order, reason: str) -> Cancellation:
    """All units that are left, with what is taken off for them: all that was to be paid where it was never placed."""
    gone = cancelled(unit, order, still_open(order), reason)
    return gone if order.placed_at is not None else attrs.evolve(gone, credited=order.total.minor_units)


def cancelled(unit: Unit, order: Order, runs: tuple[Run, ...], reason: str) -> Cancellation:
    """*runs* of units that will never leave, credited with their shares, those of the charges too."""
    credit = sum(worth.total for worth in unsold(order, runs))
    return Cancellation(CancellationId(unit.new_id("can")), unit.now, reason, runs, credit)


async def _free_goods(unit: Unit, order: Order, runs: tuple[Run, ...]) -> None:
    await stock.release(unit, order.holds)
    if order.state is OrderState.PLACED and not order.takes_at_shipment:
        await put_back(unit, order, runs)


async def put_back(unit: Unit, order: Order, runs: tuple[Run, ...]) -> None:
    """*runs* of units whose stock was taken with the order, on the shelves again that they were taken from."""
    for location, units in goods.by_place(order, runs).items():
        await restock(unit, units, location=location, refers_to=order.id)
