"""Rates by area and weight: which row of a table holds for a parcel's destination and weight, and what it costs."""

import re
from collections.abc import Iterable
from typing import Final

import attrs

from tokolib.kernel.rounding import RoundingMode, divide
from tokolib.shipping.figures import check_whole
from tokolib.shipping.places import Area, Destination

_DAYS: Final = re.compile(r"([0-9]{1,3})(?:\s*(?:-|–|s/d|to|sampai)\s*([0-9]{1,3}))?")


@attrs.frozen
class RateRow:
    """What parcels to an area cost, up to a weight: a price for the first grams, and one for each further kilogram."""

    area: Area
    price: int
    """For the first `included_grams`, in minor units."""
    per_kg: int = 0
    """For each kilogram more; what is between two kilograms counts by the method's weight steps."""
    included_grams: int = 1000
    upto_grams: int | None = None
    """The heaviest that this row is for; None without a limit."""
    zone: str = ""
    """What the courier calls the area."""
    etd: str = ""
    """The courier's words on how long it takes, such as `2-3 hari`."""

    def __attrs_post_init__(self) -> None:
        for name in ("price", "per_kg", "included_grams"):
            check_whole(name, getattr(self, name))
        if self.upto_grams is not None:
            check_whole("upto_grams", self.upto_grams, least=1)

    def cost(self, grams: int, step_grams: int) -> int:
        """What *grams* of chargeable weight cost, in minor units; a part of one is rounded up."""
        return self.price + divide(self.per_kg * self.further_grams(grams, step_grams), 1000, RoundingMode.UP)

    def further_grams(self, grams: int, step_grams: int) -> int:
        """The weight beyond what the price includes, in whole steps."""
        return -(-max(grams - self.included_grams, 0) // step_grams) * step_grams


def choose(rows: Iterable[RateRow], destination: Destination, grams: int) -> RateRow | None:
    """The row that holds for *grams* to *destination*: the most precise area, then the tightest weight limit.

    Of equally precise areas, the one whose names agree to the letter; of equal rows, the first.
    """
    best: RateRow | None = None
    best_rank: tuple[tuple[int, int], int, int] | None = None
    for row in rows:
        agreement = row.area.match(destination)
        if agreement is None or (row.upto_grams is not None and grams > row.upto_grams):
            continue
        tightness = -row.upto_grams if row.upto_grams is not None else -(10**12)
        rank = (row.area.precision, agreement, tightness)
        if best_rank is None or rank > best_rank:
            best, best_rank = row, rank
    return best


def days(etd: str) -> tuple[int, int] | None:
    """The days that a courier's free text names, first and last: `6-7 day` is (6, 7), `3 HARI` (3, 3).

    None where it names none (`besok`), or the last before the first.
    """
    found = _DAYS.search(etd.casefold())
    if found is None:
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    return (first, last) if first <= last else None
