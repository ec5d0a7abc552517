"""Chargeable weight: what a courier bills for a parcel, actual or volumetric, rounded as its service rounds.

All in whole grams and millimetres: 1.3 kg in binary floating point is already above or below the boundary that
decides between one kilogram and two. Each parcel is rounded by itself, then the parcels are added.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Final

import attrs

from tokolib.catalog.model import Dimensions
from tokolib.shipping.errors import InvalidMethod, InvalidParcel, MissingWeight
from tokolib.shipping.figures import check_whole, named

_LARGEST: Final = 10**9


class Confidence(StrEnum):
    """How sure a fact about a courier is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@attrs.frozen
class WeightRule:
    """How a courier's service turns a parcel into billed weight."""

    name: str
    divisor: int | None = 6000
    """Cubic centimetres that count as a kilogram; None when volume doesn't matter."""
    step_grams: int = 1000
    """Weight is billed in steps of this."""
    tolerance_grams: int = 0
    """The part of a step that is still forgiven; 0 bills every started step."""
    tolerance_inclusive: bool = True
    """Whether exactly the tolerance is still forgiven (1.30 kg is 1 kg); sources differ for JNE."""
    minimum_grams: int = 1000
    maximum_grams: int | None = None
    """The most that one parcel may count."""
    tiers_grams: tuple[int, ...] = ()
    """Fixed weights billed below the steps, rising: the smallest that holds the parcel counts."""
    source: str = ""
    confidence: Confidence = Confidence.LOW

    def __attrs_post_init__(self) -> None:
        check_whole("step_grams", self.step_grams, least=1)
        check_whole("tolerance_grams", self.tolerance_grams)
        check_whole("minimum_grams", self.minimum_grams)
        for name, bound in (("divisor", self.divisor), ("maximum_grams", self.maximum_grams)):
            if bound is not None:
                check_whole(name, bound, least=1)
        if self.tolerance_grams >= self.step_grams:
            raise InvalidMethod("tolerance_grams", str(self.tolerance_grams), "is less than a step")
        if not isinstance(self.tiers_grams, tuple):
            raise InvalidMethod("tiers_grams", named(self.tiers_grams), "is a tuple of whole numbers")
        below = 0
        for tier in self.tiers_grams:
            check_whole("tiers_grams", tier, least=below + 1)
            below = tier


@attrs.frozen
class Parcel:
    """One piece to be sent: its weight, and the space it takes (0 when unknown)."""

    grams: int
    volume_mm3: int = 0

    def __attrs_post_init__(self) -> None:
        if type(self.grams) is not int or not 0 <= self.grams <= _LARGEST:
            raise InvalidParcel("weight in grams", named(self.grams), "10^9")
        if type(self.volume_mm3) is not int or not 0 <= self.volume_mm3 <= _LARGEST**2:
            raise InvalidParcel("volume in cubic millimetres", named(self.volume_mm3), "10^18")

    @classmethod
    def of(cls, grams: int, dimensions: Dimensions | None) -> "Parcel":
        """A parcel of that weight and size."""
        return cls(grams, volume_mm3(dimensions))


@attrs.frozen
class Goods:
    """Goods to be packed: how many units of measure of a SKU, and what one of them weighs."""

    sku: str
    units: Fraction
    weight_grams: int | None
    dimensions: Dimensions | None = None


@attrs.frozen
class Billed:
    """One parcel as it is billed."""

    actual_grams: int
    volumetric_grams: int
    """Rounded up to the gram, for print; 0 when volume doesn't count."""
    chargeable_grams: int


def volume_mm3(dimensions: Dimensions | None) -> int:
    """Length × width × height; 0 when unknown."""
    return dimensions.length_mm * dimensions.width_mm * dimensions.height_mm if dimensions else 0


def pack(goods: Iterable[Goods]) -> Parcel:
    """All *goods* in one parcel: weights and volumes added, each line's weight rounded up to the gram.

    No air between the pieces is counted; a shop that knows its boxes passes its own parcels.

    Raises:
        MissingWeight: naming every SKU without a weight.
    """
    lines = tuple(goods)
    missing = tuple(line.sku for line in lines if line.weight_grams is None)
    if missing:
        raise MissingWeight(missing)
    grams = sum(ceil(line.units * (line.weight_grams or 0)) for line in lines)
    return Parcel(grams, sum(ceil(line.units * volume_mm3(line.dimensions)) for line in lines))


def chargeable_grams(actual_grams: int, dimensions: Dimensions | None, rule: WeightRule) -> int:
    """The billed weight of one parcel, in grams."""
    return billed(Parcel.of(actual_grams, dimensions), rule).chargeable_grams


def billed(parcel: Parcel, rule: WeightRule) -> Billed:
    """*parcel* as *rule* bills it: the greater of actual and volumetric weight, rounded, at least the minimum."""
    volumetric = Fraction(parcel.volume_mm3, rule.divisor) if rule.divisor else Fraction(0)
    grams = _rounded(max(Fraction(parcel.grams), volumetric), rule)
    return Billed(parcel.grams, ceil(volumetric), max(grams, rule.minimum_grams))


def billed_all(parcels: Sequence[Parcel], rule: WeightRule) -> tuple[Billed, ...]:
    """Each of *parcels* by itself; their chargeable weights are what is added."""
    return tuple(billed(parcel, rule) for parcel in parcels)


def _rounded(grams: Fraction, rule: WeightRule) -> int:
    for tier in rule.tiers_grams:
        if grams <= tier:
            return tier
    steps, rest = divmod(grams, rule.step_grams)
    tolerance = rule.tolerance_grams
    over = rest > tolerance or (rest == tolerance > 0 and not rule.tolerance_inclusive)
    return (int(steps) + over) * rule.step_grams
