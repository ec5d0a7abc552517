"""Who bears a discount: each line's part is split between the funders, so that every unit knows who paid for it."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Final

from tokolib.kernel.spread import spread
from tokolib.pricing.promotions.model import Funding

SHOP: Final = ""
"""The shop itself, which bears what nobody else does."""
REMEMBERED: Final = 1024


def shares(funding: tuple[Funding, ...], amount: int) -> Sequence[tuple[str, int]]:
    """What each funder bears of *amount*, and the shop of the rest; nobody is named who bears nothing."""
    if not funding:
        return ((SHOP, amount),)
    names, weights = _weights(funding)
    return [(name, part) for name, part in zip(names, spread(amount, weights), strict=True) if part]


def borne(funding: tuple[Funding, ...], amounts: Iterable[int]) -> dict[str, int]:
    """What each funder bears of all *amounts*, each split by itself."""
    totals: dict[str, int] = {}
    for amount in amounts:
        for name, part in shares(funding, amount):
            totals[name] = totals.get(name, 0) + part
    return totals


@lru_cache(maxsize=REMEMBERED)
def _weights(funding: tuple[Funding, ...]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    parts = [Fraction(each.percent) / 100 for each in funding]
    parts.append(1 - sum(parts, Fraction(0)))
    whole = lcm(*(part.denominator for part in parts))
    return (*(each.funder for each in funding), SHOP), tuple(int(part * whole) for part in parts)
