"""Where the goods of a bargain leave from: the place that somebody named, or those that the shop's rules choose.

The choice is `inventory.source`, asked with what can be sold at each place now. It holds nothing: an order holds the
goods where they were found, and refuses what was taken meanwhile.
"""

from collections.abc import Iterable, Mapping, Sequence

import attrs

from tokolib.checkout.awaiting import Beyond, Here, beyond
from tokolib.checkout.choosing import chosen, digital, parcelled
from tokolib.checkout.lines import Awaited, Source, consumed
from tokolib.checkout.model import Bargain, SourcingFigures, Wishes
from tokolib.checkout.wanted import Wanted, demands_of
from tokolib.inventory.availability import Supply, places_of, shortage, supply_at, supply_of
from tokolib.inventory.errors import OutOfStock
from tokolib.inventory.model import item_id
from tokolib.inventory.sourcing.model import Allocation, SourcePlan
from tokolib.kernel.ids import MAIN_LOCATION, LineId, LocationId
from tokolib.kernel.rows import Level
from tokolib.kernel.settings import Settings
from tokolib.kernel.unit import Unit
from tokolib.kernel.unit_set import NO_UNITS, UnitSet


@attrs.frozen
class Sourced:
    """Where goods are taken from, and what was seen there before anything was held."""

    supplies: tuple[Supply, ...]
    """For each place that anything leaves from; none where stock wasn't looked at."""
    sources: Mapping[LineId, tuple[Source, ...]] = attrs.field(factory=dict)
    """By line, where goods leave from several places."""
    figures: SourcingFigures | None = None
    """What the choice was made by; None where there was none."""
    awaited: Mapping[LineId, tuple[Awaited, ...]] = attrs.field(factory=dict)
    """By line, the units that are promised before they are there."""

    @property
    def location(self) -> LocationId:
        """The place that the order is at home at: the one that most is sent from."""
        return LocationId(max(self.supplies, key=lambda each: sum(each.demands.values())).location)


def places_asked(wishes: Wishes, settings: Settings, channel: str) -> tuple[str, ...]:
    """The places whose levels have to be known."""
    chosen = tuple(each.location for each in settings.sourcing.open_to(channel)) if wishes.sourced else ()
    return chosen or (wishes.location,)


def resources_asked(lines: Sequence[Wanted], places: Iterable[str]) -> list[str]:
    """The resources that *lines* may be taken from at all of *places*, and what is digital at the shop's own too."""
    demands, keys = demands_of(lines), demands_of(digital(lines))
    names = [name for location in places for name in places_of(demands, location).values()]
    return list(dict.fromkeys((*names, *places_of(keys, MAIN_LOCATION).values())))


async def sourced(
    unit: Unit,
    lines: Sequence[Wanted],
    levels: Mapping[str, Level],
    wishes: Wishes,
    settings: Settings,
    channel: str,
) -> Sourced:
    """Where *lines* leave from, by the *levels* of all places that may be asked.

    Raises:
        OutOfStock: naming everything that is short. UnknownLocation: a place is named that there is not.
        WeightMissing: a place charges by weight, and some of the goods have none.
    """
    demands = demands_of(lines)
    open_to = settings.sourcing.open_to(channel) if wishes.sourced else ()
    if not open_to:
        here = [Here(line.id, line.key, UnitSet.whole(line.steps), line.goods) for line in lines]
        found = await _supplied(unit, demands, levels, wishes.location, channel, here, settings)
        return Sourced((found.supply,), awaited=found.awaited)
    ruled = {
        each.location: await supply_at(unit, demands, levels, location=each.location, channel=channel)
        for each in open_to
    }
    there = ruled | await _own_pool(unit, lines, levels, channel, ruled)
    free = {(where, key): steps for where, supply in there.items() for key, steps in supply.free.items()}
    plan = chosen(lines, free, open_to, wishes, settings)
    more = await _promised(unit, plan, lines, ruled, settings) if plan.short else None
    if plan.short and more is None:
        raise _out_of_stock(demands, there)
    return _planned(plan, lines, there, more)


async def _own_pool(
    unit: Unit,
    lines: Sequence[Wanted],
    levels: Mapping[str, Level],
    channel: str,
    ruled: Mapping[str, Supply],
) -> dict[str, Supply]:
    """What is digital at the shop's own place, where the rules don't name it."""
    keys = digital(lines)
    if not keys or MAIN_LOCATION in ruled:
        return {}
    return {MAIN_LOCATION: await supply_at(unit, demands_of(keys), levels, location=MAIN_LOCATION, channel=channel)}


async def still_sourced(unit: Unit, agreed: Bargain, levels: Mapping[str, Level], settings: Settings) -> Sourced:
    """The places of what was *agreed* where they can still send it; else others, if the shop's rules chose them.

    Raises:
        OutOfStock: it can't be sent any more. UnknownLocation, WeightMissing: as `sourced`.
    """
    found: list[Beyond] = []
    try:
        for location, goods in by_place(agreed).items():
            here = [
                Here(line.id, line.key, each.units, line)
                for line in agreed.lines
                for each in line.sources or (Source(agreed.wishes.location, UnitSet.whole(line.steps)),)
                if each.location == location
            ]
            found.append(await _supplied(unit, goods, levels, location, agreed.channel, here, settings))
    except OutOfStock:
        if not agreed.wishes.sourced:
            raise
        lines = Wanted.of_quote(agreed.lines)
        return await sourced(unit, lines, levels, agreed.wishes, settings, agreed.channel)
    awaited: dict[LineId, tuple[Awaited, ...]] = {}
    for each in found:
        for id, some in each.awaited.items():
            awaited[id] = awaited.get(id, ()) + some
    return Sourced(tuple(each.supply for each in found), awaited=awaited)


async def _supplied(
    unit: Unit,
    demands: Mapping[str, int],
    levels: Mapping[str, Level],
    location: str,
    channel: str,
    here: Sequence[Here],
    settings: Settings,
) -> Beyond:
    """The supply of all of *demands* at a location, what it lacks promised beyond its stock; *here* are their lines.

    Raises:
        OutOfStock: naming everything that is short. UnknownLocation: there is no such location.
    """
    try:
        return Beyond(await supply_of(unit, demands, levels, location=location, channel=channel), {})
    except OutOfStock:
        supply = await supply_at(unit, demands, levels, location=location, channel=channel)
        if (promised := await beyond(unit, supply, here, settings)) is None:
            raise
        return promised


async def _promised(
    unit: Unit, plan: SourcePlan, lines: Sequence[Wanted], there: Mapping[str, Supply], settings: Settings
) -> Beyond | None:
    """What no place has, promised by the first place whose backorders allow all of it; None where none does."""
    short = {each.demand: each.steps for each in plan.short}
    if not short.keys() <= {line.id for line in lines}:
        return None  # a part of a bundle
    here = [
        Here(line.id, line.key, UnitSet.whole(line.steps).last(short[line.id]), line.goods)
        for line in lines
        if line.id in short
    ]
    for supply in there.values():
        wanted = {each.key: supply.free[each.key] for each in here}
        for each in here:
            wanted[each.key] += len(each.units)
        if (found := await beyond(unit, supply.part(wanted), here, settings)) is not None:
            return found
    return None


def by_place(agreed: Bargain) -> dict[str, dict[str, int]]:
    """What was *agreed*, in steps by SKU key, for each place that it leaves from."""
    lines = {line.id: line for line in agreed.lines}
    return {
        each.location: consumed((lines[id], quantity.steps) for id, quantity in each.goods) for each in agreed.groups
    }


async def sourced_anew(
    unit: Unit,
    lines: Sequence[Wanted],
    wishes: Wishes,
    settings: Settings,
    channel: str,
) -> Sourced:
    """As `sourced`, by the levels of this moment."""
    levels = await unit.levels(resources_asked(lines, places_asked(wishes, settings, channel)))
    return await sourced(unit, lines, levels, wishes, settings, channel)


def _planned(plan: SourcePlan, lines: Sequence[Wanted], there: Mapping[str, Supply], more: Beyond | None) -> Sourced:
    """*plan* as places, with what one of them promises *more* than is there."""
    late = "" if more is None else more.supply.location
    sources = {line.id: _sources(line, plan, late) for line in lines}
    taken: dict[str, dict[str, int]] = {}
    for each in plan.allocations:
        goods = taken.setdefault(each.location, {})
        goods[each.key] = goods.get(each.key, 0) + each.steps
    later: Mapping[str, int] = {} if more is None else more.supply.beyond
    for key, steps in later.items():
        goods = taken.setdefault(late, {})
        goods[key] = goods.get(key, 0) + steps
    places = (*plan.locations, *([late] if late and late not in plan.locations else []))
    supplies = tuple(
        attrs.evolve(there[where].part(taken[where]), beyond=later if where == late else {}) for where in places
    )
    figures = SourcingFigures(plan.total, plan.lower, plan.exact, plan.why)
    awaited = {} if more is None else more.awaited
    return Sourced(supplies, sources if len(supplies) > 1 else {}, figures, awaited)


def _sources(line: Wanted, plan: SourcePlan, late: str) -> tuple[Source, ...]:
    """The units of *line*, the lowest from the plan's first place, and those that no place has from the one *late*."""
    found: dict[str, UnitSet] = {}
    if not line.goods.components:
        at = 0
        for each in _in_order(plan, [each for each in plan.allocations if each.demand == line.id]):
            found[each.location] = UnitSet(((at, at + each.steps),))
            at += each.steps
        if at < line.steps:
            found[late] = found.get(late, NO_UNITS) | UnitSet(((at, line.steps),))
    else:
        first = 0
        for number, units in enumerate(parcelled(line)):
            place = next(each.location for each in plan.allocations if each.demand.startswith(f"{line.id}/{number}/"))
            found[place] = found.get(place, NO_UNITS) | UnitSet(((first, first + units),))
            first += units
    return tuple(Source(LocationId(location), units) for location, units in sorted(found.items()))


def _in_order(plan: SourcePlan, allocations: Sequence[Allocation]) -> list[Allocation]:
    return sorted(allocations, key=lambda each: plan.locations.index(each.location))


def _out_of_stock(demands: Mapping[str, int], there: Mapping[str, Supply]) -> OutOfStock:
    """The refusal of what no plan can send: what is short everywhere together, or else wherever a bundle is whole."""
    items = {item_id(key): item for supply in there.values() for key, item in supply.items.items()}
    free = {key: sum(supply.free.get(key, 0) for supply in there.values()) for key in demands}
    short = [key for key, steps in demands.items() if free[key] < steps] or list(demands)
    return OutOfStock(tuple(shortage(key, demands[key], free[key], items) for key in short), ", ".join(there))
