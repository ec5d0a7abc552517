"""Graduated lines as promotions see them: the units that cost differently are rows of their own, side by side.

So a fixed price never makes a unit dearer, the cheapest unit is one that somebody pays for, and a minimum price holds
for each of them. What was taken belongs to the line.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from tokolib.kernel.rounding import RoundingMode, divide
from tokolib.kernel.spread import spread
from tokolib.pricing.prices.book import Choice
from tokolib.pricing.prices.tiers import Band
from tokolib.pricing.promotions.giving.workings import Workings


def by_price(lines: Workings, choices: Sequence[Choice]) -> Workings:
    """*lines*, one row for each, with a row for each price of those whose units cost differently by *choices*.

    Goods that are counted stay one row where a price begins within a unit.
    """
    bases: list[int] = []
    units: list[int] = []
    quantities: list[int | Fraction] = []
    floors: list[int] = []
    places: list[int] = []
    for i, choice in enumerate(choices):
        own = [Fraction(band.units) for band in choice.bands]
        counted = lines.units[i]
        if len(own) < 2 or (counted and any(each.denominator > 1 for each in own)):
            own = [Fraction(lines.quantities[i])]
            bases.append(lines.bases[i])
        else:
            bases += spread(lines.bases[i], _weights(choice.bands))
        whole = sum(own)
        units += [int(each) if counted else 0 for each in own]
        quantities += [int(each) if counted else each for each in own]
        floors += [_part(lines.floors[i], each / whole) for each in own]
        places += [i] * len(own)
    scales = None if lines.scales is None else [lines.scales[i] for i in places]
    return Workings.of(bases, units, quantities, floors, scales, places)


def _weights(bands: Sequence[Band]) -> list[int]:
    """What the bands cost, in whole numbers in their proportion."""
    costs = [band.price.scaled * Fraction(band.units) for band in bands]
    denominator = lcm(*(cost.denominator for cost in costs))
    return [int(cost * denominator) for cost in costs]


def _part(floor: int, part: Fraction) -> int:
    return divide(floor * part.numerator, part.denominator, RoundingMode.UP)
