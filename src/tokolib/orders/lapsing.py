"""Blocks whose time is over: each ends as it was agreed when it was set, or goes to a person."""

import attrs

from tokolib.effects.ports import Observe
from tokolib.kernel.unit import Unit
from tokolib.kernel.verification import Lapse
from tokolib.orders.blocks import unblock
from tokolib.orders.ending import cancel
from tokolib.orders.errors import AlreadyShipped, ClaimedByShipments
from tokolib.orders.events import BlockSet
from tokolib.orders.hindrances import Block
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.payments.ports import Gateways
from tokolib.stored_value.errors import GiftCardSpent


async def lapse(unit: Unit, order_id: str, *, observe: Observe, gateways: Gateways) -> bool:
    """Whether a block of the order had come to its end by now: it is lifted, or the order is cancelled.

    What can't be cancelled any more, because goods have left or are being made ready, or a card that it bought was
    used, waits for a person.
    """
    order = await unit[ORDERS].get(order_id)
    if order.lapses_at is None or order.lapses_at > unit.now:
        return False
    over = [each for each in order.blocks if each.until is not None and each.until <= unit.now]
    ending = [each for each in over if each.then is Lapse.CANCEL]
    if ending:
        await _end(unit, order, ending, observe=observe, gateways=gateways)
        return True
    for each in over:
        if each.then is Lapse.LIFT:
            await unblock(unit, order.id, each.code, f"nobody decided until {each.until}", owner=each.owner)
    return True


async def _end(unit: Unit, order: Order, ending: list[Block], *, observe: Observe, gateways: Gateways) -> None:
    """Cancel *order* for the first of its blocks that are *ending*, or hand them all to a person."""
    reason = f"{ending[0].code}: nobody decided until {ending[0].until}"
    try:
        await cancel(unit, order, reason, observe=observe, gateways=gateways)
    except (AlreadyShipped, ClaimedByShipments, GiftCardSpent):
        for each in ending:
            order = unit[ORDERS].record(order, BlockSet(attrs.evolve(each, then=Lapse.ESCALATE)))
