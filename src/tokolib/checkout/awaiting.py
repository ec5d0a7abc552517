"""What a bargain promises before it is there: as much as a place's backorders allow, each unit for its day.

What is on the shelf goes first, to the first lines; what is promised beyond it are the last units of the last lines.
Bundles are never promised: each of their parts would have to come by the same day.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import attrs

from tokolib.catalog.model import Sellable
from tokolib.checkout.lines import Awaited, QuoteLine
from tokolib.inventory.availability import Supply
from tokolib.inventory.backorder import Allowed, Backorder, capacity
from tokolib.inventory.expected.days import days_of
from tokolib.inventory.expected.steps import coming
from tokolib.inventory.ports import BACKORDERS
from tokolib.kernel.ids import LineId
from tokolib.kernel.policies import StockTaken
from tokolib.kernel.settings import Settings
from tokolib.kernel.unit import Unit
from tokolib.kernel.unit_set import UnitSet

Days = Sequence[tuple[date, int]]


@attrs.frozen
class Here:
    """Units of a line that leave from one place."""

    id: LineId
    key: str
    units: UnitSet
    goods: Sellable | QuoteLine


@attrs.frozen
class Beyond:
    """What a place promises beyond its stock."""

    supply: Supply
    awaited: Mapping[LineId, tuple[Awaited, ...]]


async def beyond(unit: Unit, supply: Supply, here: Sequence[Here], settings: Settings) -> Beyond | None:
    """*supply* with what it lacks promised beyond the stock, and which units of the lines *here* that is.

    None where it isn't allowed: a backorder allows less, a bundle is short, or stock leaves the books at the sale.
    """
    if settings.policies.stock_taken is StockTaken.AT_ORDER:
        return None
    free = supply.free
    short = {key: steps - free[key] for key, steps in supply.demands.items() if steps > free[key]}
    backorders = await _allowing(unit, supply.location, short)
    if backorders is None or not _can_wait(here, short):
        return None
    days = {
        key: await _days(unit, found, max(promised - supply.levels[key].available, 0), short[key])
        for key, (found, promised) in backorders.items()
    }
    return Beyond(attrs.evolve(supply, beyond=short), _awaited(here, days))


async def _allowing(unit: Unit, location: str, short: Mapping[str, int]) -> dict[str, tuple[Backorder, int]] | None:
    """The backorders that allow all that is *short*, each with what is promised already; None where some don't."""
    allowed = await unit[BACKORDERS].derived("by_id", {}, Allowed)
    found = {key: each for key in short if (each := allowed.at(location, key)) is not None and not each.closed}
    if found.keys() != short.keys():
        return None
    levels = await unit.levels([capacity(location, key) for key in found])
    left = {key: levels[capacity(location, key)] for key in found}
    if any(left[key].available < steps for key, steps in short.items()):
        return None
    return {key: (each, left[key].on_hand - left[key].available) for key, each in found.items()}


async def _days(unit: Unit, backorder: Backorder, ahead: int, steps: int) -> Days:
    receipts = await coming(unit, backorder.key, backorder.location)
    return days_of(receipts, ahead=ahead, steps=steps, backorder=backorder, today=await unit.today())


def _can_wait(here: Sequence[Here], short: Mapping[str, int]) -> bool:
    """Whether so much of what is *short* is sold by itself, and not as a part of a bundle."""
    return all(
        steps <= sum(len(each.units) for each in here if each.key == key and not each.goods.components)
        for key, steps in short.items()
    )


def _awaited(here: Sequence[Here], days: Mapping[str, Days]) -> dict[LineId, tuple[Awaited, ...]]:
    """The last units of the last lines for the last of the *days*."""
    left = {key: list(some) for key, some in days.items()}
    found: dict[LineId, tuple[Awaited, ...]] = {}
    for each in reversed(here):
        if each.goods.components or not left.get(each.key):
            continue
        own, units = list[Awaited](), each.units
        while units and left[each.key]:
            on, steps = left[each.key].pop()
            taken = units.last(min(steps, len(units)))
            own.append(Awaited(on, taken))
            units -= taken
            if rest := steps - len(taken):
                left[each.key].append((on, rest))
        found[each.id] = tuple(reversed(own))
    return found
