"""Blocks: what stops fulfilment without being a state. Several can stand at once, each with reason and owner."""

from datetime import datetime

import attrs

from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.unit import Unit
from tokolib.kernel.verification import Lapse
from tokolib.orders.block_errors import BlockUnknown
from tokolib.orders.events import BlockLifted, BlockSet
from tokolib.orders.hindrances import Block
from tokolib.orders.lifecycle import check
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS


async def block(
    unit: Unit,
    order_id: str,
    code: str,
    reason: str,
    *,
    owner: str = "",
    until: datetime | None = None,
    then: Lapse = Lapse.ESCALATE,
) -> Order:
    """The order with a block of that code and owner; the same again changes nothing, anything else replaces it.

    Raises:
        IllegalOrderTransition: it has ended. InvalidInput: *until* is over already. Nothing was changed.
    """
    order = await unit[ORDERS].get(order_id)
    check(order, BlockSet)
    made = Block(code, reason, str(unit.ctx.actor), unit.now, owner, until, then)
    if any(attrs.evolve(made, by=each.by, at=each.at) == each for each in order.blocks):
        return order
    if until is not None and until <= unit.now:
        raise InvalidInput((Fault("until", "orders.until_past", "must be later than now", shown(until)),))
    return unit[ORDERS].record(order, BlockSet(made))


async def unblock(unit: Unit, order_id: str, code: str, reason: str, *, owner: str = "") -> Order:
    """The order without that block.

    Raises:
        BlockUnknown: it has none of that code and owner. Nothing was changed.
    """
    order = await unit[ORDERS].get(order_id)
    check(order, BlockLifted)
    if all((each.code, each.owner) != (code, owner) for each in order.blocks):
        known = tuple(f"{each.code} of {each.owner}" if each.owner else each.code for each in order.blocks)
        raise BlockUnknown(order.id, code, known, owner)
    return unit[ORDERS].record(order, BlockLifted(code, reason, owner))
