"""Placement: step A (`requesting`) stores the wish with everything it rests on, step C makes it an order that the
shop owes.

Between the two, outside any unit, the gateway is asked (B). Cash, credit and a zero total collapse them into one
transaction; a bank transfer is A alone, until somebody says that the money arrived.
"""

from collections.abc import Mapping

from tokolib.inventory import steps as stock
from tokolib.inventory.availability import check_available
from tokolib.inventory.backorders import steps as backorders
from tokolib.inventory.holds import resource_of
from tokolib.kernel.unit import Unit
from tokolib.orders import goods
from tokolib.orders.beginning import begin
from tokolib.orders.booking import book
from tokolib.orders.events import OrderPlaced, OrderReinstated
from tokolib.orders.model import Order
from tokolib.pricing.promotions.using import reserve_uses


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
    await stock.take_promised(unit, goods.open_resources(order), owner=order.id)
    return ()


async def reinstate(unit: Unit, order: Order) -> Order:
    """An expired order whose money came after all.

    Raises:
        OutOfStock: its goods are gone. LimitReached: a promotion or coupon of it is used up. Nothing was changed.
    """
    wanted = goods.open_resources(order)
    await _check_free(unit, order, wanted)
    await reserve_uses(unit, order.uses, str(order.customer or ""), order.id, order.total.currency)
    holds = await hold_again(unit, order, wanted)
    taken = await _taken(unit, order, holds)
    return book(unit, order, OrderReinstated(unit.now, taken, await begin(unit, order)))


async def _hold_on(unit: Unit, order: Order) -> tuple[str, ...]:
    """The order's holds without a term: those that stand are kept, and what a machine's fast clock ended is held anew.

    Nothing is given up for it, so that a refusal leaves every hold as it was.
    """
    standing = await stock.standing_holds(unit, order.holds)
    held = {resource_of(id) for id in standing}
    missing = {name: steps for name, steps in goods.open_resources(order).items() if name not in held}
    again = await hold_again(unit, order, missing) if missing else ()
    await stock.keep(unit, standing)
    return standing + again


async def hold_again(unit: Unit, order: Order, wanted: Mapping[str, int]) -> tuple[str, ...]:
    """The ids of new holds of what is *wanted* (steps by resource) for *order*, for good; what it holds already is left
    as it is.

    Raises:
        OutOfStock: naming everything that is short; nothing was held.
    """
    await _check_free(unit, order, wanted)
    attempt = order.version + 1  # rises with every event, so an ended hold's id is never used again
    shelves, beyond = goods.apart(wanted)
    held: list[str] = []
    for location, demands in goods.placed(shelves).items():
        held += await stock.hold(
            unit, demands, location=location, channel=order.channel, owner=order.id, until=None, attempt=attempt
        )
    return (*held, *await backorders.hold(unit, beyond, owner=order.id, attempt=attempt))


async def _check_free(unit: Unit, order: Order, wanted: Mapping[str, int]) -> None:
    """Pass when all of *wanted* is there for *order*, on every shelf and in every promise: before any of it is held.

    Raises:
        OutOfStock: naming what is short.
    """
    shelves, beyond = goods.apart(wanted)
    for location, demands in goods.placed(shelves).items():
        await check_available(unit, demands, location=location, channel=order.channel)
    await backorders.check_left(unit, beyond)


async def _taken(unit: Unit, order: Order, holds: tuple[str, ...]) -> tuple[str, ...]:
    if order.takes_at_shipment:
        return holds
    await stock.take(unit, holds, refers_to=order.id)
    return ()
