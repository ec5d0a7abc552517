"""The working figures of lines or of charges while promotions apply: what is left, down to which floor, and who took.

Amounts are bare whole numbers of minor units; values are made of them once all is decided.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import groupby
from operator import itemgetter
from typing import Final

import attrs

from tokolib.conditions import Facts
from tokolib.kernel.policies import FloorPolicy, PercentBase, Policies
from tokolib.kernel.quick import quick
from tokolib.kernel.spread import spread
from tokolib.pricing.promotions.benefits import Step
from tokolib.pricing.promotions.cuts import Cut
from tokolib.pricing.promotions.giving.candidates import Candidate

Taken = tuple[Candidate, int]

_ORIGINAL: Final = PercentBase.ORIGINAL
_amount: Final = itemgetter(1)


@attrs.define
class Workings:
    """What each line (or charge) costs, what is left of it, and what each promotion took.

    A line whose units cost differently is several rows side by side, one for each price.
    """

    bases: Sequence[int]
    units: Sequence[int]
    """Whole units of each; 0 where it is sold by measure."""
    quantities: Sequence[int | Fraction]
    """Units of measure of each."""
    floors: Sequence[int]
    """What is never taken, because of a minimum price."""
    rest: list[int]
    used: list[int]
    """Units that serve in a combination already."""
    taken: list[list[Taken]]
    floored: bool
    """Whether any has a floor."""
    scales: Sequence[int] | None = None
    """What a minor unit of each weighs where something is spread over them; None: all the same."""
    lines: Sequence[int] | None = None
    """The line that each row is of; None where each is a line. `taken` goes by line."""

    @classmethod
    def of(
        cls,
        bases: Sequence[int],
        units: Sequence[int],
        quantities: Sequence[int | Fraction],
        floors: Sequence[int],
        scales: Sequence[int] | None = None,
        lines: Sequence[int] | None = None,
    ) -> "Workings":
        """A workings from which nothing was taken."""
        taken: list[list[Taken]] = [[] for _ in (bases if lines is None else range(lines[-1] + 1))]
        return cls(bases, units, quantities, floors, list(bases), [0] * len(bases), taken, any(floors), scales, lines)

    def fresh(self) -> "Workings":
        """The same before anything was taken."""
        if not self.bases:
            return self
        return Workings.of(self.bases, self.units, self.quantities, self.floors, self.scales, self.lines)

    def by_line(self) -> "Workings":
        """The same with one row for each line."""
        if (lines := self.lines) is None:
            return self
        bases, units, floors = (_summed(each, lines) for each in (self.bases, self.units, self.floors))
        quantities: list[int | Fraction] = [0] * len(bases)
        for line, quantity in zip(lines, self.quantities, strict=True):
            quantities[line] += quantity
        made = Workings.of(bases, units, quantities, floors)
        if self.scales is not None:
            made.scales = [*dict(zip(lines, self.scales, strict=True)).values()]
        made.rest, made.taken = _summed(self.rest, lines), self.taken
        return made

    def rows(self, targets: Sequence[int]) -> Sequence[Sequence[int]]:
        """*targets* by the line that they are of."""
        if (lines := self.lines) is None:
            return [(i,) for i in targets]
        return [[*row] for _, row in groupby(targets, lines.__getitem__)]

    def weights(self, amounts: Sequence[int], at: Sequence[int] | None = None) -> Sequence[int]:
        """What *amounts* of all, or of those *at* some positions, weigh against each other."""
        if (scales := self.scales) is None:
            return amounts
        places = range(len(scales)) if at is None else at
        return [amount * scales[i] for i, amount in zip(places, amounts, strict=True)]

    def measured(self, value: Cut, policies: Policies) -> Sequence[int]:
        """What *value* is taken of: what is left, or, by policy for a percentage, the price before all discounts."""
        return self.bases if value.is_percentage and policies.percent_base is _ORIGINAL else self.rest

    def room(self, i: int) -> int:
        """What may still be taken of *i*."""
        return max(self.rest[i] - self.floors[i], 0)

    def take(self, candidate: Candidate, parts: "Parts") -> None:
        """Write what a promotion takes."""
        rest, taken, lines = self.rest, self.taken, self.lines
        for i, amount in parts.amounts:
            if not amount:
                continue
            rest[i] -= amount
            if lines is None:
                taken[i].append((candidate, amount))
            else:
                _add(taken[lines[i]], candidate, amount)
        for i, units in parts.consumed:
            self.used[i] += units


def _summed(figures: Sequence[int], lines: Sequence[int]) -> list[int]:
    """*figures* of rows, added up for each line."""
    found = [0] * (lines[-1] + 1)
    for line, figure in zip(lines, figures, strict=True):
        found[line] += figure
    return found


def _add(taken: list[Taken], candidate: Candidate, amount: int) -> None:
    """So much more that *candidate* takes of a line."""
    if taken and taken[-1][0] is candidate:
        amount += taken.pop()[1]
    taken.append((candidate, amount))


@attrs.frozen
class Parts:
    """What a promotion takes, before it is written: from which lines how much."""

    amounts: Sequence[tuple[int, int]]
    """Positions and minor units; a position may stand twice."""
    base: int
    """What its rule was applied to."""
    wanted: int
    """What the rule alone promises."""
    units: int = 0
    """Units that are had for it, where it goes by units."""
    consumed: Sequence[tuple[int, int]] = ()
    """Positions, and units that serve in a combination now."""
    floored: int = 0
    """What a minimum price kept from being given."""
    steps: tuple[Step, ...] = ()
    """Of tiers: the step that holds, or, graduated, those that each hold for their own part."""

    @property
    def given(self) -> int:
        """What is taken in all."""
        return sum(map(_amount, self.amounts))


@attrs.frozen(eq=False)
class Terrain:
    """What promotions apply to: lines, charges, the shop's policies, and the facts that are known before they do."""

    lines: Workings
    charges: Workings
    policies: Policies
    facts: Facts
    minimum_fact: str
    """The subtotal that a promotion's minimum is measured by."""
    with_tax: Callable[[Workings], int]
    """What is left of the lines, with the tax that is charged on them then."""

    def fresh(self) -> "Terrain":
        """The same terrain before any promotion."""
        lines, charges = self.lines.fresh(), self.charges.fresh()
        return _terrain(lines, charges, self.policies, self.facts, self.minimum_fact, self.with_tax)

    def late_facts(self) -> dict[str, int]:
        """The facts of this moment: what discounts have left so far, and tax on it."""
        lines = self.lines
        return {
            "subtotal_with_tax": self.with_tax(lines.fresh()),
            "subtotal_after_discounts": sum(lines.rest),
            "subtotal_after_discounts_with_tax": self.with_tax(lines),
        }


_terrain: Final = quick(Terrain)


def fitted(
    workings: Workings, wanted: Sequence[tuple[int, int]], weights: Sequence[int], policies: Policies
) -> tuple[Sequence[tuple[int, int]], int]:
    """*wanted* amounts (one for each position) within the floors, and how much of them a floor kept back.

    By policy what one line can't give is lost, or asked of the others by their *weights*.
    """
    if not workings.floored:
        return wanted, 0
    kept = sum([max(amount - workings.room(i), 0) for i, amount in wanted])
    if not kept:
        return wanted, 0
    within = [(i, min(amount, workings.room(i))) for i, amount in wanted]
    if policies.floor is FloorPolicy.LOST:
        return within, kept
    rooms = [workings.room(i) - amount if weight else 0 for (i, amount), weight in zip(within, weights, strict=True)]
    open_weights = [weight if room else 0 for weight, room in zip(weights, rooms, strict=True)]
    more = min(kept, sum(rooms)) if any(open_weights) else 0
    if not more:
        return within, kept
    extra = spread(more, open_weights, policies.remainder, at_most=rooms)
    return [(i, amount + add) for (i, amount), add in zip(within, extra, strict=True)], kept - sum(extra)
