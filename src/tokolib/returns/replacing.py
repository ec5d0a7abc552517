"""Goods put in the place of others, as steps on an open unit: priced, held for them alone, and added to their order.

The replacement becomes a part of the very order that its goods come back from: no second order, no receivable moved,
and only the difference in money is due or goes back.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import attrs

from tokolib.cart.model import LineWish
from tokolib.checkout.lines import QuoteLine
from tokolib.checkout.model import Bargain
from tokolib.inventory import steps as stock
from tokolib.kernel.quantity import Quantity
from tokolib.kernel.unit import Unit
from tokolib.kernel.unit_set import UnitSet
from tokolib.orders import goods
from tokolib.orders.additions import added_to, amended, check_kind
from tokolib.orders.booking import book
from tokolib.orders.lines import OrderLine, Run
from tokolib.orders.model import Order
from tokolib.orders.placement import hold_again
from tokolib.orders.placing import where_held, where_there_is
from tokolib.orders.shares import part_of, worths
from tokolib.returns.errors import NotEven
from tokolib.returns.replacements import Replacement, ReplacementPricing


async def bargain_for(
    unit: Unit,
    order: Order,
    runs: Sequence[Run],
    wanted: Sequence[Replacement],
    pricing: ReplacementPricing,
    reason: str,
) -> Bargain:
    """What *wanted* costs where it replaces *runs* of units of *order*.

    Raises:
        NotEditable: nothing can be added to such an order. NotEven: it can't be even.
        UnknownSku, NotForSale, NoPrice: it can't be sold as it is. Nothing was stored.
    """
    check_kind(order)
    if pricing is ReplacementPricing.NOW:
        return await added_to(unit, order, [LineWish(e.sku, e.quantity, e.price, e.reason) for e in wanted])
    pairs = _paired(order, runs, wanted)
    wishes = [
        LineWish(each.sku, Quantity(sum(run.units for run in some), each.unit), line.line.unit_price, reason)
        for each, line, some in pairs
    ]
    bargain = await added_to(unit, order, wishes)
    lines = (_even(order, line, some, made) for (_, line, some), made in zip(pairs, bargain.lines, strict=True))
    return attrs.evolve(bargain, lines=tuple(lines))


def due(wanted: Sequence[Replacement], asked: Sequence[Run], came: Sequence[Run]) -> tuple[Replacement, ...]:
    """What of *wanted* replaces the units that *came* of those that were *asked* for: all of it where all came.

    Where as many replace as were to come, each of *wanted* goes with the next of *asked*, in the order of both; of a
    line the first ones came. Otherwise so much of each as is whole in proportion.
    """
    back, new = sum(run.units for run in asked), sum(each.steps for each in wanted)
    here = sum(run.units for run in came)
    if here == back:
        return tuple(wanted)
    shares = [each.steps * here // back for each in wanted] if back != new else _side_by_side(wanted, asked, came)
    parts = (attrs.evolve(each, steps=steps) for each, steps in zip(wanted, shares, strict=True))
    return tuple(each for each in parts if each.steps)


def _side_by_side(wanted: Sequence[Replacement], asked: Sequence[Run], came: Sequence[Run]) -> list[int]:
    left: dict[str, int] = {}
    for run in came:
        left[run.line_id] = left.get(run.line_id, 0) + run.units
    places, at = list[tuple[int, int]](), 0
    for run in asked:
        here = min(run.units, left.get(run.line_id, 0))
        left[run.line_id] = left.get(run.line_id, 0) - here
        places.append((at, at + here))
        at += run.units
    filled, shares, first = UnitSet.of(places), list[int](), 0
    for each in wanted:
        shares.append(len(filled & UnitSet(((first, first + each.steps),))))
        first += each.steps
    return shares


_Pair = tuple[Replacement, OrderLine, list[Run]]


def _paired(order: Order, runs: Sequence[Run], wanted: Sequence[Replacement]) -> list[_Pair]:
    """What replaces which units: each of *wanted* the next of *runs*, with a pair for each line that they are of.

    Raises:
        NotEven: there are more of the ones than of the others, or they are counted otherwise.
    """
    back, new = sum(run.units for run in runs), sum(each.steps for each in wanted)
    if back != new:
        raise NotEven(order.id, f"{back} come back, and {new} replace them")
    left, pairs = list(runs), list[_Pair]()
    for each in wanted:
        needed, mine = each.steps, dict[str, list[Run]]()
        while needed:
            run = left.pop(0)
            taken = min(needed, run.units)
            mine.setdefault(run.line_id, []).append(attrs.evolve(run, beyond=run.first + taken))
            if taken < run.units:
                left.insert(0, attrs.evolve(run, first=run.first + taken))
            needed -= taken
        for id, some in mine.items():
            line = next(one for one in order.lines if one.id == id)
            if line.line.unit != each.unit:
                raise NotEven(order.id, f"{line.line.sku} is counted in {line.line.unit}, {each.sku} in {each.unit}")
            pairs.append((each, line, some))
    return pairs


def _even(order: Order, line: OrderLine, runs: Sequence[Run], made: QuoteLine) -> QuoteLine:
    """*made* with the figures of *runs* of units of *line*, which it replaces.

    What the total of an order from elsewhere has beside its parts goes with its goods, so what takes their place has
    that in its price.
    """
    if made.tax_class != line.line.tax_class and line.line.taxes:
        why = f"{line.line.sku} was taxed as {line.line.tax_class}, and {made.sku} is {made.tax_class}"
        raise NotEven(order.id, why)
    if line.line.shares and len(line.line.taxes) > 1:
        raise NotEven(order.id, f"the parts of {line.line.sku} were taxed by several rules")
    part = part_of(line.line, [(run.first, run.beyond) for run in runs], made)
    rest = sum(share.total for worth in worths(order, runs, charges=False) for share in worth.charges)
    if part.net + rest < 0:
        raise NotEven(order.id, f"{line.line.sku} is worth less than what its order differs by")
    return attrs.evolve(part, base=part.base + rest, net=part.net + rest, total=part.total + rest)


async def hold(
    unit: Unit, order: Order, wanted: Mapping[str, int], *, owner: str, attempt: int, until: datetime
) -> tuple[str, ...]:
    """The ids of holds of *wanted* (steps by resource) for *owner*, leased *until*.

    Raises:
        OutOfStock: naming everything that is short; nothing was held.
    """
    held: list[str] = []
    for location, some in goods.placed(wanted).items():
        held += await stock.hold(
            unit, some, location=location, channel=order.channel, owner=owner, until=until, attempt=attempt
        )
    return tuple(held)


async def put_in(
    unit: Unit, order: Order, bargain: Bargain, holds: Sequence[str], held: Mapping[str, int], reason: str
) -> Order:
    """*order* with the goods of *bargain*, for which *holds* of *held* (steps by resource) stood.

    What they are of beyond that is free. Where they have run out, or what the goods are made of has changed, the
    goods are held anew.

    Raises:
        OutOfStock: naming everything that is short by now. Nothing was changed.
    """
    there = where_held(order, bargain, held)
    if there is not None and await stock.standing_holds(unit, holds) == tuple(holds):
        bargain = there
        needed = goods.of_lines(there.lines, order.location)
        made = await stock.hand_on(unit, holds, owner=order.id, attempt=order.version + 1, until=None, only=needed)
    else:
        unit.release(holds)
        await unit.flush()
        bargain = await where_there_is(unit, order, bargain, {})
        made = await hold_again(unit, order, goods.of_lines(bargain.lines, order.location))
    after = (*order.holds, *made) if order.takes_at_shipment else order.holds
    if not order.takes_at_shipment:
        await stock.take(unit, made, refers_to=order.id)
    return book(unit, order, amended(unit, order, bargain, None, reason, held=made, holds=after))
