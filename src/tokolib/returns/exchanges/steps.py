"""Exchanging goods, as steps on an open unit: held when they are asked for, and changed over in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import attrs

from tokolib.checkout.model import Bargain
from tokolib.effects.ports import Observe
from tokolib.inventory import steps as stock
from tokolib.inventory.holds import resource_of
from tokolib.inventory.lots.naming import Named
from tokolib.kernel.ids import ExchangeId, OrderId
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit, every
from tokolib.orders import goods
from tokolib.orders.cancelling import settle_up
from tokolib.orders.events import OrderAmended
from tokolib.orders.lifecycle import check as check_order
from tokolib.orders.lines import Run
from tokolib.orders.model import Order
from tokolib.orders.placing import where_there_is
from tokolib.orders.ports import ORDERS
from tokolib.orders.units import Wanted
from tokolib.payments.ports import Gateways
from tokolib.returns import receiving
from tokolib.returns import steps as returns
from tokolib.returns.exchanges import events as e
from tokolib.returns.exchanges.errors import NothingReplaced
from tokolib.returns.exchanges.lifecycle import check
from tokolib.returns.exchanges.model import Exchange, ExchangeState, Settlement
from tokolib.returns.exchanges.ports import EXCHANGES
from tokolib.returns.model import Disposition, Return
from tokolib.returns.naming import with_customer
from tokolib.returns.ports import RETURNS
from tokolib.returns.replacements import Replacement, ReplacementPricing, SetAside
from tokolib.returns.replacing import bargain_for, due, hold, put_in


@attrs.frozen
class Inspected:
    """What becomes of the goods that came back, where it differs from the request, and how money goes back."""

    disposition: Disposition | None = None
    dispositions: Mapping[str, Disposition] = attrs.field(factory=dict)
    refund_to: str | None = None
    lots: Named = stock.NO_LOTS
    location: str | None = None
    """Where they came, where nobody has told yet."""
    missed: Disposition | None = None
    """As what those are credited that never came with the rest; None where they stay the customer's."""


@attrs.frozen
class Wish:
    """What is to come back, what is to take its place, and on which terms."""

    back: Wanted | tuple[Run, ...]
    replacements: tuple[Replacement, ...]
    pricing: ReplacementPricing
    until: datetime
    """The end of the hold."""
    reason: str
    overrule: str
    """Why the order's return policy is overruled; empty where it is not."""


async def request(unit: Unit, order_id: OrderId, wish: Wish) -> Exchange:
    """A wish to have something else for goods: a return of them, and the replacement held for it.

    Raises:
        what `returns.request` refuses. NotEditable, NotEven, UnknownSku, NotForSale, NoPrice, OutOfStock: the
            replacement can't be had so. Nothing was stored.
    """
    order = await unit[ORDERS].get(order_id)
    check_order(order, OrderAmended, asked="exchanges.request")
    id = ExchangeId(unit.new_id("exc"))
    back = await returns.request(
        unit, order_id, wish.back, wish.reason, Disposition.RESTOCK, overrule=wish.overrule, part_of=id
    )
    bargain = await where_there_is(unit, order, await _bargain(unit, order, back, wish.replacements, wish.pricing), {})
    needed = goods.of_lines(bargain.lines, order.location)
    made = Exchange(
        id=id,
        version=1,
        order_id=order.id,
        return_id=back.id,
        replacements=wish.replacements,
        pricing=wish.pricing,
        goods=_set_aside(needed),
        holds=await hold(unit, order, needed, owner=id, attempt=1, until=wish.until),
        hold_until=wish.until,
        state=ExchangeState.REQUESTED,
        reason=wish.reason,
        requested_by=str(unit.ctx.actor),
        requested_at=unit.now,
    )
    return unit[EXCHANGES].record(None, e.ExchangeRequested(made))


async def _bargain(
    unit: Unit, order: Order, back: Return, wanted: Sequence[Replacement], pricing: ReplacementPricing
) -> Bargain:
    runs = [line.run for line in with_customer(order, back.lines)]
    return await bargain_for(unit, order, runs, wanted, pricing, f"in exchange with {back.id}")


def _set_aside(needed: Mapping[str, int]) -> tuple[SetAside, ...]:
    return tuple(SetAside(resource, steps) for resource, steps in needed.items())


async def authorise(unit: Unit, id: ExchangeId) -> Exchange:
    """The shop agrees to it, and that the goods are sent back.

    Raises:
        NotFound, IllegalExchangeTransition: nothing was changed.
    """
    made = _agreed(unit, await unit[EXCHANGES].get(id))
    await receiving.agree(unit, made.return_id)
    return made


def _agreed(unit: Unit, exchange: Exchange) -> Exchange:
    return unit[EXCHANGES].record(exchange, e.ExchangeAuthorised(str(unit.ctx.actor)))


async def extend(unit: Unit, id: ExchangeId, until: datetime) -> Exchange:
    """The replacement is held *until* an instant; anew where its hold has run out.

    Raises:
        NotFound, IllegalExchangeTransition: nothing was changed.
        OutOfStock: the hold has run out, and the goods aren't there any more; nothing was changed.
    """
    exchange = await unit[EXCHANGES].get(id)
    check(exchange, e.ExchangeExtended)
    attempt = exchange.version + 1
    if await stock.standing_holds(unit, exchange.holds) == exchange.holds:
        holds = await stock.hand_on(unit, exchange.holds, owner=id, attempt=attempt, until=until)
        return unit[EXCHANGES].record(exchange, e.ExchangeExtended(exchange.goods, holds, until))
    order = await unit[ORDERS].get(exchange.order_id)
    back = await unit[RETURNS].get(exchange.return_id)
    unit.release(exchange.holds)
    await unit.flush()
    bargain = await _bargain(unit, order, back, exchange.replacements, exchange.pricing)
    needed = goods.of_lines((await where_there_is(unit, order, bargain, {})).lines, order.location)
    holds = await hold(unit, order, needed, owner=id, attempt=attempt, until=until)
    return unit[EXCHANGES].record(exchange, e.ExchangeExtended(_set_aside(needed), holds, until))


async def complete(
    unit: Unit, id: ExchangeId, inspected: Inspected, *, observe: Observe, gateways: Gateways
) -> Exchange:
    """The goods are here: they are credited, and the replacement is added to their order, in this one unit.

    Of what came in part, or was refused in part, as much is replaced as is taken back; the rest of the hold is free.
    Charges stay where they are, and in an even exchange allowances too: the replacement steps into the units' place.

    Raises:
        NotFound, IllegalExchangeTransition: nothing was changed. NothingReplaced: too little came.
        what `request` and `returns.accept` refuse. Nothing was changed.
    """
    exchange = await unit[EXCHANGES].get(id)
    if exchange.state is ExchangeState.REQUESTED:
        exchange = _agreed(unit, exchange)
    check(exchange, e.ExchangeCompleted)
    order = await unit[ORDERS].get(exchange.order_id)
    check_order(order, OrderAmended, asked="exchanges.complete")
    back = await unit[RETURNS].get(exchange.return_id)
    put: list[Replacement] = []

    async def swapped(now: Order, runs: tuple[Run, ...]) -> Order:
        put.extend(_due(exchange, order, back, runs))
        why = f"in exchange with {back.id}"
        bargain = await bargain_for(unit, order, runs, put, exchange.pricing, why)
        return await put_in(unit, now, bargain, exchange.holds, exchange.held, f"exchange {id}")

    done = await returns.accept(
        unit,
        back,
        disposition=inspected.disposition,
        dispositions=inspected.dispositions,
        refund_to=inspected.refund_to,
        location=inspected.location,
        lots=inspected.lots,
        observe=observe,
        missed=inspected.missed,
        replaced=returns.Replaced(exchange.pricing is ReplacementPricing.EVEN, swapped),
    )
    order = await unit[ORDERS].get(order.id)
    await settle_up(unit, order, f"exchange {id}", observe=observe, gateways=gateways)
    return unit[EXCHANGES].record(exchange, e.ExchangeCompleted(unit.now, _settled(order, done, put)))


def _due(exchange: Exchange, order: Order, back: Return, came: tuple[Run, ...]) -> tuple[Replacement, ...]:
    """What of the replacement is due for the units that *came*.

    Raises:
        NothingReplaced: nothing whole.
    """
    place = {line.id: number for number, line in enumerate(order.lines)}
    asked = sorted((line.run for line in back.lines), key=lambda run: (place[run.line_id], run.first))
    found = due(exchange.replacements, asked, came)
    if not found:
        raise NothingReplaced(exchange.id, sum(run.units for run in came), sum(run.units for run in asked))
    return found


def _settled(order: Order, done: Return, put: Sequence[Replacement]) -> Settlement:
    amendment = order.amendments[-1]
    credited = Money(0, order.currency) if done.refund is None else done.refund.credit
    return Settlement(amendment.id, Money(amendment.added, order.currency), credited, tuple(put))


async def set_aside(unit: Unit, exchange: Exchange) -> dict[str, int]:
    """What is held for an exchange as things stand, in steps by resource: nothing of a hold that has run out."""
    standing = await stock.standing_holds(unit, exchange.holds)
    return {resource_of(id): exchange.held[resource_of(id)] for id in standing}


async def reject(unit: Unit, id: ExchangeId, note: str) -> Exchange:
    """The shop doesn't agree to it.

    Raises:
        NotFound, IllegalExchangeTransition: nothing was changed.
    """
    return await _end(unit, id, e.ExchangeRejected(unit.now, note), note)


async def cancel(unit: Unit, id: ExchangeId, reason: str) -> Exchange:
    """The customer keeps the goods.

    Raises:
        NotFound, IllegalExchangeTransition: nothing was changed.
    """
    return await _end(unit, id, e.ExchangeCancelled(unit.now, reason), reason)


async def expire(unit: Unit, id: ExchangeId) -> bool:
    """Whether it has ended because nothing came while the replacement was held, or nobody decided on what came."""
    exchange = await unit[EXCHANGES].get(id)
    back = await unit[RETURNS].get(exchange.return_id)
    until = exchange.given_up_at if back.receipts else exchange.hold_until
    if not exchange.is_open or until > unit.now or not back.is_open:
        return False
    await _end(unit, id, e.ExchangeExpired(unit.now), "nothing came while the replacement was held")
    return True


async def _end(
    unit: Unit, id: ExchangeId, event: e.ExchangeRejected | e.ExchangeCancelled | e.ExchangeExpired, note: str
) -> Exchange:
    """It ends without a change of goods: what was held is free, and its return closed, or by itself if goods came."""
    exchange = await unit[EXCHANGES].get(id)
    check(exchange, type(event))
    await stock.release(unit, exchange.holds)
    await returns.reject(unit, exchange.return_id, note, part_of=id)
    return unit[EXCHANGES].record(exchange, event)


async def exchanges_of(unit: Unit, order_id: str) -> tuple[Exchange, ...]:
    """The exchanges of an order, the first one first."""
    found = await every(unit[EXCHANGES], "by_order", {"order_id": order_id})
    return tuple(sorted(found, key=lambda each: (each.requested_at, each.id)))
