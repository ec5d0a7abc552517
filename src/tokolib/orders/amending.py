"""Editing an order after it was placed: what is added has shares of its own, what leaves is credited with its shares.

Nothing that was agreed is ever written anew. What the same word takes out and puts in of a SKU stays held, and only
the difference in money is asked for or goes back.
"""

from collections.abc import Mapping, Sequence

import attrs

from tokolib.checkout.adding import of_addition
from tokolib.checkout.basket import Basket
from tokolib.checkout.lines import QuoteCharge
from tokolib.checkout.model import Bargain, Delivery
from tokolib.effects.ports import Observe
from tokolib.inventory import steps as stock
from tokolib.inventory.moving import restock
from tokolib.kernel.address import Address
from tokolib.kernel.ids import AmendmentId
from tokolib.kernel.money import Money
from tokolib.kernel.spread import spread
from tokolib.kernel.unit import Unit
from tokolib.orders import goods
from tokolib.orders.allowances import taken_back
from tokolib.orders.booking import book
from tokolib.orders.cancelling import cancel_part, settle_up
from tokolib.orders.cards import take_back_cards
from tokolib.orders.edits import Edit
from tokolib.orders.ending import cancelled
from tokolib.orders.errors import NotEditable
from tokolib.orders.events import AllowanceWithdrawn, DestinationChanged, OrderAmended, OrderRequested
from tokolib.orders.lifecycle import check
from tokolib.orders.lines import OrderLine
from tokolib.orders.model import Amendment, Cancellation, Order
from tokolib.orders.placement import hold_again
from tokolib.orders.ports import ORDERS
from tokolib.orders.units import to_cancel
from tokolib.payments.ports import INTENTS, Gateways
from tokolib.payments.refunding import check_cards
from tokolib.shipping.steps import active


async def edit(unit: Unit, order: Order, wanted: Edit, reason: str, *, observe: Observe, gateways: Gateways) -> Order:
    """*order* as it is *wanted*: with what is added and without what is removed, sent where it is to go.

    Raises:
        IllegalOrderTransition: it isn't placed. NotEditable: not like that.
        OutOfStock: naming everything that is short.
        what `orders.cancel` refuses of goods to remove, and `orders.place` of goods to add. Nothing was changed.
    """
    if wanted.ship_to is not None or wanted.delivery:
        order = await _redirect(unit, order, wanted, reason)
    if wanted.add or wanted.charges:
        return await _amend(unit, order, wanted, reason, observe=observe, gateways=gateways)
    if wanted.remove:
        return await cancel_part(unit, order, wanted.remove, reason, observe=observe, gateways=gateways)
    return order


async def _redirect(unit: Unit, order: Order, wanted: Edit, reason: str) -> Order:
    """*order*, of which what has not left goes elsewhere: within the same tax territory, since its taxes stay."""
    check(order, DestinationChanged, asked="orders.edit")
    there, was = wanted.ship_to or order.ship_to, order.ship_to
    if there is not None:
        home = (await unit.settings()).country
        _check_territory(order, (home, "") if was is None else (was.country, was.province), there)
    delivery = order.delivery
    if wanted.delivery and there is None:
        raise NotEditable(order.id, f"{wanted.delivery} needs an address: name ship_to=")
    if wanted.delivery:
        method = await active(unit, wanted.delivery)
        grams = 0 if delivery is None else delivery.chargeable_grams
        delivery = Delivery(method.id, method.terms.name, grams)
    if (there, delivery) == (was, order.delivery):
        return order
    return unit[ORDERS].record(order, DestinationChanged(there, delivery, reason))


def _check_territory(order: Order, taxed: tuple[str, str], there: Address) -> None:
    """Pass where the taxes of *order*, which are those of a country and province, are those of *there* as well.

    Raises:
        NotEditable: it is in another country, or in another province and a provider has worked its taxes out.
    """
    country, province = taxed
    if country != there.country:
        raise NotEditable(order.id, f"its taxes are those of {country}, and the new address is in {there.country}")
    if order.tax_fact is not None and province != there.province:
        raise NotEditable(order.id, f"its taxes are those of {province}, and the new address is in {there.province}")


async def _amend(unit: Unit, order: Order, wanted: Edit, reason: str, *, observe: Observe, gateways: Gateways) -> Order:
    check(order, OrderAmended, asked="orders.edit")
    _check_kind(order)
    settings = await unit.settings()
    lines, removed = wanted.settled(order, reason, with_tax=settings.prices_include_tax)
    bargain = await of_addition(unit, await _basket(unit, order, attrs.evolve(wanted, add=lines)))
    runs = to_cancel(order, removed)
    gone = cancelled(unit, order, runs, reason) if runs else None
    allowed = taken_back(order, runs, charges=True) if runs else 0
    worth = Money(order.total.minor_units - order.credited, order.currency)
    added = goods.of_lines(bargain.lines, order.location)
    held, holds = await _exchange(unit, order, goods.resources(order, runs), added)
    event = _amended(unit, order, bargain, gone, reason, held=held, holds=holds)
    withdrawn = (AllowanceWithdrawn(allowed),) if allowed else ()
    order = book(unit, order, event, *withdrawn)
    if gone is not None:
        await take_back_cards(unit, order, reason, lines={run.line_id for run in runs})
        less, more = Money(gone.credited - allowed, order.currency), Money(event.amendment.added, order.currency)
        check_cards(await unit[INTENTS].get(order.intent_id), less, worth + more)
    return await settle_up(unit, order, reason, observe=observe, gateways=gateways)


def _check_kind(order: Order) -> None:
    """Pass for an order to which goods can be added.

    Raises:
        NotEditable: its taxes are somebody else's word, or its payment follows a plan of what was agreed.
    """
    if order.tax_fact is not None:
        raise NotEditable(order.id, f"its taxes were worked out by {order.tax_fact.provider}, for what was agreed")
    if order.plan:
        raise NotEditable(order.id, f"it is paid by the plan {order.plan}, which was made for what was agreed")


async def _basket(unit: Unit, order: Order, wanted: Edit) -> Basket:
    """What is added, for the customer and the place that *order* was priced for."""
    first = next(each.event for each in await unit[ORDERS].history(order.id) if isinstance(each.event, OrderRequested))
    groups = dict(first.grounds.facts).get("customer_groups", frozenset())
    return Basket(
        wanted.add,
        ship_to=order.ship_to,
        customer=order.customer,
        channel=order.channel,
        group=next(iter(sorted(map(str, groups))), "") if isinstance(groups, frozenset) else "",
        currency=order.currency.code,
        location=order.location,
        charges=wanted.charges,
        buyer=order.buyer,
    )


def _amended(
    unit: Unit,
    order: Order,
    bargain: Bargain,
    gone: Cancellation | None,
    reason: str,
    *,
    held: tuple[str, ...],
    holds: tuple[str, ...],
) -> OrderAmended:
    id = AmendmentId(unit.new_id("amd"))
    bearing = _bearing(order, gone) if bargain.charges and not bargain.lines else ()
    charges = tuple(_charge(order, id, each, bearing) for each in bargain.charges)
    amendment = Amendment(
        id=id,
        at=unit.now,
        reason=reason,
        tax_date=bargain.tax_date,
        lines=tuple(line.id for line in bargain.lines),
        charges=tuple(charge.id for charge in charges),
        added=bargain.total.minor_units,
        cancellation=None if gone is None else gone.id,
    )
    return OrderAmended(amendment, bargain.lines, charges, bargain.grounds, held, holds, gone)


def _charge(order: Order, id: AmendmentId, charge: QuoteCharge, bearing: Sequence[OrderLine]) -> QuoteCharge:
    """*charge* with its shares over all lines: the added ones, or where none is, those that are *bearing* it."""
    if not bearing:
        shares = (*(0 for _ in order.lines), *charge.shares)
    else:
        shares = spread(charge.total, [max(line.line.total, 1) if line in bearing else 0 for line in order.lines])
    return attrs.evolve(charge, id=f"{id}.{charge.id}", shares=shares)


def _bearing(order: Order, gone: Cancellation | None) -> list[OrderLine]:
    """The lines that bear a charge without goods: no units of theirs were cancelled or came back, since these would
    take a share along that nobody gives back; some are still to leave, if any line has such.

    Raises:
        NotEditable: there is none.
    """
    going = set() if gone is None else {run.line_id for run in gone.runs}
    whole = [line for line in order.lines if not line.cancelled and not line.returned and line.id not in going]
    if not whole:
        raise NotEditable(
            order.id, "units of each line were cancelled or came back, so that none can bear the charge; add goods"
        )
    return [line for line in whole if line.open] or whole


async def _exchange(
    unit: Unit, order: Order, freed: Mapping[str, int], needed: Mapping[str, int]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The holds that are made for what is added, and all that then stand.

    What is both *freed* and *needed* stays held, so that nobody else can take it in between.
    """
    back, more = less_by(freed, needed), less_by(needed, freed)
    holds = order.holds
    if order.takes_at_shipment:
        holds = await stock.release_part(unit, holds, back) if back else holds
    else:
        for location, units in goods.placed(back).items():
            await restock(unit, units, location=location, refers_to=order.id)
    if not more:
        return (), holds
    made = await hold_again(unit, order, goods.placed(more))
    if order.takes_at_shipment:
        return made, (*holds, *made)
    await stock.take(unit, made, refers_to=order.id)
    return made, holds


def brought(order: Order, event: OrderAmended) -> dict[str, int]:
    """What *event* had to be brought from the shelf, in steps by resource: less what it took out by the same word."""
    runs = () if event.cancellation is None else event.cancellation.runs
    return less_by(goods.of_lines(event.lines, order.location), goods.resources(order, runs))


def less_by(goods: Mapping[str, int], others: Mapping[str, int]) -> dict[str, int]:
    """What of *goods*, in steps by name, is more than *others*."""
    return {name: steps - others.get(name, 0) for name, steps in goods.items() if steps > others.get(name, 0)}
