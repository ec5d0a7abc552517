"""Movements and levels: S1 to S4. Sums are kept per resource, so memory grows with the assortment, not the sales."""

from collections.abc import Mapping

import attrs

from tokolib.desk.verify.streams import Step
from tokolib.desk.verify.tally import Tally
from tokolib.desk.verify.walk import Findings, rows
from tokolib.inventory.backorder import BACKORDER, Backorder
from tokolib.inventory.events import StockAdded, StockCorrected, StockMoved
from tokolib.inventory.expected.model import ExpectedReceipt
from tokolib.inventory.holds import resource_of
from tokolib.inventory.lots.model import is_lot
from tokolib.inventory.model import LEDGER, MovementKind, StockItem, StockState, Tracked, place, resource, state_of
from tokolib.inventory.transfers.model import Transfer
from tokolib.kernel.rows import Entry, HoldState, Kind, StockRow, StoredHold
from tokolib.kernel.unit import Unit

COUNT = "count the goods and adjust"
RESTORE = "restore the row from a backup"
_FOR: Mapping[str, tuple[str, ...]] = {
    MovementKind.SHIP: ("shp", "ord"),
    MovementKind.RESTOCK: ("ret", "ord", "shp"),
    MovementKind.WRITE_OFF: ("ret",),
}
"""What movements of these kinds are done for: what tells of them, by how its id begins."""


@attrs.define
class Movements:
    """What must be of movements, and is: by the histories of SKUs, of orders and of returns."""

    units: dict[str, str] = attrs.field(factory=dict)
    """How each SKU is counted."""
    on_its_way: dict[str, int] = attrs.field(factory=dict)
    """What open transfers have in transit, by resource."""
    promisable: dict[str, int] = attrs.field(factory=dict)
    """What backorders say that may be promised, by resource."""
    tracked: dict[str, Tracked] = attrs.field(factory=dict)
    """How each SKU is tracked."""
    findable: set[str] = attrs.field(factory=set)
    """Where lots say that some of them may be, as resources of theirs."""
    came: Tally = attrs.field(factory=lambda: Tally("S9", RESTORE))
    """What has come of each expected receipt."""
    lots: Tally = attrs.field(factory=lambda: Tally("S8", RESTORE))
    """What each movement of a tracked SKU carries, and the rows of its lots."""
    told: Tally = attrs.field(factory=lambda: Tally("S1", RESTORE))
    """Every movement that no hold led to, as its SKU's history tells of it."""
    left: Tally = attrs.field(factory=lambda: Tally("S4", RESTORE))
    """What left with each shipment, or for each order."""
    back: Tally = attrs.field(factory=lambda: Tally("S5", RESTORE))
    """What came back with each return, or from each cancelled order, and what of it was written off."""
    taken: Tally = attrs.field(factory=lambda: Tally("S4", RESTORE))
    """The holds that were taken, and the movements that they led to."""

    def learn(self, id: str, step: Step) -> None:
        """Take in one step of a SKU's history."""
        if not isinstance(item := step.after, StockItem):
            return
        self.units[item.key] = item.unit.code
        self.tracked[item.key] = item.tracked
        match event := step.recorded.event:
            case StockAdded() | StockCorrected():
                where = _resource(event.location, item.key, event.state)
                self.told.said(f"movement {event.movement_id}", event.kind, where, event.change)
            case StockMoved():
                out = _resource(event.from_location, item.key, event.from_state)
                into = _resource(event.to_location, item.key, event.to_state)
                self.told.said(f"movement {event.out_id}", MovementKind.MOVE.value, out, -event.change)
                self.told.said(f"movement {event.in_id}", MovementKind.MOVE.value, into, event.change)
            case _:
                pass


def _resource(location: str, key: str, state: str) -> str:
    """As `inventory.model.resource` names it, for whatever state an event tells."""
    return f"{location}|{key}" if state == StockState.SELLABLE else f"{location}|{key}|{state}"


def say_transfer(transfer: Transfer, movements: Movements) -> None:
    """S6: what is in transit by a transfer."""
    for key, steps in transfer.on_its_way.items():
        where = resource(transfer.target, key, StockState.TRANSIT)
        movements.on_its_way[where] = movements.on_its_way.get(where, 0) + steps


def say_receipt(receipt: ExpectedReceipt, movements: Movements) -> None:
    """S9: what has come of an expected receipt."""
    if receipt.arrived:
        movements.came.said(f"expected receipt {receipt.id}", receipt.key, amount=receipt.arrived)


def say_backorder(backorder: Backorder, movements: Movements) -> None:
    """S10: what may be promised beyond the stock."""
    movements.promisable[backorder.resource] = backorder.steps


async def check_levels(unit: Unit, movements: Movements, found: Findings) -> None:
    """S1 to S4, S6 and S10 over every movement, hold and level."""
    moved: dict[str, int] = {}
    async for entry in rows(unit, Kind.LEDGER, Entry, found, name=LEDGER):
        found.saw("movements")
        moved[entry.account] = moved.get(entry.account, 0) + entry.amount
        _check_movement(entry, movements, found)
    held = await _holds(unit, movements.taken, found)
    seen: set[str] = set()
    async for row in rows(unit, Kind.STOCK, StockRow, found):
        if is_lot(row.resource):
            continue
        found.saw("levels")
        seen.add(row.resource)
        if state_of(row.resource) == BACKORDER:
            _check_promises(row, movements.promisable.pop(row.resource, 0), held.get(row.resource, 0), found)
            continue
        _check_level(row, moved.get(row.resource, 0), held.get(row.resource, 0), found)
        if state_of(row.resource) == StockState.TRANSIT:
            sent = movements.on_its_way.pop(row.resource, 0)
            told = f"in transit {row.on_hand}, open transfers say {sent}"
            found.expect(row.on_hand == sent, "S6", f"stock {row.resource}", told, RESTORE)
    for missing in sorted({name for name, steps in (*moved.items(), *held.items()) if steps} - seen):
        found.broken("S1", f"stock {missing}", "movements or holds without a level", COUNT)
    for missing in sorted(name for name, steps in movements.promisable.items() if steps):
        found.broken("S10", f"stock {missing}", "may be promised by its backorder, and has no level", RESTORE)
    for missing in sorted(movements.on_its_way):
        found.broken("S6", f"stock {missing}", "sent by a transfer, and in transit nowhere", RESTORE)


def _check_movement(entry: Entry, movements: Movements, found: Findings) -> None:
    row, key = f"movement {entry.id}", place(entry.account)[1]
    unit = movements.units.get(key)
    found.expect(entry.unit == unit, "S1", row, f"is counted in {entry.unit}, its SKU in {unit}", RESTORE)
    if movements.tracked.get(key, Tracked.NONE) is not Tracked.NONE:
        details = (entry.batch, entry.kind, entry.refers_to)
        movements.lots.said(f"lots of {entry.account}", *details, amount=entry.amount)
    if entry.kind == MovementKind.SHIP:
        movements.taken.found(f"hold {entry.batch}", entry.account, -entry.amount)
    else:
        movements.told.found(row, entry.kind, entry.account, entry.amount)
    match entry.kind:
        case MovementKind.SHIP | MovementKind.RESTOCK | MovementKind.WRITE_OFF:
            known = entry.refers_to.partition("_")[0] in _FOR[entry.kind]
            if known:
                tally = movements.left if entry.kind == MovementKind.SHIP else movements.back
                of = entry.account if entry.refers_to.startswith("ret_") else key
                tally.found(f"{entry.kind} of {of} for {entry.refers_to}", amount=entry.amount)
            lost = entry.kind == MovementKind.WRITE_OFF
            found.expect(known or lost, "S4", row, f"{entry.kind} for {entry.refers_to or 'nothing'}", RESTORE)
        case MovementKind.RECEIVE:
            if entry.refers_to.startswith("exp_"):
                movements.came.found(f"expected receipt {entry.refers_to}", key, amount=entry.amount)
            found.expect(entry.amount > 0, "S1", row, f"received {entry.amount}", RESTORE)
        case MovementKind.ADJUST | MovementKind.MOVE:
            pass
        case _:
            found.broken("S1", row, f"nobody knows a movement of the kind {entry.kind!r}", RESTORE)


def _check_level(row: StockRow, moved: int, held: int, found: Findings) -> None:
    name = f"stock {row.resource}"
    found.expect(row.on_hand == moved, "S1", name, f"on hand {row.on_hand}, movements say {moved}", COUNT)
    found.expect(row.held == held, "S2", name, f"held {row.held}, holds say {held}", RESTORE)
    found.expect(0 <= row.held <= row.on_hand, "S3", name, f"{row.held} held of {row.on_hand}", COUNT)


def _check_promises(row: StockRow, limit: int, held: int, found: Findings) -> None:
    """What may be promised is no stock: nothing moves there, and its backorder says how much it is."""
    name = f"stock {row.resource}"
    found.expect(row.on_hand == limit, "S10", name, f"{row.on_hand} may be promised, not {limit}", RESTORE)
    found.expect(row.held == held, "S2", name, f"held {row.held}, holds say {held}", RESTORE)
    found.expect(0 <= row.held <= row.on_hand, "S10", name, f"{row.held} promised of {row.on_hand}", RESTORE)


async def _holds(unit: Unit, taken: Tally, found: Findings) -> Mapping[str, int]:
    held: dict[str, int] = {}
    async for hold in rows(unit, Kind.HOLDS, StoredHold, found):
        found.saw("holds")
        name = f"hold {hold.id}"
        if hold.state in (HoldState.LEASED, HoldState.KEPT):
            held[hold.resource] = held.get(hold.resource, 0) + hold.quantity
        fits = hold.id.startswith(f"{hold.owner}:") and resource_of(hold.id) == hold.resource
        found.expect(fits, "S4", name, f"is of {hold.resource} for {hold.owner}", RESTORE)
        termed = hold.state is not HoldState.LEASED or hold.until is not None
        kept = hold.state is not HoldState.KEPT or hold.until is None
        found.expect(termed and kept, "S4", name, f"is {hold.state} until {hold.until}", RESTORE)
        if hold.state is HoldState.TAKEN:
            taken.said(name, hold.resource, hold.quantity)
    return held
