"""What is added to an order after it was placed: priced for the customer it was placed for, with shares of its own."""

from collections.abc import Sequence

import attrs

from tokolib.cart.model import LineWish
from tokolib.checkout.adding import of_addition
from tokolib.checkout.basket import Basket
from tokolib.checkout.lines import QuoteCharge
from tokolib.checkout.model import Bargain, ChargeWish
from tokolib.kernel.ids import AmendmentId
from tokolib.kernel.spread import spread
from tokolib.kernel.unit import Unit
from tokolib.orders.errors import NotEditable
from tokolib.orders.events import OrderAmended, OrderRequested
from tokolib.orders.lines import OrderLine
from tokolib.orders.model import Amendment, Cancellation, Order
from tokolib.orders.ports import ORDERS


def check_kind(order: Order) -> None:
    """Pass for an order to which goods can be added.

    Raises:
        NotEditable: its taxes are somebody else's word, or its payment follows a plan of what was agreed.
    """
    if order.tax_fact is not None:
        raise NotEditable(order.id, f"its taxes were worked out by {order.tax_fact.provider}, for what was agreed")
    if order.plan:
        raise NotEditable(order.id, f"it is paid by the plan {order.plan}, which was made for what was agreed")


async def added_to(unit: Unit, order: Order, lines: Sequence[LineWish], charges: Sequence[ChargeWish] = ()) -> Bargain:
    """What *lines* and *charges* cost now, for the customer and the place that *order* was priced for.

    Raises:
        UnknownSku, NotForSale, NoPrice, InvalidInput: they can't be sold as they are. Nothing was stored.
    """
    return await of_addition(unit, await _basket(unit, order, lines, charges))


async def _basket(unit: Unit, order: Order, lines: Sequence[LineWish], charges: Sequence[ChargeWish]) -> Basket:
    first = next(each.event for each in await unit[ORDERS].history(order.id) if isinstance(each.event, OrderRequested))
    groups = dict(first.grounds.facts).get("customer_groups", frozenset())
    return Basket(
        lines,
        ship_to=order.goes_to,
        customer=order.customer,
        channel=order.channel,
        group=next(iter(sorted(map(str, groups))), "") if isinstance(groups, frozenset) else "",
        currency=order.currency.code,
        location=order.location,
        charges=charges,
        buyer=order.buyer,
    )


def amended(
    unit: Unit,
    order: Order,
    bargain: Bargain,
    gone: Cancellation | None,
    reason: str,
    *,
    held: tuple[str, ...],
    holds: tuple[str, ...],
) -> OrderAmended:
    """That the goods and charges of *bargain* were added to *order*, perhaps in place of what is *gone*.

    Raises:
        NotEditable: charges without goods, which no line can bear. Nothing was changed.
    """
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
