"""Blocks: what stops fulfilment without being a state. Several can stand at once, each with its reason."""

from tokolib.kernel.unit import Unit
from tokolib.orders.errors import BlockUnknown
from tokolib.orders.events import BlockLifted, BlockSet
from tokolib.orders.lifecycle import check
from tokolib.orders.model import Block, Order
from tokolib.orders.ports import ORDERS


async def block(unit: Unit, order_id: str, code: str, reason: str) -> Order:
    """The order with a block of that code; the same again changes nothing.

    Raises:
        IllegalOrderTransition: it has ended. Nothing was changed.
    """
    order = await unit[ORDERS].get(order_id)
    check(order, BlockSet)
    if any((each.code, each.reason) == (code, reason) for each in order.blocks):
        return order
    return unit[ORDERS].record(order, BlockSet(Block(code, reason, str(unit.ctx.actor), unit.now)))


async def unblock(unit: Unit, order_id: str, code: str, reason: str) -> Order:
    """The order without that block.

    Raises:
        BlockUnknown: it has none of that code. Nothing was changed.
    """
    order = await unit[ORDERS].get(order_id)
    check(order, BlockLifted)
    if all(each.code != code for each in order.blocks):
        raise BlockUnknown(order.id, code, tuple(each.code for each in order.blocks))
    return unit[ORDERS].record(order, BlockLifted(code, reason))
