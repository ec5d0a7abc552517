"""How locations, buffers and stock items follow from their events."""

import attrs

from tokolib.inventory.events import (
    BufferSet,
    ItemTracked,
    LocationOpened,
    StockAdded,
    StockCorrected,
    StockItemOpened,
    StockLow,
    StockMoved,
    StockRecovered,
    ThresholdSet,
)
from tokolib.inventory.model import Buffer, Location, StockItem, Threshold, Tracked, buffer_id, item_id, location_id
from tokolib.kernel.events import Event


def evolve_location(state: Location | None, event: Event) -> Location:
    """The location after *event*."""
    match event:
        case LocationOpened(code=code, name=name):
            return Location(location_id(code), state.version + 1 if state else 1, code, name)
        case _:
            raise TypeError(f"a location doesn't know {type(event).__name__}")


def evolve_buffer(state: Buffer | None, event: Event) -> Buffer:
    """The buffer after *event*."""
    match event:
        case BufferSet(channel=channel, location=location, key=key, amount=amount):
            version = state.version + 1 if state else 1
            return Buffer(buffer_id(channel, location, key), version, channel, location, key, amount)
        case _:
            raise TypeError(f"a buffer doesn't know {type(event).__name__}")


def evolve_item(state: StockItem | None, event: Event) -> StockItem:
    """The stock item after *event*."""
    match event:
        case StockItemOpened(key=key, sku=sku, unit=unit) if state is None:
            return StockItem(item_id(key), 1, key, sku, unit)
        case ThresholdSet(location=location, steps=steps) if state is not None:
            others = tuple(one for one in state.thresholds if one.location != location)
            mine = () if steps is None else (Threshold(location, steps),)
            return attrs.evolve(state, version=state.version + 1, thresholds=others + mine)
        case ItemTracked(tracked=tracked) if state is not None:
            return attrs.evolve(state, version=state.version + 1, tracked=Tracked(tracked))
        case StockLow(location=location) if state is not None:
            return _marked(state, location, low=True)
        case StockRecovered(location=location) if state is not None:
            return _marked(state, location, low=False)
        case StockAdded() | StockCorrected() | StockMoved() if state is not None:
            return attrs.evolve(state, version=state.version + 1)
        case _:
            raise TypeError(f"a stock item doesn't know {type(event).__name__} here")


def _marked(state: StockItem, location: str, *, low: bool) -> StockItem:
    thresholds = tuple(attrs.evolve(one, low=low) if one.location == location else one for one in state.thresholds)
    return attrs.evolve(state, version=state.version + 1, thresholds=thresholds)
