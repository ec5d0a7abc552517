"""Locations, what is kept of each SKU, levels and movements."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

import attrs

from tokolib.inventory.errors import InvalidLocation
from tokolib.kernel.ids import MAIN_LOCATION, LocationId
from tokolib.kernel.quantity import Quantity, UnitOfMeasure
from tokolib.kernel.rows import Level

MAIN: Final[str] = MAIN_LOCATION
"""The location that every shop has."""

LEDGER: Final = "stock"
"""The name of the ledger of movements."""

_CODE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}", re.ASCII)


class MovementKind(StrEnum):
    """Why goods came or went. Only these six change what is on hand."""

    RECEIVE = "receive"
    """From a supplier, or at the opening of the shop."""
    SHIP = "ship"
    """Handed over for an order; exactly one for each hold that was taken."""
    RESTOCK = "restock"
    """Came back, and can be sold again."""
    WRITE_OFF = "write_off"
    """Broken, lost, given away."""
    ADJUST = "adjust"
    """Counted, and found to be more or fewer."""
    MOVE = "move"
    """From one state or place into another: two movements of one batch, which add up to zero."""


class StockState(StrEnum):
    """What goods that are somewhere are good for. Each state of a place is counted by itself."""

    SELLABLE = "sellable"
    """On the shelf: what orders are promised."""
    DAMAGED = "damaged"
    """Here, and can't be sold; to be repaired, sent back or written off."""
    QUALITY = "quality"
    """Here, and to be looked at before it can be sold."""
    TRANSIT = "transit"
    """On its way here from another location, and nobody's to sell yet."""


class Tracked(StrEnum):
    """Whether it matters which goods of a SKU they are. Orders hold a SKU; its lots are chosen as they leave."""

    NONE = "none"
    """One is as good as another."""
    LOT = "lot"
    """Each belongs to a lot, which may expire."""
    SERIAL = "serial"
    """Each has a number of its own."""
    LICENCE = "licence"
    """Each is a key of a digital good, which is kept sealed beside."""


UNSELLABLE: Final = (StockState.DAMAGED, StockState.QUALITY, StockState.TRANSIT)
"""The states that orders are promised nothing of."""


@attrs.frozen
class Location:
    """A place where stock is: a shop, a warehouse."""

    id: LocationId
    version: int
    code: str
    name: str


@attrs.frozen
class Threshold:
    """Below how many available steps a SKU is low at a location, and whether it was found to be."""

    location: str
    steps: int
    low: bool = False


@attrs.frozen
class Buffer:
    """How much of a SKU, or of any, must stay for the other channels when one of them sells; at a location, or at any.

    Of what is counted by weight or length, whole steps are left, never less than the amount.
    """

    id: str
    version: int
    channel: str
    location: str
    """Empty for every location."""
    key: str
    """The SKU's key, and empty for every SKU."""
    amount: Decimal | None
    """In the SKU's own unit; None where there is no buffer any longer."""


@attrs.frozen
class StockItem:
    """What stays the same of a SKU's stock while it moves: how it is counted, and when it is low.

    It is made with the first movement, or the first threshold; from then on unit and step never change.
    """

    id: str
    version: int
    key: str
    sku: str
    """As the catalogue spelled it when this was made."""
    unit: UnitOfMeasure
    thresholds: tuple[Threshold, ...] = ()
    tracked: Tracked = Tracked.NONE
    """Decided before the first movement."""

    def threshold(self, location: str) -> Threshold | None:
        """The threshold at *location*, if one was set."""
        return next((one for one in self.thresholds if one.location == location), None)


@attrs.frozen
class StockLevel:
    """How much there is of a SKU at a location. Held counts only holds that still stand."""

    sku: str
    location: str
    on_hand: Quantity
    """What is on the shelf to be sold; what is damaged, to be looked at, or on its way, isn't."""
    held: Quantity
    available: Quantity
    damaged: Quantity
    quality: Quantity
    """To be looked at before it can be sold."""
    transit: Quantity
    """On its way here."""


@attrs.frozen
class Movement:
    """One row of the ledger: goods that came (positive) or went (negative)."""

    id: str
    sku: str
    location: str
    state: StockState
    kind: MovementKind
    quantity: Quantity
    refers_to: str
    """What it was done for: a shipment's id, a return's id, a delivery note."""
    hold_id: str
    """The hold that a shipment took; empty for the other kinds."""
    reason: str
    """Why it was adjusted, written off or put into another state, and empty otherwise."""
    by: str
    """Who took in, adjusted or wrote off; empty for what left for an order, whose timeline says who handed it over."""
    at: datetime


def location_id(code: str) -> LocationId:
    """The id of the location by that code.

    Raises:
        InvalidLocation: it can't be a code.
    """
    if not _CODE.fullmatch(code):
        raise InvalidLocation(code)
    return LocationId(f"loc_{code}")


def item_id(key: str) -> str:
    """The id of the stock item of a SKU key."""
    return f"stk_{key}"


def buffer_id(channel: str, location: str, key: str) -> str:
    """The id of the buffer against *channel*; no location and no key is any."""
    return f"buf_{location}|{key}|{channel}"


def resource(location: str, key: str, state: StockState = StockState.SELLABLE) -> str:
    """The storage's name for the stock of a SKU at a location: `main|kopi-250`, `main|kopi-250|damaged`."""
    name = f"{location}|{key}"
    return name if state is StockState.SELLABLE else f"{name}|{state}"


def place(resource: str) -> tuple[str, str]:
    """The location and SKU key of a resource; neither holds a bar."""
    location, _, rest = resource.partition("|")
    return location, rest.partition("|")[0]


def state_of(resource: str) -> str:
    """The state of a resource, or of a lot's: the value of a `StockState`, in rows that nobody has changed by hand."""
    return resource.partition("|")[2].partition("|")[2].partition("#")[0] or StockState.SELLABLE.value


def stock_level(levels: Mapping[str, Level], sku: str, location: str, key: str, unit: UnitOfMeasure) -> StockLevel:
    """A storage's *levels* of all states of a SKU in its own unit, run-out leases left out."""
    shelf = levels[resource(location, key)]
    others = {state.value: levels[resource(location, key, state)].on_hand for state in UNSELLABLE}
    return StockLevel(
        sku=sku,
        location=location,
        on_hand=Quantity(shelf.on_hand, unit),
        held=Quantity(shelf.on_hand - shelf.available, unit),
        available=Quantity(shelf.available, unit),
        **{name: Quantity(steps, unit) for name, steps in others.items()},
    )
