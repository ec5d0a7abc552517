"""The question in one canonical form: sorted, numbered, and with the rules for ties inside its amounts.

Amounts are multiplied by a power of two that is larger than all ties together; what breaks ties is added below it:
a short step weighs more than all locations, a further location more than any preference among them, and location
number *r* of the order of preference weighs 2^r. So the cheapest plan in these amounts is the cheapest one in money;
among several of one cost the one that leaves least short; then the one with fewest locations; then the one whose
least preferred location stands highest in the order, and so on upwards. No two sets of locations weigh the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import attrs

from tokolib.inventory.sourcing.costs import SourcingCost
from tokolib.inventory.sourcing.model import SourcingDemand

Levels = Mapping[tuple[str, str], int]
"""Available steps by location and SKU key."""


class Source(NamedTuple):
    """What one location has of a SKU, for so much a step."""

    cost: int
    place: int
    """The location's number."""
    level: int


class Pool(NamedTuple):
    """Demands of one SKU that may leave from the same locations."""

    allowed: int
    """A bit for each location's number."""
    steps: int
    demands: tuple[SourcingDemand, ...]


class Stocked(NamedTuple):
    """A SKU: who has it, the cheapest first, and what is wanted of it by the step."""

    key: str
    short: int
    """What a step costs that can't be had."""
    sources: tuple[Source, ...]
    pools: tuple[Pool, ...]


class Group(NamedTuple):
    """Demands that leave whole and together."""

    needs: tuple[tuple[int, int], ...]
    """Number of the SKU, and steps."""
    short: int
    offers: tuple[tuple[int, int], ...]
    """Cost and number of the locations that have all of it, the cheapest first."""
    demands: tuple[SourcingDemand, ...]


@attrs.frozen
class Problem:
    """Locations and SKUs by number; amounts are scaled, see above."""

    places: tuple[str, ...]
    use: tuple[int, ...]
    """Of each location, the cost of its parcel among it."""
    first: int
    """What the first parcel doesn't cost, of that."""
    scale: int
    most: int
    goods: tuple[Stocked, ...]
    groups: tuple[Group, ...]
    levels: tuple[Mapping[int, int], ...]
    """By number of the SKU: available steps by number of the location."""

    @property
    def nothing(self) -> int:
        """The cost of sending nothing at all."""
        singles = sum(goods.short * pool.steps for goods in self.goods for pool in goods.pools)
        return singles + sum(group.short for group in self.groups)


def pose(demands: Iterable[SourcingDemand], levels: Levels, cost: SourcingCost) -> Problem:
    """The canonical form of what was given, whatever the order it was given in.

    Raises:
        WeightMissing: a location charges by weight, and that of a wanted SKU is unknown.
    """
    wanted = sorted(demands, key=lambda each: each.demand)
    places = cost.order
    scales = _Scales(len(places), sum(each.steps for each in wanted))
    keys = sorted({each.key for each in wanted})
    stock = [{at: have for at, place in enumerate(places) if (have := levels.get((place, key), 0))} for key in keys]
    stocked = [_stocked(key, stock[at], wanted, cost, scales) for at, key in enumerate(keys)]
    return Problem(
        places,
        tuple(scales.used(cost.locations[place].use + cost.split, at) for at, place in enumerate(places)),
        cost.split << scales.bits,
        1 << scales.bits,
        min(cost.most_parcels or len(places), len(places)),
        tuple(stocked),
        _groups(wanted, stocked, places),
        tuple(stock),
    )


class _Scales:
    """How the rules for ties weigh beside money."""

    def __init__(self, places: int, steps: int) -> None:
        self.places = places
        self.short = 1 << (places + places.bit_length() + 1)
        self.bits = (self.short * (steps + 1)).bit_length()

    def used(self, amount: int, at: int) -> int:
        return (amount << self.bits) + (1 << self.places) + (1 << at)

    def went_short(self, amount: int) -> int:
        return (amount << self.bits) + self.short


def _stocked(
    key: str, stock: Mapping[int, int], wanted: Iterable[SourcingDemand], cost: SourcingCost, scales: _Scales
) -> Stocked:
    short = scales.went_short(cost.shortage(key))
    sources = [Source(cost.per_step(cost.order[at], key) << scales.bits, at, have) for at, have in stock.items()]
    pools: dict[int, list[SourcingDemand]] = {}
    for each in wanted:
        if each.key == key and not each.together:
            pools.setdefault(_allowed([each], cost.order), []).append(each)
    made = [Pool(allowed, sum(one.steps for one in each), tuple(each)) for allowed, each in sorted(pools.items())]
    return Stocked(key, short, tuple(sorted(sources)), tuple(made))


def _groups(wanted: Iterable[SourcingDemand], goods: Sequence[Stocked], places: tuple[str, ...]) -> tuple[Group, ...]:
    """Those that are alike stand side by side."""
    members: dict[str, list[SourcingDemand]] = {}
    for each in wanted:
        if each.together:
            members.setdefault(each.together, []).append(each)
    numbers = {each.key: at for at, each in enumerate(goods)}
    made = [_group(each, numbers, goods, _allowed(each, places)) for each in members.values()]
    return tuple(sorted(made, key=lambda each: (-each.short, each.needs, each.offers, each.demands[0].demand)))


def _group(members: list[SourcingDemand], numbers: Mapping[str, int], goods: Sequence[Stocked], allowed: int) -> Group:
    needs: dict[int, int] = {}
    for each in members:
        needs[numbers[each.key]] = needs.get(numbers[each.key], 0) + each.steps
    short = sum(goods[at].short * steps for at, steps in needs.items())
    having = [
        {source.place: source.cost * steps for source in goods[at].sources if source.level >= steps}
        for at, steps in needs.items()
    ]
    able = [place for place in having[0] if allowed >> place & 1 and all(place in each for each in having)]
    offers = sorted((sum(each[place] for each in having), place) for place in able)
    whole = tuple((price, place) for price, place in offers if price < short)
    return Group(tuple(sorted(needs.items())), short, whole, tuple(members))


def _allowed(members: Iterable[SourcingDemand], places: tuple[str, ...]) -> int:
    """Where all of *members* may leave from, a bit for each location."""
    bits = (1 << len(places)) - 1
    for each in members:
        if each.locations is not None:
            bits &= sum(1 << at for at, place in enumerate(places) if place in each.locations)
    return bits
