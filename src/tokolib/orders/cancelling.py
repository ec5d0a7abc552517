"""Cancelling a part of an order: units that are still to leave never will, and the bargain stands for the rest."""

from tokolib.effects.ports import Observe
from tokolib.inventory import steps as stock
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.orders import goods
from tokolib.orders.allowances import taken_back
from tokolib.orders.booking import book
from tokolib.orders.capturing import capture_shipped, is_last, watch
from tokolib.orders.cards import take_back_cards
from tokolib.orders.differences import settle_credit
from tokolib.orders.ending import cancelled, give_back, put_back
from tokolib.orders.events import AllowanceWithdrawn, UnitsCancelled
from tokolib.orders.guards import nothing_shipped
from tokolib.orders.instalments import keep_to_plan
from tokolib.orders.lifecycle import check
from tokolib.orders.lines import Run
from tokolib.orders.model import Order, OrderState
from tokolib.orders.ports import ORDERS
from tokolib.orders.unit_errors import NothingToCancel
from tokolib.orders.units import Wanted, still_open, to_cancel
from tokolib.payments.ports import INTENTS, Gateways
from tokolib.payments.refunding import check_cards


def is_all(order: Order, wanted: Wanted) -> bool:
    """Whether *wanted* names all that is left of an order of which nothing has shipped: it ends with them."""
    ended = order.state not in (OrderState.PENDING_PAYMENT, OrderState.PLACED)
    return not ended and nothing_shipped(order) and to_cancel(order, wanted) == still_open(order)


async def cancel_part(
    unit: Unit, order: Order, wanted: Wanted, reason: str, *, observe: Observe, gateways: Gateways
) -> Order:
    """*order* without *wanted* of its open units: their shares are credited, and those of the charges.

    Their stock is free again. What was paid too much goes back, the way that a return's does; an allowance that they
    had a part of goes with them. Where they were the last ones to leave, what is still reserved is released.

    Raises:
        IllegalOrderTransition: it isn't placed.
        UnknownLine, NamedTwice, TooManyUnits, NothingToCancel: *wanted* isn't open.
        GiftCardSpent: they are gift cards, and were used. KeptByGiftCards: after an allowance the rest would be worth
            less than the gift cards that stay. In all cases nothing was changed.
    """
    check(order, UnitsCancelled, asked="orders.cancel")
    runs = to_cancel(order, wanted)
    if not runs:
        raise NothingToCancel(order.id)
    worth = Money(order.total.minor_units - order.credited, order.currency)
    allowed = taken_back(order, runs, charges=True)
    gone = cancelled(unit, order, runs, reason)
    holds = await _free(unit, order, runs)
    withdrawn = (AllowanceWithdrawn(allowed),) if allowed else ()
    order = book(unit, order, UnitsCancelled(gone, holds), *withdrawn)
    await take_back_cards(unit, order, reason, lines={run.line_id for run in runs})
    check_cards(await unit[INTENTS].get(order.intent_id), Money(gone.credited - allowed, order.currency), worth)
    return await settle_up(unit, order, reason, observe=observe, gateways=gateways)


async def settle_up(unit: Unit, order: Order, reason: str, *, observe: Observe, gateways: Gateways) -> Order:
    """*order* with its money after what it comes to has changed: what is too much goes back, what is missing is due.

    Where no unit is left to leave, what is still reserved at a gateway is captured for what has left, or released.
    """
    order = await give_back(unit, order, reason, observe=observe)
    await settle_credit(unit, order.id)
    order = await keep_to_plan(unit, order.id, observe=observe)
    if is_last(order):
        await capture_shipped(unit, order, gateways)
    return await watch(unit, await unit[ORDERS].get(order.id))


async def _free(unit: Unit, order: Order, runs: tuple[Run, ...]) -> tuple[str, ...]:
    """The holds that still stand when *runs* of units are on the shelf again."""
    if order.takes_at_shipment:
        return await stock.release_part(unit, order.holds, goods.resources(order, runs))
    await put_back(unit, order, runs)
    return order.holds
