"""Keeping a part of a refund, on an open unit."""

from collections.abc import Sequence

from tokolib.kernel.unit import Unit
from tokolib.orders.model import Order
from tokolib.orders.shares import Worth
from tokolib.orders.withheld import Withheld
from tokolib.payments.ports import INTENTS
from tokolib.returns.deductions import deductions
from tokolib.returns.earned import promised
from tokolib.returns.earning import unearned
from tokolib.returns.judging import facts_of
from tokolib.returns.model import Return, ReturnLine, Unearned


async def to_refund(unit: Unit, order: Order, credit: int) -> int:
    """What of a *credit* that is booked goes back now: no more than the customer is owed, and than there is."""
    intent = await unit[INTENTS].get(order.intent_id)
    owed = -order.due.minor_units - intent.totals.pending_refund
    return max(0, min(credit, owed, intent.refundable.minor_units))


async def to_withhold(
    unit: Unit, order: Order, goods: Return, lines: Sequence[ReturnLine], worths: Sequence[Worth], credit: int
) -> tuple[tuple[Withheld, ...], tuple[Unearned, ...]]:
    """What is kept of *credit*, which is booked for *goods*, nothing of it that would not have gone back; and which
    promotions what stays no longer earns.
    """
    policy = order.return_policy
    if policy is None:
        return (), ()
    known = await promised(unit, order)
    lost = () if known is None else unearned(order, known)
    if not (lost or order.clawed or any(rule.fees for rule in policy.rules)):
        return (), ()
    facts = await facts_of(unit, order, goods.requested_at)
    return deductions(order, lines, worths, facts, await to_refund(unit, order, credit), lost), lost
