"""Open units of an order are to leave from another place: held there, and free where they were, in one unit."""

from tokolib.inventory import steps as stock
from tokolib.inventory.model import resource
from tokolib.inventory.register import known
from tokolib.kernel.ids import LocationId, OrderId
from tokolib.kernel.unit import Unit
from tokolib.kernel.unit_set import UnitSet
from tokolib.orders import goods
from tokolib.orders.events import GoodsRelocated
from tokolib.orders.lifecycle import check
from tokolib.orders.model import Order
from tokolib.orders.places import units_at
from tokolib.orders.ports import ORDERS
from tokolib.orders.unit_errors import NotRelocatable
from tokolib.orders.units import Wanted, chosen, runs_of


async def relocate(unit: Unit, order_id: OrderId, wanted: Wanted | None, location: str, reason: str) -> Order:
    """The order with units leaving from *location*: all open ones that don't yet, or *wanted* of them, the first ones.

    Units that wait for stock where they were have it here.

    Raises:
        NotRelocatable: there is none to move, or stock has left the books with the sale.
        OutOfStock: *location* has too little. UnknownLocation, UnknownLine, NamedTwice, TooManyUnits,
            IllegalOrderTransition. In all cases nothing was changed.
    """
    order = await unit[ORDERS].get(order_id)
    check(order, GoodsRelocated)
    await known(unit, location)
    if not order.takes_at_shipment:
        raise NotRelocatable(order.id, location, "its stock has left the books of where it was sold")
    elsewhere: dict[str, UnitSet] = {line.id: line.free - units_at(order, line, location) for line in order.lines}
    runs = runs_of(order, elsewhere if wanted is None else chosen(order, elsewhere, wanted, UnitSet.first))
    if not runs:
        raise NotRelocatable(order.id, location, "nothing that is still to be shipped leaves from elsewhere")
    standing = await stock.release_part(unit, order.holds, goods.resources(order, runs))
    held = await stock.hold(
        unit,
        goods.of_runs(order, runs),
        location=location,
        channel=order.channel,
        owner=order.id,
        until=None,
        attempt=order.version + 1,
    )
    return unit[ORDERS].record(order, GoodsRelocated(LocationId(location), runs, held, (*standing, *held), reason))


def brought(order: Order, event: GoodsRelocated) -> dict[str, int]:
    """What was held for *event*, in steps by resource."""
    return {resource(event.location, key): steps for key, steps in goods.of_runs(order, event.runs).items()}
