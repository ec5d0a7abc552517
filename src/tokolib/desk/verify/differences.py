"""M5 of money that is not exactly what is due: let be within the tolerance, or given back as was agreed."""

from typing import Final

from tokolib.desk.verify.streams import Replayed
from tokolib.desk.verify.walk import Findings
from tokolib.orders.allowances import taken_back
from tokolib.orders.differences import differences
from tokolib.orders.events import (
    AllowanceWithdrawn,
    ExcessRetained,
    GoodsReturned,
    OrderAmended,
    OrderPlaced,
    ShortfallWrittenOff,
    UnitsCancelled,
)
from tokolib.orders.model import Cancellation, Order, OrderState
from tokolib.payments.dispositions import new_credit
from tokolib.payments.model import Intent
from tokolib.payments.totals import DUPLICATE, SURPLUS

_LOOK: Final = "find out with the order's timeline who let it be, and post the reversing legs"
_ASKS: Final = "restore the rows of the order and of its payment from a backup"
_TAKEN: Final = "ask the customer for what the allowance had given for goods that came back, or let it be"
_CREDIT: Final = "withdraw the store credit, and refund the money"


def check_order(replayed: Replayed, order: Order, intent: Intent, row: str, found: Findings) -> None:
    """No more was ever let be than the terms allow, and what is let be now is what the money says."""
    for step in replayed.steps:
        after = step.after
        match step.recorded.event:
            case ShortfallWrittenOff() if isinstance(after, Order):
                told = f"{after.written_off} written off, and the tolerance is {intent.terms.short}"
                found.expect(after.written_off <= intent.terms.short, "M5", row, told, _LOOK)
            case OrderPlaced(credit_terms=False) if isinstance(after, Order):
                allowed = after.written_off <= intent.terms.short
                found.expect(allowed, "O2", row, f"placed with {after.written_off} written off", _LOOK)
            case ExcessRetained() if isinstance(after, Order):
                told = f"{after.retained} kept of an excess, and the tolerance is {intent.terms.over}"
                found.expect(after.retained <= intent.terms.over, "M5", row, told, _LOOK)
    _allowances(replayed, row, found)
    if order.state in (OrderState.PLACED, OrderState.COMPLETED) and intent.plan is None:  # a plan's is M12
        worth = order.total.minor_units - order.credited
        told = f"its payment asks for {intent.amount} in all, and it comes to {worth}"
        found.expect(intent.amount.minor_units == worth, "M5", row, told, _ASKS)
    here, there = (order.written_off, order.retained), (intent.written_off, intent.retained)
    found.expect(here == there, "M5", row, f"lets be {here}, its payment says {there}", _LOOK)
    if intent.totals.pending_refund == 0:  # else it is settled when the refund has an answer
        due = differences(order, intent)
        found.expect(here == due, "M5", row, f"lets be {here}, its money says {due}", _LOOK)


def _allowances(replayed: Replayed, row: str, found: Findings) -> None:
    """Goods that came back, or never left, took their part of what was allowed along: nothing was paid twice."""
    for number, step in enumerate(replayed.steps):
        event, before = step.recorded.event, step.before
        if not isinstance(before, Order):
            continue
        match event:
            case GoodsReturned(runs=runs, charges=charges, even=even):
                due = 0 if even else taken_back(before, runs, charges=charges)
            case UnitsCancelled(cancellation=gone) | OrderAmended(cancellation=Cancellation() as gone):
                due = taken_back(before, gone.runs, charges=True)
            case _:
                continue
        after = [each.recorded.event for each in replayed.steps[number + 1 : number + 2]]
        taken = sum([each.amount for each in after if isinstance(each, AllowanceWithdrawn)])
        told = f"what is gone takes {taken} of its allowances along, and its part of them is {due}"
        found.expect(taken == due, "M5", row, told, _TAKEN)


def check_intent(intent: Intent, row: str, found: Findings) -> None:
    """What was too much became store credit only where the terms say so."""
    agreed = {SURPLUS: intent.terms.credits_surplus, DUPLICATE: intent.terms.credits_duplicate}
    for each in new_credit(intent):
        told = f"operation {each.id} makes store credit of {each.amount}, which was to go back"
        found.expect(agreed.get(each.reason, True), "M5", row, told, _CREDIT)
