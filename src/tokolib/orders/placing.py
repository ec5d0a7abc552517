"""Where goods leave from that are added to an order: from its own place, or from where the shop's rules find them.

They are taken from a shelf: an edit promises nothing that isn't there.
"""

from collections.abc import Mapping

import attrs

from tokolib.checkout.lines import QuoteLine, Source
from tokolib.checkout.model import Bargain
from tokolib.checkout.sourcing import sourced_anew
from tokolib.checkout.wanted import Wanted
from tokolib.inventory.availability import check_available
from tokolib.inventory.errors import OutOfStock
from tokolib.inventory.model import place, resource
from tokolib.kernel.ids import LocationId
from tokolib.kernel.unit import Unit
from tokolib.kernel.unit_set import UnitSet
from tokolib.orders import goods
from tokolib.orders.model import Order


async def where_there_is(unit: Unit, order: Order, bargain: Bargain, freed: Mapping[str, int]) -> Bargain:
    """*bargain*, which is added to *order*, with its goods leaving from the order's place, or where the rules choose.

    What is *freed* of the order by the same word, in steps by resource, is there for it.

    Raises:
        OutOfStock: no place that the rules know has them. WeightMissing: a place charges by weight.
    """
    settings = await unit.settings()
    if not bargain.lines or not settings.sourcing.open_to(order.channel):
        return bargain
    needed = goods.less_by(goods.of_lines(bargain.lines, order.location), freed)
    try:
        await check_available(unit, goods.keyed(needed), location=order.location, channel=order.channel)
    except OutOfStock as short:
        wishes = attrs.evolve(bargain.wishes, sourced=True)
        found = await sourced_anew(unit, Wanted.of_quote(bargain.lines), wishes, settings, order.channel)
        if found.awaited:
            raise short from None
        whole = found.location
        lines = (
            attrs.evolve(line, sources=found.sources.get(line.id, ()) or (Source(whole, UnitSet.whole(line.steps)),))
            for line in bargain.lines
        )
        return attrs.evolve(bargain, lines=tuple(lines))
    return bargain


def where_held(order: Order, bargain: Bargain, held: Mapping[str, int]) -> Bargain | None:
    """*bargain* with its goods leaving from where they are *held*, in steps by resource; None where they are not."""
    left, lines = dict(held), list[QuoteLine]()
    for line in bargain.lines:
        if (sources := _taken(line, left)) is None:
            return None
        at_home = [each.location for each in sources] == [order.location]
        lines.append(attrs.evolve(line, sources=() if at_home else sources))
    return attrs.evolve(bargain, lines=tuple(lines))


def _taken(line: QuoteLine, left: dict[str, int]) -> tuple[Source, ...] | None:
    """Where the units of *line* are taken out of what is *left*: a bundle's whole from one place."""
    at, found = 0, list[Source]()
    for location in sorted({place(name)[0] for name in left}):
        per_step = line.consumption(1)
        most = min(left.get(resource(location, key), 0) // steps for key, steps in per_step.items())
        units = min(most, line.steps - at)
        if units and (units == line.steps or not line.components):
            for key, steps in line.consumption(units).items():
                left[resource(location, key)] -= steps
            found.append(Source(LocationId(location), UnitSet(((at, at + units),))))
            at += units
    return tuple(found) if at == line.steps else None
