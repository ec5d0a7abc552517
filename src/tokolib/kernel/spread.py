"""The only allocator: a whole amount over weights, exact, deterministic, and fair to within one minor unit.

Every discount, shipping charge and tax that belongs to several lines, and every amount of a line that belongs
to several units, is spread here and nowhere else, so that the parts always add up to the whole.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar, Final

import attrs

from tokolib.kernel.errors import TokolibError, shown
from tokolib.kernel.numbers import NotExact


class RemainderRule(StrEnum):
    """Which parts take the minor units left over once every part has its floor."""

    LARGEST = "largest"
    """The parts with the largest fraction; of equals, the earlier one."""
    FIRST = "first"
    LAST = "last"


_LARGEST: Final = RemainderRule.LARGEST


@attrs.frozen
class Unspreadable(TokolibError):
    """The amount does not fit: no parts to take it, or their limits leave some of it over."""

    code: ClassVar[str] = "kernel.unspreadable"
    total: int
    left_over: int
    reason: str

    def __str__(self) -> str:
        return f"{self.total} can't be spread: {self.reason} (left over: {self.left_over})"


def spread(
    total: int,
    weights: Sequence[int],
    rule: RemainderRule = RemainderRule.LARGEST,
    *,
    at_most: Sequence[int] | None = None,
) -> tuple[int, ...]:
    """*total* in as many whole parts as there are *weights*, in their proportion; the parts sum to *total*.

    A zero weight gets zero, unless all are zero: then each part weighs the same. Without limits each part is
    less than one unit away from its exact share. A negative total is spread like its positive mirror.
    *at_most* clamps the parts (by absolute value); what they can't take goes to the others.

    Raises:
        Unspreadable: no parts for an amount, a negative weight, or limits whose sum is below the total.
    """
    if total < 0:
        return tuple(-part for part in spread(-total, weights, rule, at_most=at_most))
    if not weights:
        if total:
            raise Unspreadable(total, total, "there are no parts")
        return ()
    if min(weights) < 0:
        raise Unspreadable(total, total, "a weight is negative")
    if not any(weights):
        weights = [1] * len(weights)
    if at_most is None:
        return tuple(_share_out(total, weights, rule))
    return tuple(_within(total, weights, rule, at_most))


def _share_out(total: int, weights: Sequence[int], rule: RemainderRule) -> list[int]:
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    left = total - sum(parts)
    if not left:
        return parts
    fractions = [total * weight % whole for weight in weights]
    if rule == _LARGEST:  # fewer are left than parts have a fraction, so those without come too late
        takers = sorted(range(len(parts)), key=fractions.__getitem__, reverse=True)
    else:
        takers = [i for i, fraction in enumerate(fractions) if fraction]
        if rule == RemainderRule.LAST:
            takers.reverse()
    for i in takers[:left]:
        parts[i] += 1
    return parts


def _within(total: int, weights: Sequence[int], rule: RemainderRule, at_most: Sequence[int]) -> list[int]:
    if len(at_most) != len(weights):
        raise Unspreadable(total, total, "limits and weights differ in number")
    parts = [0] * len(weights)
    open_parts = [i for i, weight in enumerate(weights) if weight and at_most[i] > 0]
    left = total
    while left:
        if not open_parts:
            raise Unspreadable(total, left, "the limits of the parts are below the total")
        for i, more in zip(open_parts, _share_out(left, [weights[i] for i in open_parts], rule), strict=True):
            taken = min(more, at_most[i] - parts[i])
            parts[i] += taken
            left -= taken
        open_parts = [i for i in open_parts if parts[i] < at_most[i]]
    return parts


def growing(here: int, wholes: Sequence[int]) -> tuple[int, ...]:
    """*here*, a part of the sum of *wholes*, as a part of each of them; the parts sum to *here*.

    As *here* grows from zero to the sum, no part ever shrinks, and each ends at its whole. None of the figures is
    negative.
    """
    left, parts = sum(wholes), []
    for whole in wholes:
        parts.append(_floor(here, whole, left))
        here, left = here - parts[-1], left - whole
    return tuple(parts)


@attrs.frozen
class Shares:
    """The amounts of one line over its `units` equal units, nested so that no unit's share is ever negative.

    `base` is spread evenly by running floor; each of `deductions` (discounts) is spread by what the ones before
    it left of each unit; each of `additions` (tax on top, tax contained, shipping) by what all deductions left.
    Units are numbered from 0; any run of them is answered in constant time, and all of them together close to
    the line's totals exactly.

    An addition may be negative, and larger than the rest: it goes by the rest, mirrored when negative. Where
    nothing is left of the base it goes by the number of units. A negative base has no deductions.

    Raises:
        NotExact: a figure is no whole number.
        Unspreadable: a deduction is negative, the deductions exceed the base, or no units take an amount.
    """

    units: int
    base: int
    deductions: tuple[int, ...] = ()
    additions: tuple[int, ...] = ()

    def __attrs_post_init__(self) -> None:
        figures = (self.units, self.base, *self.deductions, *self.additions)
        for figure in figures:
            if type(figure) is not int:
                raise NotExact("share", shown(figure), "not a whole number")
        if self.units < 0 or (self.units == 0 and any(figures)):
            raise Unspreadable(self.base, self.base, f"there are {self.units} units")
        if any(deduction < 0 for deduction in self.deductions):
            raise Unspreadable(self.base, self.base, "a deduction is negative")
        if any(self.deductions) and self.rest < 0:
            raise Unspreadable(self.base, -self.rest, "the deductions are more than there is")

    @property
    def rest(self) -> int:
        """What the deductions leave of the base."""
        return self.base - sum(self.deductions)

    def upto(self, unit: int) -> "Slice":
        """The amounts of the units before *unit*."""
        rest_whole = self.base
        rest_here = base = _floor(self.base, unit, self.units)
        deductions = []
        for deduction in self.deductions:
            part = _part(deduction, rest_here, rest_whole, unit, self.units)
            deductions.append(part)
            rest_here -= part
            rest_whole -= deduction
        additions = tuple(_part(total, rest_here, rest_whole, unit, self.units) for total in self.additions)
        return Slice(unit, base, tuple(deductions), additions)

    def between(self, first: int, beyond: int) -> "Slice":
        """The amounts of the units *first* to *beyond*, the latter excluded."""
        if not 0 <= first <= beyond <= self.units:
            raise Unspreadable(self.base, 0, f"units {first} to {beyond} are not within 0 to {self.units}")
        return self.upto(beyond) - self.upto(first)

    def of(self, runs: Sequence[tuple[int, int]]) -> "Slice":
        """The amounts of several runs of units together.

        Raises:
            Unspreadable: a run is not within the units, or two runs share one: it would be paid back twice.
        """
        whole, last = self.between(0, 0), 0
        for first, beyond in sorted(runs):
            if first < min(last, beyond):
                raise Unspreadable(self.base, 0, f"unit {first} is in two runs")
            whole += self.between(first, beyond)
            last = max(last, beyond)
        return whole


def _part(total: int, here: int, whole: int, unit: int, units: int) -> int:
    return _floor(total, abs(here), abs(whole)) if whole else _floor(total, unit, units)


def _floor(total: int, here: int, whole: int) -> int:
    """*total* × *here* / *whole*, towards zero, so that a negative total mirrors its positive one."""
    if not whole:
        return 0
    return total * here // whole if total >= 0 else -(-total * here // whole)


@attrs.frozen
class Slice:
    """What some units of a line amount to: the same figures as the line's `Shares`, for those units alone."""

    units: int
    base: int
    deductions: tuple[int, ...]
    additions: tuple[int, ...]

    @property
    def rest(self) -> int:
        """The base less all deductions."""
        return self.base - sum(self.deductions)

    def __add__(self, other: "Slice") -> "Slice":
        return self._with(other, 1)

    def __sub__(self, other: "Slice") -> "Slice":
        return self._with(other, -1)

    def _with(self, other: "Slice", sign: int) -> "Slice":
        return Slice(
            self.units + sign * other.units,
            self.base + sign * other.base,
            tuple(a + sign * b for a, b in zip(self.deductions, other.deductions, strict=True)),
            tuple(a + sign * b for a, b in zip(self.additions, other.additions, strict=True)),
        )
