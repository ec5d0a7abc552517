"""Pick lists as pure functions: what each shipment takes from stock, added up by SKU, in walking order."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from tokolib.fulfilment.picking.model import PickLine, PickList, PickPart
from tokolib.kernel.ids import LocationId, ShipmentId
from tokolib.kernel.quantity import Quantity, UnitOfMeasure

_FIGURES: Final = re.compile(r"([0-9]+)")


@attrs.frozen
class Load:
    """What one shipment takes from stock: steps by SKU key."""

    shipment_id: ShipmentId
    location: LocationId
    goods: Mapping[str, int]


@attrs.frozen
class Shelved:
    """A SKU as it stands on its shelf."""

    sku: str
    unit: UnitOfMeasure
    place: str


def pick_lists(loads: Iterable[Load], shelves: Mapping[str, Shelved]) -> tuple[PickList, ...]:
    """One list for each location, by its name; each SKU once, by its shelf, then by its name.

    Shelves are walked as people number them, A-2 before A-10; what has no shelf comes last.
    """
    taken: dict[LocationId, dict[str, list[tuple[ShipmentId, int]]]] = {}
    for load in loads:
        for key, steps in load.goods.items():
            taken.setdefault(load.location, {}).setdefault(key, []).append((load.shipment_id, steps))
    return tuple(PickList(where, _walked(taken[where], shelves)) for where in sorted(taken))


def _walked(taken: Mapping[str, list[tuple[ShipmentId, int]]], shelves: Mapping[str, Shelved]) -> tuple[PickLine, ...]:
    lines = [
        PickLine(
            shelf.place,
            key,
            shelf.sku,
            Quantity(sum(steps for _, steps in parts), shelf.unit),
            tuple(PickPart(id, Quantity(steps, shelf.unit)) for id, steps in parts),
        )
        for key, parts in taken.items()
        for shelf in (shelves[key],)
    ]
    return tuple(sorted(lines, key=lambda line: (not line.place, walking(line.place), line.key)))


def walking(place: str) -> tuple[tuple[int, int, str], ...]:
    """The order of a shelf's name, its figures counted as figures."""
    return tuple(
        (1, int(part), "") if part.isdecimal() else (0, 0, part.casefold()) for part in _FIGURES.split(place) if part
    )
