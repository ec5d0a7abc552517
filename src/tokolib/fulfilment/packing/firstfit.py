"""First fit, the largest first: each item goes into the first parcel that may take it, else into a new one.

It is simple, fast and explainable, and needs at most 11/9 of the fewest boxes plus one where volume alone counts. A
parcel is opened with the largest box, and gets the smallest one that holds what it came to. The same goods give the
same parcels, in whatever order they are named.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import attrs

from tokolib.catalog.model import Dimensions
from tokolib.fulfilment.packing.errors import CannotPack
from tokolib.fulfilment.packing.model import Box, PackedParcel, PackingRules
from tokolib.kernel.unit_set import UnitSet
from tokolib.orders.lines import Run
from tokolib.shipping.weight import volume_mm3

MOST_ITEMS: Final = 2_000
"""More than a person packs at once: name the parcels of such a shipment, or plan several."""


@attrs.frozen(kw_only=True)
class Item:
    """What is packed as one: a unit of a line, or all of a line that is counted by weight or length."""

    run: Run
    sku: str
    grams: int
    pieces: tuple[Dimensions, ...]
    """The sizes of what it is made of, as far as they are known."""
    fragile: bool = False
    hazard: str = ""

    @property
    def volume_mm3(self) -> int:
        """The volume of its pieces."""
        return sum(volume_mm3(piece) for piece in self.pieces)


@attrs.define
class _Filling:
    """A parcel while it is filled."""

    box: Box
    items: list[Item] = attrs.field(factory=list)
    grams: int = 0
    volume_mm3: int = 0

    def add(self, item: Item) -> None:
        self.items.append(item)
        self.grams += item.grams
        self.volume_mm3 += item.volume_mm3


def parcels(items: Sequence[Item], rules: PackingRules) -> tuple[PackedParcel, ...]:
    """*items* in parcels, the first one first.

    Raises:
        CannotPack: some fit into no box, or may not be sent; or they are more than `MOST_ITEMS`.
    """
    boxes = sorted(rules.boxes, key=lambda box: (box.volume_mm3, box.most_grams, box.code))
    _check(items, boxes, rules)
    open_ones: list[_Filling] = []
    for item in sorted(items, key=lambda one: (-one.volume_mm3, -one.grams, one.run.line_id, one.run.first)):
        into = next((each for each in open_ones if _taking(each, item, boxes, rules) is not None), None)
        if into is None:
            into = _Filling(boxes[-1])
            open_ones.append(into)
        box = _taking(into, item, boxes, rules)
        into.add(item)
        into.box = into.box if box is None else box
    return tuple(_closed(number, each) for number, each in enumerate(open_ones, start=1))


def _check(items: Sequence[Item], boxes: Sequence[Box], rules: PackingRules) -> None:
    wrong = {item.sku: why for item in items if (why := _hindrance(item, boxes, rules))}
    if len(items) > MOST_ITEMS:
        wrong = {items[0].sku: f"{len(items)} pieces are more than {MOST_ITEMS}"}
    if wrong:
        raise CannotPack(tuple(wrong.items()))


def _hindrance(item: Item, boxes: Sequence[Box], rules: PackingRules) -> str:
    if item.hazard in rules.refused:
        return f"goods of hazard class {item.hazard} are not sent"
    if not any(all(box.holds(piece) for piece in item.pieces) for box in boxes):
        return "is larger than every box"
    if _taking(_Filling(boxes[-1]), item, boxes, rules) is None:
        return f"weighs {item.grams} g, or fills more than a box may be filled"
    return ""


def _taking(parcel: _Filling, item: Item, boxes: Sequence[Box], rules: PackingRules) -> Box | None:
    """The smallest box that holds *parcel* with *item* in it; None where they may not be together, or nothing does."""
    if any(rules.clash(item.hazard, other.hazard) for other in parcel.items):
        return None
    together = [*parcel.items, item]
    grams, volume = parcel.grams + item.grams, parcel.volume_mm3 + item.volume_mm3
    most = rules.fragile_most_grams if any(each.fragile for each in together) else None
    return next((box for box in boxes if _holds(box, together, grams, volume, most, rules)), None)


def _holds(
    box: Box, items: Iterable[Item], grams: int, volume: int, fragile_most: int | None, rules: PackingRules
) -> bool:
    whole = grams + box.tare_grams
    if whole > box.most_grams or (fragile_most is not None and whole > fragile_most):
        return False
    return volume <= box.volume_mm3 * rules.fill and all(box.holds(piece) for each in items for piece in each.pieces)


def _closed(number: int, parcel: _Filling) -> PackedParcel:
    by_line: dict[str, UnitSet] = {}
    for item in parcel.items:
        by_line[item.run.line_id] = by_line.get(item.run.line_id, UnitSet()) | item.run.set
    runs = [
        Run(item.run.line_id, first, beyond)
        for item in {each.run.line_id: each for each in parcel.items}.values()
        for first, beyond in by_line[item.run.line_id].spans
    ]
    return PackedParcel(
        number=number,
        runs=tuple(sorted(runs, key=lambda run: (run.line_id, run.first))),
        grams=parcel.grams + parcel.box.tare_grams,
        dimensions=parcel.box.dimensions,
        box=parcel.box.code,
        fragile=any(each.fragile for each in parcel.items),
        hazards=tuple(sorted({each.hazard for each in parcel.items if each.hazard})),
    )
