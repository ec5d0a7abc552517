"""An order keeps to its payment plan: what it comes to, what has fallen due, and what follows when somebody is late.

All of it is read off the plan, the payments and the time, so it may be asked at any moment and by several at once:
by `tick`, by whatever money comes, and before goods leave.
"""

from typing import Final

from tokolib.effects.ports import Observe
from tokolib.kernel.events import Event
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.orders.block_errors import BlockKept
from tokolib.orders.blocks import block, unblock
from tokolib.orders.cards import take_back_cards
from tokolib.orders.ending import carry_out, may_be_kept
from tokolib.orders.guards import nothing_planned, nothing_shipped
from tokolib.orders.model import Order, OrderState
from tokolib.orders.ports import ORDERS
from tokolib.payments.events import InstalmentDue, InstalmentOverdue, RestCalled
from tokolib.payments.model import Intent
from tokolib.payments.plans.model import (
    GoodsLeave,
    InstalmentState,
    LateRule,
    PaymentPlan,
)
from tokolib.payments.plans.schedule import Payable, today, unnoticed
from tokolib.payments.ports import INTENTS
from tokolib.payments.steps import change_amount
from tokolib.stored_value.errors import GiftCardSpent

BLOCK: Final = "instalment"
OVERDUE: Final = "an instalment is overdue"
_RUNNING: Final = (OrderState.PLACED, OrderState.COMPLETED)


async def keep_to_plan(unit: Unit, order_id: str, *, observe: Observe) -> Order:
    """The order with its plan told what it comes to by now, with every instalment that is due or overdue recorded,
    once, and with the plan's late rule applied; without a plan, as it is.
    """
    order = await unit[ORDERS].get(order_id)
    if order.deposit is None or order.state not in _RUNNING:
        return order
    worth = Money(order.total.minor_units - order.credited, order.currency)
    intent = await change_amount(unit, await unit[INTENTS].get(order.intent_id), worth)
    if intent.plan is None:
        return order
    plan = intent.plan.agreed
    late = _overdue(unit, intent)
    if late and plan.late is LateRule.CANCEL and order.state is OrderState.PLACED and nothing_shipped(order):
        if intent.awaited is not None:  # a charge that is open may still pay it: whatever ends it asks again
            return await _held(unit, order, late=True)
        intent = _notice(unit, intent)
        if not nothing_planned(order):  # goods are being made ready: whoever gives them back asks again
            return await _held(unit, order, late=True)
        try:
            await take_back_cards(unit, order, OVERDUE)
        except GiftCardSpent:  # what it bought was used: a person decides
            return await _held(unit, order, late=True)
        return await carry_out(unit, order, OVERDUE, observe=observe, keep=may_be_kept(intent))
    intent = _notice(unit, intent)
    if late and plan.late is LateRule.ALL_DUE and intent.plan is not None and intent.plan.called_on is None:
        called = RestCalled(today(unit.now, plan), unit.now)
        _notice(unit, unit[INTENTS].record(intent, called))
    return await _held(unit, order, late=late and _holds_goods(plan))


async def lift(unit: Unit, order_id: str, code: str, reason: str, *, owner: str = "") -> Order:
    """The order without the block *code* of *owner*, as a person wishes.

    Raises:
        BlockKept: its payment plan would set it again at once. BlockUnknown: it has none of that code.
        In both cases nothing was changed.
    """
    order = await unit[ORDERS].get(order_id)
    if any((each.code, each.owner) == (code, owner) == (BLOCK, "") for each in order.blocks):
        intent = await unit[INTENTS].get(order.intent_id)
        planned = intent.schedule(unit.now)
        if planned is not None and _holds_goods(planned.plan) and not planned.overdue.is_zero:
            raise BlockKept(order.id, code, planned.overdue)
    return await unblock(unit, order_id, code, reason, owner=owner)


def _overdue(unit: Unit, intent: Intent) -> bool:
    planned = intent.schedule(unit.now)
    return planned is not None and not planned.overdue.is_zero


def _notice(unit: Unit, intent: Intent) -> Intent:
    """*intent* with everything recorded that has fallen due."""
    planned = intent.schedule(unit.now)
    if intent.plan is None or planned is None:
        return intent
    events = [_event(each, unit) for each in unnoticed(planned, intent.plan.noticed)]
    return unit[INTENTS].record(intent, *events) if events else intent


def _event(each: Payable, unit: Unit) -> Event:
    kind = InstalmentOverdue if each.state is InstalmentState.OVERDUE else InstalmentDue
    return kind(each.number, each.due_on, each.left, unit.now)


def _holds_goods(plan: PaymentPlan) -> bool:
    """Whether goods stay while an instalment is overdue."""
    return plan.late in (LateRule.HOLD_GOODS, LateRule.CANCEL) or plan.goods is GoodsLeave.WHILE_ON_TIME


async def _held(unit: Unit, order: Order, *, late: bool) -> Order:
    held = any((each.code, each.owner) == (BLOCK, "") for each in order.blocks)
    if order.state is not OrderState.PLACED or held is late:
        return order
    if late:
        return await block(unit, order.id, BLOCK, OVERDUE)
    return await unblock(unit, order.id, BLOCK, "nothing is overdue")
