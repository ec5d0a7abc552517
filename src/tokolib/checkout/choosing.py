"""Which places a bargain leaves from, by the costs of a shop's rules: parcels for the least, keys for nothing.

What is digital is in no parcel: it opens no place, is no split, and costs nothing wherever it comes from. So it is
chosen for by itself, and may come from the pool at the shop's own place too, which the rules needn't name.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import attrs

from tokolib.checkout.model import Wishes
from tokolib.checkout.wanted import Wanted, demands_of
from tokolib.inventory.sourcing.choose import source
from tokolib.inventory.sourcing.costs import LocationCost, SourcingCost
from tokolib.inventory.sourcing.errors import WeightMissing
from tokolib.inventory.sourcing.model import SourcePlan, SourcingDemand
from tokolib.kernel.ids import MAIN_LOCATION
from tokolib.kernel.money import currency
from tokolib.kernel.settings import Settings
from tokolib.kernel.sourcing_rules import SourcingPlace

SINGLY: Final = 50
"""Up to so many bundles of a line may each leave from a place of its own; of more, all leave from one."""
UNSENT: Final = 10**14
"""What it costs to send nothing at all: so much by the step is more than any that is sent, and never beyond money."""
Free = Mapping[tuple[str, str], int]
"""The steps that there are, by location and SKU key."""


def chosen(
    lines: Sequence[Wanted], free: Free, places: Sequence[SourcingPlace], wishes: Wishes, settings: Settings
) -> SourcePlan:
    """The plan for *lines*: what travels from *places*, what is digital from them or from the shop's own place.

    Raises:
        WeightMissing: a place charges by weight, and some of the goods have none.
    """
    parcels, keys = [line for line in lines if not line.goods.digital], digital(lines)
    if not keys:
        return _sent(parcels, free, places, wishes, settings)
    if not parcels:
        return _granted(keys, free, (*(each.location for each in places), MAIN_LOCATION), settings)
    open_to = {each.location for each in places}
    there = {name: steps for name, steps in free.items() if name[0] in open_to}
    plan = _sent(parcels, there, places, wishes, settings)
    granted = _granted(keys, free, (*plan.locations, *sorted(open_to), MAIN_LOCATION), settings)
    return attrs.evolve(
        plan,
        allocations=(*plan.allocations, *granted.allocations),
        short=(*plan.short, *granted.short),
        locations=tuple(dict.fromkeys((*plan.locations, *granted.locations))),
    )


def digital(lines: Sequence[Wanted]) -> list[Wanted]:
    """Those of *lines* that nobody carries."""
    return [line for line in lines if line.goods.digital]


def parcelled(line: Wanted) -> list[int]:
    """The steps of a bundle's line, as they may leave from different places."""
    return [1] * line.steps if line.steps <= SINGLY else [line.steps]


def _sent(
    parcels: Sequence[Wanted], free: Free, places: Sequence[SourcingPlace], wishes: Wishes, settings: Settings
) -> SourcePlan:
    """The plan for what travels.

    Raises:
        WeightMissing: naming what was bought; a bundle is weighed as a whole, and its parts tell nothing of it.
    """
    try:
        return source(_demands(parcels), free, _cost(places, parcels, wishes, settings))
    except WeightMissing as error:
        bought = [line.goods.sku for line in parcels if not line.goods.weight_grams]
        raise WeightMissing(bought[0] if bought else error.key, error.location) from None


def _granted(keys: Sequence[Wanted], free: Free, pools: Sequence[str], settings: Settings) -> SourcePlan:
    """The plan for what is digital: from as few of *pools* as can be, the first of them first."""
    order = tuple(dict.fromkeys(pools))
    cost = SourcingCost(
        currency=currency(settings.currency),
        locations=dict.fromkeys(order, LocationCost()),
        short=_unsent(keys),
        order=order,
    )
    return source(_demands(keys), {name: steps for name, steps in free.items() if name[0] in order}, cost)


def _demands(lines: Sequence[Wanted]) -> Iterator[SourcingDemand]:
    for line in lines:
        if not line.goods.components:
            yield SourcingDemand(line.id, line.key, line.steps)
            continue
        for number, units in enumerate(parcelled(line)):
            for key, steps in line.goods.consumption(units).items():
                yield SourcingDemand(f"{line.id}/{number}/{key}", key, steps, together=f"{line.id}/{number}")


def _cost(
    places: Sequence[SourcingPlace],
    lines: Sequence[Wanted],
    wishes: Wishes,
    settings: Settings,
) -> SourcingCost:
    goes = (settings.country, "") if wishes.goes_to is None else (wishes.goes_to.country, wishes.goes_to.postal_code)
    carriage = {each.location: each.carriage(*goes) for each in places}
    return SourcingCost(
        currency=currency(settings.currency),
        locations={
            each.location: LocationCost(
                use=carriage[each.location][0], per_step=each.per_step, per_kilogram=carriage[each.location][1]
            )
            for each in places
        },
        short=_unsent(lines),
        split=settings.sourcing.split,
        order=tuple(each.location for each in places),
        grams=_grams(lines),
    )


def _grams(lines: Sequence[Wanted]) -> dict[str, int]:
    """What a step weighs, by SKU key, as far as it is known, rounded up; a bundle's weight is that of its parts, all
    alike.
    """
    grams: dict[str, int] = {}
    for line in lines:
        one = line.goods
        if not one.weight_grams:
            continue
        step = -(-one.weight_grams * one.unit.per_step.numerator // one.unit.per_step.denominator)
        parts = one.consumption(1)
        each = max(-(-step // sum(parts.values())), 1)
        for key in parts:
            grams[key] = max(grams.get(key, 0), each)
    return grams


def _unsent(lines: Sequence[Wanted]) -> int:
    """What a step costs that isn't sent."""
    return UNSENT // max(100, sum(demands_of(lines).values()))
