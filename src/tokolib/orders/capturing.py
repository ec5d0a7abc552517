"""Money that is captured as goods leave: each shipment asks for the shares of its units, the last one closes the rest.

Only shares are added up that were fixed when the order was made, those of the charges too, so what all shipments
capture is the total to the last rupiah, in whatever parts the goods leave.
"""

from collections.abc import Iterable
from typing import Final

from tokolib.kernel.policies import CaptureMoment
from tokolib.kernel.unit import Unit
from tokolib.orders.blocks import block, unblock
from tokolib.orders.errors import CapturedOnce
from tokolib.orders.model import Order, OrderState
from tokolib.orders.shares import worths
from tokolib.payments.model import Intent
from tokolib.payments.ports import INTENTS, Can, Gateways, can
from tokolib.payments.reserving import release_reserves, request_capture

BLOCK: Final = "payment"
UNCOVERED: Final = "what is reserved at the gateway does not cover what is due"
UNCAPTURED: Final = "goods have left whose money was not captured"


def is_last(order: Order) -> bool:
    """Whether every unit of *order* has left, or never will."""
    return not any(line.open for line in order.lines)


def missing(order: Order, intent: Intent) -> int:
    """What the goods that have left are worth, less what came in for them or was asked for: minor units."""
    owed = order.total.minor_units - order.credited - order.written_off
    if not is_last(order):
        left = (run for line in order.lines for run in line.runs(line.shipped))
        owed = min(owed, sum(worth.total for worth in worths(order, left, charges=True, kept=True)))
    sums = intent.totals
    came = sums.captured + sums.pending_capture - sums.refunded - sums.pending_refund
    return max(0, owed - came)


async def capture_shipped(unit: Unit, order: Order, gateways: Gateways, *, again: bool = False) -> Order:
    """*order* with a wish to capture what its goods that have left are worth; with the last ones the rest is released.

    Raises:
        CapturedOnce: more goods will leave, and the gateway captures one time only. Nothing was changed.
    """
    intent = await unit[INTENTS].get(order.intent_id)
    if not any(reserve.free for reserve in intent.reserves):
        return order
    ended = order.state in (OrderState.CANCELLED, OrderState.EXPIRED)
    amount, last = missing(order, intent), ended or is_last(order)
    if amount and not last:
        _check_many(order, (each.authorisation.provider for each in intent.reserves if each.free), gateways)
    intent = await request_capture(unit, intent, amount, gateways, final=last)
    if last:
        await release_reserves(unit, intent, again=again)
    return order


def _check_many(order: Order, providers: Iterable[str], gateways: Gateways) -> None:
    for name in providers:
        if not can(gateways, name, Can.MULTIPLE_CAPTURE):
            raise CapturedOnce(order.id, name)


async def watch(unit: Unit, order: Order) -> Order:
    """*order* blocked where its money is neither there nor reserved, and free again when it is."""
    at_hand_over = order.policies.capture is CaptureMoment.AT_HAND_OVER
    if order.state is not OrderState.PLACED or order.credit_terms or not at_hand_over or order.deposit is not None:
        return order
    intent = await unit[INTENTS].get(order.intent_id)
    reason = UNCAPTURED if missing(order, intent) else UNCOVERED if order.due.minor_units > order.reserved else ""
    if reason:
        return await block(unit, order.id, BLOCK, reason)
    if any((each.code, each.owner) == (BLOCK, "") and each.reason in (UNCOVERED, UNCAPTURED) for each in order.blocks):
        return await unblock(unit, order.id, BLOCK, "the money is there, or reserved")
    return order
