"""Giving stock that came to the orders that wait for it: whoever was promised first is served first.

A round goes through the orders as they were placed. Each is served in a unit of its own, in which the promise ends and
the goods are held, so that a cancellation comes before it or after it. What an order still waits for is nobody's who
was promised later, and no new order's: `inventory.availability` leaves it.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

import attrs

from tokolib.checkout.lines import Awaited, without
from tokolib.inventory import steps as stock
from tokolib.inventory.availability import buffered
from tokolib.inventory.backorder import capacity
from tokolib.inventory.expected.model import ExpectedReceipt
from tokolib.inventory.expected.steps import coming
from tokolib.inventory.model import StockItem, item_id, place, resource
from tokolib.inventory.ports import STOCK_ITEMS
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.ids import LineId, OrderId
from tokolib.kernel.rows import Level
from tokolib.kernel.unit import Unit
from tokolib.kernel.unit_set import NO_UNITS, UnitSet
from tokolib.kernel.work import Work
from tokolib.orders import goods
from tokolib.orders.events import GoodsAllocated, PromiseMoved
from tokolib.orders.lines import OrderLine
from tokolib.orders.model import Order
from tokolib.orders.places import awaits_since, sources_of
from tokolib.orders.ports import ORDERS
from tokolib.orders.units import runs_of

PAGE: Final = 100

Write = Callable[["Callable[[Unit], Awaitable[Serving]]"], "Awaitable[Serving]"]
"""Decides in a unit, and again where somebody was faster."""


@attrs.frozen
class Allocated:
    """What a round has done."""

    served: tuple[OrderId, ...]
    """The orders that have stock now of what they waited for, all of it or a part, as they stood in the queue."""
    moved: tuple[OrderId, ...]
    """The orders of which units come on other days than they were promised for."""


@attrs.frozen
class Serving:
    """What an order gets, and what it goes on to wait for."""

    order: OrderId
    ahead: Mapping[str, int]
    """What the orders before it still wait for, in steps by resource of the shelf."""
    units: Mapping[str, UnitSet]
    """What it gets, by line."""
    moved: Mapping[LineId, tuple[Awaited, ...]]
    """The lines of which units come on other days."""
    given: Mapping[str, int]
    """What it gets, in steps by resource of the shelf."""
    left: Mapping[str, int]
    """What it still waits for, likewise."""


async def allocate(work: Work, write: Write, budget: int) -> Allocated:
    """Serve at most *budget* of the orders that wait, or tell that their day has moved, each by a *write* of its own.

    Raises:
        InvalidInput: a *budget* below 1. Nothing was looked at.
    """
    if budget < 1:
        raise InvalidInput((Fault("budget", "orders.bad_budget", "must be at least 1", shown(budget)),))
    served, moved = list[OrderId](), list[OrderId]()
    ahead: dict[str, int] = {}
    after: str | None = None
    while True:

        async def look(
            unit: Unit, after: str | None = after, ahead: Mapping[str, int] = ahead
        ) -> tuple[list[Serving], dict[str, int], str | None]:
            return await _turns(unit, after, ahead)

        turns, ahead, after = await work.read(look)
        for turn in turns:
            if budget == 0:
                return Allocated(tuple(served), tuple(moved))
            budget -= 1

            async def serve(unit: Unit, turn: Serving = turn) -> Serving:
                return await _serve(unit, turn)

            done = await write(serve)
            served.extend([done.order] if done.units else [])
            moved.extend([done.order] if done.moved else [])
        if after is None:
            return Allocated(tuple(served), tuple(moved))


async def _turns(
    unit: Unit, after: str | None, ahead: Mapping[str, int]
) -> tuple[list[Serving], dict[str, int], str | None]:
    """The next orders of the queue for which there is something to do, and what is *ahead* of those behind them.

    It is added up in a copy: a look that the storage broke off is taken anew.
    """
    ahead = dict(ahead)
    page = await unit[ORDERS].where("awaiting", since="", after=after, limit=PAGE)
    seen = await _Seen.by(unit, page.items)
    found: list[Serving] = []
    given: dict[str, int] = {}
    for order in page.items:
        turn = await _turn(unit, order, dict(ahead), given, seen)
        for name, steps in turn.left.items():
            ahead[name] = ahead.get(name, 0) + steps
        for name, steps in turn.given.items():
            given[name] = given.get(name, 0) + steps
        if turn.units or turn.moved:
            found.append(turn)
    return found, ahead, page.after


async def _serve(unit: Unit, planned: Serving) -> Serving:
    """The turn of an order, as it is now, taken."""
    order = await unit[ORDERS].get(planned.order)
    turn = await _turn(unit, order, planned.ahead, {}, await _Seen.by(unit, [order]))
    if turn.units:
        runs = runs_of(order, turn.units)
        promises = {capacity(*place(name)): steps for name, steps in turn.given.items()}
        standing = await stock.release_part(unit, order.holds, promises)
        held: list[str] = []
        for location, wanted in goods.placed(turn.given).items():
            held += await stock.hold(
                unit,
                wanted,
                location=location,
                channel=order.channel,
                owner=order.id,
                until=None,
                attempt=order.version + 1,
                waited=True,
            )
        order = unit[ORDERS].record(order, GoodsAllocated(runs, tuple(held), (*standing, *held)))
    if turn.moved:
        unit[ORDERS].record(order, *(PromiseMoved(id, awaited) for id, awaited in turn.moved.items()))
    return turn


@attrs.frozen
class _Seen:
    """What is on the shelves that some orders wait at, and what is to come there."""

    levels: Mapping[str, Level]
    items: Mapping[str, StockItem]
    receipts: dict[str, tuple[ExpectedReceipt, ...]] = attrs.field(factory=dict)

    @classmethod
    async def by(cls, unit: Unit, orders: Sequence[Order]) -> "_Seen":
        """What there is for *orders*."""
        names = sorted({name for order in orders for _, name, _ in _waiting(order)})
        items = await unit[STOCK_ITEMS].get_many(sorted({item_id(place(name)[1]) for name in names}))
        return cls(await unit.levels(names), items)

    async def free(self, unit: Unit, order: Order, name: str) -> int:
        """What of a resource of a shelf can be given to *order*."""
        location, key = place(name)
        leaves = await buffered(unit, [key], self.items, location=location, channel=order.channel)
        return self.levels[name].available - leaves[key]

    async def coming(self, unit: Unit, name: str) -> tuple[ExpectedReceipt, ...]:
        """What is expected of it."""
        if name not in self.receipts:
            location, key = place(name)
            self.receipts[name] = await coming(unit, key, location)
        return self.receipts[name]


async def _turn(unit: Unit, order: Order, ahead: Mapping[str, int], given: Mapping[str, int], seen: _Seen) -> Serving:
    """What *order* gets of what was *seen*, behind those that are *ahead*, when so much of it was *given* already."""
    places = list(_waiting(order))
    free = {name: await seen.free(unit, order, name) - given.get(name, 0) for _, name, _ in places}
    units: dict[str, UnitSet] = {}
    taken: dict[str, int] = {}
    left: dict[str, int] = {}
    days: dict[LineId, list[Awaited]] = {}
    for line, name, waiting in places:
        got = waiting.first(0 if ahead.get(name) else max(min(free[name], len(waiting)), 0))
        free[name] -= len(got)
        if got:
            units[line.id] = units.get(line.id, NO_UNITS) | got
            taken[name] = taken.get(name, 0) + len(got)
        if rest := waiting - got:
            before = ahead.get(name, 0) + left.get(name, 0)
            days.setdefault(line.id, []).extend(_expected(line, rest, await seen.coming(unit, name), before))
            left[name] = left.get(name, 0) + len(rest)
    moved = {line.id: now for line in order.lines if (now := _moved(line, days.get(line.id, []))) is not None}
    return Serving(order.id, ahead, units, moved, taken, left)


def _waiting(order: Order) -> Iterator[tuple[OrderLine, str, UnitSet]]:
    """The units of *order* that wait, by their lines and the resources of shelves that they wait for."""
    for line in order.lines if awaits_since(order) else ():
        for each in sources_of(order, line):
            if units := line.waiting & each.units:
                yield line, resource(each.location, line.key), units


def _expected(line: OrderLine, rest: UnitSet, receipts: tuple[ExpectedReceipt, ...], ahead: int) -> Iterator[Awaited]:
    """The *rest* of a line's units by the days on which they are expected, those *ahead* served first.

    What no receipt brings keeps the day for which it was promised, and comes no sooner than the last of them.
    """
    waiting = [Awaited(each.on, units) for each in line.awaited if (units := each.units & rest)]
    last, skipped = date.min, ahead
    for receipt in receipts:
        past = min(skipped, receipt.open)
        skipped -= past
        last, left = max(last, receipt.expected_on), receipt.open - past
        while left and waiting:
            first = waiting.pop(0)
            units = first.units.first(min(left, len(first.units)))
            yield Awaited(last, units)
            left -= len(units)
            if more := first.units - units:
                waiting.insert(0, Awaited(first.on, more))
    for each in waiting:
        yield Awaited(max(last, each.on), each.units)


def _moved(line: OrderLine, days: list[Awaited]) -> tuple[Awaited, ...] | None:
    """What is awaited of *line* by other *days* than were promised; None where they are the same."""
    now = UnitSet.of([span for each in days for span in each.units.spans])
    promised = [Awaited(each.on, units) for each in line.awaited if (units := each.units & now)]
    if not days or _by_day(promised) == _by_day(days):
        return None
    return _by_day([*days, *without(line.awaited, line.waiting)])


def _by_day(awaited: list[Awaited]) -> tuple[Awaited, ...]:
    units: dict[date, UnitSet] = {}
    for each in awaited:
        units[each.on] = units.get(each.on, NO_UNITS) | each.units
    return tuple(Awaited(on, units[on]) for on in sorted(units))
