"""What the policies of a shop promise: O4 of the rules that an order's lines were sold under, D1 of what is kept of a
refund, D2 of who let it go.
"""

from collections.abc import Iterator
from typing import Final

from tokolib.desk.verify.streams import Replayed
from tokolib.desk.verify.tally import Tally
from tokolib.desk.verify.walk import Findings
from tokolib.orders.events import OrderAmended, OrderRequested, RefundWithheld
from tokolib.orders.lines import OrderLine
from tokolib.orders.model import Order
from tokolib.orders.returnable import order_lines
from tokolib.orders.withheld import Withheld
from tokolib.returns.model import Return

APPROVE: Final = "let somebody else look at the refund"
RESTORE: Final = "restore the order's rows from a backup"


def check_rules(replayed: Replayed, order: Order, found: Findings) -> None:
    """O4: each line is under the rule that the frozen policy has for such goods, as they were when it was sold."""
    if order.return_policy is None:
        return
    found.saw("return policies")
    lines = {line.id: line for line in order.lines}
    for sold in _sold(replayed, order):
        line = lines.get(sold.id)
        if line is None:
            continue  # O1 tells of it
        said = (line.return_rule, line.outside_laws)
        meant = (sold.return_rule, sold.outside_laws)
        told = f"line {line.id} is under {said}, not {meant}"
        found.expect(said == meant, "O4", f"order {order.id}", told, RESTORE)


def _sold(replayed: Replayed, order: Order) -> Iterator[OrderLine]:
    """The lines as the goods say that they were sold."""
    for step in replayed.steps:
        match step.recorded.event:
            case OrderRequested(order=first, grounds=grounds):
                yield from order_lines((line.line for line in first.lines), grounds.lines, order.return_policy)
            case OrderAmended(lines=lines, grounds=grounds):
                yield from order_lines(lines, grounds.lines, order.return_policy)
            case _:
                pass


def say_withheld(replayed: Replayed, order: Order, withheld: Tally) -> None:
    """D1: what an order's history tells to be kept, return by return."""
    for step in replayed.steps:
        match step.recorded.event:
            case RefundWithheld(return_id=id, parts=parts):
                for part in parts:
                    withheld.said(f"return {id}", order.id, *_told(part))
            case _:
                pass


def check_withheld(goods: Return, withheld: Tally, found: Findings) -> None:
    """D1 of one return: what is kept of it, and that no more is than was credited and not paid back."""
    if goods.refund is None:
        return
    row, parts = f"return {goods.id}", goods.refund.deductions
    kept = sum(part.amount for part in parts)
    if any(part.amount for part in parts):
        found.saw("deductions")
        for part in parts:
            withheld.found(row, goods.order_id, *_told(part))
    credit, paid = goods.refund.credit.minor_units, goods.refund.amount.minor_units
    told = f"keeps {kept} and pays {paid} back, of a credit of {credit}"
    found.expect(kept + paid <= credit, "D1", row, told, RESTORE)
    worth = {each.line_id: each.goods for each in goods.refund.worths}
    for id, most in worth.items():
        own = [part for part in parts if part.line_id == id]
        fits = sum(part.amount for part in own) <= most and all(map(_is_asked, own))
        found.expect(fits, "D1", row, f"keeps more of line {id} than it is worth, or than is asked", RESTORE)
    strange = [part.line_id for part in parts if part.line_id not in worth]
    found.expect(not strange, "D1", row, f"keeps something of {', '.join(strange)}, which didn't come back", RESTORE)


def _is_asked(part: Withheld) -> bool:
    """Whether no more is kept than was asked; of a promotion what is given back is given whole."""
    return 0 <= part.amount <= part.asked or (part.amount == part.asked and bool(part.promotion_id))


def check_approval(goods: Return, found: Findings) -> None:
    """D2: whoever approved a refund isn't who asked for the return."""
    if goods.approval is None:
        return
    found.saw("approvals of refunds")
    told = f"was asked for and approved by {goods.approval.by}"
    found.expect(goods.approval.by != goods.requested_by, "D2", f"return {goods.id}", told, APPROVE)


def _told(part: Withheld) -> tuple[str, ...]:
    taxes = ", ".join(f"{tax.code} {tax.amount}" for tax in part.taxes)
    return part.line_id, part.kind, part.promotion_id, f"{part.amount} of {part.asked}", taxes
