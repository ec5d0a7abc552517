"""What is short of a wish: an unlocked look, so that a quote, and a refused hold, name everything that is missing."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

import attrs

from tokolib.inventory.backorder import Allowed, capacity
from tokolib.inventory.buffers import Safety
from tokolib.inventory.errors import OutOfStock, Shortage
from tokolib.inventory.model import StockItem, item_id, resource
from tokolib.inventory.ports import BACKORDERS, BUFFERS, STOCK_ITEMS
from tokolib.inventory.register import known
from tokolib.kernel.quantity import PIECE
from tokolib.kernel.rows import Level
from tokolib.kernel.unit import Unit

Goods = Mapping[str, int]
"""Steps by SKU key."""


@attrs.frozen
class Supply:
    """What is wanted of a location, and what was seen there before anything was held."""

    location: str
    demands: Goods
    levels: Mapping[str, Level]
    """By SKU key."""
    items: Mapping[str, StockItem]
    """By SKU key, those that are known."""
    leaves: Goods
    """By SKU key, the steps that its channel must leave: its buffer, and what others wait for."""
    beyond: Goods = MappingProxyType({})
    """By SKU key, the steps of the demands that are promised beyond the stock."""

    @property
    def taken(self) -> dict[str, int]:
        """By SKU key, the steps that are taken from the shelf."""
        return {key: steps - self.beyond.get(key, 0) for key, steps in self.demands.items()}

    @property
    def free(self) -> dict[str, int]:
        """By SKU key, the steps that its channel could hold now."""
        return {key: max(level.available - self.leaves[key], 0) for key, level in self.levels.items()}

    def part(self, goods: Goods) -> "Supply":
        """The same look, for some of its *goods* alone."""
        levels = {key: self.levels[key] for key in sorted(goods)}
        return attrs.evolve(self, demands=goods, levels=levels)


def places_of(demands: Goods, location: str) -> dict[str, str]:
    """The resources of *location* that *demands* are met from, by SKU key."""
    return {key: resource(location, key) for key in sorted(demands)}


async def seek(unit: Unit, demands: Goods, *, location: str, channel: str) -> Supply:
    """The supply of all of *demands*, which could be held now; see `supply_of` for what is refused."""
    found = await unit.levels(list(places_of(demands, location).values()))
    return await supply_of(unit, demands, found, location=location, channel=channel)


async def supply_of(unit: Unit, demands: Goods, found: Mapping[str, Level], *, location: str, channel: str) -> Supply:
    """The supply of all of *demands*, which *channel* could hold now: *found* are the levels of their places.

    Raises:
        OutOfStock: naming everything that is short.
        UnknownLocation, InvalidLocation: there is no such location, where anything would be short.
    """
    supply = await supply_at(unit, demands, found, location=location, channel=channel)
    free = supply.free
    if short := [key for key in supply.levels if demands[key] > free[key]]:
        await known(unit, location)
        items = {item_id(key): item for key, item in supply.items.items()}
        raise OutOfStock(tuple(shortage(key, demands[key], free[key], items) for key in short), location)
    return supply


async def supply_at(unit: Unit, demands: Goods, found: Mapping[str, Level], *, location: str, channel: str) -> Supply:
    """What there is for *demands* at a location that *channel* could hold now, though it be too little."""
    levels = {key: found[where] for key, where in places_of(demands, location).items()}
    stocked = await unit[STOCK_ITEMS].get_many([item_id(key) for key in levels])
    leaves = await left_by(unit, levels, stocked, location=location, channel=channel)
    items = {key: stocked[id] for key in levels if (id := item_id(key)) in stocked}
    return Supply(location, demands, levels, items, leaves)


async def check_available(unit: Unit, demands: Goods, *, location: str, channel: str) -> None:
    """Pass when *channel* could hold all of *demands* now; see `seek` for what is refused."""
    await seek(unit, demands, location=location, channel=channel)


async def left_by(
    unit: Unit, keys: Iterable[str], items: Mapping[str, StockItem], *, location: str, channel: str
) -> dict[str, int]:
    """By SKU key, the steps that *channel* must leave at *location*: its buffer, and what is promised to others.

    None where nothing is known of a SKU's stock.
    """
    own = await buffered(unit, keys, items, location=location, channel=channel)
    waiting = await waited_for(unit, own, location)
    return {key: steps + waiting.get(key, 0) for key, steps in own.items()}


async def buffered(
    unit: Unit, keys: Iterable[str], items: Mapping[str, StockItem], *, location: str, channel: str
) -> dict[str, int]:
    """By SKU key, the steps of the buffer that *channel* must leave at *location*."""
    safety = await unit[BUFFERS].derived("by_id", {}, Safety)
    known_as = {key: items.get(item_id(key)) for key in keys}
    return {key: 0 if item is None else safety.steps(channel, location, item) for key, item in known_as.items()}


async def waited_for(unit: Unit, keys: Iterable[str], location: str) -> dict[str, int]:
    """By SKU key, the steps that are promised at *location* beyond its stock: what comes is theirs before anybody's."""
    allowed = await unit[BACKORDERS].derived("by_id", {}, Allowed)
    names = {key: capacity(location, key) for key in keys if allowed.at(location, key) is not None}
    if not names:
        return {}
    levels = await unit.levels(list(names.values()))
    return {key: levels[name].on_hand - levels[name].available for key, name in names.items()}


async def sellable_at(unit: Unit, keys: Sequence[str], *, location: str, channel: str) -> dict[str, int]:
    """By SKU key, the steps that *channel* could sell now; none where only its buffer is there, or less."""
    places = places_of(dict.fromkeys(keys, 0), location)
    levels = await unit.levels(list(places.values()))
    items = await unit[STOCK_ITEMS].get_many([item_id(key) for key in keys])
    leaves = await left_by(unit, keys, items, location=location, channel=channel)
    return {key: max(levels[where].available - leaves[key], 0) for key, where in places.items()}


def shortage(key: str, wanted: int, available: int, items: Mapping[str, StockItem]) -> Shortage:
    """So many steps of a SKU key are wanted, and so many can be had; in the SKU's own unit where it is known."""
    item = items.get(item_id(key))
    sku, counted = (item.sku, item.unit) if item else (key, PIECE)
    return Shortage(sku, wanted, max(available, 0), counted)
