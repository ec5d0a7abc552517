"""Each hold is told of by whoever it is for, whole or cut: no goods are held for nobody."""

from collections.abc import Callable, Sequence
from typing import Final

from tokolib.desk.verify.exchanges import OWNERS
from tokolib.desk.verify.movements import RESTORE
from tokolib.desk.verify.streams import Replayed
from tokolib.desk.verify.tally import Tally
from tokolib.desk.verify.walk import Findings, posted, rows
from tokolib.inventory.holds import halves, resource_of
from tokolib.inventory.model import LEDGER, MovementKind
from tokolib.kernel.rows import HoldState, Kind, StoredHold
from tokolib.kernel.unit import Unit
from tokolib.orders import goods
from tokolib.orders.amending import brought
from tokolib.orders.events import (
    GoodsAllocated,
    GoodsRelocated,
    GoodsReopened,
    GoodsShipped,
    OrderAmended,
    OrderPlaced,
    OrderReinstated,
    OrderRequested,
    UnitsCancelled,
)
from tokolib.orders.model import Order
from tokolib.orders.relocating import brought as relocated

STANDING: Final = (HoldState.LEASED, HoldState.KEPT)
_OWNERS: Final = ("ord_", "off_")


async def say_holds(unit: Unit, replayed: Replayed, order: Order, holds: Tally) -> None:
    """S4: the holds that there must be for an order, whole ones with what they are of."""
    known: set[str] = set()
    added: dict[str, int] = {}  # what was held beside what was agreed: for more units, or for units once more
    for step in replayed.steps:
        match step.recorded.event:
            case OrderRequested(order=requested):
                known.update(requested.holds)
            case OrderPlaced(holds=named) | OrderReinstated(holds=named) | GoodsShipped(holds=named):
                known.update(named)
            case UnitsCancelled(holds=named):
                known.update(named)
            case OrderAmended() as event:
                known.update(event.holds)
                more = brought(order, event)
                added |= {id: more.get(resource_of(id), 0) for id in event.held}
            case GoodsReopened(runs=runs, held=made, holds=named) | GoodsAllocated(runs=runs, held=made, holds=named):
                known.update(named)
                again = goods.resources(then if isinstance(then := step.after, Order) else order, runs)
                added |= {id: again.get(resource_of(id), 0) for id in made}
            case GoodsRelocated() as event:
                known.update(event.holds)
                there = relocated(order, event)
                added |= {id: there.get(resource_of(id), 0) for id in event.held}
            case _:
                pass
    if not order.takes_at_shipment and order.placed_at is not None:
        known.update(await _taken_at_order(unit, order.id))
    whole = goods.of_lines(order.agreed[0], order.location)
    for id in known | added.keys():
        steps = added[id] if id in added else whole.get(resource_of(id), 0)
        _tell(holds.said, id, steps)


async def _taken_at_order(unit: Unit, order_id: str) -> set[str]:
    """The holds that were taken when an order was placed: its history doesn't name those that were made just then."""
    return {entry.batch async for entry in posted(unit, LEDGER, refers_to=order_id) if entry.kind == MovementKind.SHIP}


async def check_holds(unit: Unit, holds: Tally, set_aside: Tally, found: Findings) -> None:
    """S4: every hold of an order is told of by it, or was cut from one that is. An owner's holds follow each other,
    since their ids begin with it. C1: every hold that was *set aside* for an exchange is told of by it.
    """
    group: list[StoredHold] = []
    async for hold in rows(unit, Kind.HOLDS, StoredHold, found):
        if group and group[0].owner != hold.owner:
            _check_group(group, holds, found)
            group = []
        if hold.owner.startswith(OWNERS):
            set_aside.found(f"hold {hold.id}", f"of {hold.quantity}")
            continue
        group.append(hold)
    if group:
        _check_group(group, holds, found)


def _check_group(group: Sequence[StoredHold], holds: Tally, found: Findings) -> None:
    if not group[0].owner.startswith(_OWNERS):  # goods that were counted away from under a lease, and it with them
        for hold in group:
            stands = hold.state in STANDING
            found.expect(not stands, "S4", f"hold {hold.id}", f"is for {hold.owner}, who is not there", RESTORE)
            once = _number(hold.id) == "1"
            found.expect(once, "S4", f"hold {hold.id}", "is one more than its movement made", RESTORE)
        return
    by_id = {hold.id: hold for hold in group}
    cut: set[str] = set()
    for hold in group:
        cuts = _cuts(hold)
        if cuts % 2 == 0:
            _tell(holds.found, hold.id, hold.quantity)
            parts = [by_id[id] for id in halves(hold.id) if id in by_id]
            cut.update(part.id for part in parts)
            total = sum([part.quantity for part in parts]) if parts else hold.quantity
            found.expect(total == hold.quantity, "S4", f"hold {hold.id}", f"was cut into {total}", RESTORE)
            ended = not parts or hold.state is HoldState.RELEASED
            found.expect(ended, "S4", f"hold {hold.id}", f"was cut, and is {hold.state}", RESTORE)
    for hold in group:
        if _cuts(hold) and hold.id not in cut:
            found.broken("S4", f"hold {hold.id}", "is a part of none", RESTORE)


def _tell(side: Callable[..., None], id: str, quantity: int) -> None:
    """A hold as the order and the row tell it: only of a whole one the order knows how much it is of."""
    _, _, cuts = _number(id).partition(".")
    side(f"hold {id}", *(() if cuts else (f"of {quantity}",)))


def _cuts(hold: StoredHold) -> int:
    """0 for a hold as it was made, odd for a part that was cut off in order to leave, even for what then stayed."""
    _, _, cuts = _number(hold.id).partition(".")
    return int(cuts) if cuts.isdecimal() else 0


def _number(id: str) -> str:
    """The attempt in a hold's id, with its cut behind a dot."""
    return id.removesuffix(f":{resource_of(id)}").rpartition(":")[2]
