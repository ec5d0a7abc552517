"""Orders, blocks, offers, returns, exchanges, carts and credit whose time is over; instalments whose day has come."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final

from tokolib.cart.steps import abandon, expire
from tokolib.desk.ticking.turn import PERMISSION, Turn, at_term
from tokolib.kernel.clock import sortable
from tokolib.kernel.unit import Port, Unit
from tokolib.orders.ending import expire as expire_order
from tokolib.orders.instalments import keep_to_plan
from tokolib.orders.lapsing import lapse
from tokolib.orders.model import OrderState
from tokolib.orders.offers.steps import expire as expire_offer
from tokolib.orders.offers.steps import overdue as overdue_offers
from tokolib.orders.ports import ORDERS
from tokolib.payments.ports import INTENTS, Gateways
from tokolib.stored_value.ending import expire as expire_value
from tokolib.stored_value.ending import overdue as overdue_value

ABANDONED_AFTER: Final = timedelta(hours=24)
EXPIRED_AFTER: Final = timedelta(days=30)


async def end_unpaid_orders(turn: Turn) -> int:
    """How many orders expired that nobody has paid in time."""
    pending = {"state": OrderState.PENDING_PAYMENT.value}

    async def overdue(unit: Unit) -> tuple[str, ...]:
        page = await unit[ORDERS].where("by_due", equals=pending, since="", until=sortable(unit.now), limit=turn.budget)
        return tuple(order.id for order in page.items)

    async def end(unit: Unit, id: str) -> bool:
        order = await unit[ORDERS].get(id)
        late = order.due_until is not None and order.due_until <= unit.now
        if order.state is not OrderState.PENDING_PAYMENT or not late:
            return False
        await expire_order(unit, order, observe=turn.observe)
        return True

    return await turn.each_by_itself("order", overdue, end)


async def end_blocks(turn: Turn, gateways: Gateways) -> int:
    """How many orders had a block that came to its end: they may ship, are cancelled, or wait for a person."""

    async def over(unit: Unit) -> tuple[str, ...]:
        return tuple(order.id for order in await at_term(unit, ORDERS, "lapses", turn.budget))

    async def end(unit: Unit, id: str) -> bool:
        return await lapse(unit, id, observe=turn.observe, gateways=gateways)

    return await turn.each_by_itself("order", over, end)


async def end_lapsed(turn: Turn, noun: str, port: Port[Any], expire: Callable[[Unit, Any], Awaitable[bool]]) -> int:
    """How many of *port* ended, whose index `lapses` says that their term is over."""

    async def over(unit: Unit) -> tuple[Any, ...]:
        return tuple(each.id for each in await at_term(unit, port, "lapses", turn.budget))

    return await turn.each_by_itself(noun, over, expire)


async def end_offers(turn: Turn) -> int:
    """How many sent offers expired that nobody has answered in time."""

    async def over(unit: Unit) -> tuple[str, ...]:
        return await overdue_offers(unit, limit=turn.budget)

    return await turn.each_by_itself("offer", over, expire_offer)


async def end_credit(turn: Turn) -> int:
    """How many gift cards and grants of store credit expired."""

    async def over(unit: Unit) -> tuple[tuple[str, str], ...]:
        return tuple(await overdue_value(unit, limit=turn.budget))

    async def end(unit: Unit, of: tuple[str, str]) -> bool:
        return await expire_value(unit, *of)

    return await turn.each_by_itself("stored value", over, end)  # somebody may just have paid with it


async def notice_instalments(turn: Turn) -> int:
    """How many orders had an instalment that fell due, or is overdue; all of it is recorded now."""

    async def waiting(unit: Unit) -> tuple[str, ...]:
        return tuple(intent.order_id for intent in await at_term(unit, INTENTS, "notice", turn.budget))

    async def keep(unit: Unit, id: str) -> None:
        await keep_to_plan(unit, id, observe=turn.observe)

    return await turn.each_by_itself("order", waiting, keep)


async def abandon_carts(turn: Turn) -> int:
    """How many carts count as abandoned, which nobody has touched for a day."""
    return await _carts(turn, abandon, turn.work.clock.now() - ABANDONED_AFTER)


async def end_carts(turn: Turn) -> int:
    """How many carts ended, which nobody has touched for thirty days."""
    return await _carts(turn, expire, turn.work.clock.now() - EXPIRED_AFTER)


async def _carts(turn: Turn, step: Callable[..., Awaitable[int]], since: datetime) -> int:
    return await turn.work.write(PERMISSION, lambda unit: step(unit, untouched_since=since, limit=turn.budget))
