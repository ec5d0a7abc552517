"""Stock that orders hold, ship and get back: S4, S5 and L3. Each order tells what there must be; the rows have it."""

from collections.abc import Callable, Iterable, Mapping

from tokolib.desk.verify.movements import RESTORE, Movements
from tokolib.desk.verify.streams import Replayed
from tokolib.desk.verify.tally import Tally
from tokolib.desk.verify.walk import Findings
from tokolib.fulfilment.model import Remedy, Shipment, ShipmentState
from tokolib.inventory.model import MovementKind, StockState, resource
from tokolib.kernel.rows import HoldState, StoredHold
from tokolib.kernel.unit_set import NO_UNITS, UnitSet
from tokolib.orders import goods
from tokolib.orders.amending import brought
from tokolib.orders.events import (
    GoodsShipped,
    OrderAmended,
)
from tokolib.orders.lines import OrderLine, Run, by_line
from tokolib.orders.model import Order, OrderState
from tokolib.returns.model import Disposition, Return
from tokolib.returns.putting_away import SHELVES

_NOT_HERE = (Disposition.UNDELIVERED, Disposition.KEPT)

"""What the ids of those begin with for whom goods are held: orders and offers."""


def check_order(
    replayed: Replayed, order: Order, standing: Mapping[str, StoredHold], movements: Movements, found: Findings
) -> None:
    """S5 and L3: what an order holds (*standing*, by id) fits what it still has to ship, and its lines are in order."""
    row = f"order {order.id}"
    for line in order.lines:
        found.expect(_in_order(line), "S5", row, f"line {line.id}: its units don't add up", RESTORE)
        torn = f"line {line.id}: a unit of it leaves from no place, or from two"
        found.expect(_is_sourced(line), "S5", row, torn, RESTORE)
    ended = order.state in (OrderState.CANCELLED, OrderState.EXPIRED)
    if ended:
        found.expect(not order.holds, "S5", row, f"it is {order.state} and holds stock", "release its holds")
    held: dict[str, int] = {}
    for id in order.holds:
        if (hold := standing.get(id)) is not None:
            name, fits = hold.resource, _may_be(hold, order)
            held[name] = held.get(name, 0) + (hold.quantity if fits else 0)
            found.expect(fits, "S5", row, f"hold {hold.id} is {hold.state} until {hold.until}", RESTORE)
    holds = order.state is OrderState.PENDING_PAYMENT or (order.takes_at_shipment and not ended)
    wanted = goods.open_resources(order) if holds else {}
    for name in sorted(held.keys() | wanted.keys()):
        has, needs = held.get(name, 0), wanted.get(name, 0)
        promise = "L3" if has < needs else "S5"
        found.expect(has == needs, promise, row, f"holds {has} of {name}, has {needs} to ship", RESTORE)
    if order.placed_at is not None and not order.takes_at_shipment:
        stayed = _exchanged(replayed, order)
        whole = goods.of_lines((line.line for line in order.lines), order.location)
        gone = goods.resources(order, [run for each in order.cancellations for run in each.runs])
        _left(order.id, goods.keyed(goods.less_by(whole, stayed)), movements.left)
        _came(order.id, MovementKind.RESTOCK, goods.keyed(goods.less_by(gone, stayed)), movements.back)


def _is_sourced(line: OrderLine) -> bool:
    """Whether each unit leaves from one place."""
    spans = [span for each in line.sources for span in each.units.spans]
    once = sum(beyond - first for first, beyond in spans) == line.units
    return not line.sources or (once and UnitSet.of(spans) == UnitSet.whole(line.units))


def _exchanged(replayed: Replayed, order: Order) -> dict[str, int]:
    """What edits took out of an order and put in again, by resource: it never moved."""
    stayed: dict[str, int] = {}
    for step in replayed.steps:
        if isinstance(event := step.recorded.event, OrderAmended):
            added, more = goods.of_lines(event.lines, order.location), brought(order, event)
            for name, steps in goods.less_by(added, more).items():
                stayed[name] = stayed.get(name, 0) + steps
    return stayed


def _left(id: str, units: Mapping[str, int], left: Tally) -> None:
    for key, steps in units.items():
        left.said(f"{MovementKind.SHIP} of {key} for {id}", amount=-steps)


def _came(id: str, kind: MovementKind, units: Mapping[str, int], back: Tally) -> None:
    sign = -1 if kind is MovementKind.WRITE_OFF else 1
    for key, steps in units.items():
        back.said(f"{kind} of {key} for {id}", amount=sign * steps)


def _may_be(hold: StoredHold, order: Order) -> bool:
    """Whether an order may have such a hold: one that waits for money under a lease, any other for good."""
    if order.state is not OrderState.PENDING_PAYMENT:
        return hold.state is HoldState.KEPT
    return hold.state in (HoldState.LEASED, HoldState.EXPIRED) and hold.until == order.due_until


def _in_order(line: OrderLine) -> bool:
    """Whether each unit of *line* has one story: what came back or arrived had left, and nothing cancelled has."""
    gone = line.shipped | line.cancelled
    return (
        gone <= UnitSet.whole(line.units)
        and not line.shipped & line.cancelled
        and line.returned | line.delivered | line.undelivered <= line.shipped
        and line.planned <= line.open
        and not line.undelivered & (line.delivered | line.returned)
    )


def say_units(order: Order, units: Tally) -> None:
    """F1: the units that shipments have claimed, taken along and not brought, as their order tells."""
    for line in order.lines:
        for bucket in ("planned", "shipped", "undelivered"):
            _numbered(units.said, f"order {order.id}", line.id, bucket, getattr(line, bucket))


def _numbered(side: Callable[..., None], row: str, line_id: str, bucket: str, units: UnitSet) -> None:
    """How many units of a line are in a bucket, and the sum of their numbers, so that none is taken for another."""
    for first, beyond in units.spans:
        side(row, f"units of line {line_id} that are {bucket}", amount=beyond - first)
        side(row, f"numbers of line {line_id} that are {bucket}", amount=(first + beyond - 1) * (beyond - first) // 2)


def check_units(shipment: Shipment, units: Tally) -> None:
    """F1: the units of a shipment are where its order says; those that are sent again are another shipment's."""
    again = shipment.remedy is Remedy.RESHIP
    buckets = {
        "planned": shipment.runs if shipment.is_here else (),
        "shipped": () if shipment.handed_over_at is None else shipment.runs,
        "undelivered": shipment.astray if shipment.waits else (),
    }
    astray = by_line(shipment.astray if again else ())
    for bucket, runs in buckets.items():
        for line_id, found in by_line(runs).items():
            _numbered(units.found, f"order {shipment.order_id}", line_id, bucket, found - astray.get(line_id, NO_UNITS))


def say_shipped(replayed: Replayed, order: Order, shipments: Tally, left: Tally) -> None:
    """S4: what left with each shipment of an order, as its history tells."""
    for step in replayed.steps:
        if isinstance(event := step.recorded.event, GoodsShipped):
            shipments.said(f"shipment {event.shipment_id}", order.id, *event.runs)
            if order.takes_at_shipment:
                _left(event.shipment_id, goods.of_runs(order, event.runs), left)


def check_shipment(shipment: Shipment, shipments: Tally) -> None:
    """S4: a shipment that has left has the units that its order tells of."""
    if shipment.handed_over_at is not None:
        shipments.found(f"shipment {shipment.id}", shipment.order_id, *shipment.runs)


def check_parcels(shipment: Shipment, found: Findings) -> None:
    """F2: what is in parcels is what the shipment has, each unit once."""
    if not shipment.parcels:
        return
    packed = [run for each in shipment.parcels for run in each.runs]
    same = by_line(packed) == by_line(shipment.runs) and _count(packed) == _count(shipment.runs)
    told = f"{_count(packed)} units are in its parcels, and it has {_count(shipment.runs)}"
    found.expect(same, "F2", f"shipment {shipment.id}", told, "look into the parcels, and pack it anew")


def _count(runs: Iterable[Run]) -> int:
    return sum(run.units for run in runs)


def check_astray(shipment: Shipment, order: Order | None, movements: Movements) -> None:
    """S4 and S5: what came back with a shipment is in stock, and what was taken at the sale is taken again."""
    if order is None:
        return
    astray = goods.of_runs(order, shipment.astray)
    if shipment.state is ShipmentState.RETURNED:
        _came(shipment.id, MovementKind.RESTOCK, astray, movements.back)
    if shipment.remedy is Remedy.RESHIP and not order.takes_at_shipment:
        _left(shipment.id, astray, movements.left)


def check_return(goods_back: Return, order: Order | None, back: Tally) -> None:
    """S5: what came back with a return is what its units are made of, each at its place and in its state; and so is
    what was written off of it.
    """
    if order is None or goods_back.accepted_at is None:
        return
    for line in goods_back.lines:
        if line.disposition in _NOT_HERE or line.location is None:
            continue
        state = SHELVES.get(line.disposition, StockState.SELLABLE)
        units = goods.of_runs(order, [line.run])
        there = {resource(line.location, key, state): steps for key, steps in units.items()}
        _came(goods_back.id, MovementKind.RESTOCK, there, back)
        if line.disposition is Disposition.WRITE_OFF:
            _came(goods_back.id, MovementKind.WRITE_OFF, there, back)
