"""What other rooms ask of an order that they have nothing of."""

from tokolib.kernel.errors import NotFound
from tokolib.kernel.unit import Unit
from tokolib.orders.ports import ORDERS


async def nothing_of(unit: Unit, order_id: str) -> tuple[()]:
    """Nothing, of an order that there is: an empty answer must not hide a mistyped id.

    Raises:
        NotFound: there is no such order.
    """
    if not await unit[ORDERS].has(order_id):
        raise NotFound("order", order_id)
    return ()
