"""Movements and levels: S1 to S4. Sums are kept per resource, so memory grows with the assortment, not the sales."""

from collections.abc import Mapping

import attrs

from tokolib.desk.verify.books import Books
from tokolib.desk.verify.streams import Replayed
from tokolib.desk.verify.walk import Findings, rows
from tokolib.inventory.events import StockAdded, StockCorrected
from tokolib.inventory.holds import resource_of
from tokolib.inventory.model import LEDGER, MovementKind, StockItem, place
from tokolib.kernel.rows import Entry, HoldState, Kind, StockRow, StoredHold
from tokolib.kernel.unit import Unit

COUNT = "count the goods and adjust"
RESTORE = "restore the row from a backup"
_HOMES: Mapping[str, str] = {"shp": "shipments", "ret": "returns", "ord": "orders"}
_SALES: Mapping[str, tuple[str, ...]] = {MovementKind.SHIP: ("shp", "ord"), MovementKind.RESTOCK: ("ret", "ord")}
"""What movements of these kinds are done for."""


@attrs.define
class Items:
    """What the stock items' histories say: how each SKU is counted, and every movement that no hold led to."""

    units: dict[str, str] = attrs.field(factory=dict)
    told: dict[str, tuple[str, str, int]] = attrs.field(factory=dict)

    def learn(self, replayed: Replayed, item: StockItem) -> None:
        """Take in one item."""
        self.units[item.key] = item.unit.code
        for step in replayed.steps:
            if isinstance(event := step.recorded.event, StockAdded | StockCorrected):
                where = f"{event.location}|{item.key}"
                self.told[event.movement_id] = (event.kind, where, event.change)


async def check_levels(unit: Unit, books: Books, items: Items, found: Findings) -> None:
    """S1 to S4 over every movement, hold and level."""
    moved: dict[str, int] = {}
    shipped: dict[str, Entry] = {}
    told = dict(items.told)
    async for entry in rows(unit, Kind.LEDGER, Entry, name=LEDGER):
        found.saw("movements")
        moved[entry.account] = moved.get(entry.account, 0) + entry.amount
        await _check_movement(entry, books, items, told, found)
        if entry.kind == MovementKind.SHIP:
            if entry.batch in shipped:
                found.broken("S4", f"movement {entry.id}", f"hold {entry.batch} left twice", RESTORE)
            shipped[entry.batch] = entry
    for id in sorted(told):
        found.broken("S1", f"movement {id}", "its SKU's history tells of it, and it is gone", RESTORE)
    held = await _holds(unit, shipped, found)
    seen: set[str] = set()
    async for row in rows(unit, Kind.STOCK, StockRow):
        found.saw("levels")
        seen.add(row.resource)
        _check_level(row, moved.get(row.resource, 0), held.get(row.resource, 0), found)
    for resource in sorted((moved.keys() | held.keys()) - seen):
        found.broken("S1", f"stock {resource}", "movements or holds without a level", COUNT)


async def _check_movement(
    entry: Entry, books: Books, items: Items, told: dict[str, tuple[str, str, int]], found: Findings
) -> None:
    row = f"movement {entry.id}"
    unit = items.units.get(place(entry.account)[1])
    found.expect(entry.unit == unit, "S1", row, f"is counted in {entry.unit}, its SKU in {unit}", RESTORE)
    if entry.kind != MovementKind.SHIP:
        fits = told.pop(entry.id, None) == (entry.kind, entry.account, entry.amount)
        found.expect(fits, "S1", row, "is not what its SKU's history tells", RESTORE)
    match entry.kind:
        case MovementKind.SHIP | MovementKind.RESTOCK:
            prefix = entry.refers_to.partition("_")[0]
            known = prefix in _SALES[entry.kind] and await books.has(_HOMES[prefix], entry.refers_to)
            found.expect(known, "S4", row, f"{entry.kind} for {entry.refers_to or 'nothing'}", RESTORE)
        case MovementKind.RECEIVE:
            found.expect(entry.amount > 0, "S1", row, f"received {entry.amount}", RESTORE)
        case MovementKind.ADJUST | MovementKind.WRITE_OFF:
            pass
        case _:
            found.broken("S1", row, f"nobody knows a movement of the kind {entry.kind!r}", RESTORE)


def _check_level(row: StockRow, moved: int, held: int, found: Findings) -> None:
    name = f"stock {row.resource}"
    found.expect(row.on_hand == moved, "S1", name, f"on hand {row.on_hand}, movements say {moved}", COUNT)
    found.expect(row.held == held, "S2", name, f"held {row.held}, holds say {held}", RESTORE)
    found.expect(0 <= row.held <= row.on_hand, "S3", name, f"{row.held} held of {row.on_hand}", COUNT)


async def _holds(unit: Unit, shipped: dict[str, Entry], found: Findings) -> Mapping[str, int]:
    held: dict[str, int] = {}
    async for hold in rows(unit, Kind.HOLDS, StoredHold):
        found.saw("holds")
        name = f"hold {hold.id}"
        if hold.state in (HoldState.LEASED, HoldState.KEPT):
            held[hold.resource] = held.get(hold.resource, 0) + hold.quantity
        fits = hold.id.startswith(f"{hold.owner}:") and resource_of(hold.id) == hold.resource
        found.expect(fits, "S4", name, f"is of {hold.resource} for {hold.owner}", RESTORE)
        termed = hold.state is not HoldState.LEASED or hold.until is not None
        kept = hold.state is not HoldState.KEPT or hold.until is None
        found.expect(termed and kept, "S4", name, f"is {hold.state} until {hold.until}", RESTORE)
        movement = shipped.pop(hold.id, None)
        taken = hold.state is HoldState.TAKEN
        found.expect(taken == (movement is not None), "S4", name, f"is {hold.state}, its movement {movement}", RESTORE)
        if movement is not None:
            same = (movement.account, -movement.amount) == (hold.resource, hold.quantity)
            found.expect(same, "S4", name, "its shipment movement is of another amount", RESTORE)
    for entry in shipped.values():
        found.broken("S4", f"movement {entry.id}", f"its hold {entry.batch} is gone", RESTORE)
    return held
