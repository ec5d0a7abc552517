"""Editing an order after it was placed: what is added has shares of its own, what leaves is credited with its shares.

Nothing that was agreed is ever written anew. What the same word takes out and puts in of a SKU stays held, and only
the difference in money is asked for or goes back.
"""

from collections.abc import Mapping

from tokolib.effects.ports import Observe
from tokolib.inventory import steps as stock
from tokolib.inventory.moving import restock
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.orders import goods
from tokolib.orders.additions import added_to, amended, check_kind
from tokolib.orders.allowances import taken_back
from tokolib.orders.booking import book
from tokolib.orders.cancelling import cancel_part, settle_up
from tokolib.orders.cards import take_back_cards
from tokolib.orders.edits import Edit
from tokolib.orders.ending import cancelled
from tokolib.orders.events import AllowanceWithdrawn, OrderAmended
from tokolib.orders.lifecycle import check
from tokolib.orders.model import Order
from tokolib.orders.placement import hold_again
from tokolib.orders.placing import where_there_is
from tokolib.orders.redirecting import redirect
from tokolib.orders.units import to_cancel
from tokolib.payments.ports import INTENTS, Gateways
from tokolib.payments.refunding import check_cards


async def edit(unit: Unit, order: Order, wanted: Edit, reason: str, *, observe: Observe, gateways: Gateways) -> Order:
    """*order* as it is *wanted*: with what is added and without what is removed, sent where it is to go.

    Raises:
        IllegalOrderTransition: it isn't placed. NotEditable: not like that.
        OutOfStock: naming everything that is short.
        what `orders.cancel` refuses of goods to remove, and `orders.place` of goods to add. Nothing was changed.
    """
    if wanted.redirects:
        order = await redirect(unit, order, wanted, reason)
    if wanted.add or wanted.charges:
        return await _amend(unit, order, wanted, reason, observe=observe, gateways=gateways)
    if wanted.remove:
        return await cancel_part(unit, order, wanted.remove, reason, observe=observe, gateways=gateways)
    return order


async def _amend(unit: Unit, order: Order, wanted: Edit, reason: str, *, observe: Observe, gateways: Gateways) -> Order:
    check(order, OrderAmended, asked="orders.edit")
    check_kind(order)
    settings = await unit.settings()
    lines, removed = wanted.settled(order, reason, with_tax=settings.prices_include_tax)
    bargain = await added_to(unit, order, lines, wanted.charges)
    runs = to_cancel(order, removed)
    freed = goods.resources(order, runs)
    bargain = await where_there_is(unit, order, bargain, freed)
    gone = cancelled(unit, order, runs, reason) if runs else None
    allowed = taken_back(order, runs, charges=True) if runs else 0
    worth = Money(order.total.minor_units - order.credited, order.currency)
    added = goods.of_lines(bargain.lines, order.location)
    held, holds = await _exchange(unit, order, freed, added)
    event = amended(unit, order, bargain, gone, reason, held=held, holds=holds)
    withdrawn = (AllowanceWithdrawn(allowed),) if allowed else ()
    order = book(unit, order, event, *withdrawn)
    if gone is not None:
        await take_back_cards(unit, order, reason, lines={run.line_id for run in runs})
        less, more = Money(gone.credited - allowed, order.currency), Money(event.amendment.added, order.currency)
        check_cards(await unit[INTENTS].get(order.intent_id), less, worth + more)
    return await settle_up(unit, order, reason, observe=observe, gateways=gateways)


async def _exchange(
    unit: Unit, order: Order, freed: Mapping[str, int], needed: Mapping[str, int]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The holds that are made for what is added, and all that then stand.

    What is both *freed* and *needed* stays held, so that nobody else can take it in between.
    """
    back, more = goods.less_by(freed, needed), goods.less_by(needed, freed)
    holds = order.holds
    if order.takes_at_shipment:
        holds = await stock.release_part(unit, holds, back) if back else holds
    else:
        for location, units in goods.placed(back).items():
            await restock(unit, units, location=location, refers_to=order.id)
    if not more:
        return (), holds
    made = await hold_again(unit, order, more)
    if order.takes_at_shipment:
        return made, (*holds, *made)
    await stock.take(unit, made, refers_to=order.id)
    return made, holds


def brought(order: Order, event: OrderAmended) -> dict[str, int]:
    """What *event* had to be brought from the shelf, in steps by resource: less what it took out by the same word."""
    runs = () if event.cancellation is None else event.cancellation.runs
    return goods.less_by(goods.of_lines(event.lines, order.location), goods.resources(order, runs))
