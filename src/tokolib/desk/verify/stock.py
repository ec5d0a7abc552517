"""Stock that orders hold, ship and get back: S4 and S5."""

from collections.abc import Mapping, Sequence

import attrs

from tokolib.desk.verify.books import Books
from tokolib.desk.verify.movements import RESTORE
from tokolib.desk.verify.streams import Replayed
from tokolib.desk.verify.walk import Findings, rows
from tokolib.fulfilment.model import Shipment
from tokolib.inventory.holds import halves
from tokolib.inventory.model import LEDGER, MovementKind, place
from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import Entry, HoldState, Kind, Page, StoredHold
from tokolib.kernel.unit import Unit
from tokolib.orders import goods
from tokolib.orders.events import GoodsShipped, OrderPlaced, OrderReinstated, OrderRequested
from tokolib.orders.model import Order, OrderState
from tokolib.returns.model import Disposition, Return

_STANDING = (HoldState.LEASED, HoldState.KEPT)


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


async def check_owners(unit: Unit, books: Books, owners: Owners, found: Findings) -> None:
    """S4: every hold of an order is named in its history or was cut from one that is, and none is missing.

    An owner's holds follow each other, since their ids begin with it.
    """
    missing = set(owners.known)
    group: list[StoredHold] = []
    async for hold in rows(unit, Kind.HOLDS, StoredHold):
        missing.discard(hold.id)
        if group and group[0].owner != hold.owner:
            await _check_group(group, books, owners, found)
            group = []
        group.append(hold)
    if group:
        await _check_group(group, books, owners, found)
    for id in sorted(missing):
        found.broken("S4", f"hold {id}", "an order's hold is gone", RESTORE)


async def _check_group(group: Sequence[StoredHold], books: Books, owners: Owners, found: Findings) -> None:
    order = await books.find("orders", group[0].owner, Order)
    holds = {hold.id: hold for hold in group}
    whole = goods.of_lines(line.line for line in order.lines) if order else {}
    cut: set[str] = set()
    for hold in group:
        if order is None:
            stands = hold.state in _STANDING or hold.owner.startswith("ord_")
            found.expect(not stands, "S4", f"hold {hold.id}", f"is for {hold.owner}, who is not there", RESTORE)
            continue
        cuts = _cuts(hold)
        parts = [holds[id] for id in halves(hold.id) if id in holds] if cuts % 2 == 0 else []
        cut.update(part.id for part in parts)
        wanted = hold.quantity if cuts else whole.get(place(hold.resource)[1], 0)
        total = sum(part.quantity for part in parts) if parts else hold.quantity
        fits = hold.quantity == wanted == total
        found.expect(fits, "S4", f"hold {hold.id}", f"is of {hold.quantity}, not of {wanted}", RESTORE)
        ended = not parts or hold.state is HoldState.RELEASED
        found.expect(ended, "S4", f"hold {hold.id}", f"was cut, and is {hold.state}", RESTORE)
    if order is not None:
        at_once = {hold.id for hold in group if hold.state is HoldState.TAKEN and not order.takes_at_shipment}
        for id in sorted(holds.keys() - owners.known - cut - at_once):
            found.broken("S4", f"hold {id}", "no order knows it", RESTORE)


def _cuts(hold: StoredHold) -> int:
    """0 for a hold as it was made, odd for a part that was cut off in order to leave, even for what then stayed."""
    number = hold.id.removesuffix(f":{hold.resource}").rpartition(":")[2].partition(".")[2]
    return int(number) if number.isdecimal() else 0


async def check_order(unit: Unit, order: Order, found: Findings) -> None:
    """S5: what an order holds fits what it still has to ship, and its lines are in order."""
    row = f"order {order.id}"
    for line in order.lines:
        in_order = 0 <= line.returned_units <= line.shipped <= line.units and line.delivered_units <= line.shipped
        found.expect(in_order and line.open >= 0, "S5", row, f"line {line.id}: its units don't add up", RESTORE)
    ended = order.state in (OrderState.CANCELLED, OrderState.EXPIRED)
    if ended:
        found.expect(not order.holds, "S5", row, f"it is {order.state} and holds stock", "release its holds")
    held: dict[str, int] = {}
    for hold in (await unit.holds(order.holds)).values():
        held[place(hold.resource)[1]] = held.get(place(hold.resource)[1], 0) + hold.quantity
        found.expect(_may_be(hold, order), "S5", row, f"hold {hold.id} is {hold.state} until {hold.until}", RESTORE)
    holds = order.state is OrderState.PENDING_PAYMENT or (order.takes_at_shipment and not ended)
    wanted = goods.of_open(order) if holds else {}
    found.expect(held == wanted, "S5", row, f"holds {held}, has {wanted} to ship", RESTORE)
    if order.placed_at is not None and not order.takes_at_shipment:
        whole = goods.of_lines(line.line for line in order.lines)
        await _moved(unit, order.id, MovementKind.SHIP, whole, -1, found)
        back = whole if order.state is OrderState.CANCELLED else {}
        await _moved(unit, order.id, MovementKind.RESTOCK, back, 1, found)


def _may_be(hold: StoredHold, order: Order) -> bool:
    """Whether an order may have such a hold: one that waits for money under a lease, any other for good."""
    if order.state is not OrderState.PENDING_PAYMENT:
        return hold.state is HoldState.KEPT
    return hold.state in (HoldState.LEASED, HoldState.EXPIRED) and hold.until == order.due_until


async def check_shipment(unit: Unit, shipment: Shipment, order: Order | None, found: Findings) -> None:
    """S4: what left with a shipment is what its units are made of."""
    if order is None:
        found.broken("S4", f"shipment {shipment.id}", f"its order {shipment.order_id} is gone", RESTORE)
    elif order.takes_at_shipment:
        await _moved(unit, shipment.id, MovementKind.SHIP, goods.of_runs(order, shipment.runs), -1, found)


async def check_return(unit: Unit, goods_back: Return, order: Order | None, found: Findings) -> None:
    """S5: what came back with a return is what its units are made of, and so is what was written off of it."""
    if order is None or goods_back.accepted_at is None:
        return
    wanted = goods.of_runs(order, [line.run for line in goods_back.lines])
    await _moved(unit, goods_back.id, MovementKind.RESTOCK, wanted, 1, found)
    lost = [line.run for line in goods_back.lines if line.disposition is Disposition.WRITE_OFF]
    await _moved(unit, goods_back.id, MovementKind.WRITE_OFF, goods.of_runs(order, lost), -1, found)


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
    promise = "S5" if kind is MovementKind.RESTOCK else "S4"
    found.expect(moved == dict(wanted), promise, f"goods of {id}", f"{kind} {moved}, not {dict(wanted)}", RESTORE)
