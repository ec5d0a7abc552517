"""The books of stock: S1 to S5. Sums are kept per resource, so memory grows with the assortment, not the sales."""

from collections.abc import Mapping

import attrs

from tokolib.desk.verify.streams import Replayed
from tokolib.desk.verify.walk import Findings, rows
from tokolib.fulfilment.model import Shipment
from tokolib.inventory.model import LEDGER, MovementKind, place
from tokolib.kernel.hosting import resolved
from tokolib.kernel.storage import Entry, HoldState, Kind, Page, StockRow, StoredHold
from tokolib.kernel.unit import Unit
from tokolib.orders import goods
from tokolib.orders.events import GoodsShipped, OrderPlaced, OrderReinstated, OrderRequested
from tokolib.orders.model import Order, OrderState
from tokolib.returns.model import Return

_COUNT = "count the goods and adjust"
_RESTORE = "restore the row from a backup"


async def check_levels(unit: Unit, found: Findings) -> None:
    """S1 to S4 over every movement, hold and level."""
    moved: dict[str, int] = {}
    shipped: dict[str, Entry] = {}
    async for entry in rows(unit, Kind.LEDGER, Entry, name=LEDGER):
        found.saw("movements")
        moved[entry.account] = moved.get(entry.account, 0) + entry.amount
        if entry.kind == MovementKind.SHIP:
            if entry.batch in shipped:
                found.broken("S4", f"movement {entry.id}", f"hold {entry.batch} left twice", _RESTORE)
            shipped[entry.batch] = entry
    held = await _holds(unit, shipped, found)
    seen: set[str] = set()
    async for row in rows(unit, Kind.STOCK, StockRow):
        found.saw("levels")
        seen.add(row.resource)
        _check_level(row, moved.get(row.resource, 0), held.get(row.resource, 0), found)
    for resource in sorted((moved.keys() | held.keys()) - seen):
        if moved.get(resource, 0) or held.get(resource, 0):
            found.broken("S1", f"stock {resource}", "movements or holds without a level", _COUNT)


def _check_level(row: StockRow, moved: int, held: int, found: Findings) -> None:
    name = f"stock {row.resource}"
    found.expect(row.on_hand == moved, "S1", name, f"on hand {row.on_hand}, movements say {moved}", _COUNT)
    found.expect(row.held == held, "S2", name, f"held {row.held}, holds say {held}", _RESTORE)
    found.expect(0 <= row.held <= row.on_hand, "S3", name, f"{row.held} held of {row.on_hand}", _COUNT)


async def _holds(unit: Unit, shipped: dict[str, Entry], found: Findings) -> Mapping[str, int]:
    held: dict[str, int] = {}
    async for hold in rows(unit, Kind.HOLDS, StoredHold):
        found.saw("holds")
        if hold.state in (HoldState.LEASED, HoldState.KEPT):
            held[hold.resource] = held.get(hold.resource, 0) + hold.quantity
        movement = shipped.pop(hold.id, None)
        taken = hold.state is HoldState.TAKEN
        fits = movement is not None and (movement.account, -movement.amount) == (hold.resource, hold.quantity)
        found.expect(
            taken == (movement is not None), "S4", f"hold {hold.id}", f"{hold.state}, movement: {fits}", _RESTORE
        )
        if movement is not None:
            found.expect(fits, "S4", f"hold {hold.id}", "its shipment movement is of another amount", _RESTORE)
    for entry in shipped.values():
        found.broken("S4", f"movement {entry.id}", f"its hold {entry.batch} is gone", _RESTORE)
    return held


@attrs.define
class Owners:
    """Which holds the orders know of, gathered from their histories."""

    known: set[str] = attrs.field(factory=set)

    def learn(self, replayed: Replayed) -> None:
        """Take in every hold that an order's history names."""
        for step in replayed.steps:
            match step.recorded.event:
                case OrderRequested(order=order):
                    self.known.update(order.holds)
                case OrderPlaced(holds=holds) | OrderReinstated(holds=holds) | GoodsShipped(holds=holds):
                    self.known.update(holds)
                case _:
                    pass


async def check_owners(unit: Unit, owners: Owners, found: Findings) -> None:
    """S4: every hold of an order is named in its history or has left with a shipment, and none is missing."""
    known = set(owners.known)
    async for hold in rows(unit, Kind.HOLDS, StoredHold):
        if hold.owner.startswith("ord_") and hold.state is not HoldState.TAKEN and hold.id not in owners.known:
            found.broken("S4", f"hold {hold.id}", "no order knows it", _RESTORE)
        known.discard(hold.id)
    for id in sorted(known):
        found.broken("S4", f"hold {id}", "an order's hold is gone", _RESTORE)


async def check_order(unit: Unit, order: Order, found: Findings) -> None:
    """S5: what an order holds fits what it still has to ship, and its lines are in order."""
    row = f"order {order.id}"
    for line in order.lines:
        in_order = 0 <= line.returned_units <= line.shipped <= line.units and line.delivered_units <= line.shipped
        found.expect(in_order and line.open >= 0, "S5", row, f"line {line.id}: its units don't add up", _RESTORE)
    if order.ending:
        found.expect(not order.holds, "S5", row, f"it is {order.state} and holds stock", "release its holds")
    if order.state is OrderState.PENDING_PAYMENT:
        return  # its leases may have run out; that is seen when the money comes, or when it expires
    held: dict[str, int] = {}
    for hold in (await unit.holds(order.holds)).values():
        key = place(hold.resource)[1]
        held[key] = held.get(key, 0) + hold.quantity
    if order.holds:
        wanted = goods.of_open(order)
        found.expect(held == wanted, "S5", row, f"holds {held}, has {wanted} to ship", _RESTORE)


async def check_shipment(unit: Unit, shipment: Shipment, order: Order | None, found: Findings) -> None:
    """S4: what left with a shipment is what its units are made of."""
    if order is None or not order.takes_at_shipment:
        return
    await _moved(unit, shipment.id, MovementKind.SHIP, goods.of_runs(order, shipment.runs), -1, found)


async def check_return(unit: Unit, goods_back: Return, order: Order | None, found: Findings) -> None:
    """S5: what came back with a return is what its units are made of."""
    if order is None or goods_back.accepted_at is None:
        return
    wanted = goods.of_runs(order, [line.run for line in goods_back.lines])
    await _moved(unit, goods_back.id, MovementKind.RESTOCK, wanted, 1, found)


async def _moved(
    unit: Unit, id: str, kind: MovementKind, wanted: Mapping[str, int], sign: int, found: Findings
) -> None:
    moved: dict[str, int] = {}
    after: str | None = None
    while True:
        page: Page[Entry] = await resolved(unit.work.ledger(LEDGER, refers_to=id, after=after))
        for entry in page.items:
            if entry.kind == kind:
                key = place(entry.account)[1]
                moved[key] = moved.get(key, 0) + sign * entry.amount
        if page.after is None:
            break
        after = page.after
    found.expect(
        moved == dict(wanted),
        "S4" if sign < 0 else "S5",
        f"goods of {id}",
        f"moved {moved}, not {dict(wanted)}",
        _RESTORE,
    )
