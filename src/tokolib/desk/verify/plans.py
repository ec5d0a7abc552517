"""Payment plans: M12 from the order, from the history of its payment, and as an alarm what nobody has noticed yet."""

from datetime import datetime
from itertools import pairwise
from typing import Final

from tokolib.desk.verify.payments import OVERDUE
from tokolib.desk.verify.streams import Replayed
from tokolib.desk.verify.walk import Findings
from tokolib.kernel.money import Money
from tokolib.orders.events import GoodsShipped
from tokolib.orders.model import Order, OrderState
from tokolib.payments.events import InstalmentDue, InstalmentOverdue, RestCalled
from tokolib.payments.model import Intent
from tokolib.payments.plans.model import DepositOnCancel, GoodsLeave, LateRule, PaymentPlan, PlanProgress
from tokolib.payments.plans.schedule import schedule, unnoticed

_RESTORE: Final = "restore the rows of the order and of its payment from a backup"


def check_plan(replayed: Replayed, order: Order, intent: Intent | None, found: Findings) -> None:
    """M12 of one order: its plan is the one of its payment, adds up, and goods left as it allows."""
    plan = intent.plan if intent is not None else None
    agreed = plan.agreed if plan is not None else None
    row = f"order {order.id}"
    known = "" if agreed is None else agreed.name
    found.expect(order.plan == known, "M12", row, f"its plan is {order.plan!r}, its payment's {known!r}", _RESTORE)
    _keeps(order, agreed, row, found)
    if intent is None or plan is None or agreed is None:
        return
    found.saw("payment plans")
    told = f"{agreed.total} in instalments of {order.total}"
    found.expect(agreed.total == order.total, "M12", row, told, _RESTORE)
    asked = agreed.deposit.minor_units
    found.expect(order.deposit == asked, "M12", row, f"asks for a deposit of {order.deposit}, not {asked}", _RESTORE)
    rising = all(one.due_on < other.due_on for one, other in pairwise(agreed.instalments))
    some = all(each.amount.minor_units > 0 for each in agreed.instalments)
    found.expect(rising and some, "M12", row, "an instalment of nothing, or not after the one before", _RESTORE)
    _stands(order, intent, plan, row, found)
    for step in replayed.steps:
        if isinstance(step.before, Order) and isinstance(step.recorded.event, GoodsShipped):
            _left_on_time(step.before, agreed, step.recorded.at, row, found)


def _stands(order: Order, intent: Intent, plan: PlanProgress, row: str, found: Findings) -> None:
    placed = order.placed_at is not None
    found.expect(plan.started is placed, "M12", row, "its plan began without it, or it without its plan", _RESTORE)
    on_credit = placed and plan.agreed.goods is GoodsLeave.WHILE_ON_TIME
    found.expect(order.credit_terms is on_credit, "M12", row, "goods may leave other than by its plan", _RESTORE)
    if order.state in (OrderState.PLACED, OrderState.COMPLETED):
        worth = order.total.minor_units - order.credited
        told = f"its instalments come to {intent.amount}, not {worth}"
        found.expect(intent.amount.minor_units == worth, "M12", row, told, _RESTORE)


def _keeps(order: Order, agreed: PaymentPlan | None, row: str, found: Findings) -> None:
    may = agreed is not None and agreed.deposit_on_cancel is DepositOnCancel.KEEP
    most = agreed.deposit.minor_units if agreed is not None and may and order.state is OrderState.CANCELLED else 0
    told = f"keeps {order.forfeited} of a deposit, and may keep {most}"
    found.expect(order.forfeited <= most, "M12", row, told, "refund what the order keeps")


def _left_on_time(before: Order, agreed: PaymentPlan, at: datetime, row: str, found: Findings) -> None:
    """All that ever came is counted, so that only what was certainly overdue is called that."""
    worth = Money(before.total.minor_units - before.credited - before.written_off, before.currency)
    late = schedule(PlanProgress(agreed), worth, before.captured, at).overdue
    found.expect(late.is_zero, "M12", row, f"goods left while {late} was overdue", "ask the customer for it")


def check_notices(replayed: Replayed, intent: Intent, now: datetime, found: Findings) -> None:
    """M12 of one payment: each instalment was told due and overdue once, and was; L1 of what waits to be told."""
    row = f"payment {intent.id}"
    if intent.plan is None:
        return
    for step in replayed.steps:
        if not isinstance(before := step.before, Intent) or before.plan is None:
            continue
        planned = before.schedule(step.recorded.at)
        match step.recorded.event:
            case InstalmentDue(number=number) | InstalmentOverdue(number=number) if planned is not None:
                told = unnoticed(planned, before.plan.noticed)
                fits = any(each.number == number for each in told)
                found.expect(fits, "M12", row, f"instalment {number} was told as what it was not, or twice", _RESTORE)
            case RestCalled() if planned is not None:
                called = before.plan.agreed.late is LateRule.ALL_DUE and not planned.overdue.is_zero
                found.expect(called, "M12", row, "the rest was called without need", _RESTORE)
            case _:
                pass
    waits = intent.notice_at
    if waits is not None and waits + OVERDUE < now and intent.awaited is None:
        found.waits("L1", row, f"an instalment was to be noticed at {waits.isoformat()}", "call shop.tick()")
