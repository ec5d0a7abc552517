"""What the cheapest plan costs, by scipy's `milp` (HiGHS): another model, by other people, in floating point.

One whole variable a location (used or not), one variable a SKU and location (steps sent) and one a SKU (steps short).
With the locations given, what is left is a transport problem with whole corners, so only the locations need be whole.
Amounts are rupiah below 2^53, and the answer is rounded to the rupiah.
"""

from typing import Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from sourcing.orders import Order

SURE: Final = 1e-9
"""The relative gap to which the oracle proves its answer: less than a rupiah of any of these orders."""


def optimum(asked: Order) -> int:
    """The cost of the cheapest plan, in minor units. Orders of plain demands only: no groups, and no limits."""
    places, cost = list(asked.cost.locations), asked.cost
    steps = {each.key: each.steps for each in asked.demands}
    offers = [(place, key, min(level, steps[key])) for (place, key), level in asked.levels.items() if key in steps]
    keys = list(steps)
    at_place = {place: at for at, place in enumerate(places)}
    at_key = {key: at for at, key in enumerate(keys)}
    prices = [cost.locations[place].use + cost.split for place in places]
    prices += [cost.shortage(key) for key in keys]
    prices += [cost.per_step(place, key) for place, key, _ in offers]
    sends = len(places) + len(keys)
    met = [(at, len(places) + at, 1) for at in range(len(keys))]
    met += [(at_key[key], sends + at, 1) for at, (_, key, _) in enumerate(offers)]
    wide = len(prices)
    limits = [LinearConstraint(_matrix(met, len(keys), wide), list(steps.values()), list(steps.values()))]
    linked = [(at, sends + at, 1) for at in range(len(offers))]
    linked += [(at, at_place[place], -most) for at, (place, _, most) in enumerate(offers)]
    limits.append(LinearConstraint(_matrix(linked, len(offers), wide), -np.inf, 0))
    upper = [1.0] * len(places) + [float(each) for each in steps.values()] + [float(most) for *_, most in offers]
    whole = [1] * len(places) + [0] * (wide - len(places))
    answer = milp(prices, integrality=whole, bounds=Bounds(0, upper), constraints=limits, options={"mip_rel_gap": SURE})
    if not answer.success:
        raise RuntimeError(f"the oracle gave up: {answer.message}")
    nothing = sum(cost.shortage(key) * wanted for key, wanted in steps.items())
    return min(nothing, round(float(answer.fun)) - cost.split)


def _matrix(entries: list[tuple[int, int, int]], rows: int, columns: int) -> coo_array:
    at, across, values = zip(*entries, strict=True)
    return coo_array((values, (at, across)), shape=(rows, columns))
