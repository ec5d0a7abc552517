"""Taxes of a whole document: rounded by unit, line, rate group or document, and owned by its lines to the last cent.

What is rounded together is a *pool*: the exact taxes of its lines are added, rounded once, and the rounded sum is
spread back over the lines by their exact taxes. So the lines' taxes always add up to the published figure, and
each line's net and taxes to its gross.
"""

from collections.abc import Callable, Iterable, Sequence
from math import lcm
from typing import Final, NamedTuple, TypeAlias

from tokolib.kernel.policies import ContainedTax
from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile, divide
from tokolib.kernel.spread import spread
from tokolib.tax.amounts import TaxShares, contained_in
from tokolib.tax.model import Assessment, TaxAmount

_HALF_UP: Final = RoundingMode.HALF_UP
_NET: Final = ContainedTax.NET


TaxItem: TypeAlias = tuple[int, Assessment, int, bool | None]
"""What is taxed: its amount in minor units, what the rules say of it, units, and whether it includes tax.

Rounding by unit goes by how many equal units share the amount; 0 where they can't be counted. Whether it includes tax
is None where it does what the document does. It is a bare tuple, because one is made for each line of every quote.
"""


class Taxable(NamedTuple):
    """A `TaxItem` by names."""

    amount: int
    assessment: Assessment
    units: int = 1
    includes_tax: bool | None = None


class _Line(NamedTuple):
    """A taxable with everything decided that its rounding needs."""

    amount: int
    units: int
    shares: TaxShares
    profile: RoundingProfile
    included: bool


class _Pool(NamedTuple):
    """What is rounded together: prices of one kind, by one mode, within one scope."""

    included: bool
    mode: RoundingMode
    scope: tuple[object, ...]


class _Cell(NamedTuple):
    """The exact tax of one component of one line."""

    line: int
    place: int
    numerator: int
    denominator: int


class _Known(NamedTuple):
    """What the lines of one assessment have in common."""

    half_up: Callable[[int, bool], tuple[TaxAmount, ...]] | None
    """Their one tax, where each line is rounded by itself as most are."""
    shares: TaxShares
    profile: RoundingProfile


def _known(assessment: Assessment, override: RoundingProfile | None) -> _Known:
    shares, profile = TaxShares.of(assessment.components), override or assessment.profile
    simple = shares.plain is not None and profile.level is RoundingLevel.LINE and profile.mode is _HALF_UP
    return _Known(shares.half_up if simple else None, shares, profile)


def settle(
    items: Iterable[TaxItem],
    includes_tax: bool,
    override: RoundingProfile | None = None,
    contained: ContainedTax = ContainedTax.NET,
) -> tuple[tuple[TaxAmount, ...], ...]:
    """The taxes of each of *items*, in their order.

    *override* replaces the jurisdiction's rounding profile. By rate group, what has equal components is rounded
    together; by document, taxes of one code (on top), or all that the prices contain (included). A profile that
    rounds components together does so in all cases. Prices that include tax and prices that don't may share a
    document, but are never rounded together. *contained* says which half of a price with tax is rounded.
    """
    known: dict[int, _Known] = {}  # by identity: the lines of a class share one assessment
    settled: list[tuple[TaxAmount, ...]] = []
    pooled: dict[int, _Line] = {}
    quick = contained is _NET
    last: Assessment | None = None
    for amount, assessment, units, own in items:
        if assessment is not last:
            found = known.get(id(assessment))
            if found is None:
                found = known[id(assessment)] = _known(assessment, override)
            half_up, shares, profile = found
            last = assessment
        included = includes_tax if own is None else own
        if half_up is not None and amount >= 0 and (quick or not included):
            settled.append(half_up(amount, included))
            continue
        level = profile.level
        if level is RoundingLevel.LINE or (level is RoundingLevel.UNIT and units <= 1):
            taxes = _rounded(shares, amount, profile, contained, included=included)
        elif level is RoundingLevel.UNIT:
            taxes = _by_unit(shares, amount, units, profile, contained, included=included)
        else:
            pooled[len(settled)] = _Line(amount, units, shares, profile, included)
            settled.append(())
            continue
        settled.append(shares.published(amount, taxes, profile.mode, included=included) if shares.parts else ())
    if pooled:
        _settle_pools(pooled, settled, contained)
    return tuple(settled)


def _rounded(
    shares: TaxShares, amount: int, profile: RoundingProfile, contained: ContainedTax, *, included: bool
) -> tuple[int, ...]:
    """The taxes of *amount* by itself."""
    if included:
        return shares.contained(amount, profile.mode, contained)
    return shares.on_top(amount, profile.mode, together=profile.together)


def _by_unit(
    shares: TaxShares, amount: int, units: int, profile: RoundingProfile, contained: ContainedTax, *, included: bool
) -> tuple[int, ...]:
    """Equal units have at most two different amounts, so a million units cost no more than two."""
    sign = -1 if amount < 0 else 1
    each, dearer = divmod(abs(amount), units)
    low = _rounded(shares, sign * each, profile, contained, included=included)
    high = _rounded(shares, sign * (each + 1), profile, contained, included=included)
    return tuple([(units - dearer) * a + dearer * b for a, b in zip(low, high, strict=True)])


def _settle_pools(lines: dict[int, _Line], settled: list[tuple[TaxAmount, ...]], contained: ContainedTax) -> None:
    """Put the taxes of *lines* into their places in *settled*."""
    taxes = {at: [0] * len(line.shares.parts) for at, line in lines.items()}
    for pool, cells in _pools(lines).items():
        for cell, amount in zip(cells, _together(pool, cells, lines, contained), strict=True):
            taxes[cell.line][cell.place] = amount
    for at, line in lines.items():
        settled[at] = line.shares.published(line.amount, taxes[at], line.profile.mode, included=line.included)


def _pools(lines: dict[int, _Line]) -> dict[_Pool, list[_Cell]]:
    pools: dict[_Pool, list[_Cell]] = {}
    for i, line in lines.items():
        denominator = line.shares.gross if line.included else line.shares.net
        for place, part in enumerate(line.shares.parts):
            pool = _Pool(line.included, line.profile.mode, _scope(line, place))
            pools.setdefault(pool, []).append(_Cell(i, place, line.amount * part, denominator))
    return pools


def _scope(line: _Line, place: int) -> tuple[object, ...]:
    whole = line.included or line.profile.together
    if line.profile.level is RoundingLevel.RATE_GROUP:
        return (line.shares.components, -1 if whole else place)
    return (line.profile.together,) if whole else (line.shares.components[place].code,)


def _together(pool: _Pool, cells: Sequence[_Cell], lines: dict[int, _Line], contained: ContainedTax) -> list[int]:
    """The amounts of *cells*, adding up to their exact sum rounded once."""
    denominator = lcm(*(cell.denominator for cell in cells))
    exact = [cell.numerator * (denominator // cell.denominator) for cell in cells]
    if not pool.included:
        return _shared(divide(sum(exact), denominator, pool.mode), exact, denominator, pool.mode)
    gross = sum(lines[i].amount for i in {cell.line for cell in cells})
    tax = contained_in(gross, sum(exact), denominator, pool.mode, contained)
    return _shared(tax, exact, denominator, pool.mode)


def _shared(total: int, exact: Sequence[int], denominator: int, mode: RoundingMode) -> list[int]:
    """*total* over parts by their exact amounts; parts of the other sign (a deduction) keep their own rounding."""
    sign = -1 if sum(exact) < 0 else 1
    parts = [0 if sign * amount >= 0 else divide(amount, denominator, mode) for amount in exact]
    rest = spread(total - sum(parts), [max(sign * amount, 0) for amount in exact])
    return [part + more for part, more in zip(parts, rest, strict=True)]
