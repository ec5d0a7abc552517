"""Combinations: which units serve in which part, as many times as the cart allows, each unit once.

A unit may fit several parts, so whether one more combination can be made is a question of assignment. It is answered
by Hall's theorem (P. Hall, 1935): demands can be met when every set of parts has, among the units that fit any of
them, at least as many as these parts need together. With at most six parts that is 63 sums, exact, without search.
Units are then taken one kind at a time: the parts that get something first, the cheapest or dearest of what fits,
as long as everything else can still be met; by the exchange property of such systems no other choice does better.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise

import attrs

from tokolib.kernel.policies import CombinationShare, Policies
from tokolib.kernel.spread import spread
from tokolib.pricing.promotions.benefits import Combination, Pick
from tokolib.pricing.promotions.cuts import cut
from tokolib.pricing.promotions.giving.candidates import Candidate
from tokolib.pricing.promotions.giving.workings import Parts, Workings, fitted

Served = tuple[int, int]
"""The position of a line, and so many of its units."""


@attrs.define
class _Hall:
    """Units by the set of parts that they fit (a bit for each part), and what the parts still need."""

    supply: dict[int, int]
    demand: list[int]

    @property
    def _sets(self) -> Iterable[int]:
        return range(1, 1 << len(self.demand))

    def _fitting(self, parts: int) -> int:
        return sum(units for mask, units in self.supply.items() if mask & parts)

    def times(self) -> int:
        """How many times the whole demand can be met."""
        return min(self._fitting(parts) // self._needed(parts) for parts in self._sets)

    def _needed(self, parts: int) -> int:
        return sum(need for k, need in enumerate(self.demand) if parts >> k & 1)

    def most(self, mask: int, part: int) -> int:
        """How many units of *mask* may serve in *part*, so that the rest can still be met."""
        most = min(self.demand[part], self.supply.get(mask, 0))
        for parts in self._sets:
            if mask & parts and not parts >> part & 1:
                most = min(most, self._fitting(parts) - self._needed(parts))
        return most

    def serve(self, mask: int, part: int, units: int) -> None:
        """Let *units* of *mask* serve in *part*."""
        self.supply[mask] -= units
        self.demand[part] -= units


@attrs.frozen
class Made:
    """So many combinations, and the units that serve in each part, in the order in which they were picked."""

    times: int
    served: tuple[tuple[Served, ...], ...]


def make(candidate: Candidate, benefit: Combination, workings: Workings) -> Made:
    """As many combinations of *benefit* as there are units for."""
    masks = _masks(candidate)
    free = {i: workings.units[i] - workings.used[i] for i in masks}
    hall = _Hall(_by_mask(masks, free), [part.quantity for part in benefit.parts])
    limits = [hall.times()]
    if benefit.times is not None:
        limits.append(benefit.times)
    if candidate.units is not None:
        limits.append(candidate.units // sum(part.quantity for part in benefit.parts))
    times = min(limits)
    if times <= 0:
        return Made(0, tuple(() for _ in benefit.parts))
    hall.demand = [times * part.quantity for part in benefit.parts]
    served: list[tuple[Served, ...]] = [() for _ in benefit.parts]
    for k in sorted(range(len(benefit.parts)), key=lambda k: (benefit.parts[k].value is None, k)):
        served[k] = _pick(k, benefit.parts[k].pick, masks, free, hall, workings)
    return Made(times, tuple(served))


def _masks(candidate: Candidate) -> dict[int, int]:
    """The parts that each line's units fit, as bits, by position."""
    masks: dict[int, int] = {}
    for k, targets in enumerate(candidate.targets):
        for i in targets:
            masks[i] = masks.get(i, 0) | 1 << k
    return masks


def _by_mask(masks: dict[int, int], free: dict[int, int]) -> dict[int, int]:
    supply: dict[int, int] = {}
    for i, mask in masks.items():
        supply[mask] = supply.get(mask, 0) + free[i]
    return supply


def _pick(
    part: int, pick: Pick, masks: dict[int, int], free: dict[int, int], hall: _Hall, workings: Workings
) -> tuple[Served, ...]:
    """The units that serve in *part*, the cheapest or dearest first; of equals the earlier line."""
    sign = 1 if pick is Pick.CHEAPEST else -1
    fitting = sorted(
        (i for i, mask in masks.items() if mask >> part & 1),
        key=lambda i: (sign * Fraction(workings.rest[i], workings.units[i]), i),
    )
    served: list[Served] = []
    for i in fitting:
        units = min(hall.most(masks[i], part), free[i])
        if units > 0:
            hall.serve(masks[i], part, units)
            free[i] -= units
            served.append((i, units))
    return tuple(served)


def combine(candidate: Candidate, benefit: Combination, workings: Workings, policies: Policies) -> Parts:
    """What *benefit* takes, and which units serve for it; no more combinations than give something."""
    made = make(candidate, benefit, workings)
    while made.times and benefit.value is not None:
        worth = sum(
            stretch.times for stretch in _stretches(benefit, made, workings, policies) if stretch.off(benefit, policies)
        )
        if worth == made.times:
            break
        made = make(candidate, attrs.evolve(benefit, times=worth), workings) if worth else Made(0, ())
    if not made.times:
        return Parts((), 0, 0)
    return _parts(candidate, benefit, made, workings, policies)


@attrs.frozen
class _Stretch:
    """Combinations made of the same units, side by side, and what they cost together."""

    times: int
    cost: int
    measured: int
    """What the value of the whole is taken of."""

    def off(self, benefit: Combination, policies: Policies) -> int:
        """What the value of the whole takes off them."""
        if benefit.value is None:
            return 0
        return min(cut(benefit.value).of(self.measured, self.times, policies.line_rounding), self.cost)


def _stretches(benefit: Combination, made: Made, workings: Workings, policies: Policies) -> list[_Stretch]:
    """All combinations, the first ones made of the units that were picked first."""
    bounds = {0, made.times}
    for part, served in zip(benefit.parts, made.served, strict=True):
        end = 0
        for _, units in served:
            end += units
            bounds |= {end // part.quantity, -(-end // part.quantity)}
    marks = sorted(bounds)
    amounts = workings.rest if benefit.value is None else workings.measured(cut(benefit.value), policies)
    return [_stretch(first, beyond, benefit, made, workings, amounts) for first, beyond in pairwise(marks)]


def _stretch(
    first: int, beyond: int, benefit: Combination, made: Made, workings: Workings, amounts: Sequence[int]
) -> _Stretch:
    cost = measured = Fraction(0)
    for part, served in zip(benefit.parts, made.served, strict=True):
        low, high, number = first * part.quantity, beyond * part.quantity, 0
        for i, units in served:
            within = min(high, number + units) - max(low, number)
            if within > 0:
                cost += Fraction(workings.rest[i] * within, workings.units[i])
                measured += Fraction(amounts[i] * within, workings.units[i])
            number += units
    return _Stretch(beyond - first, int(cost), int(measured))


def _cost(i: int, units: int, workings: Workings) -> int:
    """What so many units of a line cost now."""
    return workings.rest[i] * units // workings.units[i]


def _parts(candidate: Candidate, benefit: Combination, made: Made, workings: Workings, policies: Policies) -> Parts:
    got: dict[int, int] = {}
    consumed: dict[int, int] = {}
    for part, served in zip(benefit.parts, made.served, strict=True):
        for i, units in served:
            consumed[i] = consumed.get(i, 0) + units
            if part.value is not None:
                value = cut(part.value)
                measured = workings.measured(value, policies)[i] * units // workings.units[i]
                taken = value.of_each(measured, units, policies.line_rounding)
                got[i] = got.get(i, 0) + min(taken, _cost(i, units, workings))
    costs = {i: _cost(i, units, workings) for i, units in sorted(consumed.items())}
    whole = sum(stretch.off(benefit, policies) for stretch in _stretches(benefit, made, workings, policies))
    promised = whole + sum(got.values())
    cap = candidate.promotion.terms.cap
    total = promised if cap is None else min(promised, cap.minor_units)
    weights = {i: got[i] for i in sorted(got)}
    if policies.combination_share is CombinationShare.EVENLY:
        weights = dict(sorted(consumed.items()))
    elif benefit.value is not None or policies.combination_share is CombinationShare.CONSUMED:
        weights = costs
    total, most = min(total, sum(costs.values())), [workings.rest[i] for i in weights]
    parts = spread(total, list(weights.values()), policies.remainder, at_most=most)
    amounts, floored = fitted(workings, list(zip(weights, parts, strict=True)), list(weights.values()), policies)
    units = sum(consumed.values())
    return Parts(amounts, sum(costs.values()), promised, units, tuple(sorted(consumed.items())), floored)
