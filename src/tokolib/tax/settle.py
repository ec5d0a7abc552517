"""Taxes of a whole document: rounded by unit, line, rate group or document, and owned by its lines to the last cent.

What is rounded together is a *pool*: the exact taxes of its lines are added, rounded once, and the rounded sum is
spread back over the lines by their exact taxes. So the lines' taxes always add up to the published figure, and
each line's net and taxes to its gross.
"""

from collections.abc import Sequence
from math import lcm

import attrs

from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile, divide
from tokolib.kernel.spread import spread
from tokolib.tax.amounts import MIRROR, TaxShares
from tokolib.tax.model import Assessment, TaxAmount


@attrs.frozen
class Taxable:
    """A line or charge to be taxed: its amount in minor units, with or without tax as the document says."""

    amount: int
    assessment: Assessment
    units: int = 1
    """How many equal units share the amount; rounding by unit goes by it."""
    includes_tax: bool | None = None
    """Whether this amount includes tax, where it differs from the document's."""


@attrs.frozen
class _Line:
    """A taxable with everything decided that its rounding needs."""

    amount: int
    units: int
    shares: TaxShares
    profile: RoundingProfile
    included: bool

    def rounded(self, amount: int) -> tuple[int, ...]:
        """The taxes of *amount* by itself."""
        split = self.shares.contained if self.included else self.shares.on_top
        return split(amount, self.profile.mode)

    def published(self, taxes: Sequence[int]) -> tuple[TaxAmount, ...]:
        """*taxes* as they are printed."""
        return self.shares.published(self.amount, taxes, self.profile.mode, included=self.included)


@attrs.frozen
class _Pool:
    """What is rounded together: prices of one kind, by one mode, within one scope."""

    included: bool
    mode: RoundingMode
    scope: tuple[object, ...]


@attrs.frozen
class _Cell:
    """The exact tax of one component of one line."""

    line: int
    place: int
    numerator: int
    denominator: int


def settle(
    items: Sequence[Taxable], includes_tax: bool, override: RoundingProfile | None = None
) -> tuple[tuple[TaxAmount, ...], ...]:
    """The taxes of each of *items*, in their order.

    *override* replaces the jurisdiction's rounding profile. By rate group, what has equal components is rounded
    together; by document, taxes of one code (on top), or all that the prices contain (included). Prices that
    include tax and prices that don't may share a document, but are never rounded together.
    """
    lines = _lines(items, includes_tax, override)
    taxes = [_alone(line) for line in lines]
    for pool, cells in _pools(lines).items():
        for cell, amount in zip(cells, _together(pool, cells, lines), strict=True):
            taxes[cell.line][cell.place] = amount
    return tuple(line.published(amounts) for line, amounts in zip(lines, taxes, strict=True))


def _lines(items: Sequence[Taxable], includes_tax: bool, override: RoundingProfile | None) -> list[_Line]:
    shares: dict[int, TaxShares] = {}  # by identity: the lines of a class share one assessment
    for item in items:
        if id(item.assessment) not in shares:
            shares[id(item.assessment)] = TaxShares.of(item.assessment.components)
    return [
        _Line(
            item.amount,
            item.units,
            shares[id(item.assessment)],
            override or item.assessment.profile,
            includes_tax if item.includes_tax is None else item.includes_tax,
        )
        for item in items
    ]


def _alone(line: _Line) -> list[int]:
    match line.profile.level:
        case RoundingLevel.LINE:
            return list(line.rounded(line.amount))
        case RoundingLevel.UNIT:
            return _by_unit(line)
        case RoundingLevel.RATE_GROUP | RoundingLevel.DOCUMENT:
            return [0] * len(line.shares.components)


def _by_unit(line: _Line) -> list[int]:
    """Equal units have at most two different amounts, so a million units cost no more than two."""
    units = max(line.units, 1)
    sign = -1 if line.amount < 0 else 1
    each, dearer = divmod(abs(line.amount), units)
    low, high = line.rounded(sign * each), line.rounded(sign * (each + 1))
    return [(units - dearer) * a + dearer * b for a, b in zip(low, high, strict=True)]


def _pools(lines: Sequence[_Line]) -> dict[_Pool, list[_Cell]]:
    pools: dict[_Pool, list[_Cell]] = {}
    for i, line in enumerate(lines):
        if line.profile.level in (RoundingLevel.UNIT, RoundingLevel.LINE):
            continue
        denominator = line.shares.gross if line.included else line.shares.net
        for place, part in enumerate(line.shares.parts):
            pool = _Pool(line.included, line.profile.mode, _scope(line, place))
            pools.setdefault(pool, []).append(_Cell(i, place, line.amount * part, denominator))
    return pools


def _scope(line: _Line, place: int) -> tuple[object, ...]:
    if line.profile.level is RoundingLevel.RATE_GROUP:
        return (line.shares.components, -1 if line.included else place)
    return () if line.included else (line.shares.components[place].code,)


def _together(pool: _Pool, cells: Sequence[_Cell], lines: Sequence[_Line]) -> list[int]:
    """The amounts of *cells*, adding up to their exact sum rounded once."""
    denominator = lcm(*(cell.denominator for cell in cells))
    exact = [cell.numerator * (denominator // cell.denominator) for cell in cells]
    if not pool.included:
        return _shared(divide(sum(exact), denominator, pool.mode), exact, denominator, pool.mode)
    gross = sum(lines[i].amount for i in {cell.line for cell in cells})
    net = divide(gross * denominator - sum(exact), denominator, MIRROR[pool.mode])
    return _shared(gross - net, exact, denominator, pool.mode)


def _shared(total: int, exact: Sequence[int], denominator: int, mode: RoundingMode) -> list[int]:
    """*total* over parts by their exact amounts; parts of the other sign (a deduction) keep their own rounding."""
    sign = -1 if sum(exact) < 0 else 1
    parts = [0 if sign * amount >= 0 else divide(amount, denominator, mode) for amount in exact]
    rest = spread(total - sum(parts), [max(sign * amount, 0) for amount in exact])
    return [part + more for part, more in zip(parts, rest, strict=True)]
