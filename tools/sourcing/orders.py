"""Orders with stock and costs, drawn from a seed: the same ones for the tests, the oracle and the benchmarks.

A shop with warehouses in several zones: a parcel and its kilograms cost by zone, some locations work dearer than
others, and stock is scattered, so that few locations have all of an order.
"""

from random import Random
from typing import Final, NamedTuple

from tokolib.inventory.sourcing import LocationCost, SourcingCost, SourcingDemand
from tokolib.kernel.money import IDR

LINES: Final = 50
LOCATIONS: Final = 40
ZONES: Final = ((9_000, 7_000), (14_000, 11_000), (22_000, 18_000), (38_000, 31_000))
"""A parcel, and each kilogram in it, in rupiah."""


class Order(NamedTuple):
    """What `source` is asked."""

    demands: tuple[SourcingDemand, ...]
    levels: dict[tuple[str, str], int]
    cost: SourcingCost


def order(seed: int, lines: int = LINES, locations: int = LOCATIONS) -> Order:
    """The order of that seed."""
    luck = Random(f"order {seed} of {lines} lines at {locations} locations")
    places = [f"loc-{at:02}" for at in range(locations)]
    keys = [f"sku-{at:02}" for at in range(lines)]
    filled = luck.choice((0.15, 0.3, 0.5, 0.8))
    demands = tuple(SourcingDemand(key, key, luck.choice((1, 1, 1, 2, 3, 6))) for key in keys)
    levels = {(place, key): luck.choice((1, 2, 3, 5, 8)) for place in places for key in keys if luck.random() < filled}
    return Order(demands, levels, _cost(luck, places, keys))


def _cost(luck: Random, places: list[str], keys: list[str]) -> SourcingCost:
    terms: dict[str, LocationCost] = {}
    for place in places:
        parcel, kilogram = luck.choice(ZONES)
        odd = {key: luck.randrange(500, 4_000) for key in keys if luck.random() < 0.2}
        use = parcel + luck.randrange(1_000, 6_000)
        terms[place] = LocationCost(use, luck.randrange(500, 2_500), odd, kilogram)
    return SourcingCost(
        currency=IDR,
        locations=terms,
        short=luck.choice((60_000, 150_000)),
        split=luck.choice((0, 2_000, 8_000)),
        grams={key: luck.choice((50, 120, 250, 300, 500, 1_100)) for key in keys},
    )
