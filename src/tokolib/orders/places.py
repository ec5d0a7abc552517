"""Where the units of an order leave from: each unit of a line from one place, where it is or is waited for."""

from collections.abc import Sequence
from datetime import datetime

from tokolib.checkout.lines import Source
from tokolib.kernel.ids import LocationId
from tokolib.kernel.unit_set import NO_UNITS, UnitSet
from tokolib.orders.lines import OrderLine, Run
from tokolib.orders.model import Order, OrderState, worth_of


def sources_of(order: Order, line: OrderLine) -> tuple[Source, ...]:
    """The places that the units of a *line* leave from, at least one."""
    return line.sources or (Source(order.location, UnitSet.whole(line.units)),)


def awaits_since(order: Order) -> datetime | None:
    """Since when units of *order* wait for stock to come; None where none does, or nothing is owed."""
    waits = order.state is OrderState.PLACED and any(line.waiting for line in order.lines)
    return order.placed_at if waits else None


def grantable(order: Order, line: OrderLine) -> UnitSet:
    """The units of a *line* that have no body, are there, and are paid for: cash on delivery is not enough."""
    paid = bool(order.plan) or order.due.minor_units <= order.reserved
    return line.ready if line.line.digital and paid and order.shippable else NO_UNITS


def grants_since(order: Order) -> datetime | None:
    """Since when units of *order* are to be granted that have no body; None where none is."""
    if order.state is not OrderState.PLACED or order.hindrances:
        return None
    owed = worth_of(order.lines, order.charges) - order.credited - order.written_off + order.retained
    paid = bool(order.plan) or owed - order.captured + order.refunded <= order.reserved
    return order.placed_at if paid and any(map(_left_to_grant, order.lines)) else None


def _left_to_grant(line: OrderLine) -> bool:
    gone = len(line.shipped) + len(line.cancelled) + len(line.planned)
    return line.line.digital and line.units > gone + len(line.waiting)


def units_at(order: Order, line: OrderLine, location: str) -> UnitSet:
    """The units of a *line* that leave from *location*."""
    return next((each.units for each in sources_of(order, line) if each.location == location), NO_UNITS)


def moved_to(sources: tuple[Source, ...], units: UnitSet, location: LocationId) -> tuple[Source, ...]:
    """*sources* with *units* leaving from *location*, in the order of the places."""
    found = {each.location: each.units - units for each in sources}
    found[location] = found.get(location, UnitSet()) | units
    return tuple(Source(name, found[name]) for name in sorted(found) if found[name])


def by_location(order: Order, runs: Sequence[Run]) -> dict[LocationId, tuple[Run, ...]]:
    """*runs* of units by the place that they leave from, in the order of the places' names."""
    lines = {line.id: line for line in order.lines}
    if not any(line.sources for line in order.lines):
        return {order.location: tuple(runs)} if runs else {}
    found: dict[LocationId, list[Run]] = {}
    for run in runs:
        line = lines[run.line_id]
        for each in sources_of(order, line):
            found.setdefault(each.location, []).extend(line.runs(run.set & each.units))
    return {location: tuple(found[location]) for location in sorted(found) if found[location]}
