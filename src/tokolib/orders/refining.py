"""Moving an order between the sub-states that the shop has made of one of our states."""

from tokolib.kernel.unit import Unit
from tokolib.orders.events import OrderRefined
from tokolib.orders.lifecycle import check
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS


async def refine(unit: Unit, order_id: str, sub_state: str, reason: str) -> Order:
    """The order in *sub_state*; where it stands there already nothing changes.

    Raises:
        IllegalSubState: its state has no sub-states, or no such move from this one. Nothing was changed.
    """
    order = await unit[ORDERS].get(order_id)
    check(order, OrderRefined)
    if order.sub_state == sub_state:
        return order
    return unit[ORDERS].record(order, OrderRefined(sub_state, reason))
