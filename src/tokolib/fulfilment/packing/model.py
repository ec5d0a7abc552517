"""Boxes, the rules by which they are filled, and the parcels that come of it."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

import attrs

from tokolib.catalog.model import Dimensions
from tokolib.fulfilment.packing.errors import InvalidPacking
from tokolib.kernel.annotations import check_fields
from tokolib.kernel.errors import InvalidInput, shown
from tokolib.kernel.lines import line_faults
from tokolib.kernel.lists import listed
from tokolib.orders.lines import Run
from tokolib.orders.units import Wanted
from tokolib.shipping.weight import Parcel, volume_mm3

FULL: Final = Fraction(85, 100)
"""How much of a box goods fill at most, unless told otherwise: the rest is air and paper."""


def _whole(instance: object, attribute: "attrs.Attribute[int]", value: object) -> None:
    least = 0 if attribute.name == "tare_grams" else 1
    if type(value) is not int or not least <= value <= 10**9:
        raise InvalidPacking(attribute.name, shown(value), f"is a whole number, from {least} to 10^9")


def _check_name(field: str, name: object, *, required: bool = False) -> None:
    if faults := line_faults(field, name, required=required):
        raise InvalidInput(faults)


@attrs.frozen(kw_only=True)
class Box:
    """A box that the shop packs into, measured inside."""

    code: str
    length_mm: int = attrs.field(validator=_whole)
    width_mm: int = attrs.field(validator=_whole)
    height_mm: int = attrs.field(validator=_whole)
    most_grams: int = attrs.field(validator=_whole)
    """What it may weigh when it is full, itself counted in."""
    tare_grams: int = attrs.field(default=0, validator=_whole)
    """What it weighs empty."""

    def __attrs_post_init__(self) -> None:
        _check_name("code", self.code, required=True)

    @property
    def dimensions(self) -> Dimensions:
        """Its size."""
        return Dimensions(self.length_mm, self.width_mm, self.height_mm)

    @property
    def volume_mm3(self) -> int:
        """Its volume."""
        return volume_mm3(self.dimensions)

    def holds(self, piece: Dimensions) -> bool:
        """Whether a piece fits into it, turned any way along its sides."""
        return all(side <= room for side, room in zip(_sides(piece), _sides(self.dimensions), strict=True))


def _sides(size: Dimensions) -> list[int]:
    return sorted((size.length_mm, size.width_mm, size.height_mm))


@attrs.frozen(kw_only=True)
class PackingRules:
    """How a shop packs. Which goods are fragile or hazardous the tags of their products say."""

    boxes: tuple[Box, ...] = attrs.field(converter=listed)
    fill: Fraction = FULL
    """The part of a box's volume that goods may fill."""
    fragile: tuple[str, ...] = attrs.field(default=("fragile",), converter=listed)
    """The tags of what breaks."""
    fragile_most_grams: int | None = None
    """What a parcel with fragile goods may weigh; None where it is as any other."""
    hazards: Mapping[str, str] = attrs.field(factory=dict)
    """The hazard class of goods by tag, such as `{"battery": "9", "flammable": "3"}`."""
    apart: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=listed)
    """Pairs of hazard classes that may not be in one parcel; `*` is any other goods."""
    refused: tuple[str, ...] = attrs.field(default=(), converter=listed)
    """Hazard classes that the shop does not send."""

    def __attrs_post_init__(self) -> None:
        check_fields(self)
        if not self.boxes:
            raise InvalidPacking("boxes", "empty", "names at least one box")
        codes = [box.code for box in self.boxes]
        if len(set(codes)) < len(codes):
            raise InvalidPacking("boxes", ", ".join(codes), "names each box once")
        if not 0 < self.fill <= 1:
            raise InvalidPacking("fill", str(self.fill), "is above 0, and 1 at most")
        if self.fragile_most_grams is not None and self.fragile_most_grams < 1:
            raise InvalidPacking("fragile_most_grams", str(self.fragile_most_grams), "is 1 or more, or None")

    def clash(self, one: str, other: str) -> bool:
        """Whether goods of two hazard classes (empty: of none) may not be in one parcel."""
        pairs = {(one, other), (other, one), ("*", one), (one, "*"), ("*", other), (other, "*")}
        return one != other and any(pair in pairs for pair in self.apart)


@attrs.frozen(kw_only=True)
class PackedParcel:
    """Units of a shipment in one box."""

    number: int
    """The first, second, … parcel of its shipment."""
    runs: tuple[Run, ...]
    grams: int
    """What it weighs, the box counted in."""
    dimensions: Dimensions | None = None
    """Its size; None where nobody has measured it."""
    box: str = ""
    """The code of its box; empty where it has none of the shop's."""
    fragile: bool = False
    hazards: tuple[str, ...] = ()
    """The hazard classes in it."""

    @property
    def rated(self) -> Parcel:
        """It as delivery methods rate it: `shop.delivery.rates(address, parcels=[...])`."""
        return Parcel.of(self.grams, self.dimensions)


@attrs.frozen(kw_only=True)
class ParcelDraft:
    """A parcel as somebody has packed and weighed it."""

    goods: Wanted
    """Quantities by SKU or line id."""
    grams: int = attrs.field(validator=_whole)
    dimensions: Dimensions | None = None
    box: str = ""

    def __attrs_post_init__(self) -> None:
        _check_name("box", self.box)
